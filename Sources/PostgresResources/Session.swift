#if Postgres
    import CLibPQ
    import FlyingSocks
    import ResourceContainer

    /// libpq's side of a connection: one session with a server, in steps that never block a thread.
    ///
    /// Does one thing at a time, for which its owner provides; the actor only keeps libpq's memory to one task at a time.
    actor Session {
        /// libpq's connection, closed with the last reference.
        private final class Handle {
            let pointer: OpaquePointer
            /// libpq calls it without holding it.
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
        private let place: String

        private var connection: OpaquePointer {
            self.handle.pointer
        }

        /// A session that ``connect()`` is still to make.
        ///
        /// - Parameter parameters: by libpq's keywords; must give addresses for names, or libpq looks those up here.
        init(_ parameters: [(keyword: String, value: String)], place: String, notices: ServerNotices) throws {
            guard let handle = Handle(parameters, notices: notices) else {
                throw PostgresError(.unreachable, place, "connecting", "libpq has no memory for a connection")
            }
            self.handle = handle
            self.place = place
        }

        // MARK: Connecting

        /// Connects and logs in.
        ///
        /// - Throws: ``PostgresError``; `CancellationError`. The session is of no use then.
        func connect() async throws {
            PQsetErrorVerbosity(self.connection, PQERRORS_VERBOSE)
            if PQstatus(self.connection) == CONNECTION_BAD { throw self.refusal(hasAnswered: false) }
            var next = PGRES_POLLING_WRITING
            while next != PGRES_POLLING_OK {
                try await self.wait(for: next == PGRES_POLLING_READING ? [.read] : [.write], "connecting")
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
            // Before it asks anybody, libpq looks its parameters through.
            let isOfParameters = !hasAnswered && !words.hasPrefix("connection to server")
            let needsPassword = PQconnectionNeedsPassword(self.connection) == 1
            let code = isOfParameters ? .invalidConfiguration : refusal.code(hasAnswered: hasAnswered, needsPassword: needsPassword)
            let advice =
                code == .tooManyConnections ? "; lower the maximum of the pools that use it, or raise the server's max_connections" : ""
            return PostgresError(code, self.place, "connecting", refusal.message + advice, sqlState: refusal.sqlState)
        }

        // MARK: Statements

        /// What is asked of the server.
        enum Statement: Sendable {
            /// One or more statements, in one go.
            case script(String)
            /// One statement with its arguments.
            case query(String, [PostgresValue])

            var text: String {
                switch self {
                case .script(let text), .query(let text, _): text
                }
            }

            /// What an error calls it.
            var quoted: String {
                StatementText.quoted(self.text)
            }
        }

        /// What came of it.
        struct Reply: Sendable {
            var results: [PostgresResult] = []
            /// The first thing that went wrong.
            var failure: PostgresError?
            /// Whether the connection is there no longer.
            var isLost = false
        }

        /// Where the session stands between statements.
        enum TransactionState {
            case none
            /// A transaction is open, or a failed one waits for its end.
            case open
            /// Nobody can tell: an answer is still to come, or the connection is lost.
            case unknown
        }

        var transactionState: TransactionState {
            switch PQtransactionStatus(self.connection) {
            case PQTRANS_IDLE: .none
            case PQTRANS_INTRANS, PQTRANS_INERROR: .open
            default: .unknown
            }
        }

        /// Sends a statement and reads the answer.
        ///
        /// - Throws: `CancellationError`, and then the answer is still to come: see ``cancelAndDrain()``.
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
                    failure: PostgresError(isLost ? .connectionLost : .misuse, self.place, statement.quoted, words),
                    isLost: isLost
                )
            }
            return try await self.reply(to: statement)
        }

        /// Has the server end what it is doing for this session, and reads the answer to its end.
        ///
        /// - Returns: whether the session can be used again.
        /// - Throws: `CancellationError`. What the session is doing is unknown then.
        func cancelAndDrain(_ time: TimeSource) async throws -> Bool {
            var patience = Duration.milliseconds(50)
            while PQtransactionStatus(self.connection) == PQTRANS_ACTIVE {
                // Only once the request has been answered may the next statement be sent: it would be the one to be cancelled else.
                if let request = CancelRequest(of: self.connection) {
                    guard await BlockingCall.run("cancel request", request.send) != nil else { throw CancellationError() }
                }
                do {
                    return try await time.within(patience) { try await !self.reply(to: nil).isLost }
                } catch is BudgetExceeded {
                    // A request that overtakes its statement finds the server idle and is forgotten: another one is sent.
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

        /// Reads an answer to its end.
        ///
        /// - Parameter statement: what it answers; nil if nobody wants to know any more.
        private func reply(to statement: Statement?) async throws -> Reply {
            while PQflush(self.connection) == 1 {
                try await self.wait(for: [.read, .write])
                // The connection is lost: the result tells.
                if PQconsumeInput(self.connection) == 0 { break }
            }
            var reply = Reply()
            var isCopying = false
            while let result = try await self.nextResult() {
                defer { PQclear(result) }
                switch PQresultStatus(result) {
                case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
                    if statement != nil { reply.results.append(PostgresResult(result, place: self.place)) }
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
                    if reply.failure == nil { reply.failure = PostgresError(result, self.place, statement?.quoted ?? "") }
                }
            }
            if isCopying { reply.failure = self.misuse(statement, "COPY from and to the client is not supported") }
            reply.isLost = PQstatus(self.connection) == CONNECTION_BAD
            if reply.isLost { reply.failure = self.loss(statement, after: reply.failure) }
            // Nobody listens to notifications here; libpq would collect them.
            while let notification = PQnotifies(self.connection) { PQfreemem(notification) }
            return reply
        }

        private func nextResult() async throws -> OpaquePointer? {
            while PQisBusy(self.connection) == 1 {
                try await self.wait(for: [.read])
                // The connection is lost: the result tells, and nothing more will come.
                if PQconsumeInput(self.connection) == 0 { break }
            }
            return PQgetResult(self.connection)
        }

        private func loss(_ statement: Statement?, after failure: PostgresError?) -> PostgresError {
            let words = failure?.message ?? String(cString: PQerrorMessage(self.connection)).oneLine
            return PostgresError(.connectionLost, self.place, statement?.quoted ?? "", words, sqlState: failure?.sqlState)
        }

        private func misuse(_ statement: Statement?, _ message: String) -> PostgresError {
            PostgresError(.misuse, self.place, statement?.quoted ?? "", message)
        }

        // MARK: Copying, which is refused

        /// Tells the server that nothing will come; it answers with an error.
        private func endCopying() async throws -> Bool {
            while true {
                switch PQputCopyEnd(self.connection, "COPY from the client is not supported") {
                case 1: return true
                case 0: try await self.wait(for: [.write])
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
                    try await self.wait(for: [.read])
                    if PQconsumeInput(self.connection) == 0 { return }
                }
            }
        }

        // MARK: Waiting

        /// Returns when the descriptor may be ready; libpq finds out what there is.
        ///
        /// - Throws: `CancellationError`; ``PostgresError`` if it cannot be waited for.
        private func wait(for events: Socket.Events, _ action: String = "waiting for the server") async throws {
            let descriptor = PQsocket(self.connection)
            // What libpq closed itself it has an error for.
            guard descriptor >= 0 else { return }
            do {
                try await Readiness.shared.wait(for: descriptor, events)
            } catch {
                try Task.checkCancellation()
                throw PostgresError(.connectionLost, self.place, action, "\(error)")
            }
        }
    }
#endif
