import Foundation
import LoopbackServers
import PostgresResources
import ResourceContainer
import Testing

extension PostgresTests {
    @Suite("PostgreSQL statements")
    struct StatementTests {
        @Test("Every kind of value is sent and returned unchanged.")
        func roundTrip() async throws {
            let bytes = (0...255).map { UInt8($0) }
            let texts = ["", "plain", "Zürich – 東京 – 👩‍👩‍👧", "it's \\ \"quoted\"\n\tand\r\u{1B}[31m on", "$1"]
            let numbers: [Int64] = [.min, -1, 0, 1, .max]
            let doubles: [Double] = [0.1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity]
            try await withConnection { connection in
                let statement = "SELECT $1::text AS a, $2::bigint AS b, $3::float8 AS c, $4::bool AS d, $5::bytea AS e, $6::text AS f"
                for index in 0..<6 {
                    let values: [PostgresValue] = [
                        .text(texts[index % texts.count]), .integer(numbers[index % numbers.count]), .double(doubles[index]),
                        .bool(index % 2 == 0), .bytes(Array(bytes.prefix(index * 51))), .null,
                    ]
                    let result = try await connection.query(statement, values)
                    #expect(result.rows.map(\.values) == [values])
                    #expect(result.columns == ["a", "b", "c", "d", "e", "f"])
                }
                let result = try await connection.query("SELECT 'NaN'::float8, $1::bytea", [.bytes(bytes)])
                guard case .double(let number) = result.rows[0][0] else {
                    Issue.record("not a number is not a double")
                    return
                }
                #expect(number.isNaN)
                #expect(result.rows[0][1] == .bytes(bytes))
            }
        }

        @Test("Values without a corresponding case are returned as text in the server's format.")
        func texts() async throws {
            try await withConnection { connection in
                let result = try await connection.query(
                    "SELECT 1.50::numeric, DATE '2026-01-02', ARRAY[1, 2], '{\"a\":1}'::jsonb, 7::smallint"
                )
                #expect(result.rows[0].values == ["1.50", "2026-01-02", "{1,2}", "{\"a\": 1}", 7])
            }
        }

        @Test("Columns are read by name and type, and an error about a value does not contain it.")
        func columns() async throws {
            try await withConnection { connection in
                let row = try await connection.query(
                    "SELECT 7 AS id, 'secret' AS name, NULL::text AS note, 1.5::float8 AS score, true AS ok"
                ).rows[0]
                #expect(try row.value("id") == 7)
                #expect(try row.value("id", as: Int64.self) == 7)
                #expect(try row.value("name", as: String.self) == "secret")
                #expect(try row.value("note", as: String?.self) == nil)
                #expect(try row.value("name", as: String?.self) == "secret")
                #expect(try row.value("score", as: Double.self) == 1.5)
                #expect(try row.value("ok", as: Bool.self))
                #expect(row["none"] == nil)
                let unknown = #expect(throws: PostgresError.self) { try row.value("none", as: Int.self) }
                #expect(unknown?.message == "no such column; the columns are: id, name, note, score, ok")
                let unfit = #expect(throws: PostgresError.self) { try row.value("name", as: Int.self) }
                #expect(unfit?.code == .misuse)
                #expect(unfit?.description.contains("reading column \"name\" as Int failed: it holds text") == true)
                let null = #expect(throws: PostgresError.self) { try row.value("note", as: String.self) }
                #expect(null?.message == "it holds null")
            }
        }

        @Test("Several statements run in one exchange, and a statement reports its number of affected rows.")
        func scripts() async throws {
            try await withConnection { connection in
                try await connection.execute("CREATE TEMPORARY TABLE t (n int); INSERT INTO t VALUES (1), (2), (3); -- done")
                let update = try await connection.query("UPDATE t SET n = n + $1", [10])
                #expect(update.affectedRows == 3)
                #expect(update.command == "UPDATE 3")
                #expect(update.rows.isEmpty)
                let rows = try await connection.query("SELECT n FROM t ORDER BY n")
                #expect(rows.affectedRows == 3)
                #expect(rows.rows.map { $0[0] } == [11, 12, 13])
                #expect(try await connection.query("").rows.isEmpty)
                try await connection.execute("")
                try await connection.ping()
            }
        }

