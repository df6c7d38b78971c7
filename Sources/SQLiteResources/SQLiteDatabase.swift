import GRDB
import ResourceContainer

/// A SQLite database with one writer and several readers, each lent through a pool of ours.
///
/// A file is in write-ahead mode: readers see what was committed last, are never blocked by the writer and never block it. Writers of this
/// process wait for each other in the writer's queue, those of other processes at SQLite's lock, for the busy timeout. GRDB has a pool of
/// its own that does this, but no deadline for those who wait for it, no figures of it, and no way out of its queue for a task that is
/// cancelled; so GRDB gives the connections here, and `ResourcePool` lends them.
///
/// Bind it with ``module(_:name:lifetime:environment:)``: then readers and writer are resources of their own, with their figures, holders
/// and waiters in every view of the container.
///
/// ```swift
/// try container.install(SQLiteDatabase.module(SQLiteConfiguration(.file("shop.sqlite"), migrations: migrations)))
/// let database = try await container.get(SQLiteDatabase.self)
/// try await database.execute("INSERT INTO orders (cents) VALUES (?)", [990])
/// let orders = try await database.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM orders") }
/// ```
///
/// In memory there is one connection, and so no readers beside the writer: whoever reads waits for the writer as well, and sees the same data.
/// (SQLite can share a database in memory between connections, but with locks for whole tables, at which readers fail instead of waiting.)
public final class SQLiteDatabase: Resource, HealthCheckable, StatementExecuting, HurriedResource {
    /// The connection that writes; in memory it reads, too.
    public let writer: SQLiteWriter
    /// The connections that read; nil in memory.
    public let readers: SQLiteReaders?
    private let ownsPools: Bool
    private let configuration: SQLiteConfiguration
    private let environment: ResourceEnvironment
    /// Why the last write failed, if it was for a reason that concerns the database as a whole.
    private let lastWriteFailure = Lock<SQLiteError?>(nil)
    /// The file that was opened; nil in memory, or if that could not be seen.
    private let file = Lock<FileIdentity?>(nil)

    /// A database that opens and closes its pools itself. No container samples them: their figures are `readers?.poolSample()` and
    /// `writer.poolSample()`.
    ///
    /// - Throws: `PoolError`, with code `invalidConfiguration`.
    public convenience init(_ configuration: SQLiteConfiguration, environment: ResourceEnvironment = .system) throws(PoolError) {
        let writer = try SQLiteWriter(configuration, environment: environment)
        let readers = configuration.location == .memory ? nil : try SQLiteReaders(configuration, environment: environment)
        self.init(configuration, writer: writer, readers: readers, ownsPools: true, environment)
    }

    private init(
        _ configuration: SQLiteConfiguration,
        writer: SQLiteWriter,
        readers: SQLiteReaders?,
        ownsPools: Bool,
        _ environment: ResourceEnvironment
    ) {
        self.configuration = configuration
        self.writer = writer
        self.readers = readers
        self.ownsPools = ownsPools
        self.environment = environment
    }

    /// The bindings of a database: ``SQLiteWriter``, ``SQLiteReaders`` (not in memory) and the ``SQLiteDatabase`` on top of them, each under
    /// `name`. Closed in the opposite order.
    ///
    /// - Parameters:
    ///   - configuration: where it is, its limits and budgets.
    ///   - name: tells this database from others of the container.
    ///   - lifetime: how long it is open.
    ///   - environment: where the time, the jitter and the tasks of the pools come from.
    public static func module(
        _ configuration: SQLiteConfiguration,
        name: String? = nil,
        lifetime: Lifetime = .singleton,
        environment: ResourceEnvironment = .system
    ) -> Module {
        let writer = ResourceKey(SQLiteWriter.self, name: name)
        let readers = ResourceKey(SQLiteReaders.self, name: name)
        return Module {
            Bind(SQLiteWriter.self, name: name, lifetime: lifetime) { try SQLiteWriter(configuration, environment: environment) }
            if configuration.location == .memory {
                Bind(SQLiteDatabase.self, name: name, lifetime: lifetime, using: writer) { writer in
                    SQLiteDatabase(configuration, writer: writer, readers: nil, ownsPools: false, environment)
                }
            } else {
                Bind(SQLiteReaders.self, name: name, lifetime: lifetime, using: writer) { _ in
                    try SQLiteReaders(configuration, environment: environment)
                }
                Bind(SQLiteDatabase.self, name: name, lifetime: lifetime, using: writer, readers) { writer, readers in
                    SQLiteDatabase(configuration, writer: writer, readers: readers, ownsPools: false, environment)
                }
            }
        }
    }

    // MARK: Lifecycle

