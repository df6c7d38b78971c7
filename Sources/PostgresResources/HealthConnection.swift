#if Postgres
    import ResourceContainer

    /// A separate connection for health checks, outside the pool.
    ///
    /// It is created on the first check. A connection that does not answer is discarded, and the next check creates another.
    final class HealthConnection: Sendable {
        private enum State {
            case none
            case there(PostgresConnection)
            case closed
        }

        private let configuration: PostgresConfiguration
        private let timeout: Duration
        private let environment: ResourceEnvironment
        private let state = Lock(State.none)
        private let mutex = AsyncMutex()

        init(_ configuration: PostgresConfiguration, timeout: Duration, environment: ResourceEnvironment) {
            self.configuration = configuration.named("\(configuration.applicationName) health")
            self.timeout = timeout
            self.environment = environment
        }

        /// Returns if the server answers within the timeout, which includes connecting and waiting for other checks.
        ///
        /// - Throws: ``PostgresError``; `CancellationError`.
        func ask() async throws {
            do {
                try await self.environment.time.within(self.timeout) {
                    try await self.mutex.withLock { try await self.askInTurn() }
                }
            } catch is BudgetExceeded {
                let reason = "the server did not answer within \(self.timeout)"
                throw PostgresError(.timedOut, self.configuration.address, "checking the server's health", reason)
            }
        }

        private func askInTurn() async throws {
            let connection = try await self.connection()
            do {
                try await connection.ping(within: nil)
            } catch {
                self.state.withLock { state in
                    if case .there = state { state = .none }
                }
                try? await connection.dispose()
                throw error
            }
        }

        private func connection() async throws -> PostgresConnection {
            switch self.state.withLock({ $0 }) {
            case .there(let connection) where connection.isUsable: return connection
            case .there, .none: break
            case .closed: throw self.closed
            }
            let connection = PostgresConnection(self.configuration, environment: self.environment)
            try await connection.initialize()
            let isKept = self.state.withLock { state in
                if case .closed = state { return false }
                state = .there(connection)
                return true
            }
            if isKept { return connection }
            try? await connection.dispose()
            throw self.closed
        }

        private var closed: PostgresError {
            PostgresError(.closed, self.configuration.address, "checking the server's health", "the pool is closed")
        }

        /// Disconnects, even during a check. Later checks fail.
        func close() async {
            let before = self.state.withLock { state in
                defer { state = .closed }
                return state
            }
            if case .there(let connection) = before { try? await connection.dispose() }
        }
    }
#endif
