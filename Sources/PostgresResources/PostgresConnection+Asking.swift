#if Postgres
    import ResourceContainer

    /// Asking the server, and what becomes of the connection by it.
    extension PostgresConnection {
        /// What becomes of a statement that does not end in time, or whose task is cancelled.
        enum Interruption {
            /// The server is asked to end it, and the connection stays usable.
            case cancelsStatement
            /// The connection is closed.
            case closesConnection
        }

        /// Sends a statement and waits for its end, for as long as `budget` lasts and the task is not cancelled. Its caller has the turn.
        ///
        /// A statement that has ended has ended, even if it was to be interrupted: its result is returned.
        func send(_ statement: Session.Statement, budget: Duration?, _ interruption: Interruption) async throws -> [PostgresResult] {
            try Task.checkCancellation()
            let run = StatementRun()
            let session = try self.begin(run, statement)
            defer { self.end(run) }
            let isLate = Promise<Void>()
            let time = self.environment.time
            let deadline = budget.map { budget in
                time.schedule(at: time.now + budget) {
                    isLate.fulfil(())
                    run.interrupt()
                }
            }
            // A task of its own, so that the end of the budget and a dispose can end its wait as well as the caller's cancellation can.
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
                    let end = self.isUsable ? "was cancelled" : "the connection was closed"
                    throw self.error(.timedOut, statement.quoted, "it did not end within \(budget) and \(end)")
                }
                try Task.checkCancellation()
                throw self.error(.closed, statement.quoted, "the connection was disposed meanwhile")
            }
        }

        /// Gets the session out of the statement that it is in, whatever becomes of the caller.
        private func recover(_ session: Session) async {
            await self.environment.start {
                let time = self.environment.time
                let isRecovered = try? await time.within(self.configuration.cancelTimeout) { try await session.cancelAndDrain(time) }
                if isRecovered != true { self.breakOff("a statement was cancelled, and the server did not end it") }
            }.value
        }

        /// Rolls back, if there is anything to roll back. Its caller has the turn.
        func endOpenTransaction(budget: Duration?) async throws {
            guard case .open(let session, _) = self.state.withLock({ $0 }), await session.transactionState != .none else { return }
            _ = try await self.send(.script("ROLLBACK"), budget: budget, .closesConnection)
        }

        /// The connection is of no use any more: its session is closed as soon as nobody is in it.
        func breakOff(_ reason: String) {
            let before = self.state.withLock { state in
                let before = state
                state.breakOff(reason)
                return before
            }
            // Outside of the lock, as in ``dispose()``.
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
            run.ended.fulfil(())
        }
    }

    extension Result where Failure == any Error, Success: Sendable {
        /// What `body` returned or threw.
        static func of(_ body: () async throws -> Success) async -> Self {
            do { return .success(try await body()) } catch { return .failure(error) }
        }
    }
#endif