    /// Opens the database and migrates it, unless that is done by what it depends on.
    ///
    /// - Throws: ``SQLiteError``; what a migration throws.
    public func initialize() async throws {
        if self.ownsPools {
            try await self.writer.initialize()
            try await self.readers?.initialize()
        }
        let file = try await self.writer.use(nil, #fileID, #line) { [location = self.configuration.location] connection in
            try await connection.read { _ in FileIdentity(location) }
        }
        self.file.withLock { $0 = file }
    }

    /// Closes the readers and then the writer, unless that is done by what it depends on.
    ///
    /// - Throws: `PoolError`, with code `notCleanlyClosed`, with those who had not given back; everything is closed all the same.
    public func dispose() async throws {
        guard self.ownsPools else { return }
        let failure: (any Error)?
        do {
            try await self.readers?.dispose()
            failure = nil
        } catch {
            failure = error
        }
        try await self.writer.dispose()
        if let failure { throw failure }
    }

    public func attach(_ context: ResourceContext) {}

    /// Interrupts what is running, as ``SQLiteWriter`` and ``SQLiteReaders`` do. A container calls it when a scope is closed by force.
    public func hurry() {
        self.readers?.hurry()
        self.writer.hurry()
    }

    // MARK: Reading

    /// Runs `body` on a reader; all that it reads is of one moment. What would write is refused with ``SQLiteError/Code/readOnly``.
    ///
    /// - Parameters:
    ///   - budget: how long a reader may take to come; nil is the `acquireBudget` of the readers.
    ///   - fileID: the caller's file, which errors, events and figures name.
    ///   - line: the caller's line.
    ///   - body: reads. Runs on the connection's thread, which nobody else uses meanwhile.
    /// - Throws: ``SQLiteError``; `PoolError` if no reader came; `CancellationError`, and then the statement under way was interrupted; what
    ///   `body` throws.
    public func read<Result: Sendable>(
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        if let readers = self.readers { return try await readers.use(budget, fileID, line) { try await $0.read(body) } }
        return try await self.writer.use(budget, fileID, line) { try await $0.read(body) }
    }

