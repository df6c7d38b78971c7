#if Redis
    import ResourceContainer

    extension ResourcePool where Element == RedisConnection {
        /// Creates a pool of connections to one server. Each connection is opened on demand and closed with the pool.
        ///
        /// A connection that was idle for a while is validated with `PING` before it is leased. A released connection is reset
        /// (``RedisConnection/reset()``), and closed if it is broken.
        ///
        /// - Parameters:
        ///   - server: The server, the login, and the timeouts.
        ///   - name: The name of the pool in errors and samples.
        ///   - configuration: The limits, budgets, and thresholds.
        ///   - environment: The source of time, jitter, and tasks.
        /// - Throws: `PoolError.Code.invalidConfiguration`. Errors of connecting appear in the errors of `withLease`.
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

    /// A pool of connections to a Redis server as a separate resource. It leases connections within a budget, resets them on release, and
    /// replaces lost ones.
    ///
    /// Health checks use an additional connection, opened at the first check and kept, so that they report the server's health even when
    /// every connection is leased.
    public final class RedisPool: RedisCommands {
        /// The underlying pool.
        public let pool: ResourcePool<RedisConnection>
        /// The server, the login, and the timeouts.
        public let configuration: RedisConfiguration
        private let environment: ResourceEnvironment
        private let healthTimeout: Duration
        /// The client for health checks.
        private let inspector: RedisClient

        /// Creates a pool. It is empty until it is initialized or a connection is acquired.
        ///
        /// - Parameters:
        ///   - configuration: The server, the login, and the timeouts.
        ///   - name: The name of the pool in errors and samples.
        ///   - pool: The limits, budgets, and thresholds.
        ///   - healthTimeout: The timeout of a health check, including connecting. A health checker has its own timeout (1 s by default),
        ///     after which the check counts as an error: keep this value below it, or give the binding a longer `healthDeadline`.
        ///   - environment: The source of time, jitter, and tasks.
        /// - Throws: `PoolError.Code.invalidConfiguration`.
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

        /// Runs `body` with a connection, which is released when `body` returns or throws, and closed if it is broken by then.
        ///
        /// - Parameters:
        ///   - budget: How long to wait for a connection; nil for the pool's `acquireBudget`.
        ///   - fileID: The caller's source file, for errors, events, and samples.
        ///   - line: The caller's source line.
        ///   - body: The work with the connection.
        /// - Returns: The result of `body`.
        /// - Throws: The errors of `ResourcePool.withLease(budget:fileID:line:_:)`.
        public nonisolated(nonsending) func withConnection<Result>(
            budget: Duration? = nil,
            fileID: StaticString = #fileID,
            line: UInt = #line,
            _ body: nonisolated(nonsending) (RedisConnection) async throws -> Result
        ) async throws -> Result {
            try await self.pool.withLease(budget: budget, fileID: fileID, line: line) { connection, lease in
                // Fails for a lease that other code has ended, which needs no mark.
                defer { if !connection.isUsable { try? lease.markBroken(fileID: fileID, line: line) } }
                return try await body(connection)
            }
        }

        /// Sends a command on a connection of the pool; if the connection turns out to be lost, uses another one. Commands that change the
        /// state of the connection (`MULTI`, `WATCH`, `SELECT`, …) are refused: see ``withConnection(budget:fileID:line:_:)``.
        ///
        /// - Parameters:
        ///   - words: The name of the command and its arguments, as arbitrary bytes.
        ///   - timeout: The timeout on the connection; nil for the configuration's `commandTimeout`.
        ///   - fileID: The caller's source file, for errors, events, and samples.
        ///   - line: The caller's source line.
        /// - Returns: The reply.
        /// - Throws: The errors of ``RedisCommands/command(_:timeout:)`` and of acquiring a connection.
        @discardableResult
        public func command(
            _ words: [[UInt8]],
            timeout: Duration? = nil,
            fileID: StaticString = #fileID,
            line: UInt = #line
        ) async throws -> RedisValue {
            let command = try RedisCommand(words, to: self.configuration).withoutSession(self.configuration)
            // After a restart of the server every connection is lost, which is detected when each is used.
            for _ in 0..<self.pool.poolSample().maximum {
                do {
                    return try await self.withConnection(fileID: fileID, line: line) { try await $0.run(command, timeout: timeout) }
                } catch let error as RedisError where error.code == .connectionLost && !error.mayHaveRun {}
            }
            return try await self.withConnection(fileID: fileID, line: line) { try await $0.run(command, timeout: timeout) }
        }
    }

    extension RedisPool: NamedPool {
        /// Closes the pool and the connection for health checks.
        ///
        /// - Throws: `PoolError.Code.notCleanlyClosed`.
        public func dispose() async throws {
            await self.inspector.dispose()
            try await self.pool.dispose()
        }
    }

    extension RedisPool: HealthCheckable {
        /// Returns the health of the server and the pool. The report is unhealthy if the server does not answer within the health timeout,
        /// and degraded if the server has reached its maximum number of clients. Otherwise it is the report of the pool
        /// (`ResourcePool.healthCheck()`).
        public func healthCheck() async throws -> HealthReport {
            do {
                try await self.environment.time.within(self.healthTimeout) {
                    try await self.inspector.connect()
                    try await self.inspector.ping()
                }
            } catch is BudgetExceeded {
                return HealthReport(.unhealthy, "Redis at \(self.configuration.address) did not answer within \(self.healthTimeout)")
            } catch let error as RedisError {
                // A disposed pool reports that itself.
                if error.code != .notOpen {
                    return HealthReport(error.code == .tooManyClients ? .degraded : .unhealthy, "\(error)")
                }
            }
            return try await self.pool.healthCheck()
        }
    }
#endif
