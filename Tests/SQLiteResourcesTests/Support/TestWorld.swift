import Foundation
import ResourceContainer
import SQLiteResources
import Testing

/// Refers to this package's type; GRDB has one of the same name.
typealias SQLiteConnection = SQLiteResources.SQLiteConnection

/// Runs `body` with a new temporary directory, which is removed afterward.
func withDirectory<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-sqlite-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await body(directory)
}

/// Runs `body` with the path of a database in a new temporary directory, which is removed afterward.
func withFile<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    try await withDirectory { try await body($0.appendingPathComponent("shop.sqlite").path) }
}

/// Runs `body` with an open connection, which is closed afterward.
func withConnection<Result>(
    _ location: SQLiteConnection.Location = .memory,
    access: SQLiteConnection.Access = .readWrite,
    busyTimeout: Duration = .seconds(5),
    time: TimeSource = .system,
    _ body: (SQLiteConnection) async throws -> Result
) async throws -> Result {
    let connection = SQLiteConnection(
        location,
        access: access,
        busyTimeout: busyTimeout,
        environment: ResourceEnvironment(time: time)
    )
    try await connection.initialize()
    do {
        let result = try await body(connection)
        try await connection.dispose()
        return result
    } catch {
        try? await connection.dispose()
        throw error
    }
}

/// Runs `body` with an open database, which is closed afterward.
func withDatabase<Result>(
    _ configuration: SQLiteConfiguration,
    time: TimeSource = .system,
    _ body: (SQLiteDatabase) async throws -> Result
) async throws -> Result {
    let database = try SQLiteDatabase(configuration, environment: ResourceEnvironment(time: time))
    try await database.initialize()
    do {
        let result = try await body(database)
        try await database.dispose()
        return result
    } catch {
        try? await database.dispose()
        throw error
    }
}

/// The error of SQLite that an operation throws; nil if it succeeds.
func refusal(_ body: () async throws -> Void) async -> SQLiteError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? SQLiteError
    }
}

/// Waits until `condition` holds, at most a minute.
func eventually(_ comment: Comment? = nil, _ condition: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(2))
    }
    Issue.record(comment ?? "it did not happen within a minute")
}

/// A query that runs until it is interrupted.
let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"

/// A value that tasks share. A class, because tasks cannot capture a lock.
final class Shared<Value: Sendable>: Sendable {
    private let value: Lock<Value>

    init(_ value: Value) {
        self.value = Lock(value)
    }

    @discardableResult
    func withLock<Result: Sendable>(_ body: @Sendable (inout Value) -> Result) -> Result {
        self.value.withLock { body(&$0) }
    }
}

/// Blocks threads until it is opened.
final class Gate: Sendable {
    private let condition = NSCondition()
    private let isOpen = Shared(false)
    private let arrived = Shared(0)

    /// The number of threads that have arrived.
    var waiting: Int { self.arrived.withLock { $0 } }

    func pass() {
        self.arrived.withLock { $0 += 1 }
        self.condition.lock()
        while !self.isOpen.withLock({ $0 }) { self.condition.wait() }
        self.condition.unlock()
    }

    func open() {
        self.condition.lock()
        self.isOpen.withLock { $0 = true }
        self.condition.broadcast()
        self.condition.unlock()
    }
}
