import Foundation
import GRDB
import ResourceContainer
import SQLiteResources
import Testing

@Suite("A pool of SQLite connections")
struct SQLiteConnectionPoolTests {
    private func withDirectory(_ body: (URL) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("sqlite-pool-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try await body(directory)
    }

    private var orders: DatabaseMigrator {
        var migrations = DatabaseMigrator()
        migrations.registerMigration("orders") { try $0.execute(sql: "CREATE TABLE orders (cents INTEGER NOT NULL)") }
        return migrations
    }

    @Test("Connections share a migrated file, and closing the pool closes them.")
    func shared() async throws {
        try await self.withDirectory { directory in
            let pool = try ResourcePool.connections(
                to: .file(directory.appendingPathComponent("shop.sqlite").path),
                configuration: PoolConfiguration(maximum: 3),
                migrations: self.orders
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...20 {
                    group.addTask {
                        try await pool.withLease { connection in
                            _ = try await connection.execute("INSERT INTO orders VALUES (?)", [.integer(Int64(number))])
                        }
                    }
                }
                try await group.waitForAll()
            }
            let rows = try await pool.withLease { try await $0.query("SELECT count(*), sum(cents) FROM orders") }
            #expect(rows == [[20, 210]])
            let report = await pool.close()
            #expect(report.isClean)
            #expect(report.closed == pool.poolSample().made)
        }
    }

    @Test("Acquiring a connection reports why the database cannot be opened.")
    func unreachable() async throws {
        let world = World()
        let pool = try ResourcePool.connections(
            to: .file("/nowhere/at/all/shop.sqlite"),
            configuration: PoolConfiguration(maximum: 1),
            environment: ResourceEnvironment(time: world.time)
        )
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await pool.withLease { _ in } } catch { world.failure.withLock { $0 = error as? PoolError } }
            }
            while world.failure.withLock({ $0 }) == nil {
                await Task.yield()
                if pool.poolSample().failed > 0 { world.passTime() }
            }
        }
        let error = try #require(world.failure.withLock { $0 })
        #expect(error.code == .timedOut)
        #expect(error.phase == .creating)
        #expect(error.underlying is SQLiteError)
        #expect(error.description.contains("/nowhere/at/all/shop.sqlite"))
    }
}

/// An environment in which a minute passes at once when the test requests it.
private final class World: Sendable {
    private let hasPassed = Lock(false)
    private let alarms = Lock<[@Sendable () -> Void]>([])
    let failure = Lock<PoolError?>(nil)

    var time: TimeSource {
        TimeSource(
            now: { TimeSource.Instant(nanoseconds: self.hasPassed.withLock { $0 } ? 60_000_000_000 : 0) },
            register: { _, alarm in
                self.alarms.withLock { $0.append(alarm) }
                return TimeSource.Deadline {}
            }
        )
    }

    func passTime() {
        self.hasPassed.withLock { $0 = true }
        let due = self.alarms.withLock { alarms in
            defer { alarms = [] }
            return alarms
        }
        for alarm in due { alarm() }
    }
}
