#if Postgres
    import ResourceContainer

    extension ResourcePool where Element == PostgresConnection {
        /// Creates a pool of connections to one database. Each connection is opened on demand and closed with the pool.
        ///
        /// A connection is validated with a query, within the configuration's `validateTimeout`. When it is released, an open transaction
        /// is rolled back and the session is reset according to ``PostgresConfiguration/sessionReset``, within the `resetTimeout`. A
        /// connection that is broken or does not answer is closed.
        ///
        /// - Parameters:
        ///   - server: The server, the login, and the timeouts.
        ///   - name: The name of the pool in errors and samples.
        ///   - configuration: The limits, budgets, and thresholds.
        ///   - environment: The source of time and tasks of the pool and its connections.
        /// - Throws: `PoolError.Code.invalidConfiguration`. Errors of connecting appear in the errors of `withLease`.
        public static func connections(
            to server: PostgresConfiguration,
            name: String = "PostgreSQL",
            configuration: PoolConfiguration,
            environment: ResourceEnvironment = .system
        ) throws(PoolError) -> ResourcePool<PostgresConnection> {
            try ResourcePool(
                name: name,
                configuration: configuration,
                environment: environment,
                make: {
                    let connection = PostgresConnection(server, environment: environment)
                    try await connection.initialize()
                    return connection
                },
                validate: { connection in
                    // False, not an error: the pool closes a connection that broke while idle without an additional event.
                    guard connection.isUsable else { return false }
                    try await connection.ping(within: configuration.validateTimeout)
                    return true
                },
                reset: { try await $0.reset(within: configuration.resetTimeout) },
                close: { try await $0.dispose() }
            )
        }
    }
#endif