        @Test("An error has the server's message and SQLSTATE, but no literal and no argument; the connection stays usable.")
        func errors() async throws {
            try await withConnection { connection in
                try await connection.execute("CREATE TEMPORARY TABLE people (name text UNIQUE)")
                _ = try await connection.query("INSERT INTO people VALUES ($1)", ["Ada Secret"])
                let duplicate = try await postgresError { try await connection.query("INSERT INTO people VALUES ($1)", ["Ada Secret"]) }
                #expect(duplicate.code == .serverError)
                #expect(duplicate.sqlState == "23505")
                #expect(duplicate.address == connection.configuration.address)
                #expect(duplicate.detail == "Key (name)=(Ada Secret) already exists.")
                #expect(!"\(duplicate)".contains("Secret"))
                let text = "SELECT 'hidden', E'hid\\'den', $q$hidden$q$, nothing FROM people WHERE name = $1"
                let unknown = try await postgresError { try await connection.query(text, ["hidden"]) }
                #expect(unknown.sqlState == "42703")
                #expect(unknown.action == "\"SELECT '…', E'…', '…', nothing FROM people WHERE name = $1\"")
                #expect(unknown.message.contains("column \"nothing\" does not exist"))
                #expect(!"\(unknown)".contains("hidden"))
                let misfits: [(statement: String, arguments: [PostgresValue])] = [
                    ("SELECT $1::int", ["hunter\"2"]), ("SELECT 'hunter\"2'::int", []), ("SELECT 1 FROM 'hunter\"2'", []),
                ]
                for misfit in misfits {
                    let error = try await postgresError { try await connection.query(misfit.statement, misfit.arguments) }
                    #expect(error.code == .serverError, "\(error)")
                    #expect(error.message.contains("\"…\""), "\(error)")
                    #expect(!"\(error)".contains("hunter"))
                    #expect(error.detail?.contains("hunter\"2") == true)
                }
                let half = try await postgresError { try await connection.execute("INSERT INTO people VALUES ('x'); SELECT 1/0; SELECT 2") }
                #expect(half.sqlState == "22012")
                #expect(try await connection.query("SELECT name FROM people").rows.map { $0[0] } == ["Ada Secret"])
                let few = try await postgresError { try await connection.query("SELECT $1::int + $2::int", [1]) }
                #expect(few.code == .serverError)
                #expect(connection.isUsable)
            }
        }

        @Test(
            "Errors quote a statement on one line, without comments and without the content of literals.",
            arguments: [
                ("SELECT nothing -- it's hidden\n  , 'hidden'", "SELECT nothing , '…'"),
                ("SELECT nothing /* it's /* hidden */ 'still' */, 'hidden'", "SELECT nothing  , '…'"),
                ("SELECT \"it's\", 'hidden', $1", "SELECT \"it's\", '…', $1"),
                ("SELECT nothing, 'it''s hidden', E'it\\'s hidden' AS e", "SELECT nothing, '…', E'…' AS e"),
                ("SELECT nothing, $a$it's hidden $b$ $a$, $$hidden$$", "SELECT nothing, '…', '…'"),
                ("SELECT nothing, 'hid\\''den'", "SELECT nothing, '…'"),
                ("SELECT nothing, date'2026-01-01', U&'hidden'", "SELECT nothing, date'…', U&'…'"),
                ("SELECT 'hidden", "SELECT '…'"),
                ("SELECT $hidden$hidden", "SELECT '…'"),
                ("SELECT \"nothing", "SELECT \"nothing"),
                ("SELECT " + String(repeating: "nothing, ", count: 100), "SELECT " + String(repeating: "nothing, ", count: 21) + "not…"),
            ]
        )
        func quoting(statement: String, quoted: String) async throws {
            try await withConnection { connection in
                let error = try await postgresError { try await connection.execute(statement) }
                #expect(error.action == "\"\(quoted)\"")
                #expect(!"\(error)".contains("hid"))
            }
        }

