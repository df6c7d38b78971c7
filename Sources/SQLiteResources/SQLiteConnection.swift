import Dispatch
import GRDB
import ResourceContainer

/// A connection to a SQLite database that can be pooled and bound. Initialize opens it; dispose closes it.
///
/// All work runs on the connection's own queue, never on a thread of the concurrency pool, including opening, closing, migrating, and
/// waiting for locks. Statements run one after the other. If the task that waits for a statement is canceled, the statement is interrupted
/// and its transaction is rolled back.
///
/// A file is opened in write-ahead mode: readers on other connections do not block the writer, and the writer does not block them.
///
/// GRDB has a type of the same name. A file that imports both modules writes `SQLiteResources.SQLiteConnection`.
public final class SQLiteConnection: Resource, StatementExecuting, Pingable, ExpeditedResource {
    /// The location of a database.
    public enum Location: Hashable, Sendable {
        /// A file at this path. It is created if it is missing; its directory must exist.
        case file(String)
        /// A database in memory, which ends with its connection.
        case memory

        /// Why SQLite would not treat the path as the path of a file; nil if it does.
        var fault: String? {
            guard case .file(let path) = self else { return nil }
            if path.isEmpty { return "an empty path is a temporary database per connection: use .memory, or set a path" }
            if path.hasPrefix(":memory:") { return "'\(path)' is a separate database in memory per connection: use .memory" }
            if path.lowercased().hasPrefix("file:") { return "'\(path)' is a URI: use the path of the file, or .memory" }
            if path.utf8.contains(0) { return "the path contains a NUL character" }
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

    /// The access of a connection.
    public enum Access: String, Hashable, Sendable {
        /// Reads and writes; creates the file if it is missing.
        case readWrite
        /// Reads only; the file must exist. A write fails with ``SQLiteError/Code/readOnly``.
        case readOnly
    }

    /// The location of the database.
    public let location: Location
    /// The access of the connection.
    public let access: Access
    private let busy: BusyWait
    private let opening = DispatchQueue(label: "SQLiteConnection")
    private let queue = Lock<DatabaseQueue?>(nil)
    private let interruption = Interruption()

    /// Creates a connection, which ``initialize()`` opens.
    ///
    /// - Parameters:
    ///   - location: The location of the database.
    ///   - access: The access of the connection.
    ///   - busyTimeout: How long a statement waits for another connection's lock before it fails with ``SQLiteError/Code/busy``.
    ///   - environment: The source of the time for the busy timeout.
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

    /// Waits for running statements and closes the database. Closing again does nothing.
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

    /// Does nothing: a connection reports no events.
    public func attach(_ context: ResourceContext) {}

    /// Interrupts the running statement and refuses later ones. A container calls it when a scope is closed by force.
    public func expedite() {
        self.interruption.begin()
        self.busy.cancel()
    }

    // MARK: Statements

    /// Runs one or more statements for their effect, in a transaction. A statement that must run outside a transaction - `VACUUM`, a
    /// `PRAGMA` that changes something, `ATTACH`, `DETACH` - runs outside one if it is the only statement, and is refused among others.
    ///
    /// - Throws: ``SQLiteError``; `CancellationError`.
    public func execute(_ statement: String) async throws {
        let text = try self.rules.checked(statement)
        if text.isMaintenance {
            try await self.maintain(statement)
            return
        }
        let run: @Sendable (Database) throws -> Void = { [rules] database in
            try database.runAll(statement) { try rules.checkRunsInTransaction(SQLText($0)) }
        }
        if self.access == .readOnly { try await self.read(run) } else { try await self.write(run) }
    }

    /// Runs one statement outside any transaction, and returns its rows: `VACUUM`, `PRAGMA wal_checkpoint(TRUNCATE)`, `PRAGMA foreign_keys
    /// = ON`. A setting lasts until this connection is closed.
    ///
    /// - Throws: ``SQLiteError``; `CancellationError`.
    @discardableResult
    public func maintain(_ statement: String) async throws -> [[SQLiteValue]] {
        _ = try self.rules.checked(statement)
        return try await self.use("maintaining") { try $0.rows(statement, []) }
    }

    /// Runs one statement with `arguments` for its `?` placeholders, and returns the row ID of the last inserted row.
    ///
    /// - Throws: ``SQLiteError``; `CancellationError`.
    @discardableResult
    public func execute(_ statement: String, _ arguments: [SQLiteValue]) async throws -> Int64 {
        try self.rules.checkRunsInTransaction(try self.rules.checked(statement))
        return try await self.write { database in
            try database.run(statement, arguments)
            return database.lastInsertedRowID
        }
    }

    /// Returns the rows of a query, each with its columns in the order of the statement.
    ///
    /// - Throws: ``SQLiteError``, with `readOnly` if the statement would write; `CancellationError`.
    public func query(_ statement: String, _ arguments: [SQLiteValue] = []) async throws -> [[SQLiteValue]] {
        try self.rules.checkRunsInTransaction(try self.rules.checked(statement))
        return try await self.read { try $0.rows(statement, arguments) }
    }

    /// Runs `body` on the connection in a transaction, so that all reads see one snapshot. Writes are refused.
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

    /// Runs `body` on the connection inside a transaction, which is committed if `body` returns, and rolled back if it throws or the task
    /// is canceled.
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

    /// Runs `body` in a transaction, with statements and values of this library. The transaction is committed if `body` returns, and rolled
    /// back if it throws or the task is canceled.
    ///
    /// - Throws: ``SQLiteError``; `CancellationError`; what `body` throws.
    public func transaction<Result: Sendable>(_ body: @escaping @Sendable (SQLiteTransaction) throws -> Result) async throws -> Result {
        try await self.write { [rules] database in try body(SQLiteTransaction(database, rules)) }
    }

    /// Runs the migrations that the database has not applied yet, each in a transaction. Ignores cancellation once it has begun.
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

    /// Runs a query to test the connection.
    ///
    /// - Throws: ``SQLiteError``; `CancellationError`.
    public func ping() async throws {
        _ = try await self.query("SELECT 1")
    }

    // MARK: Queue

    private var rules: StatementRules {
        StatementRules(location: self.location.label, isReadOnly: self.access == .readOnly)
    }

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
                        // A statement of the body may have ended the transaction and begun another: it must not stay open for the next
                        // user.
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

    /// Runs blocking work on a serial queue, whose thread is not one of the concurrency pool.
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
            // Cancellation of the task interrupts statements and ends waits for locks.
            if Task.isCancelled, translated.isCausedByCancellation { throw CancellationError() }
            throw translated
        } catch let error as SQLiteError where Task.isCancelled && error.isCausedByCancellation {
            throw CancellationError()
        }
    }
}
