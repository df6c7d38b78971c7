import Foundation
import GRDB
import ResourceContainer
import ResourceSimulation
import SQLiteResources
import Testing

@Suite("SQLite database health")
struct SQLiteHealthTests {
    @Test("A database is healthy while every reader and the writer are leased.")
    func inUse() async throws {
        try await withFile { path in
            try await withDatabase(SQLiteConfiguration(.file(path), readers: PoolConfiguration(maximum: 1))) { database in
                let gate = Gate()
                async let reading: Void = database.read { _ in gate.pass() }
                async let writing: Void = database.write { _ in gate.pass() }
                try await eventually { gate.waiting == 2 }
                #expect(try await database.healthCheck() == HealthReport(.healthy))
                #expect(try await database.readers?.healthCheck().status == .healthy)
                gate.open()
                try await reading
                try await writing
                try await database.checkIntegrity()
            }
        }
    }

    @Test("In memory, the check uses the one connection and is degraded if it cannot acquire it.")
    func memory() async throws {
        let time = ManualTime()
        try await withDatabase(SQLiteConfiguration(.memory), time: time.source) { database in
            #expect(try await database.healthCheck() == HealthReport(.healthy))
            let gate = Gate()
            async let writing: Void = database.write { _ in gate.pass() }
            try await eventually { gate.waiting == 1 }
            async let report = database.healthCheck()
            try await eventually { database.writer.poolSample().waiting == 1 }
            time.pass(.milliseconds(500))
            #expect(try await report.status == .degraded)
            gate.open()
            try await writing
            #expect(try await database.healthCheck() == HealthReport(.healthy))
        }
    }

    @Test("A missing or replaced file is unhealthy, with the reason.")
    func missingOrReplacedFile() async throws {
        try await withFile { path in
            try await withDatabase(SQLiteConfiguration(.file(path))) { database in
                try FileManager.default.moveItem(atPath: path, toPath: path + "-away")
                var report = try await database.healthCheck()
                #expect(report.status == .unhealthy)
                #expect(report.message?.contains("check that its directory exists") == true)
                try Data(repeating: 0x41, count: 8_192).write(to: URL(fileURLWithPath: path))
                report = try await database.healthCheck()
                #expect(report.status == .unhealthy)
                #expect(report.message?.contains("another file is at its path") == true)
                try FileManager.default.removeItem(atPath: path)
                try FileManager.default.moveItem(atPath: path + "-away", toPath: path)
                #expect(try await database.healthCheck().status == .healthy)
            }
        }
    }

    @Test("A write that found the disk full is degraded until one succeeds; an invalid statement has no effect on health.")
    func full() async throws {
        try await withFile { path in
            try await withDatabase(SQLiteConfiguration(.file(path))) { database in
                try await database.execute("CREATE TABLE t (x)")
                _ = await refusal { try await database.execute("SELEKT") }
                #expect(try await database.healthCheck().status == .healthy)
                try await database.execute("PRAGMA max_page_count = 10")
                #expect(await refusal { try await database.execute("INSERT INTO t VALUES (randomblob(100000))") }?.code == .diskFull)
                let report = try await database.healthCheck()
                #expect(report.status == .degraded)
                #expect(report.message?.hasPrefix("the last write failed: SQLite, \(path)") == true)
                try await database.execute("INSERT INTO t VALUES (1)")
                #expect(try await database.healthCheck().status == .healthy)
            }
        }
    }
}
