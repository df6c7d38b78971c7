#if Postgres
    import ResourceContainer

    /// A transaction of a task and its child tasks: their statements belong to it, and statements of other tasks wait until it ends.
    final class Transaction: Sendable {
        @TaskLocal private static var current: Transaction?

        private let connection: PostgresConnection
        /// The enclosing transaction, on another connection.
        private let outer: Transaction?
        private let isOpen = Lock(true)
        /// Serializes the statements in this transaction.
        let statements = AsyncMutex()

        init(on connection: PostgresConnection) {
            self.connection = connection
            self.outer = Self.current
        }

        /// The open transaction of the calling task on `connection`; nil for a task that outlived its transaction.
        static func current(on connection: PostgresConnection) -> Transaction? {
            var transaction = Self.current
            while let found = transaction, found.connection !== connection { transaction = found.outer }
            return transaction.flatMap { $0.isOver ? nil : $0 }
        }

        var isOver: Bool {
            !self.isOpen.withLock { $0 }
        }

        /// Ends the transaction; later statements do not belong to it.
        func end() {
            self.isOpen.withLock { $0 = false }
        }

        /// Runs `body` in the transaction, on the caller's `isolation`.
        func enter<Result>(
            isolation: isolated (any Actor)?,
            _ body: nonisolated(nonsending) () async throws -> Result
        ) async throws -> Result {
            try await Self.$current.withValue(self) {
                // Captured, so that the closure keeps the caller's isolation: `withValue` takes a nonisolated function.
                _ = isolation
                return try await body()
            }
        }
    }
#endif
