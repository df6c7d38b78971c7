#if Postgres
    import ResourceContainer

    /// A pool of connections to a PostgreSQL database as a separate resource. It leases connections within a budget, resets them on
    /// release, and replaces lost ones.
    ///
    /// ```swift
    /// let server = try PostgresConfiguration(url: "postgres://shop@db.example/orders?sslmode=require")
    /// try container.bind(PostgresPool.self, lifetime: .singleton) { try PostgresPool(server, maximum: 10) }
    ///
    /// let pool = try await container.get(PostgresPool.self)
    /// let names = try await pool.query("SELECT name FROM customers WHERE city = $1", ["Bern"])
    /// ```
    ///
    /// Its health combines the server's and the pool's. Health checks use a separate connection, so that they neither wait in the pool's
    /// queue nor take a connection from it. The server must therefore allow one connection more than the pool's maximum.
    public final class PostgresPool: NamedPool, HealthCheckable, Pingable, StatementExecuting {
        /// The underlying pool, for operations without a shorthand here.
        public let pool: ResourcePool<PostgresConnection>
        /// The configuration of the connections.
        public let server: PostgresConfiguration
        private let health: HealthConnection

        /// Creates a pool. It is empty until it is initialized or a connection is acquired.
        ///
        /// - Parameters:
        ///   - server: The server, the login, and the timeouts.
        ///   - pool: The pool's limits, budgets, and thresholds.
        ///   - name: The name of the pool in errors and samples.
        ///   - healthTimeout: The timeout of a health check or ping, including connecting. A health checker has its own timeout (1 s by
        ///     default), after which the check counts as an error: keep this value below it, or give the binding a longer `healthDeadline`.
        ///   - environment: The source of time, jitter, and tasks.
        /// - Throws: `PoolError.Code.invalidConfiguration`. No server is contacted.
        public init(
            _ server: PostgresConfiguration,
            pool: PoolConfiguration,
            name: String = "PostgreSQL",
            healthTimeout: Duration = .milliseconds(800),
            environment: ResourceEnvironment = .system
        ) throws(PoolError) {
            self.server = server
            self.pool = try .connections(to: server, name: name, configuration: pool, environment: environment)
            self.health = HealthConnection(server, timeout: healthTimeout, environment: environment)
        }

        /// Creates a pool of at most `maximum` connections, with the defaults of `PoolConfiguration` otherwise.
        ///
        /// - Throws: `PoolError.Code.invalidConfiguration` if `maximum` is below 1.
        public convenience init(
            _ server: PostgresConfiguration,
            maximum: Int,
            name: String = "PostgreSQL",
            environment: ResourceEnvironment = .system
        ) throws(PoolError) {
            try self.init(server, pool: PoolConfiguration(maximum: maximum), name: name, environment: environment)
        }

        // MARK: Statements

        /// Runs `body` with a connection, which is released when `body` returns or throws. A connection that broke during the call is
        /// closed.
        ///
        /// - Parameters:
        ///   - budget: How long to wait for a connection; nil for the pool's `acquireBudget`.
        ///   - fileID: The caller's source file, for errors, events, and samples.
        ///   - line: The caller's source line.
        ///   - body: The work with the connection.
        /// - Returns: The result of `body`.
        /// - Throws: `PoolError`; `CancellationError`; the error of `body`.
        public nonisolated(nonsending) func withConnection<Result>(
            budget: Duration? = nil,
            fileID: StaticString = #fileID,
            line: UInt = #line,
            _ body: nonisolated(nonsending) (PostgresConnection) async throws -> Result
        ) async throws -> Result {
            try await self.pool.withLease(budget: budget, fileID: fileID, line: line) { connection, lease in
                defer {
                    // Fails for a lease that other code has ended, which needs no mark.
                    if !connection.isUsable { try? lease.markBroken(fileID: fileID, line: line) }
                }
                return try await body(connection)
            }
        }

        /// Runs one or more statements for their effect, on a connection of the pool.
        ///
        /// - Parameters:
        ///   - statement: One or more statements.
        ///   - fileID: The caller's source file, for errors, events, and samples.
        ///   - line: The caller's source line.
        /// - Throws: `PoolError`; ``PostgresError``; `CancellationError`.
        public func execute(_ statement: String, fileID: StaticString = #fileID, line: UInt = #line) async throws {
            try await self.withConnection(fileID: fileID, line: line) { try await $0.execute(statement) }
        }

        /// ``execute(_:fileID:line:)`` as the requirement of `StatementExecuting`, for generic code.
        @_disfavoredOverload
        public func execute(_ statement: String) async throws {
            try await self.execute(statement, fileID: #fileID, line: #line)
        }

        /// Runs one statement with `arguments` for `$1`, `$2`, and so on, on a connection of the pool, and returns its complete result.
        ///
        /// - Throws: `PoolError`; ``PostgresError``; `CancellationError`.
        @discardableResult
        public func query(
            _ statement: String,
            _ arguments: [PostgresValue] = [],
            fileID: StaticString = #fileID,
            line: UInt = #line
        ) async throws -> PostgresResult {
            try await self.withConnection(fileID: fileID, line: line) { try await $0.query(statement, arguments) }
        }

        /// Runs `body` in a transaction on a connection of the pool; see ``PostgresConnection/withTransaction(_:)``.
        ///
        /// - Throws: `PoolError`; ``PostgresError``; `CancellationError`; what `body` throws.
        public nonisolated(nonsending) func withTransaction<Result>(
            fileID: StaticString = #fileID,
            line: UInt = #line,
            _ body: nonisolated(nonsending) (PostgresConnection) async throws -> Result
        ) async throws -> Result {
            try await self.withConnection(fileID: fileID, line: line) { try await $0.withTransaction(body) }
        }

        // MARK: Health

        /// Returns if the server answers within the health timeout, independent of the load of the pool.
        ///
        /// - Throws: ``PostgresError``; `CancellationError`.
        public func ping() async throws {
            try await self.health.ask()
        }

        /// Returns the health of the server and the pool. The report is unhealthy if the server does not answer within the health timeout,
        /// or the pool is unhealthy. It is degraded if the server has reached its connection limit, connections cannot be created, or
        /// leaked leases are suspected.
        ///
        /// - Throws: `CancellationError`.
        public func healthCheck() async throws -> HealthReport {
            let own = try await self.pool.healthCheck()
            do {
                try await self.health.ask()
            } catch let error as PostgresError {
                switch error.code {
                case .closed: return own
                // The server answered, and existing connections work.
                case .tooManyConnections where own.status != .unhealthy: return HealthReport(.degraded, "\(error)")
                default: return HealthReport(.unhealthy, "\(error)")
                }
            }
            return own
        }

        // MARK: Resource

        /// Closes the pool as `ResourcePool.close()` does, and the connection for health checks.
        ///
        /// - Throws: `PoolError.Code.notCleanlyClosed`.
        public func dispose() async throws {
            await self.health.close()
            try await self.pool.dispose()
        }
    }
#endif
