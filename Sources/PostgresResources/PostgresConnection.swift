#if Postgres
    import ResourceContainer

    /// A connection to a PostgreSQL server that can be pooled and bound: initialised by connecting, disposed by disconnecting.
    ///
    /// ```swift
    /// let connection = PostgresConnection(try PostgresConfiguration(url: "postgres://app:secret@127.0.0.1/shop"))
    /// try await connection.initialize()
    /// let result = try await connection.query("SELECT id, name FROM customers WHERE city = $1", ["Bern"])
    /// for row in result.rows { print(try row.value("id", as: Int.self), try row.value("name", as: String.self)) }
    /// try await connection.dispose()
    /// ```
    ///
    /// Over libpq's non-blocking calls: no thread waits for the server, and what libpq cannot do without blocking - looking up a name,
    /// asking for a cancellation - runs on a thread of its own, which a server that says nothing may hold for long and which nobody waits
    /// for then. Statements run one after the other, first come first served.
    ///
    /// Cancelling the task of a statement cancels the statement at the server, and the connection stays usable; the same happens to one that
    /// takes longer than the configuration's `statementTimeout`. Where the server does not end the statement within `cancelTimeout`, the
    /// connection is closed, since nobody could tell what it is doing. A connection that is lost stays lost: a ``PostgresPool`` makes others.
    ///
    /// What the server says beside its answers (`NOTICE`, `WARNING`) is a note among the events of a connection that is bound in a
    /// container, and is dropped else; so are notifications (`LISTEN`).
    public final class PostgresConnection: Resource, StatementExecuting, Pingable, ContextualResource {
        /// How it is reached.
        public let configuration: PostgresConfiguration
        let environment: ResourceEnvironment
        let state = Lock(ConnectionState.idle)
        /// Of transactions, and of statements outside of them.
        let turns = Turns()
        let notices = ServerNotices()

        /// A connection that is made by ``initialize()``.
        ///
        /// - Parameter environment: where the time of its budgets comes from.
        public init(_ configuration: PostgresConfiguration, environment: ResourceEnvironment = .system) {
            self.configuration = configuration
            self.environment = environment
        }

        /// Whether it is connected, as far as is known without asking the server. O(1).
        public var isUsable: Bool {
            self.state.withLock { state in
                if case .open = state { true } else { false }
            }
        }

        // MARK: Lifecycle

        public func attach(_ context: ResourceContext) {
            self.notices.attach(context)
        }

        /// Looks up the host, connects and logs in, within the configuration's `connectTimeout`. A host with several addresses is tried at one
        /// after the other, each with an equal share of the time that is left; one that refuses the user ends that.
        ///
        /// - Throws: ``PostgresError``; `CancellationError`.
        public func initialize() async throws {
            guard self.state.withLock({ $0.connect() }) else {
                throw self.error(.misuse, "connecting", "the connection has been initialised before")
            }
            do {
                let session = try await self.connected()
                let isWanted = self.state.withLock { $0.connected(session) }
                if !isWanted { throw self.error(.closed, "connecting", "the connection was disposed meanwhile") }
            } catch {
                self.breakOff("it was never made")
                throw error
            }
        }

        /// Disconnects. A statement under way is cancelled first, and those that wait for their turn are refused. Disposing twice does nothing.
        ///
        /// Takes no longer than the configuration's `cancelTimeout`; without a statement under way it waits for nothing. Never cancelled.
        public func dispose() async throws {
            let (run, before) = self.state.withLock { state in
                let before = state
                return (state.dispose(), before)
            }
            // Outside of the lock: the last reference to the session may go with it, which disconnects.
            _ = consume before
            run?.interrupt()
            await run?.ended.waitThroughCancellation()
        }

        // MARK: Statements

        /// Runs one or more statements for their effect. Several make one transaction, unless they say otherwise.
        ///
        /// - Throws: ``PostgresError``; `CancellationError`.
        public func execute(_ statement: String) async throws {
            _ = try await self.run(.script(statement))
        }

        /// Runs one statement with `arguments` for its `$1`, `$2` and so on, and returns what it gave, all rows of it.
        ///
        /// - Throws: ``PostgresError``; `CancellationError`.
        @discardableResult
        public func query(_ statement: String, _ arguments: [PostgresValue] = []) async throws -> PostgresResult {
            let results = try await self.run(.query(statement, arguments))
            return results.last ?? PostgresResult(columns: [], rows: [], affectedRows: nil, command: "")
        }

        /// Returns if the server answers.
        ///
        /// - Throws: ``PostgresError``; `CancellationError`.
        public func ping() async throws {
            try await self.execute("SELECT 1")
        }

        private func run(_ statement: Session.Statement) async throws -> [PostgresResult] {
            try self.check(statement)
            return try await self.inTurn(statement.quoted) {
                try await self.send(statement, budget: self.configuration.statementTimeout, .cancelsStatement)
            }
        }

        /// libpq takes C strings, in which a NUL would be the end.
        private func check(_ statement: Session.Statement) throws(PostgresError) {
            if statement.text.utf8.contains(0) { throw self.error(.misuse, statement.quoted, "a statement cannot hold a NUL") }
            guard case .query(_, let arguments) = statement else { return }
            for (index, argument) in arguments.enumerated() {
                guard case .text(let text) = argument, text.utf8.contains(0) else { continue }
                let reason = "argument $\(index + 1) holds a NUL, which a text of PostgreSQL cannot; give it as bytes"
                throw self.error(.misuse, statement.quoted, reason)
            }
        }

        // MARK: For pools

        /// Returns if the server answers within `budget`, or before the task is cancelled; else the connection is closed, being of no use.
        func ping(within budget: Duration?) async throws {
            let statement = Session.Statement.script("SELECT 1")
            try await self.inTurn(statement.quoted) { _ = try await self.send(statement, budget: budget, .closesConnection) }
        }

        /// Ends what a borrower left open, so that the next one finds a session like new.
        ///
        /// - Throws: ``PostgresError`` if that cannot be done within `budget`; the connection is closed then.
        func reset(within budget: Duration) async throws {
            try await self.inTurn("resetting") {
                try await self.endOpenTransaction(budget: budget)
                if self.configuration.sessionReset == .discardAll {
                    _ = try await self.send(.script("DISCARD ALL"), budget: budget, .closesConnection)
                }
            }
        }

        // MARK: One at a time

        /// Runs `body` when it is this task's turn: among the statements of its transaction, or of the connection.
        private nonisolated(nonsending) func inTurn<Result>(
            _ action: @autoclosure () -> String,
            _ body: nonisolated(nonsending) () async throws -> Result
        ) async throws -> Result {
            guard let transaction = Transaction.current(on: self) else { return try await self.turns.inTurn(body) }
            return try await transaction.statements.inTurn {
                if transaction.isOver { throw self.error(.misuse, action(), "its transaction ended while it waited for its turn") }
                return try await body()
            }
        }

        func error(_ code: PostgresError.Code, _ action: String, _ message: String) -> PostgresError {
            PostgresError(code, self.configuration.place, action, message)
        }
    }
#endif