    /// The rows of a query, each with its columns in the order of the statement.
    ///
    /// - Parameters:
    ///   - statement: one statement that reads.
    ///   - arguments: for its `?`s; they never appear in an error.
    ///   - fileID: the caller's file, which errors, events and figures name.
    ///   - line: the caller's line.
    /// - Throws: what ``read(budget:fileID:line:_:)`` throws.
    public func query(
        _ statement: String,
        _ arguments: [SQLiteValue] = [],
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> [[SQLiteValue]] {
        if let readers = self.readers { return try await readers.use(nil, fileID, line) { try await $0.query(statement, arguments) } }
        return try await self.writer.use(nil, fileID, line) { try await $0.query(statement, arguments) }
    }

    // MARK: Writing

    /// Runs `body` on the writer inside a transaction, which is committed if `body` returns and rolled back if it throws or the task is
    /// cancelled. Writers are served one after the other, in the order they came.
    ///
    /// - Parameters:
    ///   - budget: how long the writer may take to come; nil is the `acquireBudget` of the writer.
    ///   - fileID: the caller's file, which errors, events and figures name.
    ///   - line: the caller's line.
    ///   - body: reads and writes. Runs on the connection's thread, which nobody else uses meanwhile.
    /// - Throws: ``SQLiteError``; `PoolError` if the writer did not come; `CancellationError`; what `body` throws.
    public func write<Result: Sendable>(
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        try await self.writing(budget, fileID, line) { try await $0.write(body) }
    }

    /// Runs one or more statements for their effect, in a transaction on the writer.
    ///
    /// - Parameters:
    ///   - statement: one or more statements.
    ///   - fileID: the caller's file, which errors, events and figures name.
    ///   - line: the caller's line.
    /// - Throws: what ``write(budget:fileID:line:_:)`` throws.
    public func execute(_ statement: String, fileID: StaticString = #fileID, line: UInt = #line) async throws {
        try await self.writing(nil, fileID, line) { try await $0.execute(statement) }
    }

    /// ``execute(_:fileID:line:)`` for those who do not know what they call.
    @_disfavoredOverload
    public func execute(_ statement: String) async throws {
        try await self.execute(statement, fileID: #fileID, line: #line)
    }

    /// Runs one statement with `arguments` for its `?`s, and returns the row identity of the last row it inserted.
    ///
    /// - Parameters:
    ///   - statement: one statement.
    ///   - arguments: for its `?`s; they never appear in an error.
    ///   - fileID: the caller's file, which errors, events and figures name.
    ///   - line: the caller's line.
    /// - Throws: what ``write(budget:fileID:line:_:)`` throws.
    @discardableResult
    public func execute(
        _ statement: String,
        _ arguments: [SQLiteValue],
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Int64 {
        try await self.writing(nil, fileID, line) { try await $0.execute(statement, arguments) }
    }

    /// Runs one statement on the writer outside any transaction, and returns its rows: `VACUUM`, `PRAGMA wal_checkpoint(TRUNCATE)`.
    ///
    /// What it sets is set for the connection that writes at the moment; the pool may open another later.
    ///
    /// - Parameters:
    ///   - statement: one statement.
    ///   - fileID: the caller's file, which errors, events and figures name.
    ///   - line: the caller's line.
    /// - Throws: ``SQLiteError``; `PoolError` if the writer did not come; `CancellationError`.
    @discardableResult
    public func maintain(_ statement: String, fileID: StaticString = #fileID, line: UInt = #line) async throws -> [[SQLiteValue]] {
        try await self.writing(nil, fileID, line) { try await $0.maintain(statement) }
    }

    /// Runs the migrations that the database has not seen yet, each in a transaction on the writer. Finishes what it has begun, also if the
    /// task is cancelled.
    ///
    /// - Throws: ``SQLiteError``; `PoolError` if the writer did not come; what a migration throws.
    public func migrate(_ migrations: DatabaseMigrator, fileID: StaticString = #fileID, line: UInt = #line) async throws {
        try await self.writing(nil, fileID, line) { try await $0.migrate(migrations) }
    }

    private nonisolated(nonsending) func writing<Result: Sendable>(
        _ budget: Duration?,
        _ fileID: StaticString,
        _ line: UInt,
        _ body: nonisolated(nonsending) (SQLiteConnection) async throws -> Result
    ) async throws -> Result {
        do {
            let result = try await self.writer.use(budget, fileID, line, body)
            self.lastWriteFailure.withLock { $0 = nil }
            return result
        } catch let error as SQLiteError where error.concernsDatabase {
            self.lastWriteFailure.withLock { $0 = error }
            throw error
        }
    }

    // MARK: Health

    /// Opens the file anew, reads from it, and closes it again: waits neither for a reader nor for the writer. Unhealthy if that fails, or if
    /// another file has taken its place; degraded while the file is locked, and if the last write failed for a reason that concerns more than its statement, such as a full
    /// disk. In memory, reads on the one connection, and is degraded if that does not come within half a second.
    public func healthCheck() async throws -> HealthReport {
        do {
            if let fault = try await self.probe() { return HealthReport(.unhealthy, fault) }
        } catch let error as SQLiteError {
            return HealthReport(error.code == .busy ? .degraded : .unhealthy, error.description)
        } catch let error as PoolError where error.code == .timedOut {
            return HealthReport(.degraded, "the one connection in memory has been in use for longer than half a second")
        }
        if let failure = self.lastWriteFailure.withLock({ $0 }) {
            return HealthReport(.degraded, "the last write failed: \(failure)")
        }
        return HealthReport(.healthy)
    }

    /// Returns what is wrong, if it is nothing that SQLite says.
    private func probe() async throws -> String? {
        let location = self.configuration.location
        if location == .memory {
            try await self.writer.use(.milliseconds(500), #fileID, #line) { try await $0.ping() }
            return nil
        }
        let connection = SQLiteConnection(location, access: .readOnly, busyTimeout: .zero, environment: self.environment)
        try await connection.initialize()
        let there: FileIdentity?
        do {
            there = try await connection.read { database in
                _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
                return FileIdentity(location)
            }
        } catch {
            try? await connection.dispose()
            throw error
        }
        try await connection.dispose()
        // SQLite would not say so: it may find what it looks for in the log of the file that was there.
        if let there, let mine = self.file.withLock({ $0 }), there != mine {
            return
                "\(location.label): another file is at its path by now; what is written goes to the one that was opened, and is lost with it"
        }
        return nil
    }

    /// Goes through the whole file (`PRAGMA quick_check`) on a reader: for now and then, not for a health check. O(size of the database).
    ///
    /// - Throws: ``SQLiteError/Code/corrupt`` with the first things that are wrong; what ``read(budget:fileID:line:_:)`` throws.
    public func checkIntegrity(fileID: StaticString = #fileID, line: UInt = #line) async throws {
        let found = try await self.query("PRAGMA quick_check(10)", fileID: fileID, line: line)
        if found == [[.text("ok")]] { return }
        let told = found.compactMap { row in if case .text(let text)? = row.first { text } else { nil } }
        throw SQLiteError(
            .corrupt,
            location: self.configuration.location.label,
            action: "checking",
            message: told.joined(separator: "; ")
        )
    }
}
