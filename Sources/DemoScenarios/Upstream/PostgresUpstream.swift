#if Postgres
    import PostgresResources
    import ResourceContainer

    /// A real PostgreSQL, which somebody else starts and stops.
    struct PostgresUpstream: Upstream {
        private let configuration: PostgresConfiguration
        private let environment: ResourceEnvironment

        /// - Throws: `PostgresError`, if `url` is none of a PostgreSQL.
        init(url: String, environment: ResourceEnvironment) throws {
            var configuration = try PostgresConfiguration(url: url)
            // A server that says nothing is found out about before the next question.
            configuration.connectTimeout = .milliseconds(700)
            configuration.statementTimeout = .milliseconds(700)
            configuration.cancelTimeout = .milliseconds(200)
            self.configuration = configuration
            self.environment = environment
        }

        func connect() async throws -> any UpstreamConnection {
            let connection = PostgresConnection(self.configuration, environment: self.environment)
            try await connection.initialize()
            return Connection(connection: connection)
        }

        /// Whether it runs is not up to the scenario.
        func setUp(_ isUp: Bool) async throws {}

        private struct Connection: UpstreamConnection {
            let connection: PostgresConnection

            func ask() async throws { try await self.connection.ping() }
            func close() async throws { try await self.connection.dispose() }
        }
    }
#endif
