#if Postgres
    import ResourceContainer

    /// A transaction that a task and its children are in: their statements belong to it, those of others wait until it is over.
    final class Transaction: Sendable {
        @TaskLocal private static var current: Transaction?

        private let connection: PostgresConnection
        /// The one that this was begun in, on another connection.
        private let outer: Transaction?
        private let isOpen = Lock(true)
        /// Statements of the tasks that are in it, one after the other.
        let statements = Turns()

        init(on connection: PostgresConnection) {
            self.connection = connection
            self.outer = Self.current
        }

        /// The open transaction on `connection` that the calling task is in. A task that outlived its transaction is in none.
        static func current(on connection: PostgresConnection) -> Transaction? {
            var transaction = Self.current
            while let found = transaction, found.connection !== connection { transaction = found.outer }
            return transaction.flatMap { $0.isOver ? nil : $0 }
        }

        var isOver: Bool {
            !self.isOpen.withLock { $0 }
        }

        /// From now on nobody's statement belongs to it.
        func end() {
            self.isOpen.withLock { $0 = false }
        }

        /// Runs `body` in it, where `isolation` is.
        func enter<Result>(
            isolation: isolated (any Actor)?,
            _ body: nonisolated(nonsending) () async throws -> Result
        ) async throws -> Result {
            try await Self.$current.withValue(self) {
                // Captured, so that the closure stays with the caller: `withValue` takes a function that belongs to none.
                _ = isolation
                return try await body()
            }
        }
    }
#endif
