#if Postgres
    import ResourceContainer

    extension ResourcePool where Element == PostgresConnection {
        /// A pool of connections to one database, each made when it is first needed and closed with the pool.
        ///
        /// A connection is validated by asking the server, within the configuration's `validateTimeout`. When one comes back, a transaction
        /// that its borrower left open is rolled back and the session is made like new, as the configuration's
        /// ``PostgresConfiguration/sessionReset`` says, within the `resetTimeout`. One that is broken, or does not answer, is closed.
        ///
        /// - Parameter environment: where the pool's time and tasks come from, and the connections'.
        /// - Throws: ``PoolError/Code/invalidConfiguration``. What connecting throws is found in the errors of `withLease`.
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
                    // A pool closes what was broken while it was idle without another event about it.
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
