#if Postgres
    import ResourceContainer

    /// A running statement, with the means to interrupt it.
    final class StatementRun: Sendable {
        private enum State {
            /// Begun; no task waits for the reply yet.
            case begun
            /// A task waits for the reply; `cancel` ends the wait.
            case waiting(cancel: @Sendable () -> Void)
            case interrupted
        }

        private let state = Lock(State.begun)
        /// Fulfilled when the session is free again.
        let ended = Promise<Void>()

        /// Sets the task that an interruption cancels. An earlier interruption cancels it at once.
        func follow<Success>(_ answer: Task<Success, Never>) {
            let isInterrupted = self.state.withLock { state in
                if case .interrupted = state { return true }
                state = .waiting { answer.cancel() }
                return false
            }
            if isInterrupted { answer.cancel() }
        }

        /// Ends the wait for the reply.
        func interrupt() {
            let before = self.state.withLock { state in
                defer { state = .interrupted }
                return state
            }
            if case .waiting(let cancel) = before { cancel() }
        }
    }
#endif
