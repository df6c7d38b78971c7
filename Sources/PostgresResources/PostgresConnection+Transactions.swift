#if Postgres
    import ResourceContainer

    extension PostgresConnection {
        /// Runs `body` in a transaction, which is committed if `body` returns and rolled back if it throws.
        ///
        /// The statements of `body` and of its child tasks are the transaction's; those of other tasks wait until it is over. Neither the
        /// commit nor the rollback is stopped by cancelling the task. A connection whose rollback fails is closed, which has the server
        /// roll back.
        ///
        /// - Parameter body: uses this connection, which it is given.
        /// - Returns: what `body` returns.
        /// - Throws: what `body` throws; ``PostgresError``, also if a statement of the transaction failed and `body` returned all the same,
        ///   since there is nothing to commit then; ``PostgresError/Code/misuse`` inside another transaction of this connection.
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
                throw self.error(.misuse, "beginning a transaction", "this task is in one already; nest with SAVEPOINT statements")
            }
            let transaction = Transaction(on: self)
            return try await self.turns.inTurn {
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
                    try await transaction.statements.inTurn {
                        transaction.end()
                        return try await self.send(.script("COMMIT"), budget: self.configuration.statementTimeout, .cancelsStatement)
                    }
                }
            }.value
            // The server ends a failed transaction like this, and does not call it an error.
            if try outcome.get().last?.command == "ROLLBACK" {
                let reason = "a statement of the transaction had failed, and so it was rolled back"
                throw PostgresError(.serverError, self.configuration.place, "committing", reason, sqlState: "25P02")
            }
        }

        private func rollBack(_ transaction: Transaction) async {
            await self.environment.start {
                do {
                    try await transaction.statements.inTurn {
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
