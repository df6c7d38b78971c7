import GRDB
import ResourceContainer
import SQLiteResources
import Testing

private struct Refused: Error {}

@Suite("Transactions of a SQLite database")
struct SQLiteTransactionTests {
    private static func withTable<Result>(_ body: (SQLiteDatabase) async throws -> Result) async throws -> Result {
        try await withFile { path in
            try await withDatabase(SQLiteConfiguration(.file(path))) { database in
                try await database.execute("CREATE TABLE orders (article TEXT NOT NULL, cents INTEGER)")
                return try await body(database)
            }
        }
    }

    @Test("A transaction is committed if its closure returns, and gives the closure's result.")
    func commit() async throws {
        try await Self.withTable { database in
            let (row, sum) = try await database.transaction { tx in
                try tx.execute("INSERT INTO orders VALUES ('a', 1); INSERT INTO orders VALUES ('b', 2)")
                let row = try tx.execute("INSERT INTO orders VALUES (?, ?)", ["c\0d", .integer(3)])
                return (row, try tx.query("SELECT sum(cents) FROM orders WHERE cents < ?", [3]))
            }
            #expect(row == 3)
            #expect(sum == [[3]])
            #expect(try await database.query("SELECT article FROM orders ORDER BY cents") == [["a"], ["b"], ["c\0d"]])
        }
    }

    @Test("A transaction is rolled back if its closure throws, and the error reaches the caller.")
    func rollback() async throws {
        try await Self.withTable { database in
            await #expect(throws: Refused.self) {
                try await database.transaction { tx in
                    try tx.execute("INSERT INTO orders VALUES (?, ?)", ["a", 1])
                    throw Refused()
                }
            }
            let count = try await database.query("SELECT count(*) FROM orders")
            #expect(count == [[0]])
        }
    }

    @Test("A closure can catch the error of a statement and continue; the error names the statement and no argument.")
    func caughtError() async throws {
        try await Self.withTable { database in
            let error = try await database.transaction { tx -> SQLiteError? in
                var caught: SQLiteError?
                try tx.execute("INSERT INTO orders VALUES (?, ?)", ["a", 1])
                do { try tx.execute("INSERT INTO orders VALUES (?, ?)", [.null, 270_561]) } catch let error as SQLiteError {
                    caught = error
                }
                try tx.execute("INSERT INTO orders VALUES (?, ?)", ["b", 2])
                return caught
            }
            #expect(error?.code == .constraint)
            #expect(error?.action == "\"INSERT INTO orders VALUES (?, ?)\"")
            #expect(error?.description.contains("270561") == false)
            #expect(try await database.query("SELECT count(*) FROM orders") == [[2]])
        }
    }

    @Test(
        "A statement that begins or ends a transaction, or cannot run in one, is refused, and nothing of the transaction remains.",
        arguments: [
            "BEGIN", "COMMIT", " /* done */ END", "ROLLBACK", "rollback transaction", "ROLLBACK /* to */", "ROLLBACK; -- to the start",
            "ROLLBACK; TO before", "VACUUM", "PRAGMA foreign_keys = OFF",
        ]
    )
    func refusedStatements(_ statement: String) async throws {
        try await Self.withTable { database in
            for hasArguments in [false, true] {
                let error = await refusal {
                    try await database.transaction { tx in
                        try tx.execute("INSERT INTO orders VALUES ('a', 1)")
                        if hasArguments { try tx.execute(statement, []) } else { try tx.execute(statement) }
                    }
                }
                #expect(error?.code == .refused)
            }
            let count = try await database.query("SELECT count(*) FROM orders")
            #expect(count == [[0]])
        }
    }

    @Test("Savepoints are allowed.")
    func savepoints() async throws {
        try await Self.withTable { database in
            try await database.transaction { tx in
                try tx.execute("INSERT INTO orders VALUES ('a', 1)")
                try tx.execute("SAVEPOINT before; INSERT INTO orders VALUES ('b', 2); ROLLBACK TO SAVEPOINT before; RELEASE before")
                try tx.execute(
                    "SAVEPOINT before; DELETE FROM orders; ROLLBACK /* all */ transaction -- deleted\n to before; RELEASE before"
                )
            }
            #expect(try await database.query("SELECT article FROM orders") == [["a"]])
        }
    }

    @Test("A canceled transaction ends with CancellationError and is rolled back.", .timeLimit(.minutes(1)))
    func cancellation() async throws {
        try await Self.withTable { database in
            let hasBegun = Shared(false)
            // Reason for the task: it is canceled.
            let writing = Task {
                try await database.transaction { tx in
                    try tx.execute("INSERT INTO orders VALUES ('a', 1)")
                    hasBegun.withLock { $0 = true }
                    _ = try tx.query(endless)
                }
            }
            try await eventually { hasBegun.withLock { $0 } }
            writing.cancel()
            await #expect(throws: CancellationError.self) { try await writing.value }
            let count = try await database.query("SELECT count(*) FROM orders")
            #expect(count == [[0]])
        }
    }

    @Test("The values of this library are arguments and results of GRDB's statements.")
    func grdbValues() async throws {
        try await Self.withTable { database in
            let values: [SQLiteValue] = [.null, 7, 1.5, "text", .blob([1, 2])]
            let read = try await database.write { db in
                try db.execute(sql: "CREATE TABLE t (a, b, c, d, e)")
                try db.execute(sql: "INSERT INTO t VALUES (?, ?, ?, ?, ?)", arguments: StatementArguments(values))
                let row = try #require(try Row.fetchOne(db, sql: "SELECT * FROM t"))
                return (0..<5).map { row[$0] as SQLiteValue }
            }
            #expect(read == values)
        }
    }
}

