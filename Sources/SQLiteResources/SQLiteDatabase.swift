import GRDB
import ResourceContainer

/// A SQLite database with one writer and several readers, each leased from a `ResourcePool`. Reads and writes wait for a connection within
/// a budget and can be canceled.
///
/// A file is in write-ahead mode: readers see the last committed state, never wait for the writer, and never delay it. Writers in this
/// process wait in the writer's queue; writers in other processes wait for SQLite's lock, within the busy timeout. GRDB's own
/// `DatabasePool` has no deadline for waiters, no metrics, and no cancellation of queued tasks, so this type takes only connections from
/// GRDB and leases them through `ResourcePool`.
///
/// Bind the database with ``module(_:name:lifetime:environment:)``. The readers and the writer are then separate resources, with metrics,
/// holders, and waiters in every view of the container. A database that is bound without the module appears there as one pool, whose figures
/// are those of its readers and its writer together.
///
/// ```swift
/// try container.install(SQLiteDatabase.module(SQLiteConfiguration(.file("shop.sqlite"), migrations: migrations)))
/// let database = try await container.get(SQLiteDatabase.self)
/// try await database.execute("INSERT INTO orders (cents) VALUES (?)", [990])
/// try await database.transaction { tx in
///     try tx.execute("INSERT INTO orders (cents) VALUES (?)", [4900])
///     try tx.execute("UPDATE totals SET cents = cents + ?", [4900])
/// }
/// let orders = try await database.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM orders") }
/// ```
///
/// In memory there is one connection and there are no separate readers: reads wait for the writer and see the same data. (SQLite can share
/// a database in memory between connections, but it locks whole tables, and readers fail instead of waiting.)
public final class SQLiteDatabase: Resource, HealthCheckable, StatementExecuting, ExpeditedResource, PoolOwning {
    /// The pool of the connection that writes; in memory it also reads.
    public let writer: SQLiteWriter
    /// The pool of the connections that read; nil in memory.
    public let readers: SQLiteReaders?
    /// The pools as one; nil if other bindings create them.
    package let ownedPool: (any SampledPool)?
    private let configuration: SQLiteConfiguration
    private let environment: ResourceEnvironment
    /// The failure of the last write, if its cause concerns the whole database.
    private let lastWriteFailure = Lock<SQLiteError?>(nil)
    /// The identity of the opened file; nil in memory, or if it could not be determined.
    private let file = Lock<FileIdentity?>(nil)

