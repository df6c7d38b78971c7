#if Postgres
    import ResourceContainer

    /// A pool of connections to a PostgreSQL database as a resource of its own name.
    ///
    /// ```swift
    /// let server = try PostgresConfiguration(url: "postgres://shop@db.example/orders?sslmode=require")
    /// try container.bind(PostgresPool.self, lifetime: .singleton) { try PostgresPool(server, maximum: 10) }
    ///
    /// let pool = try await container.get(PostgresPool.self)
    /// let names = try await pool.query("SELECT name FROM customers WHERE city = $1", ["Bern"])
    /// ```
    ///
    /// Its health is the server's and its own: it asks the server over a connection that it keeps for that, so that the answer neither waits
    /// in the queue of borrowers nor takes anything from them. The server must therefore allow one connection more than the pool's maximum.
    public final class PostgresPool: NamedPool, HealthCheckable, Pingable, StatementExecuting {
        /// The pool of connections, for everything that has no short form here.
        public let pool: ResourcePool<PostgresConnection>
        /// How the server is reached.
        public let server: PostgresConfiguration
        private let health: HealthConnection

        /// A pool that is empty until it is initialised or somebody asks.
        ///
        /// - Parameters:
        ///   - server: how it is reached, and how long things may take there.
        ///   - pool: the pool's limits, budgets and thresholds.
        ///   - name: what the pool is called in errors and in figures.
        ///   - healthTimeout: how long the server may take to answer a health check or a ping, connecting for it included. A health
        ///     checker has a deadline of its own (by default 1 s), after which it calls the check an error: keep this below it, or give the
        ///     binding a longer `healthDeadline`.
        ///   - environment: where its time, its jitter and its tasks come from.
        /// - Throws: ``PoolError/Code/invalidConfiguration``. No server is asked.
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

        /// A pool of at most `maximum` connections, and with the defaults of ``PoolConfiguration`` else.
        ///
        /// - Throws: ``PoolError/Code/invalidConfiguration`` if `maximum` is below 1.
        public convenience init(
            _ server: PostgresConfiguration,
            maximum: Int,
            name: String = "PostgreSQL",
            environment: ResourceEnvironment = .system
        ) throws(PoolError) {
            try self.init(server, pool: PoolConfiguration(maximum: maximum), name: name, environment: environment)
        }

        // MARK: Statements

        /// Runs `body` with a connection, which is given back when `body` returns or throws. One that broke meanwhile is closed.
        ///
        /// - Parameters:
        ///   - budget: how long the connection may take to come; nil is the pool's `acquireBudget`.
        ///   - fileID: the borrower's file, which errors, events and figures name.
        ///   - line: the borrower's line.
        ///   - body: what is done with the connection.
        /// - Returns: what `body` returns.
        /// - Throws: ``PoolError``; `CancellationError`; what `body` throws.
        public nonisolated(nonsending) func withConnection<Result>(
            budget: Duration? = nil,
            fileID: StaticString = #fileID,
            line: UInt = #line,
            _ body: nonisolated(nonsending) (PostgresConnection) async throws -> Result
        ) async throws -> Result {
            try await self.pool.withLease(budget: budget, fileID: fileID, line: line) { connection, lease in
                defer {
                    // A lease that has ended, by a hand outside, has nothing to be marked.
                    if !connection.isUsable { try? lease.markBroken(fileID: fileID, line: line) }
                }
                return try await body(connection)
            }
        }

        /// Runs one or more statements for their effect, on a connection of the pool.
        ///
        /// - Parameters:
        ///   - statement: one or more statements.
        ///   - fileID: the caller's file, which errors, events and figures name.
        ///   - line: the caller's line.
        /// - Throws: ``PoolError``; ``PostgresError``; `CancellationError`.
        public func execute(_ statement: String, fileID: StaticString = #fileID, line: UInt = #line) async throws {
            try await self.withConnection(fileID: fileID, line: line) { try await $0.execute(statement) }
        }

        /// ``execute(_:fileID:line:)`` for those who do not know what they call.
        @_disfavoredOverload
        public func execute(_ statement: String) async throws {
            try await self.execute(statement, fileID: #fileID, line: #line)
        }

        /// Runs one statement with `arguments` for its `$1`, `$2` and so on, on a connection of the pool, and returns what it gave.
        ///
        /// - Throws: ``PoolError``; ``PostgresError``; `CancellationError`.
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
        /// - Throws: ``PoolError``; ``PostgresError``; `CancellationError`; what `body` throws.
        public nonisolated(nonsending) func withTransaction<Result>(
            fileID: StaticString = #fileID,
            line: UInt = #line,
            _ body: nonisolated(nonsending) (PostgresConnection) async throws -> Result
        ) async throws -> Result {
            try await self.withConnection(fileID: fileID, line: line) { try await $0.withTransaction(body) }
        }

        // MARK: Health

        /// Returns if the server answers within the health timeout, however busy the pool is.
        ///
        /// - Throws: ``PostgresError``; `CancellationError`.
        public func ping() async throws {
            try await self.health.ask()
        }

        /// The server's health and the pool's own: unhealthy if the server does not answer within the health timeout or the pool refuses,
        /// degraded if the server has no connection left to give, or making connections fails, or leases may be leaks.
        ///
        /// - Throws: `CancellationError`.
        public func healthCheck() async throws -> HealthReport {
            let own = try await self.pool.healthCheck()
            do {
                try await self.health.ask()
            } catch let error as PostgresError {
                switch error.code {
                case .closed: return own
                // It answered, and who has a connection can work.
                case .tooManyConnections where own.status != .unhealthy: return HealthReport(.degraded, "\(error)")
                default: return HealthReport(.unhealthy, "\(error)")
                }
            }
            return own
        }

        // MARK: The resource

        /// Closes the pool as ``ResourcePool/close()`` does, and the connection for the health checks.
        ///
        /// - Throws: ``PoolError/Code/notCleanlyClosed``.
        public func dispose() async throws {
            await self.health.close()
            try await self.pool.dispose()
        }
    }
#endif
