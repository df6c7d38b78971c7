import Foundation
import ResourceContainer
import Testing

@testable import SQLiteResources

@Suite("SQLite statements")
struct SQLiteStatementTests {
    @Test("A text with a NUL character is stored and read in full.", arguments: ["ab\0cd", "\0", "\0\0x", "é\0✓"])
    func textWithNUL(text: String) async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE TABLE t (a TEXT, b TEXT)")
            try await connection.execute("INSERT INTO t VALUES (?, ?)", [.text(text), .text("plain")])
            #expect(try await connection.query("SELECT a, b FROM t") == [[.text(text), .text("plain")]])
            #expect(try await connection.query("SELECT length(CAST(a AS BLOB)) FROM t") == [[.integer(Int64(text.utf8.count))]])
            #expect(try await connection.query("SELECT b FROM t WHERE a = ?", [.text(text)]) == [[.text("plain")]])
        }
    }

    @Test("A statement with a NUL character is refused with a reason, and no part of it runs.")
    func statementWithNUL() async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE TABLE t (x)")
            let statement = "INSERT INTO t VALUES ('1');\0 INSERT INTO t VALUES ('2')"
            let errors = [
                await refusal { try await connection.execute(statement) },
                await refusal { _ = try await connection.execute(statement, []) },
                await refusal { _ = try await connection.query("SELECT 1\0") },
                await refusal { _ = try await connection.maintain("VACUUM\0") },
            ]
            for error in errors {
                #expect(error?.code == .refused)
                #expect(error?.message.contains("NUL") == true)
                #expect(error?.description.contains("\0") == false)
            }
            let rows = try await connection.query("SELECT * FROM t")
            #expect(rows.isEmpty)
        }
    }

    @Test("VACUUM and pragmas that change something run outside a transaction and take effect.")
    func maintenance() async throws {
        try await withFile { path in
            try await withConnection(.file(path)) { connection in
                try await connection.execute("CREATE TABLE t (x)")
                try await connection.execute("VACUUM")
                try await connection.execute(" -- keys\n PRAGMA foreign_keys = OFF;")
                #expect(try await connection.query("PRAGMA foreign_keys") == [[.integer(0)]])
                try await connection.execute("PRAGMA foreign_keys(1)")
                #expect(try await connection.query("PRAGMA foreign_keys") == [[.integer(1)]])
                #expect(try await connection.maintain("PRAGMA wal_checkpoint(TRUNCATE)") == [[.integer(0), .integer(0), .integer(0)]])
                let columns = try await connection.query("PRAGMA table_info(t)")
                #expect(columns.count == 1)
            }
        }
    }

    @Test(
        "A statement that has no effect inside a transaction is refused, and the error names the call that runs it.",
        arguments: ["PRAGMA foreign_keys = ON", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA main.optimize", "DETACH other"]
    )
    func refusedInTransaction(statement: String) async throws {
        try await withConnection { connection in
            let errors = [
                await refusal { try await connection.execute("CREATE TABLE t (x); \(statement)") },
                await refusal { _ = try await connection.execute(statement, []) },
                await refusal { _ = try await connection.query(statement) },
            ]
            for error in errors {
                #expect(error?.code == .refused)
                #expect(error?.message.contains("maintain(_:)") == true)
            }
            let tables = try await connection.query("SELECT name FROM sqlite_schema")
            #expect(tables.isEmpty)
        }
    }

    @Test("A database runs maintenance statements on its writer.")
    func databaseMaintenance() async throws {
        try await withFile { path in
            try await withDatabase(SQLiteConfiguration(.file(path))) { database in
                try await database.execute("CREATE TABLE t (x)")
                try await database.maintain("VACUUM")
                let checkpoint = try await database.maintain("PRAGMA wal_checkpoint(TRUNCATE)")
                #expect(checkpoint.first?.first == .integer(0))
                let error = await refusal { _ = try await database.query("PRAGMA wal_checkpoint(TRUNCATE)") }
                #expect(error?.code == .readOnly)
                #expect(error?.message.contains("maintain(_:)") == true)
            }
        }
    }

    @Test(
        "Comments, white space, and case do not affect the classification of a statement.",
        arguments: [
            ("vacuum", true), ("/* a */ -- b\n VACUUM INTO 'x'", true), ("pragma Foreign_Keys=ON", true), ("PRAGMA foreign_keys", false),
            ("PRAGMA main.table_info ('t')", false), ("PRAGMA quick_check(10)", false), ("PRAGMA cache_size (100)", true),
            ("SELECT 'VACUUM'", false), ("", false), ("/* never ends", false), ("; ; attach 'x' AS y", true),
        ]
    )
    func kinds(statement: String, isMaintenance: Bool) {
        #expect(SQLText(statement).isMaintenance == isMaintenance)
    }

    @Test(
        "A location that SQLite would not treat as a file is refused before it is opened.",
        arguments: [":memory:", "", "file:x?mode=memory", "FILE:/tmp/x", "a\0b", ":memory:shared"]
    )
    func locations(path: String) async throws {
        #expect(throws: PoolError.self) { try SQLiteDatabase(SQLiteConfiguration(.file(path))) }
        let error = await refusal { try await SQLiteConnection(.file(path)).initialize() }
        #expect(error?.code == .cannotOpen)
        #expect(error?.description.contains("\0") == false)
    }

    @Test("A query that runs for minutes ends when its scope is closed by force, and its file is closed.")
    func forced() async throws {
        let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
        try await withFile { path in
            let container = Container()
            try container.install(SQLiteDatabase.module(SQLiteConfiguration(.file(path))))
            let database = try await container.get(SQLiteDatabase.self)
            let query = Task { try await database.query(endless) }
            try await eventually { database.readers?.poolSample().leased == 1 }
            _ = try await container.close(.force)
            await #expect(throws: SQLiteError.self) { try await query.value }
            try await eventually { database.readers?.poolSample().closed == 1 }
            #expect(database.readers?.poolSample().leased == 0)
        }
    }
}
