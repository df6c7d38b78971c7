import Foundation
import ResourceContainer
import SQLiteResources
import Testing

@Suite("SQLite connections")
struct SQLiteConnectionTests {
    @Test("a connection is opened by its scope, answers queries, and is closed when the scope ends")
    func lifecycle() async throws {
        let container = Container()
        try container.bind(SQLiteConnection.self) { SQLiteConnection(.memory) }
        let connection = try await container.withScope { scope in
            let connection = try await scope.get(SQLiteConnection.self)
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
        let error = await #expect(throws: SQLiteError.self) { try await connection.query("SELECT 1") }
        #expect(error?.description == "SQLite, :memory:: using failed: the connection is not open")
    }

    @Test("a statement that SQLite refuses is named with the database and SQLite's own words")
    func refused() async throws {
        let connection = SQLiteConnection(.memory)
        try await connection.initialize()
        let error = await #expect(throws: SQLiteError.self) { try await connection.execute("SELEKT 1") }
        #expect(error?.description.contains("SELEKT") == true && error?.description.contains("syntax error") == true)
        try await connection.dispose()
        try await connection.dispose()
    }

    @Test("a file that cannot be opened is named")
    func unopenable() async throws {
        let connection = SQLiteConnection(.file("/nowhere/at/all.sqlite"))
        let error = await #expect(throws: SQLiteError.self) { try await connection.initialize() }
        #expect(error?.location == "/nowhere/at/all.sqlite")
    }

    @Test("two connections to one file see each other's commits; a throwing write is rolled back")
    func file() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString).sqlite").path
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        let (first, second) = (SQLiteConnection(.file(path)), SQLiteConnection(.file(path)))
        try await first.initialize()
        try await second.initialize()
        try await first.execute("CREATE TABLE t (x)")
        try await first.execute("INSERT INTO t VALUES (1)")
        struct Stop: Error {}
        await #expect(throws: Stop.self) {
            try await first.write { database in
                try database.execute(sql: "INSERT INTO t VALUES (2)")
                throw Stop()
            }
        }
        #expect(try await second.query("SELECT x FROM t") == [[.integer(1)]])
        try await first.dispose()
        try await second.dispose()
    }
}