@Suite("A SQLite database that is bound without its module")
struct SQLiteOwnPoolsTests {
    private static func configuration(_ path: String) -> SQLiteConfiguration {
        SQLiteConfiguration(.file(path), readers: PoolConfiguration(maximum: 3))
    }

    @Test("It is a singleton by default, and its pools appear as one pool with the figures of both.")
    func ownPools() async throws {
        try await withFile { path in
            let container = Container()
            try container.bind(SQLiteDatabase.self) { try SQLiteDatabase(Self.configuration(path)) }
            #expect(container.snapshot().bindings.map(\.lifetime) == [.singleton])
            let database = try await container.get(SQLiteDatabase.self)
            try await container.withScope("request") { scope in
                try await database.readers?.pool.withLease(fileID: "Shop/Shop.swift", line: 7) { _ in
                    try await database.writer.pool.withLease(fileID: "Shop/Shop.swift", line: 8) { _ in
                        let pools = container.poolSamples()
                        #expect(pools.map(\.name) == ["shop.sqlite"])
                        #expect(pools.map(\.maximum) == [4])
                        #expect(pools.map(\.leased) == [2])
                        #expect(pools[0].isBalanced)
                        #expect(pools[0].holders.map { "\($0.location)" } == ["Shop.swift:7", "Shop.swift:8"])
                        #expect(Set(pools[0].holders.map(\.slot)).count == 2)
                        #expect(Set(pools[0].holders.map(\.scope)) == [scope.id])
                        #expect(pools[0].resource == container.resources().first?.id)
                    }
                }
            }
            #expect(try await container.close().isClean)
            #expect(container.poolSamples().isEmpty)
        }
    }

    @Test("It is visible and closed with the container also if it is bound as an instance and never resolved.")
    func instance() async throws {
        try await withFile { path in
            let container = Container()
            let database = try SQLiteDatabase(Self.configuration(path))
            try await database.initialize()
            try container.bind(SQLiteDatabase.self, instance: database)
            try await database.execute("CREATE TABLE t (x)")
            #expect(container.poolSamples().map(\.name) == ["shop.sqlite"])
            #expect(try await container.close().isClean)
            let error = await #expect(throws: PoolError.self) { try await database.execute("DROP TABLE t") }
            #expect(error?.code == .closed)
        }
    }

    @Test("A lease that outlives its scope is reported once, as an event of the database.")
    func lostLease() async throws {
        try await withFile { path in
            let container = Container()
            try container.bind(SQLiteDatabase.self, lifetime: .singleton) { try SQLiteDatabase(Self.configuration(path)) }
            let database = try await container.get(SQLiteDatabase.self)
            let lease = try await container.withScope("request") { _ in try await database.writer.pool.acquire().detach() }
            #expect(container.poolSamples().map(\.lost) == [1])
            try database.writer.pool.release(lease.handle)
            #expect(try await container.close().isClean)
        }
    }

    @Test("Pools of the module are sampled once each.")
    func module() async throws {
        try await withFile { path in
            let container = Container()
            try container.install(SQLiteDatabase.module(Self.configuration(path)))
            _ = try await container.get(SQLiteDatabase.self)
            #expect(container.poolSamples().map(\.name) == ["shop.sqlite writer", "shop.sqlite readers"])
            #expect(try await container.close().isClean)
        }
    }
}
