#if Postgres
    import ResourceContainer

    /// A connection to a PostgreSQL server that can be pooled and bound. Initialize connects; dispose disconnects.
    ///
    /// ```swift
    /// let connection = PostgresConnection(try PostgresConfiguration(url: "postgres://app:secret@127.0.0.1/shop"))
    /// try await connection.initialize()
    /// let result = try await connection.query("SELECT id, name FROM customers WHERE city = $1", ["Bern"])
    /// for row in result.rows { print(try row.value("id", as: Int.self), try row.value("name", as: String.self)) }
    /// try await connection.dispose()
    /// ```
    ///
    /// The connection uses libpq's non-blocking calls, so no thread waits for the server. Operations that libpq can only do in a blocking
    /// way - looking up a name, requesting a cancellation - run on a separate thread, which a silent server may keep busy without delaying
    /// any caller. Statements run one after the other, first in, first out.
    ///
    /// Canceling the task of a statement cancels the statement at the server, and the connection stays usable; the same happens to a
    /// statement that exceeds the configuration's `statementTimeout`. If the server does not end the statement within `cancelTimeout`, the
    /// connection is closed, because its state is unknown. A lost connection stays lost; a ``PostgresPool`` replaces it.
    ///
    /// Notices of the server (`NOTICE`, `WARNING`) become note events of a connection that is bound in a container, and are dropped
    /// otherwise. Notifications (`LISTEN`) are dropped.
    public final class PostgresConnection: Resource, StatementExecuting, Pingable, ContextualResource {
        /// The configuration of the connection.
        public let configuration: PostgresConfiguration
        let environment: ResourceEnvironment
        let state = Lock(ConnectionState.idle)
        /// Serializes transactions, and statements outside them.
        let mutex = AsyncMutex()
        let notices = ServerNotices()

        /// Creates a connection, which ``initialize()`` opens.
        ///
        /// - Parameters:
        ///   - configuration: The server, the login, and the timeouts.
        ///   - environment: The source of time for the timeouts.
        public init(_ configuration: PostgresConfiguration, environment: ResourceEnvironment = .system) {
            self.configuration = configuration
            self.environment = environment
        }

        /// Whether the connection is open, as far as known without a round trip. O(1).
        public var isUsable: Bool {
            self.state.withLock { state in
                if case .open = state { true } else { false }
            }
        }

        // MARK: Lifecycle

        /// Receives the context of the container's resource, for notices of the server.
        public func attach(_ context: ResourceContext) {
            self.notices.attach(context)
        }

        /// Looks up the host, connects, and logs in, within the configuration's `connectTimeout`. The addresses of a host are tried one
        /// after the other, each with an equal share of the remaining time; a failed login ends the attempts.
        ///
        /// - Throws: ``PostgresError``; `CancellationError`.
        public func initialize() async throws {
            guard self.state.withLock({ $0.connect() }) else {
                throw self.error(.misuse, "connecting", "the connection has been initialized before")
            }
            do {
                let session = try await self.connected()
                let isWanted = self.state.withLock { $0.connected(session) }
                if !isWanted { throw self.error(.closed, "connecting", "the connection was disposed during the call") }
            } catch {
                self.breakOff("it was never opened")
                throw error
            }
        }

        /// Disconnects. A running statement is canceled first, and waiting statements are refused. Disposing again does nothing.
        ///
        /// Takes at most the configuration's `cancelTimeout`, and does not wait if no statement is running. Ignores cancellation.
        public func dispose() async throws {
            let (run, before) = self.state.withLock { state in
                let before = state
                return (state.dispose(), before)
            }
            // Released outside the lock: the last reference to the session disconnects.
            _ = consume before
            run?.interrupt()
            await run?.ended.waitThroughCancellation()
        }

        // MARK: Statements

        /// Runs one or more statements for their effect. Several statements form one transaction unless they contain transaction commands.
        ///
        /// - Throws: ``PostgresError``; `CancellationError`.
        public func execute(_ statement: String) async throws {
            _ = try await self.run(.script(statement))
        }

        /// Runs one statement with `arguments` for `$1`, `$2`, and so on, and returns its complete result.
        ///
        /// - Throws: ``PostgresError``; `CancellationError`.
        @discardableResult
        public func query(_ statement: String, _ arguments: [PostgresValue] = []) async throws -> PostgresResult {
            let results = try await self.run(.query(statement, arguments))
            return results.last ?? PostgresResult(columns: [], rows: [], affectedRows: nil, command: "")
        }

        /// Runs a query to test the connection.
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

        /// libpq takes C strings, which end at a NUL character.
        private func check(_ statement: Session.Statement) throws(PostgresError) {
            if statement.text.utf8.contains(0) { throw self.error(.misuse, statement.quoted, "a statement cannot contain a NUL character") }
            guard case .query(_, let arguments) = statement else { return }
            for (index, argument) in arguments.enumerated() {
                guard case .text(let text) = argument, text.utf8.contains(0) else { continue }
                let reason = "argument $\(index + 1) contains a NUL character, which PostgreSQL text cannot; pass it as bytes"
                throw self.error(.misuse, statement.quoted, reason)
            }
        }

        // MARK: For pools

        /// Returns if the server answers within `budget` and before the task is canceled; otherwise closes the connection.
        func ping(within budget: Duration?) async throws {
            let statement = Session.Statement.script("SELECT 1")
            try await self.inTurn(statement.quoted) { _ = try await self.send(statement, budget: budget, .closesConnection) }
        }

        /// Resets the session for the next holder.
        ///
        /// - Throws: ``PostgresError`` if that fails or exceeds `budget`; the connection is then closed.
        func reset(within budget: Duration) async throws {
            try await self.inTurn("resetting") {
                try await self.endOpenTransaction(budget: budget)
                if self.configuration.sessionReset == .discardAll {
                    _ = try await self.send(.script("DISCARD ALL"), budget: budget, .closesConnection)
                }
            }
        }

        // MARK: Turns

        /// Runs `body` in its turn among the statements of its transaction, or of the connection.
        private nonisolated(nonsending) func inTurn<Result>(
            _ action: @autoclosure () -> String,
            _ body: nonisolated(nonsending) () async throws -> Result
        ) async throws -> Result {
            guard let transaction = Transaction.current(on: self) else { return try await self.mutex.withLock(body) }
            return try await transaction.statements.withLock {
                if transaction.isOver { throw self.error(.misuse, action(), "its transaction ended while it waited for its turn") }
                return try await body()
            }
        }

        func error(_ code: PostgresError.Code, _ action: String, _ message: String) -> PostgresError {
            PostgresError(code, self.configuration.address, action, message)
        }
    }
#endif
