#if Postgres
    import ResourceContainer

    extension PostgresConnection {
        /// Runs `body` in a transaction, which is committed if `body` returns and rolled back if it throws.
        ///
        /// The statements of `body` and its child tasks belong to the transaction; statements of other tasks wait until it ends.
        /// Cancellation of the task stops neither the commit nor the rollback. If the rollback fails, the connection is closed, and the
        /// server rolls back.
        ///
        /// - Parameter body: The work; it receives this connection.
        /// - Returns: The result of `body`.
        /// - Throws: The error of `body`; ``PostgresError``, also if a statement of the transaction failed and `body` returned, because the
        ///   server then rolls back; ``PostgresError/Code/misuse`` inside another transaction on this connection.
        public nonisolated(nonsending) func withTransaction<Result>(
            _ body: nonisolated(nonsending) (PostgresConnection) async throws -> Result
        ) async throws -> Result {
            try await self.runTransaction(isolation: #isolation, body)
        }

        private func runTransaction<Result>(
            isolation: isolated (any Actor)?,
            _ body: nonisolated(nonsending) (PostgresConnection) async throws -> Result
        ) async throws -> Result {
            guard Transaction.current(on: self) == nil else {
                throw self.error(.misuse, "beginning a transaction", "this task is in one already; use SAVEPOINT statements to nest")
            }
            let transaction = Transaction(on: self)
            return try await self.mutex.withLock {
                do {
                    _ = try await self.send(.script("BEGIN"), budget: self.configuration.statementTimeout, .cancelsStatement)
                    let result = try await transaction.enter(isolation: isolation) { try await body(self) }
                    try await self.commit(transaction)
                    return result
                } catch {
                    await self.rollBack(transaction)
                    throw error
                }
            }
        }

        private func commit(_ transaction: Transaction) async throws {
            let outcome = await self.environment.start {
                await Result.of {
                    try await transaction.statements.withLock {
                        transaction.end()
                        return try await self.send(.script("COMMIT"), budget: self.configuration.statementTimeout, .cancelsStatement)
                    }
                }
            }.value
            // The server answers a COMMIT of a failed transaction like this, without an error.
            if try outcome.get().last?.command == "ROLLBACK" {
                let reason = "a statement of the transaction had failed, so it was rolled back"
                throw PostgresError(.serverError, self.configuration.address, "committing", reason, sqlState: "25P02")
            }
        }

        private func rollBack(_ transaction: Transaction) async {
            await self.environment.start {
                do {
                    try await transaction.statements.withLock {
                        transaction.end()
                        try await self.endOpenTransaction(budget: self.configuration.statementTimeout)
                    }
                } catch {
                    self.breakOff("a transaction could not be rolled back: \(error)")
                }
            }.value
        }
    }
#endif
