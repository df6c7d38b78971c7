import Foundation
import GRDB
import ResourceContainer
import SQLiteResources
import Testing

@Suite("SQLite errors name the action, the database, the cause, and the remedy")
struct SQLiteErrorTests {
    @Test(
        "An error of SQLite has a code, SQLite's message, and the statement.",
        arguments: [
            ("SELEKT 1", SQLiteError.Code.refused, "syntax error"), ("SELECT * FROM nowhere", .refused, "no such table: nowhere"),
            ("INSERT INTO t VALUES (NULL)", .constraint, "NOT NULL constraint failed: t.x"),
            ("INSERT INTO t VALUES (1)", .constraint, "UNIQUE constraint failed: t.x"),
            ("SELECT zeroblob(2000000000)", .tooLarge, "too big"),
        ]
    )
    func codes(statement: String, code: SQLiteError.Code, words: String) async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE TABLE t (x INTEGER NOT NULL UNIQUE); INSERT INTO t VALUES (1)")
            let error = try #require(await refusal { try await connection.execute(statement) })
            #expect(error.code == code)
            #expect(error.resultCode != nil)
            #expect(error.message.contains(words))
            #expect(error.description.hasPrefix("SQLite, :memory:: \"\(statement)\" failed: "))
        }
    }

    @Test("Arguments never appear in an error, regardless of their fault.")
    func arguments() async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE TABLE t (x INTEGER UNIQUE CHECK (typeof(x) = 'text' OR x < 5)) STRICT")
            try await connection.execute("CREATE TABLE u (x TEXT UNIQUE)")
            try await connection.execute("INSERT INTO u VALUES (?)", ["geheim"])
            for (statement, arguments) in [
                ("INSERT INTO u VALUES (?)", ["geheim"]), ("INSERT INTO t VALUES (?)", ["geheim"]),
                ("INSERT INTO u VALUES (?, ?)", ["geheim"]),
                ("INSERT INTO u VALUES (?)", ["geheim", "geheim"]), ("SELECT * FROM u WHERE y = ?", ["geheim"]),
                ("SELECT json(?)", ["geheim"]),
            ] as [(String, [SQLiteValue])] {
                let error = try #require(await refusal { _ = try await connection.execute(statement, arguments) })
                #expect(!"\(error) \(error.message) \(error.action)".contains("geheim"), "\(statement)")
                let queried = try #require(await refusal { _ = try await connection.query(statement, arguments) })
                #expect(!"\(queried)".contains("geheim"), "\(statement)")
            }
        }
    }

    @Test("A long statement is shortened, control characters are kept, and passwords are removed.")
    func texts() async throws {
        try await withConnection { connection in
            let long = "SELEKT '" + String(repeating: "x", count: 10_000) + "'"
            let error = try #require(await refusal { try await connection.execute(long) })
            #expect(error.description.count < 500)
            #expect(error.description.contains("x…\""))
            let odd = try #require(await refusal { try await connection.execute("SELEKT '\u{1B}[31m\n'") })
            #expect(odd.action == "\"SELEKT '\u{1B}[31m\n'\"")
            let secret = try #require(await refusal { try await connection.execute("SELEKT 'postgres://app:geheim@db/shop'") })
            #expect(secret.description.contains("app:***@db"))
            #expect(!secret.description.contains("geheim"))
        }
    }

    @Test("A missing directory, a directory without write access, and a directory as a file cannot be opened.")
    func unopenable() async throws {
        try await withDirectory { directory in
            for path in ["/nowhere/at/all.sqlite", "/proc/resmon.sqlite", directory.path] {
                let error = try #require(await refusal { try await withConnection(.file(path)) { _ in } })
                #expect(error.code == .cannotOpen)
                #expect(error.location == path)
                #expect(error.description.contains("check that its directory exists"))
            }
        }
    }

    @Test("A directory without write permission is reported as such.", .enabled(if: geteuid() != 0, "nothing is forbidden to root"))
    func forbidden() async throws {
        try await withDirectory { directory in
            try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: directory.path)
            let error = await refusal { try await withConnection(.file(directory.path + "/shop.sqlite")) { _ in } }
            #expect(error?.code == .cannotOpen)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.path)
        }
    }

    @Test("A file that is not a database and a damaged database have different codes.")
    func damaged() async throws {
        try await withFile { path in
            try Data(repeating: 0x41, count: 8_192).write(to: URL(fileURLWithPath: path))
            let error = try #require(await refusal { try await withConnection(.file(path)) { _ in } })
            #expect(error.code == .notADatabase)
            #expect(error.description.contains("check the path"))
        }
        try await withFile { path in
            try await withConnection(.file(path)) { connection in
                try await connection.execute("CREATE TABLE t (x)")
                for _ in 0..<100 { try await connection.execute("INSERT INTO t VALUES (randomblob(500))") }
            }
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            try handle.seek(toOffset: 4_096)
            try handle.write(contentsOf: Data(repeating: 0xFF, count: 16_384))
            try handle.close()
            try await withConnection(.file(path)) { connection in
                let error = await refusal { _ = try await connection.query("SELECT sum(length(x)) FROM t") }
                #expect(error?.code == .corrupt)
                #expect(error?.description.contains("restore the file from a backup") == true)
            }
        }
    }

    @Test("A database at its maximum size is reported as full.")
    func full() async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE TABLE t (x)")
            try await connection.maintain("PRAGMA max_page_count = 10")
            let error = await refusal { try await connection.execute("INSERT INTO t VALUES (randomblob(100000))") }
            #expect(error?.code == .diskFull)
            #expect(error?.description.contains("max_page_count") == true)
        }
    }
}
