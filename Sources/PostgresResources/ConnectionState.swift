#if Postgres
    /// The state of a connection. A pure value: its owner provides locking and waiting.
    enum ConnectionState {
        /// Not initialized yet.
        case idle
        /// Initializing; leads to `open` or `broken`.
        case connecting
        /// Connected, with the running statement, if any.
        case open(Session, StatementRun?)
        /// Disposing: this statement ends, and no other begins. Leads to `closed`.
        case closing(StatementRun)
        /// Lost, or never connected, for this reason.
        case broken(String)
        /// Disposed.
        case closed

        /// Why an operation is refused.
        struct Refusal: Error {
            let code: PostgresError.Code
            let message: String
        }

        /// Begins initialization. Returns false if it has begun before.
        mutating func connect() -> Bool {
            guard case .idle = self else { return false }
            self = .connecting
            return true
        }

        /// Records the session of the initialization. Returns false if the connection was disposed in between.
        mutating func connected(_ session: Session) -> Bool {
            guard case .connecting = self else { return false }
            self = .open(session, nil)
            return true
        }

        /// Begins a statement; the caller has the turn.
        mutating func begin(_ run: StatementRun) throws(Refusal) -> Session {
            switch self {
            case .open(let session, _):
                self = .open(session, run)
                return session
            case .idle, .connecting: throw Refusal(code: .misuse, message: "the connection has not been initialized")
            case .broken(let reason): throw Refusal(code: .connectionLost, message: "the connection was lost before: \(reason)")
            case .closing, .closed: throw Refusal(code: .closed, message: "the connection has been disposed")
            }
        }

        /// Ends the running statement.
        mutating func end() {
            switch self {
            case .open(let session, _): self = .open(session, nil)
            case .closing: self = .closed
            case .idle, .connecting, .broken, .closed: break
            }
        }

        /// Marks the connection as unusable.
        mutating func breakOff(_ reason: String) {
            switch self {
            case .connecting, .open: self = .broken(reason)
            case .idle, .closing, .broken, .closed: break
            }
        }

        /// Disposes the connection. Returns the running statement, which must end first.
        mutating func dispose() -> StatementRun? {
            switch self {
            case .open(_, let run?), .closing(let run):
                self = .closing(run)
                return run
            case .open(_, nil), .idle, .connecting, .broken, .closed:
                self = .closed
                return nil
            }
        }
    }
#endif
