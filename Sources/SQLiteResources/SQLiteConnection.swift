import Dispatch
import GRDB
import ResourceContainer

/// A connection to a SQLite database that can be pooled and bound: initialised by opening it, disposed by closing it.
///
/// Everything is done on a queue of the connection's own, never on a thread of the concurrency pool: opening, closing, migrating and
/// waiting for another's lock included. Statements run one after the other. If the task that waits for a statement is cancelled, the
/// statement is interrupted and its transaction rolled back.
///
/// A file is opened in write-ahead mode, so that readers on other connections do not block the writer, nor the writer them.
///
/// GRDB has a name like this one. A file that imports both writes `SQLiteResources.SQLiteConnection`.
public final class SQLiteConnection: Resource, StatementExecuting, Pingable, HurriedResource {
    /// Where a database is.
    public enum Location: Hashable, Sendable {
        /// A file, made if it is not there; its directory must be.
        case file(String)
        /// In memory, gone with the connection.
        case memory

        /// Why SQLite would not take the path for the path of a file; nil if it does.
        var fault: String? {
            guard case .file(let path) = self else { return nil }
            if path.isEmpty { return "an empty path is a temporary database for each connection: use .memory, or give a path" }
            if path.hasPrefix(":memory:") { return "'\(path)' is a database in memory for each connection: use .memory" }
            if path.lowercased().hasPrefix("file:") { return "'\(path)' is a URI: give the path of the file, or use .memory" }
            if path.utf8.contains(0) { return "the path has a NUL character in it, at which it would end" }
            return nil
        }

        /// The path, or `:memory:`.
        public var label: String {
            switch self {
            case .file(let path): path.replacing("\0", with: "\\0")
            case .memory: ":memory:"
            }
        }
    }

    /// What a connection may do.
    public enum Access: String, Hashable, Sendable {
        /// Read and write; makes the file if it is not there.
        case readWrite
        /// Read only; the file must be there. What would write is refused with ``SQLiteError/Code/readOnly``.
        case readOnly
    }

    /// Where the database is.
    public let location: Location
    /// What the connection may do.
    public let access: Access
    private let busy: BusyWait
    private let opening = DispatchQueue(label: "SQLiteConnection")
    private let queue = Lock<DatabaseQueue?>(nil)
    private let interruption = Interruption()

    /// A connection that is opened by ``initialize()``.
    ///
    /// - Parameters:
    ///   - location: where the database is.
    ///   - access: what the connection may do.
    ///   - busyTimeout: how long a statement waits for another connection's lock before it fails with ``SQLiteError/Code/busy``.
    ///   - environment: where the time of that comes from.
    public init(
        _ location: Location,
        access: Access = .readWrite,
        busyTimeout: Duration = .seconds(5),
        environment: ResourceEnvironment = .system
    ) {
        self.location = location
        self.access = access
        self.busy = BusyWait(timeout: busyTimeout, time: environment.time)
    }

    // MARK: Lifecycle

    /// Opens the database.
    ///
    /// - Throws: ``SQLiteError``.
    public func initialize() async throws {
        if let fault = self.location.fault {
            throw SQLiteError(.cannotOpen, location: self.location.label, action: "opening", message: fault)
        }
        var configuration = Configuration()
        configuration.label = "SQLiteConnection"
        configuration.readonly = self.access == .readOnly
        configuration.prepareDatabase { [interruption] in interruption.watch($0) }
        configuration.busyMode = .callback { [busy] tries in busy.goesOn(after: tries) }
        if self.access == .readWrite, self.location != .memory { configuration.journalMode = .wal }
        let opened = try await self.offPool("opening") { [location, configuration] in
            switch location {
            case .memory: try DatabaseQueue(configuration: configuration)
            case .file(let path): try DatabaseQueue(path: path, configuration: configuration)
            }
        }
        self.queue.withLock { $0 = opened }
    }

    /// Waits for the statements under way and closes the database. Closing twice does nothing.
    ///
    /// - Throws: ``SQLiteError``.
    public func dispose() async throws {
        let queue = self.queue.withLock { queue in
            defer { queue = nil }
            return queue
        }
        guard let queue else { return }
        try await self.offPool("closing") { try queue.close() }
    }

    public func attach(_ context: ResourceContext) {}

    /// Interrupts the statement that is running, and refuses those that follow. A container calls it when a scope is closed by force.
    public func hurry() {
        self.interruption.begin()
        self.busy.cancel()
    }

    // MARK: Statements

    /// Runs one or more statements for their effect, in a transaction. A statement that has to be outside a transaction - `VACUUM`, a
    /// `PRAGMA` that sets or does something, `ATTACH`, `DETACH` - runs outside one if it is the only one; among others it is refused.
    ///
    /// - Throws: ``SQLiteError``; `CancellationError`.
    public func execute(_ statement: String) async throws {
        let text = try self.checked(statement)
        if text.isMaintenance {
            try await self.maintain(statement)
            return
        }
        let run: @Sendable (Database) throws -> Void = { database in
            let statements = try database.allStatements(sql: statement)
            while let next = try statements.next() {
                guard !SQLText(next.sql).isMaintenance else { throw self.needsNoTransaction(next.sql) }
                try next.execute()
            }
        }
        if self.access == .readOnly { try await self.read(run) } else { try await self.write(run) }
    }

