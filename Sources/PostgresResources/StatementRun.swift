#if Postgres
    import ResourceContainer

    /// A statement under way, as those see it who may have to interrupt it.
    final class StatementRun: Sendable {
        private enum State {
            /// Begun, but nobody waits for the answer yet.
            case begun
            /// The answer is waited for; this ends the wait.
            case waiting(cancel: @Sendable () -> Void)
            case interrupted
        }

        private let state = Lock(State.begun)
        /// Fulfilled when the session is free again.
        let ended = Promise<Void>()

        /// Takes `answer` for the wait that an interruption is to end; also one that came before.
        func follow<Success>(_ answer: Task<Success, Never>) {
            let isInterrupted = self.state.withLock { state in
                if case .interrupted = state { return true }
                state = .waiting { answer.cancel() }
                return false
            }
            if isInterrupted { answer.cancel() }
        }

        /// Ends the wait for the answer.
        func interrupt() {
            let before = self.state.withLock { state in
                defer { state = .interrupted }
                return state
            }
            if case .waiting(let cancel) = before { cancel() }
        }
    }
#endif
