#if Postgres
    import CLibPQ
    import ResourceContainer
    // The internal target that PostgreSQL and Redis share.
    import SocketReadiness

    /// A session with a server over libpq, in steps that never block a thread.
    ///
    /// Runs one operation at a time, which its owner ensures; the actor only serializes access to libpq's memory.
    actor Session {
        /// libpq's connection, closed with the last reference.
        private final class Handle {
            let pointer: OpaquePointer
            /// libpq calls it without retaining it.
            private let notices: ServerNotices

            init?(_ parameters: [(keyword: String, value: String)], notices: ServerNotices) {
                let started = CStrings.with(parameters.map(\.keyword)) { keywords in
                    CStrings.with(parameters.map(\.value)) { values in PQconnectStartParams(keywords, values, 0) }
                }
                guard let started else { return nil }
                self.pointer = started
                self.notices = notices
                notices.receive(from: started)
            }

            deinit {
                PQfinish(self.pointer)
            }
        }

        private let handle: Handle
        private let address: String

        private var connection: OpaquePointer {
            self.handle.pointer
        }

        /// Creates a session, which ``connect()`` opens.
        ///
        /// - Parameter parameters: The parameters by libpq's keywords. They must contain addresses for names, or libpq looks them up here.
        init(_ parameters: [(keyword: String, value: String)], address: String, notices: ServerNotices) throws {
            guard let handle = Handle(parameters, notices: notices) else {
                throw PostgresError(.unreachable, address, "connecting", "libpq is out of memory")
            }
            self.handle = handle
            self.address = address
        }

        // MARK: Connecting

        /// Connects and logs in.
        ///
        /// - Throws: ``PostgresError``; `CancellationError`. The session is then unusable.
        func connect() async throws {
            PQsetErrorVerbosity(self.connection, PQERRORS_VERBOSE)
            if PQstatus(self.connection) == CONNECTION_BAD { throw self.refusal(hasAnswered: false) }
            var next = PGRES_POLLING_WRITING
            while next != PGRES_POLLING_OK {
                try await self.wait(for: next == PGRES_POLLING_READING ? .readable : .writable, "connecting")
                let before = PQstatus(self.connection)
                next = PQconnectPoll(self.connection)
                if next == PGRES_POLLING_FAILED { throw self.refusal(hasAnswered: before != CONNECTION_STARTED) }
            }
            PQsetErrorVerbosity(self.connection, PQERRORS_DEFAULT)
            guard PQsetnonblocking(self.connection, 1) == 0 else { throw self.refusal(hasAnswered: true) }
        }

        private func refusal(hasAnswered: Bool) -> PostgresError {
            let words = String(cString: PQerrorMessage(self.connection))
            let refusal = Refusal(verbose: words)
            // libpq validates its parameters before it contacts a server.
            let isOfParameters = !hasAnswered && !words.hasPrefix("connection to server")
            let needsPassword = PQconnectionNeedsPassword(self.connection) == 1
            let code = isOfParameters ? .invalidConfiguration : refusal.code(hasAnswered: hasAnswered, needsPassword: needsPassword)
            let advice =
                code == .tooManyConnections ? "; lower the maximum of the pools that use it, or raise the server's max_connections" : ""
            return PostgresError(code, self.address, "connecting", refusal.message + advice, sqlState: refusal.sqlState)
        }

        // MARK: Statements

        /// The input of one exchange with the server.
        enum Statement: Sendable {
            /// One or more statements in one exchange.
            case script(String)
            /// One statement with its arguments.
            case query(String, [PostgresValue])

            var text: String {
                switch self {
                case .script(let text), .query(let text, _): text
                }
            }

            /// The quoted text for errors.
            var quoted: String {
                StatementText.quoted(self.text)
            }
        }

        /// The result of one exchange.
        struct Reply: Sendable {
            var results: [PostgresResult] = []
            /// The first failure.
            var failure: PostgresError?
            /// Whether the connection is lost.
            var isLost = false
        }

        /// The transaction state between statements.
        enum TransactionState {
            case none
            /// A transaction is open, or a failed one has not been ended.
            case open
            /// Unknown: a reply is pending, or the connection is lost.
            case unknown
        }

        var transactionState: TransactionState {
            switch PQtransactionStatus(self.connection) {
            case PQTRANS_IDLE: .none
            case PQTRANS_INTRANS, PQTRANS_INERROR: .open
            default: .unknown
            }
        }

        /// Sends a statement and reads the reply.
        ///
        /// - Throws: `CancellationError`, in which case the reply is still pending: see ``cancelAndDrain()``.
        func run(_ statement: Statement) async throws -> Reply {
            let isSent =
                switch statement {
                case .script(let text): PQsendQuery(self.connection, text) == 1
                case .query(let text, let arguments): self.send(text, arguments)
                }
            if !isSent {
                let isLost = PQstatus(self.connection) == CONNECTION_BAD
                let words = String(cString: PQerrorMessage(self.connection)).oneLine
                return Reply(
                    failure: PostgresError(isLost ? .connectionLost : .misuse, self.address, statement.quoted, words),
                    isLost: isLost
                )
            }
            return try await self.reply(to: statement)
        }

        /// Cancels the session's statement at the server, and reads the reply to its end.
        ///
        /// - Returns: Whether the session can be used again.
        /// - Throws: `CancellationError`. The state of the session is then unknown.
        func cancelAndDrain(_ time: TimeSource) async throws -> Bool {
            var patience = Duration.milliseconds(50)
            while PQtransactionStatus(self.connection) == PQTRANS_ACTIVE {
                // The next statement may be sent only after the request was answered; otherwise the request could cancel that statement.
                if let request = CancelRequest(of: self.connection) {
                    guard await BlockingCall.run("cancel request", request.send) != nil else { throw CancellationError() }
                }
                do {
                    return try await time.within(patience) { try await !self.reply(to: nil).isLost }
                } catch is BudgetExceeded {
                    // A request that arrives before its statement finds the server idle and has no effect: send another.
                    patience *= 2
                }
            }
            return PQstatus(self.connection) == CONNECTION_OK
        }

        private func send(_ text: String, _ arguments: [PostgresValue]) -> Bool {
            CStrings.with(arguments.map(\.argument)) { values in
                PQsendQueryParams(self.connection, text, Int32(clamping: arguments.count), nil, values, nil, nil, 0) == 1
            }
        }

        /// Reads a reply to its end.
        ///
        /// - Parameter statement: The statement of the reply; nil if the reply is discarded.
        private func reply(to statement: Statement?) async throws -> Reply {
            while PQflush(self.connection) == 1 {
                try await self.wait(for: .readableOrWritable)
                // The connection is lost, which the result reports.
                if PQconsumeInput(self.connection) == 0 { break }
            }
            var reply = Reply()
            var isCopying = false
            while let result = try await self.nextResult() {
                defer { PQclear(result) }
                switch PQresultStatus(result) {
                case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
                    if statement != nil { reply.results.append(PostgresResult(result, address: self.address)) }
                case PGRES_COPY_IN:
                    isCopying = true
                    guard try await self.endCopying() else {
                        reply.isLost = true
                        reply.failure = self.loss(statement, after: nil)
                        return reply
                    }
                case PGRES_COPY_OUT:
                    isCopying = true
                    try await self.skipCopied()
                case PGRES_COPY_BOTH:
                    reply.isLost = true
                    reply.failure = self.misuse(statement, "replication is not supported")
                    return reply
                default:
                    if reply.failure == nil { reply.failure = PostgresError(result, self.address, statement?.quoted ?? "") }
                }
            }
            if isCopying { reply.failure = self.misuse(statement, "COPY from and to the client is not supported") }
            reply.isLost = PQstatus(self.connection) == CONNECTION_BAD
            if reply.isLost { reply.failure = self.loss(statement, after: reply.failure) }
            // Notifications are not supported; libpq would collect them.
            while let notification = PQnotifies(self.connection) { PQfreemem(notification) }
            return reply
        }

        private func nextResult() async throws -> OpaquePointer? {
            while PQisBusy(self.connection) == 1 {
                try await self.wait(for: .readable)
                // The connection is lost, which the result reports; no more data follows.
                if PQconsumeInput(self.connection) == 0 { break }
            }
            return PQgetResult(self.connection)
        }

        private func loss(_ statement: Statement?, after failure: PostgresError?) -> PostgresError {
            let words = failure?.message ?? String(cString: PQerrorMessage(self.connection)).oneLine
            return PostgresError(.connectionLost, self.address, statement?.quoted ?? "", words, sqlState: failure?.sqlState)
        }

        private func misuse(_ statement: Statement?, _ message: String) -> PostgresError {
            PostgresError(.misuse, self.address, statement?.quoted ?? "", message)
        }

        // MARK: Refusing COPY

        /// Ends the copy without data; the server answers with an error.
        private func endCopying() async throws -> Bool {
            while true {
                switch PQputCopyEnd(self.connection, "COPY from the client is not supported") {
                case 1: return true
                case 0: try await self.wait(for: .writable)
                default: return false
                }
            }
        }

        private func skipCopied() async throws {
            while true {
                var row: UnsafeMutablePointer<CChar>?
                let length = PQgetCopyData(self.connection, &row, 1)
                PQfreemem(row)
                if length < 0 || PQstatus(self.connection) == CONNECTION_BAD { return }
                if length == 0 {
                    try await self.wait(for: .readable)
                    if PQconsumeInput(self.connection) == 0 { return }
                }
            }
        }

        // MARK: Waiting

        /// Returns when the descriptor may have the given readiness.
        ///
        /// - Throws: `CancellationError`; ``PostgresError`` if it cannot be waited for.
        private func wait(for readiness: SocketEventLoop.Readiness, _ action: String = "waiting for the server") async throws {
            let descriptor = PQsocket(self.connection)
            // libpq closed the descriptor itself and reports the error.
            guard descriptor >= 0 else { return }
            do {
                try await SocketEventLoop.shared.wait(for: descriptor, toBe: readiness)
            } catch {
                try Task.checkCancellation()
                throw PostgresError(.connectionLost, self.address, action, "\(error)")
            }
        }
    }
#endif
