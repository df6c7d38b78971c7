import Foundation
import GRDB
import ResourceContainer
import SQLiteResources
import Testing

@Suite("A SQLite database in a container")
struct SQLiteModuleTests {
    @Test("Readers and writer are separate resources with samples, and close after the database, readers first.")
    func bothPools() async throws {
        try await withFile { path in
            let container = Container()
            try container.install(SQLiteDatabase.module(SQLiteConfiguration(.file(path), readers: PoolConfiguration(maximum: 3))))
            #expect(container.validate().isValid)
            let database = try await container.get(SQLiteDatabase.self)
            try await database.execute("CREATE TABLE t (x)")
            try await container.withScope("request") { scope in
                try await database.readers?.pool.withLease { _ in
                    let pools = container.snapshot().pools
                    #expect(pools.map(\.name) == ["shop.sqlite writer", "shop.sqlite readers"])
                    #expect(pools.map(\.maximum) == [1, 3])
                    #expect(pools.map(\.leased) == [0, 1])
                    #expect(pools[1].holders.map(\.scope) == [scope.id])
                    let labels = pools.map { pool in container.resources().first { $0.id == pool.resource }?.label }
                    #expect(labels == ["SQLiteWriter", "SQLiteReaders"])
                }
            }
            for resource in container.resources() {
                let checked = try #require(resource.value as? any HealthCheckable)
                #expect(try await checked.healthCheck().status == .healthy, "\(resource.label)")
            }
            let report = try await container.close()
            #expect(report.isClean)
            #expect(report.entries.map(\.label) == ["SQLiteDatabase", "SQLiteReaders", "SQLiteWriter"])
            #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
        }
    }

    @Test("Two databases with different names, one in memory, coexist in a container.")
    func named() async throws {
        try await withFile { path in
            let container = Container()
            try container.install(SQLiteDatabase.module(SQLiteConfiguration(.file(path)), name: "orders"))
            try container.install(SQLiteDatabase.module(SQLiteConfiguration(.memory), name: "cache"))
            #expect(container.validate().isValid)
            let orders = try await container.get(SQLiteDatabase.self, name: "orders")
            let cache = try await container.get(SQLiteDatabase.self, name: "cache")
            try await orders.execute("CREATE TABLE orders (x)")
            try await cache.execute("CREATE TABLE cached (x)")
            #expect(try await cache.query("SELECT name FROM sqlite_schema") == [["cached"]])
            #expect(container.snapshot().pools.map(\.name).sorted() == [":memory: writer", "shop.sqlite readers", "shop.sqlite writer"])
            #expect(try await container.close().isClean)
        }
    }

    @Test("The container reports the fault of the file, and the next request tries again.")
    func failing() async throws {
        try await withDirectory { directory in
            let path = directory.appendingPathComponent("sub/shop.sqlite").path
            let container = Container()
            try container.install(SQLiteDatabase.module(SQLiteConfiguration(.file(path))))
            let error = await #expect(throws: ResourceError.self) { _ = try await container.get(SQLiteDatabase.self) }
            #expect(error?.description.contains("check that its directory exists") == true)
            try FileManager.default.createDirectory(atPath: directory.path + "/sub", withIntermediateDirectories: true)
            #expect(try await container.get(SQLiteDatabase.self).query("SELECT 1") == [[1]])
            #expect(try await container.close().isClean)
        }
    }
}
