#if Redis
    import ResourceContainer

    extension ResourcePool where Element == RedisConnection {
        /// A pool of connections to one server, each opened when it is first needed and closed with the pool.
        ///
        /// A connection that was not used for a while is asked with `PING` before it is lent; one that comes back leaves what its borrower
        /// began (``RedisConnection/reset()``), and is closed if it is broken.
        ///
        /// - Throws: ``PoolError/Code/invalidConfiguration``. What connecting throws is found in the errors of `withLease`.
        public static func connections(
            to server: RedisConfiguration,
            name: String = "Redis",
            configuration: PoolConfiguration,
            environment: ResourceEnvironment = .system
        ) throws(PoolError) -> ResourcePool<RedisConnection> {
            try ResourcePool(
                name: name,
                configuration: configuration,
                environment: environment,
                make: {
                    let connection = RedisConnection(server, environment: environment)
                    try await connection.initialize()
                    return connection
                },
                validate: { connection in
                    guard connection.isUsable else { return false }
                    try await connection.ping()
                    return true
                },
                reset: { try await $0.reset() },
                close: { await $0.dispose() }
            )
        }
    }

    /// A pool of connections to a Redis server, as a resource under a name of its own.
    ///
    /// It has one connection beside those it lends, made at the first health check and kept: a health check asks the server over that, not the
    /// pool's queue, and so says how the server is when every connection is lent.
    public final class RedisPool: RedisCommands {
        /// The pool itself.
        public let pool: ResourcePool<RedisConnection>
        /// Which server, as whom, and how long things may take.
        public let configuration: RedisConfiguration
        private let environment: ResourceEnvironment
        private let healthTimeout: Duration
        /// For health checks.
        private let inspector: RedisClient

        /// A pool that is empty until it is initialised or somebody asks.
        ///
        /// - Parameters:
        ///   - configuration: the server.
        ///   - name: what the pool is called in errors and in figures.
        ///   - pool: its limits, budgets and thresholds.
        ///   - healthTimeout: how long the server may take to answer a health check, connecting included. A health checker has
        ///     a deadline of its own (by default 1 s), after which it calls the check an error: keep this below it, or give the binding a
        ///     longer `healthDeadline`.
        ///   - environment: where its time, its jitter and its tasks come from.
        /// - Throws: ``PoolError/Code/invalidConfiguration``.
        public init(
            _ configuration: RedisConfiguration,
            name: String = "Redis",
            pool: PoolConfiguration,
            healthTimeout: Duration = .milliseconds(800),
            environment: ResourceEnvironment = .system
        ) throws(PoolError) {
            self.pool = try .connections(to: configuration, name: name, configuration: pool, environment: environment)
            self.configuration = configuration
            self.environment = environment
            self.healthTimeout = healthTimeout
            self.inspector = RedisClient(configuration, environment: environment)
        }

        /// Runs `body` with a connection, which is given back when `body` returns or throws, and closed if it is broken by then.
        ///
        /// - Throws: what ``ResourcePool/withLease(budget:fileID:line:_:)-(_,_,_,(Element)->Result)`` throws.
        public nonisolated(nonsending) func withConnection<Result>(
            budget: Duration? = nil,
            fileID: StaticString = #fileID,
            line: UInt = #line,
            _ body: nonisolated(nonsending) (RedisConnection) async throws -> Result
        ) async throws -> Result {
            try await self.pool.withLease(budget: budget, fileID: fileID, line: line) { connection, lease in
                // A lease that was ended from elsewhere has nothing to be marked.
                defer { if !connection.isUsable { try? lease.markBroken(fileID: fileID, line: line) } }
                return try await body(connection)
            }
        }

        /// Sends a command over any connection; one that finds its connection lost takes another. Commands whose effect lies in the connection
        /// (`MULTI`, `WATCH`, `SELECT`, …) are refused: see ``withConnection(budget:fileID:line:_:)``.
        ///
        /// - Parameters:
        ///   - words: the command's name and its arguments, whatever bytes these are.
        ///   - timeout: how long it may take on its connection; nil is the configuration's `commandTimeout`.
        ///   - fileID: the caller's file, which errors, events and figures name.
        ///   - line: the caller's line.
        /// - Throws: what ``RedisCommands/command(_:timeout:)`` and a lease throw.
        @discardableResult
        public func command(
            _ words: [[UInt8]],
            timeout: Duration? = nil,
            fileID: StaticString = #fileID,
            line: UInt = #line
        ) async throws -> RedisValue {
            let command = try RedisCommand(words, to: self.configuration).withoutSession(self.configuration)
            // When a server was restarted, every connection is lost, and each is found out when it is used.
            for _ in 0..<self.pool.poolSample().maximum {
                do {
                    return try await self.withConnection(fileID: fileID, line: line) { try await $0.run(command, timeout: timeout) }
                } catch let error as RedisError where error.code == .connectionLost && !error.mayHaveRun {}
            }
            return try await self.withConnection(fileID: fileID, line: line) { try await $0.run(command, timeout: timeout) }
        }
    }

    extension RedisPool: NamedPool {
        public func dispose() async throws {
            await self.inspector.dispose()
            try await self.pool.dispose()
        }
    }

    extension RedisPool: HealthCheckable {
        /// Unhealthy if the server does not answer within the health timeout, degraded if it has no room for more clients, else what the pool
        /// says of itself (``ResourcePool/healthCheck()``).
        public func healthCheck() async throws -> HealthReport {
            do {
                try await self.environment.time.within(self.healthTimeout) {
                    try await self.inspector.connect()
                    try await self.inspector.ping()
                }
            } catch is BudgetExceeded {
                return HealthReport(.unhealthy, "Redis at \(self.configuration.place) did not answer within \(self.healthTimeout)")
            } catch let error as RedisError {
                // Disposed of, the pool has that to say.
                if error.code != .notOpen {
                    return HealthReport(error.code == .tooManyClients ? .degraded : .unhealthy, "\(error)")
                }
            }
            return try await self.pool.healthCheck()
        }
    }
#endif
