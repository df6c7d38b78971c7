#if Postgres
    import PostgresResources
    import ResourceContainer

    /// A real PostgreSQL server that the scenario does not start or stop.
    struct PostgresUpstream: Upstream {
        private let configuration: PostgresConfiguration
        private let environment: ResourceEnvironment

        /// - Throws: `PostgresError` if `url` is not a valid PostgreSQL URL.
        init(url: String, environment: ResourceEnvironment) throws {
            var configuration = try PostgresConfiguration(url: url)
            // Short timeouts, so that an unresponsive server is detected before the next request.
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

        /// Does nothing: the scenario does not control the server.
        func setUp(_ isUp: Bool) async throws {}

        private struct Connection: UpstreamConnection {
            let connection: PostgresConnection

            func ask() async throws { try await self.connection.ping() }
            func close() async throws { try await self.connection.dispose() }
        }
    }
#endif
