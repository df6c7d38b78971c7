import Foundation
import GRDB
import ResourceContainer
import ResourceSimulation
import SQLiteResources
import Testing

@Suite("A SQLite database with one writer and several readers")
struct SQLiteDatabaseTests {
    private static var orders: DatabaseMigrator {
        var migrations = DatabaseMigrator()
        migrations.registerMigration("orders") { try $0.execute(sql: "CREATE TABLE orders (cents INTEGER NOT NULL)") }
        return migrations
    }

    private static func configuration(
        _ location: SQLiteConnection.Location,
        readers: PoolConfiguration = PoolConfiguration(maximum: 2),
        writer: PoolConfiguration = PoolConfiguration(maximum: 1)
    ) -> SQLiteConfiguration {
        SQLiteConfiguration(location, readers: readers, writer: writer, migrations: Self.orders)
    }

    private static let count: @Sendable (Database) throws -> Int = { database in
        try Int.fetchOne(database, sql: "SELECT count(*) FROM orders") ?? -1
    }

    @Test("Statements and closures read what was written, and a closure that throws is rolled back.")
    func reading() async throws {
        struct Stop: Error {}
        try await withFile { path in
            try await withDatabase(Self.configuration(.file(path))) { database in
                try await database.execute("INSERT INTO orders VALUES (1); INSERT INTO orders VALUES (2)")
                #expect(try await database.execute("INSERT INTO orders VALUES (?)", [3]) == 3)
                try await database.write { try $0.execute(sql: "INSERT INTO orders VALUES (4)") }
                await #expect(throws: Stop.self) {
                    try await database.write { database in
                        try database.execute(sql: "INSERT INTO orders VALUES (5)")
                        throw Stop()
                    }
                }
                #expect(try await database.query("SELECT count(*), sum(cents) FROM orders WHERE cents > ?", [1]) == [[3, 9]])
                #expect(try await database.read(Self.count) == 4)
            }
        }
    }

    @Test("Readers are not blocked by an open write transaction and see the last committed state.")
    func notBlocked() async throws {
        try await withFile { path in
            try await withDatabase(Self.configuration(.file(path))) { database in
                try await database.execute("INSERT INTO orders VALUES (1)")
                let gate = Gate()
                async let writing: Void = database.write { database in
                    try database.execute(sql: "INSERT INTO orders VALUES (2)")
                    gate.pass()
                }
                try await eventually { gate.waiting == 1 }
                for _ in 0..<10 { #expect(try await database.read(Self.count) == 1) }
                #expect(try await database.healthCheck() == HealthReport(.healthy))
                gate.open()
                try await writing
                #expect(try await database.read(Self.count) == 2)
            }
        }
    }

    @Test("All reads of one closure see one snapshot, regardless of concurrent commits.")
    func oneSnapshot() async throws {
        try await withFile { path in
            try await withDatabase(Self.configuration(.file(path))) { database in
                let gate = Gate()
                async let counts = database.read { database in
                    let before = try Self.count(database)
                    gate.pass()
                    return [before, try Self.count(database)]
                }
                try await eventually { gate.waiting == 1 }
                try await database.execute("INSERT INTO orders VALUES (1)")
                gate.open()
                #expect(try await counts == [0, 0])
                #expect(try await database.read(Self.count) == 1)
            }
        }
    }

    @Test("Writers wait in order; waiters are listed with source location and budget, and can be canceled.")
    func oneWriter() async throws {
        let time = ManualTime()
        try await withFile { path in
            try await withDatabase(Self.configuration(.file(path)), time: time.source) { database in
                let gate = Gate()
                async let writing: Void = database.write(line: 11) { _ in gate.pass() }
                try await eventually { gate.waiting == 1 }
                // Reason for the tasks: one exceeds its budget, one is canceled, one gets its turn.
                let late = Task {
                    try await database.write(budget: .seconds(3), line: 22) { try $0.execute(sql: "INSERT INTO orders VALUES (22)") }
                }
                try await eventually { database.writer.poolSample().waiting == 1 }
                // Reason for the task: as above.
                let cancelled = Task { try await database.write(line: 33) { try $0.execute(sql: "INSERT INTO orders VALUES (33)") } }
                try await eventually { database.writer.poolSample().waiting == 2 }
                // Reason for the task: as above.
                let patient = Task { try await database.execute("INSERT INTO orders VALUES (44)", line: 44) }
                try await eventually { database.writer.poolSample().waiting == 3 }
                let sample = database.writer.poolSample()
                #expect(sample.maximum == 1)
                #expect(sample.leased == 1)
                #expect(sample.holders.map(\.location.line) == [11])
                #expect(sample.waiters.map(\.location.line) == [22, 33, 44])
                #expect(sample.holders[0].location.file.hasSuffix("SQLiteDatabaseTests.swift"))
                time.pass(.seconds(3))
                let error = await #expect(throws: PoolError.self) { try await late.value }
                #expect(error?.code == .timedOut)
                #expect(error?.description.contains("shop.sqlite writer") == true)
                cancelled.cancel()
                await #expect(throws: CancellationError.self) { try await cancelled.value }
                #expect(database.readers?.poolSample().waiting == 0)
                gate.open()
                try await writing
                try await patient.value
                #expect(try await database.query("SELECT cents FROM orders") == [[44]])
            }
        }
    }

    @Test("The number of open readers stays within the maximum, and waiters are served.")
    func readersLimit() async throws {
        try await withFile { path in
            try await withDatabase(Self.configuration(.file(path))) { database in
                let readers = try #require(database.readers)
                let gate = Gate()
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<6 {
                        group.addTask {
                            try await database.read { database in
                                gate.pass()
                                return try Self.count(database)
                            }
                        }
                    }
                    try await eventually { gate.waiting == 2 && readers.poolSample().waiting == 4 }
                    #expect(readers.poolSample().leased == 2)
                    try await database.execute("INSERT INTO orders VALUES (1)")
                    gate.open()
                    let counts = try await group.reduce(into: []) { $0.append($1) }
                    #expect(counts.count == 6)
                    #expect(counts.allSatisfy { $0 == 0 || $0 == 1 })
                }
                #expect(readers.poolSample().made == 2)
                #expect(readers.poolSample().isBalanced)
            }
        }
    }

    @Test("A reader refuses writes by statement and by closure.")
    func readersDoNotWrite() async throws {
        try await withFile { path in
            for location in [SQLiteConnection.Location.file(path), .memory] {
                try await withDatabase(Self.configuration(location)) { database in
                    let insert = "INSERT INTO orders VALUES (1)"
                    #expect(await refusal { try await database.read { try $0.execute(sql: insert) } }?.code == .readOnly)
                    #expect(await refusal { _ = try await database.query("\(insert) RETURNING cents") }?.code == .readOnly)
                    let (count, report) = (try await database.read(Self.count), try await database.healthCheck())
                    #expect(count == 0)
                    #expect(report == HealthReport(.healthy))
                }
            }
        }
    }

    @Test("In memory, reads and writes share one connection and one database, even after a long idle time.")
    func memory() async throws {
        let time = ManualTime()
        let writer = PoolConfiguration(maximum: 5, idleTimeout: .seconds(1), maximumLifetime: .seconds(1))
        try await withDatabase(Self.configuration(.memory, writer: writer), time: time.source) { database in
            #expect(database.readers == nil)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask { try await database.execute("INSERT INTO orders VALUES (\(number))") }
                    group.addTask { _ = try await database.read(Self.count) }
                }
                try await group.waitForAll()
            }
            for _ in 0..<10 { time.pass(.seconds(60)) }
            #expect(try await database.read(Self.count) == 20)
            #expect(database.writer.poolSample().made == 1)
            #expect(database.writer.poolSample().maximum == 1)
        }
        let count = try await withDatabase(Self.configuration(.memory)) { try await $0.read(Self.count) }
        #expect(count == 0)
    }

    @Test("Canceling the task of a long query interrupts it, and its reader serves the next query.", .timeLimit(.minutes(1)))
    func cancellation() async throws {
        try await withFile { path in
            try await withDatabase(Self.configuration(.file(path), readers: PoolConfiguration(maximum: 1))) { database in
                let begun = Shared(false)
                // Reason for the task: it is canceled.
                let reading = Task {
                    try await database.read { database in
                        begun.withLock { $0 = true }
                        return try Int.fetchOne(database, sql: endless)
                    }
                }
                try await eventually { begun.withLock { $0 } }
                reading.cancel()
                await #expect(throws: CancellationError.self) { try await reading.value }
                #expect(try await database.read(Self.count) == 0)
                #expect(database.readers?.poolSample().made == 1)
            }
        }
    }

    @Test("Initialize reports a fault of the file at once and with its cause.")
    func failingInitialize() async throws {
        let database = try SQLiteDatabase(Self.configuration(.file("/nowhere/at/all/shop.sqlite")))
        #expect(await refusal { try await database.initialize() }?.code == .cannotOpen)
        try await database.dispose()
        var migrations = DatabaseMigrator()
        migrations.registerMigration("wrong") { try $0.execute(sql: "CREATE TABEL x") }
        let wrong = try SQLiteDatabase(SQLiteConfiguration(.memory, migrations: migrations))
        #expect(await refusal { try await wrong.initialize() }?.code == .refused)
        #expect(throws: PoolError.self) { try SQLiteDatabase(Self.configuration(.file("x"), readers: PoolConfiguration(maximum: 0))) }
    }

    @Test("Migrations run on the writer, before the first use and later.")
    func migrating() async throws {
        try await withFile { path in
            try await withDatabase(Self.configuration(.file(path))) { database in
                var migrations = Self.orders
                migrations.registerMigration("customers") { try $0.execute(sql: "CREATE TABLE customers (name)") }
                try await database.migrate(migrations)
                try await database.migrate(migrations)
                #expect(try await database.query("SELECT count(*) FROM customers") == [[0]])
            }
            let customers = try await withDatabase(Self.configuration(.file(path))) { try await $0.query("SELECT * FROM customers") }
            #expect(customers == [])
        }
    }

    @Test("Closing a database with a leased reader names its holder, and the connection is closed on release.")
    func closedWithLease() async throws {
        try await withFile { path in
            let database = try SQLiteDatabase(Self.configuration(.file(path), readers: PoolConfiguration(maximum: 1, drainTimeout: .zero)))
            try await database.initialize()
            let readers = try #require(database.readers)
            let lease = try await readers.pool.acquire(line: 77)
            let connection = lease.element
            let error = await #expect(throws: PoolError.self) { try await database.dispose() }
            #expect(error?.code == .notCleanlyClosed)
            #expect(error?.unreturned.map(\.location.line) == [77])
            #expect(error?.description.contains("shop.sqlite readers") == true)
            #expect(try await connection.query("SELECT count(*) FROM orders") == [[0]])
            lease.release()
            try await eventually { await refusal { try await connection.ping() }?.code == .notOpen }
            let closed = await #expect(throws: PoolError.self) { try await database.read(Self.count) }
            #expect(closed?.code == .closed)
            #expect(readers.poolSample().isBalanced)
            #expect(database.writer.poolSample().leased == 0)
        }
    }

    @Test("A connection that found a damaged file is not leased again.")
    func brokenConnections() async throws {
        try await withFile { path in
            try await withDatabase(Self.configuration(.file(path))) { database in
                try await database.execute(
                    "INSERT INTO orders WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 5000) SELECT x FROM n"
                )
            }
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            let size = try handle.seekToEnd()
            for page in 2..<(size / 4_096) {
                try handle.seek(toOffset: page * 4_096)
                try handle.write(contentsOf: Data(repeating: 0xFF, count: 64))
            }
            try handle.close()
            try await withDatabase(SQLiteConfiguration(.file(path))) { database in
                #expect(await refusal { _ = try await database.query("SELECT sum(cents) FROM orders") }?.code == .corrupt)
                #expect(database.readers?.poolSample().brokenDiscarded == 1)
                let error = try #require(await refusal { try await database.checkIntegrity() })
                #expect(error.code == .corrupt)
                #expect(error.action == "checking")
                #expect(!error.message.isEmpty)
            }
        }
    }
}