        @Test("A NUL character is refused before anything is sent, because the server would see only a part.")
        func nul() async throws {
            try await withConnection { connection in
                let argument = try await postgresError { try await connection.query("SELECT $1::text, $2::text", ["a", "b\0c"]) }
                #expect(argument.code == .misuse)
                #expect(argument.message.hasPrefix("argument $2 contains a NUL character"))
                let statement = try await postgresError { try await connection.execute("SELECT 1\0; SELECT 2") }
                #expect(statement.code == .misuse)
                #expect(try await connection.answers)
            }
        }

        @Test(
            "COPY from and to the client is refused, and the connection stays usable.",
            arguments: [
                "COPY (SELECT generate_series(1, 50000)) TO STDOUT", "CREATE TEMPORARY TABLE c (n int); COPY c FROM STDIN",
            ]
        )
        func copying(statement: String) async throws {
            try await withConnection { connection in
                let error = try await postgresError { try await connection.execute(statement) }
                #expect(error.code == .misuse)
                #expect(error.message == "COPY from and to the client is not supported")
                #expect(try await connection.answers)
            }
        }

        @Test("Large arguments and large results are sent completely.")
        func large() async throws {
            try await withConnection { connection in
                let text = String(repeating: "0123456789abcdef", count: 500_000)
                let result = try await connection.query("SELECT $1::text AS same, length($1::text) AS n", [.text(text)])
                #expect(try result.rows[0].value("n") == 8_000_000)
                #expect(try result.rows[0].value("same", as: String.self) == text)
                let rows = try await connection.query("SELECT n FROM generate_series(1, 100000) AS n").rows
                #expect(rows.count == 100_000)
                #expect(rows.last?[0] == 100_000)
            }
        }

        @Test("Tasks that share a connection are served one after the other.")
        func turns() async throws {
            try await withConnection { connection in
                let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<50 {
                        group.addTask {
                            let result = try await connection.query("SELECT $1::int AS n, pg_sleep(0.001)", [.integer(Int64(number))])
                            return try result.rows[0].value("n") == number
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers == Array(repeating: true, count: 50))
            }
        }

        @Test("Notices of the server are not printed.")
        func noticeIsNotPrinted() async throws {
            let printed = try TemporaryDirectory()
            try await withConnection { connection in
                let file = open(printed.path + "/stderr", O_WRONLY | O_CREAT, 0o600)
                let saved = dup(2)
                dup2(file, 2)
                close(file)
                defer { close(saved) }
                do {
                    try await connection.execute("DO $$ BEGIN RAISE WARNING 'hear, hear'; END $$; DROP TABLE IF EXISTS never")
                    dup2(saved, 2)
                } catch {
                    dup2(saved, 2)
                    throw error
                }
            }
            let text = try String(contentsOfFile: printed.path + "/stderr", encoding: .utf8)
            #expect(!text.contains("hear"))
            #expect(!text.contains("NOTICE"))
        }

        @Test("Notices of the server are note events of a bound connection.")
        func noticeIsNoted() async throws {
            let configuration = try TestServers.current.shared.configuration()
            let container = Container()
            try container.bind(PostgresConnection.self, lifetime: .singleton) { PostgresConnection(configuration) }
            let connection = try await container.get(PostgresConnection.self)
            let events = container.subscribe()
            try await connection.execute("DO $$ BEGIN RAISE WARNING 'hear, hear'; END $$")
            let notes = events.drain().events.compactMap { event in
                if case .noted(let text) = event.kind { text } else { nil }
            }
            #expect(notes.count == 1)
            #expect(notes.first?.contains("WARNING:  hear, hear") == true)
            #expect(try await container.close().isClean)
            #expect(!connection.isUsable)
        }

        @Test("A connection is usable between initialize and dispose, and throws otherwise.")
        func lifecycle() async throws {
            let connection = PostgresConnection(try TestServers.current.shared.configuration())
            #expect(!connection.isUsable)
            #expect(try await postgresError { try await connection.ping() }.code == .misuse)
            try await connection.initialize()
            #expect(connection.isUsable)
            #expect(try await postgresError { try await connection.initialize() }.code == .misuse)
            #expect(try await connection.answers)
            try await connection.dispose()
            try await connection.dispose()
            #expect(!connection.isUsable)
            #expect(try await postgresError { try await connection.ping() }.code == .closed)
        }
    }
}