    /// Creates a database that opens and closes its pools itself. A container in which it is bound samples both as one pool, named after the
    /// file.
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
        self.ownedPool = ownsPools ? SQLiteOwnPools(name: configuration.fileName, writer: writer, readers: readers) : nil
        self.environment = environment
    }

    /// Returns the bindings of a database, each under `name`: ``SQLiteWriter``, ``SQLiteReaders`` (not in memory), and the
    /// ``SQLiteDatabase`` that depends on them. They are disposed in the opposite order.
    ///
    /// - Parameters:
    ///   - configuration: The location, limits, and budgets.
    ///   - name: Distinguishes this database from others in the container.
    ///   - lifetime: The lifetime of all three bindings.
    ///   - environment: The source of time, jitter, and tasks of the pools.
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

    /// Opens the database and migrates it, unless its dependencies have done so.
    ///
    /// - Throws: ``SQLiteError``; what a migration throws.
    public func initialize() async throws {
        if self.ownedPool != nil {
            try await self.writer.initialize()
            try await self.readers?.initialize()
        }
        let file = try await self.writer.use(nil, #fileID, #line) { [location = self.configuration.location] connection in
            try await connection.read { _ in FileIdentity(location) }
        }
        self.file.withLock { $0 = file }
    }

    /// Closes the readers and then the writer, unless its dependencies do so.
    ///
    /// - Throws: `PoolError`, with code `notCleanlyClosed` and the holders that had not released their connections; everything is closed
    ///   nevertheless.
    public func dispose() async throws {
        guard self.ownedPool != nil else { return }
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

    /// Attaches the context to the pools that no other bindings create. Pools report the events of a database.
    public func attach(_ context: ResourceContext) {
        self.ownedPool?.attach(context)
    }

    /// Interrupts running statements, as ``SQLiteWriter`` and ``SQLiteReaders`` do. A container calls it when a scope is closed by force.
    public func expedite() {
        self.readers?.expedite()
        self.writer.expedite()
    }

    // MARK: Reading

    /// Runs `body` on a reader in a transaction, so that all reads see one snapshot. Writes are refused with ``SQLiteError/Code/readOnly``.
    ///
    /// - Parameters:
    ///   - budget: How long to wait for a reader; nil for the readers' `acquireBudget`.
    ///   - fileID: The caller's source file, for errors, events, and samples.
    ///   - line: The caller's source line.
    ///   - body: The reads. Runs on the connection's thread, with exclusive use of the connection.
    /// - Throws: ``SQLiteError``; `PoolError` if no reader could be acquired; `CancellationError`, in which case the running statement was
    ///   interrupted; the error of `body`.
    public func read<Result: Sendable>(
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        if let readers = self.readers { return try await readers.use(budget, fileID, line) { try await $0.read(body) } }
        return try await self.writer.use(budget, fileID, line) { try await $0.read(body) }
    }

    /// Returns the rows of a query, each with its columns in the order of the statement.
    ///
    /// - Parameters:
    ///   - statement: One statement that reads.
    ///   - arguments: The values for its `?` placeholders; they never appear in an error.
    ///   - fileID: The caller's source file, for errors, events, and samples.
    ///   - line: The caller's source line.
    /// - Throws: The errors of ``read(budget:fileID:line:_:)``.
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

    /// Runs `body` on the writer inside a transaction, which is committed if `body` returns, and rolled back if it throws or the task is
    /// canceled. Writers are served in first-in, first-out order.
    ///
    /// - Parameters:
    ///   - budget: How long to wait for the writer; nil for the writer's `acquireBudget`.
    ///   - fileID: The caller's source file, for errors, events, and samples.
    ///   - line: The caller's source line.
    ///   - body: The reads and writes. Runs on the connection's thread, with exclusive use of the connection.
    /// - Throws: ``SQLiteError``; `PoolError` if the writer could not be acquired; `CancellationError`; the error of `body`.
    public func write<Result: Sendable>(
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        try await self.writing(budget, fileID, line) { try await $0.write(body) }
    }

    /// Runs `body` in a transaction on the writer, with statements and values of this library. ``write(budget:fileID:line:_:)`` is the form
    /// with GRDB's.
    ///
    /// The transaction is committed if `body` returns, and rolled back if it throws or the task is canceled.
    ///
    /// - Parameters:
    ///   - budget: How long to wait for the writer; nil for the writer's `acquireBudget`.
    ///   - fileID: The caller's source file, for errors, events, and samples.
    ///   - line: The caller's source line.
    ///   - body: The statements. Runs on the connection's thread, with exclusive use of the connection.
    /// - Throws: The errors of ``write(budget:fileID:line:_:)``.
    public func transaction<Result: Sendable>(
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        _ body: @escaping @Sendable (SQLiteTransaction) throws -> Result
    ) async throws -> Result {
        try await self.writing(budget, fileID, line) { try await $0.transaction(body) }
    }

    /// Runs one or more statements for their effect, in a transaction on the writer.
    ///
    /// - Parameters:
    ///   - statement: One or more statements.
    ///   - fileID: The caller's source file, for errors, events, and samples.
    ///   - line: The caller's source line.
    /// - Throws: The errors of ``write(budget:fileID:line:_:)``.
    public func execute(_ statement: String, fileID: StaticString = #fileID, line: UInt = #line) async throws {
        try await self.writing(nil, fileID, line) { try await $0.execute(statement) }
    }

    /// ``execute(_:fileID:line:)`` as the requirement of `StatementExecuting`, for generic code.
    @_disfavoredOverload
    public func execute(_ statement: String) async throws {
        try await self.execute(statement, fileID: #fileID, line: #line)
    }

    /// Runs one statement with `arguments` for its `?` placeholders, and returns the row ID of the last inserted row.
    ///
    /// - Parameters:
    ///   - statement: One statement.
    ///   - arguments: The values for its `?` placeholders; they never appear in an error.
    ///   - fileID: The caller's source file, for errors, events, and samples.
    ///   - line: The caller's source line.
    /// - Throws: The errors of ``write(budget:fileID:line:_:)``.
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
    /// A setting applies to the writer's current connection; the pool may open another one later.
    ///
    /// - Parameters:
    ///   - statement: One statement.
    ///   - fileID: The caller's source file, for errors, events, and samples.
    ///   - line: The caller's source line.
    /// - Throws: ``SQLiteError``; `PoolError` if the writer could not be acquired; `CancellationError`.
    @discardableResult
    public func maintain(_ statement: String, fileID: StaticString = #fileID, line: UInt = #line) async throws -> [[SQLiteValue]] {
        try await self.writing(nil, fileID, line) { try await $0.maintain(statement) }
    }

    /// Runs the migrations that the database has not applied yet, each in a transaction on the writer. Ignores cancellation once it has
    /// begun.
    ///
    /// - Throws: ``SQLiteError``; `PoolError` if the writer could not be acquired; the error of a migration.
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

    /// Opens the file again, reads from it, and closes it; does not wait for a reader or the writer.
    ///
    /// The report is unhealthy if that fails, or if another file has replaced the opened one. It is degraded while the file is locked, and
    /// if the last write failed for a reason that concerns more than its statement, such as a full disk. In memory, the check reads on the
    /// one connection, and is degraded if it cannot be acquired within 500 ms.
    public func healthCheck() async throws -> HealthReport {
        do {
            if let fault = try await self.probe() { return HealthReport(.unhealthy, fault) }
        } catch let error as SQLiteError {
            return HealthReport(error.code == .busy ? .degraded : .unhealthy, error.description)
        } catch let error as PoolError where error.code == .timedOut {
            return HealthReport(.degraded, "the only connection in memory was in use for more than 500 ms")
        }
        if let failure = self.lastWriteFailure.withLock({ $0 }) {
            return HealthReport(.degraded, "the last write failed: \(failure)")
        }
        return HealthReport(.healthy)
    }

    /// Returns a fault that SQLite does not report; nil if there is none.
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
        // SQLite may not notice: it can find its pages in the write-ahead log of the original file.
        if let there, let mine = self.file.withLock({ $0 }), there != mine {
            return
                "\(location.label): another file is at its path now; writes go to the opened file and are lost with it"
        }
        return nil
    }

    /// Checks the whole file (`PRAGMA quick_check`) on a reader. Too slow for a health check. O(size of the database).
    ///
    /// - Throws: ``SQLiteError/Code/corrupt`` with the first faults; the errors of ``read(budget:fileID:line:_:)``.
    public func checkIntegrity(fileID: StaticString = #fileID, line: UInt = #line) async throws {
        let found = try await self.query("PRAGMA quick_check(10)", fileID: fileID, line: line)
        if found == [[.text("ok")]] { return }
        let faults = found.compactMap { row in if case .text(let text)? = row.first { text } else { nil } }
        throw SQLiteError(
            .corrupt,
            location: self.configuration.location.label,
            action: "checking",
            message: faults.joined(separator: "; ")
        )
    }
}
