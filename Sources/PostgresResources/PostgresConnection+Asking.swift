#if Postgres
    import ResourceContainer

    /// Sending statements, and the effect of failures on the connection.
    extension PostgresConnection {
        /// The action for a statement that exceeds its budget or whose task is canceled.
        enum Interruption {
            /// Asks the server to cancel the statement; the connection stays usable.
            case cancelsStatement
            /// Closes the connection.
            case closesConnection
        }

        /// Sends a statement and waits until it ends, its budget is exhausted, or the task is canceled. The caller has the turn.
        ///
        /// The result of a statement that has ended is returned, even if it was to be interrupted.
        func send(_ statement: Session.Statement, budget: Duration?, _ interruption: Interruption) async throws -> [PostgresResult] {
            try Task.checkCancellation()
            let run = StatementRun()
            let session = try self.begin(run, statement)
            defer { self.end(run) }
            let isLate = Promise<Void>()
            let time = self.environment.time
            let deadline = budget.map { budget in
                time.schedule(at: time.now + budget) {
                    isLate.fulfill(())
                    run.interrupt()
                }
            }
            // A separate task, so that the budget and a dispose can end its wait as well as the caller's cancellation.
            let answer = self.environment.start { await Result.of { try await session.run(statement) } }
            run.follow(answer)
            let outcome = await withTaskCancellationHandler {
                await answer.value
            } onCancel: {
                run.interrupt()
            }
            deadline?.cancel()
            switch outcome {
            case .success(let reply):
                if reply.isLost { self.breakOff(reply.failure?.message ?? "the server closed it") }
                if let failure = reply.failure { throw failure }
                return reply.results
            case .failure(let error as PostgresError):
                self.breakOff(error.message)
                throw error
            case .failure:
                switch interruption {
                case .cancelsStatement: await self.recover(session)
                case .closesConnection: self.breakOff("\(statement.quoted) did not end in time")
                }
                if let budget, isLate.value != nil {
                    let end = self.isUsable ? "was canceled" : "the connection was closed"
                    throw self.error(.timedOut, statement.quoted, "it did not end within \(budget) and \(end)")
                }
                try Task.checkCancellation()
                throw self.error(.closed, statement.quoted, "the connection was disposed during the call")
            }
        }

        /// Cancels the session's statement at the server, regardless of the caller's cancellation.
        private func recover(_ session: Session) async {
            await self.environment.start {
                let time = self.environment.time
                let isRecovered = try? await time.within(self.configuration.cancelTimeout) { try await session.cancelAndDrain(time) }
                if isRecovered != true { self.breakOff("a statement was canceled, and the server did not end it") }
            }.value
        }

        /// Rolls back an open transaction, if there is one. The caller has the turn.
        func endOpenTransaction(budget: Duration?) async throws {
            guard case .open(let session, _) = self.state.withLock({ $0 }), await session.transactionState != .none else { return }
            _ = try await self.send(.script("ROLLBACK"), budget: budget, .closesConnection)
        }

        /// Marks the connection as unusable. Its session is closed when no operation uses it.
        func breakOff(_ reason: String) {
            let before = self.state.withLock { state in
                let before = state
                state.breakOff(reason)
                return before
            }
            // Released outside the lock, as in ``dispose()``.
            _ = consume before
        }

        private func begin(_ run: StatementRun, _ statement: Session.Statement) throws(PostgresError) -> Session {
            do throws(ConnectionState.Refusal) {
                return try self.state.withLock { state throws(ConnectionState.Refusal) in try state.begin(run) }
            } catch {
                throw self.error(error.code, statement.quoted, error.message)
            }
        }

        private func end(_ run: StatementRun) {
            self.state.withLock { $0.end() }
            run.ended.fulfill(())
        }
    }

    extension Result where Failure == any Error, Success: Sendable {
        /// The result or error of `body`.
        static func of(_ body: () async throws -> Success) async -> Self {
            do { return .success(try await body()) } catch { return .failure(error) }
        }
    }
#endif
