import GRDB
import ResourceContainer

/// A connection to a SQLite database that can be pooled and bound: initialised by opening it, disposed by closing it.
///
/// Statements run one after the other on a queue of the connection's own, never on a thread of the concurrency pool. A file is opened in
/// write-ahead mode, so that readers on other connections do not block the writer.
public final class SQLiteConnection: Resource, StatementExecuting {
    /// Where a database is.
    public enum Location: Hashable, Sendable {
        /// A file, made if it is not there; its directory must be.
        case file(String)
        /// In memory, gone with the connection.
        case memory

        var label: String {
            switch self {
            case .file(let path): path
            case .memory: ":memory:"
            }
        }
    }

    /// Where the database is.
    public let location: Location
    private let busyTimeout: Duration
    private let queue = Lock<DatabaseQueue?>(nil)

    /// A connection that is opened by ``initialize()``.
    ///
    /// - Parameter busyTimeout: how long a statement waits for another connection's write to end before it fails with `SQLITE_BUSY`.
    public init(_ location: Location, busyTimeout: Duration = .seconds(5)) {
        self.location = location
        self.busyTimeout = busyTimeout
    }

    /// Opens the database.
    ///
    /// - Throws: ``SQLiteError``.
    public func initialize() async throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(Double(self.busyTimeout.wholeNanoseconds) / 1e9)
        let opened = try self.translating("opening") {
            switch self.location {
            case .memory:
                return try DatabaseQueue(configuration: configuration)
            case .file(let path):
                configuration.journalMode = .wal
                return try DatabaseQueue(path: path, configuration: configuration)
            }
        }
        self.queue.withLock { $0 = opened }
    }

    /// Waits for the statements under way and closes the database. Closing twice does nothing.
    public func dispose() async throws {
        let queue = self.queue.withLock { queue in
            defer { queue = nil }
            return queue
        }
        guard let queue else { return }
        try self.translating("closing") { try queue.close() }
    }

    /// Runs one or more statements for their effect.
    public func execute(_ statement: String) async throws {
        try await self.write { try $0.execute(sql: statement) }
    }

    /// Runs one statement with `arguments` for its `?`s, and returns the row identity of the last row it inserted.
    @discardableResult
    public func execute(_ statement: String, _ arguments: [SQLiteValue]) async throws -> Int64 {
        try await self.write { database in
            try database.execute(sql: statement, arguments: StatementArguments(arguments.map(\.databaseValue)))
            return database.lastInsertedRowID
        }
    }

    /// The rows of a query, each with its columns in the order of the statement.
    public func query(_ statement: String, _ arguments: [SQLiteValue] = []) async throws -> [[SQLiteValue]] {
        let queue = try self.open
        return try await self.translating("\"\(statement)\"") {
            try await queue.read { database in
                try Row.fetchAll(database, sql: statement, arguments: StatementArguments(arguments.map(\.databaseValue)))
                    .map { row in row.databaseValues.map(SQLiteValue.init) }
            }
        }
    }

    /// Runs `body` on the connection inside a transaction, which is committed if `body` returns and rolled back if it throws.
    public func write<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        let queue = try self.open
        return try await self.translating("writing") { try await queue.write(body) }
    }

    /// Brings the database to its present form: runs the migrations that it has not seen yet, each in a transaction.
    ///
    /// - Throws: ``SQLiteError``.
    public func migrate(_ migrations: DatabaseMigrator) async throws {
        let queue = try self.open
        try self.translating("migrating") { try migrations.migrate(queue) }
    }

    private var open: DatabaseQueue {
        get throws(SQLiteError) {
            guard let queue = self.queue.withLock({ $0 }) else {
                throw SQLiteError(location: self.location.label, action: "using", message: "the connection is not open", code: nil)
            }
            return queue
        }
    }

    private func translating<Result>(_ action: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw SQLiteError(location: self.location.label, action: action, error)
        }
    }

    private func translating<Result>(_ action: String, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as DatabaseError {
            throw SQLiteError(location: self.location.label, action: action, error)
        }
    }
}
