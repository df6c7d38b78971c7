#if Postgres
    /// Where a connection stands in its life. Values only: locks and waiting are its owner's.
    enum ConnectionState {
        /// Not initialised yet.
        case idle
        /// Being initialised; leads to `open`, or to `broken`.
        case connecting
        /// Connected; with the statement under way, if there is one.
        case open(Session, StatementRun?)
        /// Being disposed: this statement ends, and no other begins. Leads to `closed`.
        case closing(StatementRun)
        /// Lost, or never made, for this reason.
        case broken(String)
        /// Disposed.
        case closed

        /// Why something cannot be done now.
        struct Refusal: Error {
            let code: PostgresError.Code
            let message: String
        }

        /// Initialising begins; false if it has begun before.
        mutating func connect() -> Bool {
            guard case .idle = self else { return false }
            self = .connecting
            return true
        }

        /// Initialising has made a session; false if it was disposed meanwhile.
        mutating func connected(_ session: Session) -> Bool {
            guard case .connecting = self else { return false }
            self = .open(session, nil)
            return true
        }

        /// A statement begins, whose caller has the turn.
        mutating func begin(_ run: StatementRun) throws(Refusal) -> Session {
            switch self {
            case .open(let session, _):
                self = .open(session, run)
                return session
            case .idle, .connecting: throw Refusal(code: .misuse, message: "the connection has not been initialised")
            case .broken(let reason): throw Refusal(code: .connectionLost, message: "the connection was lost before: \(reason)")
            case .closing, .closed: throw Refusal(code: .closed, message: "the connection has been disposed")
            }
        }

        /// The statement under way has ended.
        mutating func end() {
            switch self {
            case .open(let session, _): self = .open(session, nil)
            case .closing: self = .closed
            case .idle, .connecting, .broken, .closed: break
            }
        }

        /// The connection is of no use any more.
        mutating func breakOff(_ reason: String) {
            switch self {
            case .connecting, .open: self = .broken(reason)
            case .idle, .closing, .broken, .closed: break
            }
        }

        /// It is disposed; the statement that is to be ended first is returned.
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
