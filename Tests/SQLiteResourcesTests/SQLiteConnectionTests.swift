import Foundation
import GRDB
import ResourceContainer
import SQLiteResources
import Testing

@Suite("SQLite connections")
struct SQLiteConnectionTests {
    @Test("A scope opens its connection, which answers queries, and closes it when the scope ends.")
    func lifecycle() async throws {
        let container = Container()
        try container.bind(SQLiteConnection.self) { SQLiteConnection(.memory) }
        let connection = try await container.withScope { scope in
            let connection = try await scope.get(SQLiteConnection.self)
            try await connection.ping()
            try await connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, score REAL, photo BLOB)")
            let id = try await connection.execute(
                "INSERT INTO users (name, score, photo) VALUES (?, ?, ?)",
                ["Ada", 1.5, .blob([1, 2])]
            )
            #expect(id == 1)
            let rows = try await connection.query("SELECT * FROM users WHERE id = ?", [1])
            #expect(rows == [[.integer(1), .text("Ada"), .real(1.5), .blob([1, 2])]])
            return connection
        }
        let error = await refusal { _ = try await connection.query("SELECT 1") }
        #expect(error?.description == "SQLite, :memory:: using failed: the connection is not open")
        #expect(error?.code == .notOpen)
        try await connection.dispose()
    }

    @Test("Two connections to one file see each other's commits, and a write that throws is rolled back.")
    func file() async throws {
        struct Stop: Error {}
        try await withFile { path in
            try await withConnection(.file(path)) { first in
                try await withConnection(.file(path)) { second in
                    try await first.execute("CREATE TABLE t (x)")
                    try await first.execute("INSERT INTO t VALUES (1)")
                    await #expect(throws: Stop.self) {
                        try await first.write { database in
                            try database.execute(sql: "INSERT INTO t VALUES (2)")
                            throw Stop()
                        }
                    }
                    #expect(try await second.query("SELECT x FROM t") == [[.integer(1)]])
                }
            }
        }
    }

    @Test("A file stays in write-ahead mode, and its log is removed with the last connection.")
    func writeAhead() async throws {
        try await withFile { path in
            try await withConnection(.file(path)) { connection in
                let mode = try await connection.query("PRAGMA journal_mode")
                #expect(mode == [["wal"]])
                #expect(FileManager.default.fileExists(atPath: path + "-wal"))
            }
            #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
            let mode = try await withConnection(.file(path), access: .readOnly) { try await $0.query("PRAGMA journal_mode") }
            #expect(mode == [["wal"]])
        }
    }

    @Test("A read-only connection refuses all kinds of writes and creates no file.")
    func readOnly() async throws {
        try await withFile { path in
            let missing = await refusal { try await withConnection(.file(path), access: .readOnly) { _ in } }
            #expect(missing?.code == .cannotOpen)
            #expect(!FileManager.default.fileExists(atPath: path))
            try await withConnection(.file(path)) { try await $0.execute("CREATE TABLE t (x); INSERT INTO t VALUES (1)") }
            try await withConnection(.file(path), access: .readOnly) { connection in
                try await connection.execute("SELECT 1")
                try await connection.ping()
                for write in ["INSERT INTO t VALUES (2)", "CREATE TABLE u (x)", "DELETE FROM t", "PRAGMA user_version = 5"] {
                    let error = await refusal { try await connection.execute(write) }
                    #expect(error?.code == .readOnly, "\(write)")
                    #expect(error?.description.contains("write through the writer") == true)
                    #expect(await refusal { _ = try await connection.query(write) }?.code == .readOnly)
                    #expect(await refusal { try await connection.write { try $0.execute(sql: write) } }?.code == .readOnly)
                }
                #expect(try await connection.query("SELECT count(*) FROM t") == [[1]])
            }
        }
    }

    @Test("A read on a connection with write access refuses to write, and the next write succeeds.")
    func readingDoesNotWrite() async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE TABLE t (x)")
            #expect(await refusal { _ = try await connection.query("INSERT INTO t VALUES (1) RETURNING x") }?.code == .readOnly)
            try await connection.execute("INSERT INTO t VALUES (2)")
            #expect(try await connection.query("SELECT x FROM t") == [[2]])
        }
    }

    @Test("Statements that end their transaction or leave one open do not affect later users.")
    func transactionsLeftOpen() async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE TABLE t (x)")
            for statements in ["COMMIT; BEGIN", "ROLLBACK; BEGIN; INSERT INTO t VALUES (1)", "COMMIT", "BEGIN", "SAVEPOINT s"] {
                _ = await refusal { try await connection.execute(statements) }
                _ = await refusal { try await connection.read { try $0.execute(sql: statements) } }
                try await connection.execute("INSERT INTO t VALUES (7)")
                #expect(try await connection.query("SELECT count(*) FROM t WHERE x = 7").first?.first != .integer(0))
            }
        }
    }

    @Test("Migrations run once, and a failing one is rolled back and reported.", arguments: [SQLiteConnection.Location.memory, .file("")])
    func migrating(location: SQLiteConnection.Location) async throws {
        try await withFile { path in
            var migrations = DatabaseMigrator()
            migrations.registerMigration("one") { try $0.execute(sql: "CREATE TABLE one (x)") }
            try await withConnection(location == .memory ? .memory : .file(path)) { connection in
                try await connection.migrate(migrations)
                try await connection.migrate(migrations)
                migrations.registerMigration("two") { database in
                    try database.execute(sql: "CREATE TABLE two (x)")
                    try database.execute(sql: "CREATE TABLE one (x)")
                }
                let error = await refusal { try await connection.migrate(migrations) }
                #expect(error?.description.contains("table one already exists") == true)
                #expect(try await connection.query("SELECT name FROM sqlite_schema WHERE name = 'two'") == [])
            }
        }
    }

    @Test("Migrations and hanging writes block no thread of the concurrency pool.", .timeLimit(.minutes(1)))
    func noBlockedThreads() async throws {
        let gate = Gate()
        var migrations = DatabaseMigrator()
        migrations.registerMigration("slow") { _ in gate.pass() }
        // More than any machine's concurrency pool has threads.
        let many = 2 * ProcessInfo.processInfo.activeProcessorCount + 2
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<many {
                group.addTask { [migrations] in
                    try await withConnection { connection in
                        if number % 2 == 0 {
                            try await connection.migrate(migrations)
                        } else {
                            try await connection.write { _ in gate.pass() }
                        }
                    }
                }
            }
            try await eventually { gate.waiting == many }
            // This runs on the pool, as do its child tasks.
            let sum = await withTaskGroup(of: Int.self) { group in
                for number in 1...100 {
                    group.addTask {
                        await Task.yield()
                        return number
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(sum == 5_050)
            gate.open()
            try await group.waitForAll()
        }
    }

    @Test("Canceling the task of an endless query interrupts it, and the connection stays usable.", .timeLimit(.minutes(1)))
    func cancellation() async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE TABLE t (x)")
            let begun = Shared(false)
            // Reason for the task: it is canceled.
            let reading = Task {
                try await connection.read { database in
                    begun.withLock { $0 = true }
                    return try Int.fetchOne(database, sql: endless)
                }
            }
            try await eventually { begun.withLock { $0 } }
            reading.cancel()
            await #expect(throws: CancellationError.self) { try await reading.value }
            // Reason for the task: it is canceled.
            let writing = Task {
                try await connection.write { database in
                    try database.execute(sql: "INSERT INTO t VALUES (1)")
                    begun.withLock { $0 = false }
                    try database.execute(sql: "INSERT INTO t \(endless)")
                }
            }
            try await eventually { begun.withLock { !$0 } }
            writing.cancel()
            await #expect(throws: CancellationError.self) { try await writing.value }
            #expect(try await connection.query("SELECT count(*) FROM t") == [[0]])
        }
    }
}