    /// Runs one statement outside any transaction, and returns its rows: `VACUUM`, `PRAGMA wal_checkpoint(TRUNCATE)`, `PRAGMA foreign_keys
    /// = ON`. What it sets is set for this connection until it is closed.
    ///
    /// - Throws: ``SQLiteError``; `CancellationError`.
    @discardableResult
    public func maintain(_ statement: String) async throws -> [[SQLiteValue]] {
        _ = try self.checked(statement)
        return try await self.use("maintaining") { try $0.rows(statement, []) }
    }

    /// Runs one statement with `arguments` for its `?`s, and returns the row identity of the last row it inserted.
    ///
    /// - Throws: ``SQLiteError``; `CancellationError`.
    @discardableResult
    public func execute(_ statement: String, _ arguments: [SQLiteValue]) async throws -> Int64 {
        let text = try self.checked(statement)
        guard !text.isMaintenance else { throw self.needsNoTransaction(statement) }
        return try await self.write { database in
            try database.run(statement, arguments)
            return database.lastInsertedRowID
        }
    }

    /// The rows of a query, each with its columns in the order of the statement.
    ///
    /// - Throws: ``SQLiteError``, `readOnly` if the statement would write; `CancellationError`.
    public func query(_ statement: String, _ arguments: [SQLiteValue] = []) async throws -> [[SQLiteValue]] {
        let text = try self.checked(statement)
        guard !text.isMaintenance else { throw self.needsNoTransaction(statement) }
        return try await self.read { try $0.rows(statement, arguments) }
    }

    /// Runs `body` on the connection; all that it reads is of one moment. What would write is refused.
    ///
    /// - Throws: ``SQLiteError``; `CancellationError`; what `body` throws.
    public func read<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await self.use("reading") { database in
            try database.readOnly {
                var result: Result?
                try database.inTransaction(.deferred) {
                    result = try body(database)
                    return .commit
                }
                return result
            }
        }
    }

    /// Runs `body` on the connection inside a transaction, which is committed if `body` returns and rolled back if it throws or the task
    /// is cancelled.
    ///
    /// - Throws: ``SQLiteError``; `CancellationError`; what `body` throws.
    public func write<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await self.use("writing") { database in
            var result: Result?
            try database.inTransaction(.immediate) {
                result = try body(database)
                return .commit
            }
            return result
        }
    }

    /// Brings the database to its present form: runs the migrations that it has not seen yet, each in a transaction. Finishes what it has
    /// begun, also if the task is cancelled.
    ///
    /// - Throws: ``SQLiteError``; what a migration throws.
    public func migrate(_ migrations: DatabaseMigrator) async throws {
        let queue = try self.open
        try await self.translating("migrating") {
            try await withCheckedThrowingContinuation { continuation in
                migrations.asyncMigrate(queue) { outcome in continuation.resume(with: outcome.map { _ in }) }
            }
        }
    }

    /// Reads something.
    ///
    /// - Throws: ``SQLiteError``; `CancellationError`.
    public func ping() async throws {
        _ = try await self.query("SELECT 1")
    }

    /// The refusal of a statement that would have no effect in a transaction, or fail there.
    private func needsNoTransaction(_ statement: String) -> SQLiteError {
        SQLiteError(
            self.access == .readOnly ? .readOnly : .refused,
            location: self.location.label,
            action: SQLiteError.quoted(statement),
            message: "it does nothing, or fails, inside a transaction: give it to maintain(_:) of the connection that writes"
        )
    }

    private func checked(_ statement: String) throws(SQLiteError) -> SQLText {
        let text = SQLText(statement)
        guard !text.hasNUL else {
            throw SQLiteError(
                .refused,
                location: self.location.label,
                action: SQLiteError.quoted(statement.replacing("\0", with: "\\0")),
                message: "the statement has a NUL character in it, at which SQLite would end it: give such a text as an argument"
            )
        }
        return text
    }

    // MARK: The queue

    private var open: DatabaseQueue {
        get throws(SQLiteError) {
            guard !self.interruption.hasBegun else {
                let message = "the scope of the connection is closed by force"
                throw SQLiteError(.interrupted, location: self.location.label, action: "using", message: message)
            }
            guard let queue = self.queue.withLock({ $0 }) else {
                throw SQLiteError(.notOpen, location: self.location.label, action: "using", message: "the connection is not open")
            }
            return queue
        }
    }

    private func use<Result: Sendable>(
        _ action: String,
        _ body: @escaping @Sendable (Database) throws -> Result?
    ) async throws -> Result {
        let queue = try self.open
        let access = BusyWait.Access()
        let result = try await self.translating(action) {
            try await withTaskCancellationHandler {
                try await queue.writeWithoutTransaction { [busy] database in
                    try busy.within(access) {
                        // A statement of the body's may have ended the transaction and begun another: nobody else is to find it open.
                        defer { if database.isInsideTransaction { try? database.rollback() } }
                        _ = try self.open
                        return try body(database)
                    }
                }
            } onCancel: {
                access.cancel()
            }
        }
        guard let result else { preconditionFailure("a transaction was committed without its body") }
        return result
    }

    /// Runs what blocks where it blocks nobody. On a serial queue: it has a thread of its own, and none of the concurrency pool's.
    private func offPool<Result: Sendable>(_ action: String, _ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await self.translating(action) {
            try await withCheckedThrowingContinuation { continuation in
                self.opening.async { continuation.resume(with: Swift.Result { try body() }) }
            }
        }
    }

    private func translating<Result>(_ action: String, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as DatabaseError {
            let translated = SQLiteError(location: self.location.label, action: action, error)
            // Interrupted, or fetched out of waiting for a lock, because the task is cancelled.
            if Task.isCancelled, translated.code == .interrupted || translated.code == .busy { throw CancellationError() }
            throw translated
        }
    }
}
