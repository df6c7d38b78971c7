import Foundation
import GRDB
import ResourceContainer
import ResourceSimulation
import SQLiteResources
import Testing

@Suite("Locked SQLite databases")
struct SQLiteBusyTests {
    /// Runs `body` with a connection to a file that another connection has locked.
    private func withLockedFile(
        busyTimeout: Duration,
        _ time: ManualTime,
        _ body: (SQLiteConnection) async throws -> Void
    ) async throws {
        try await withFile { path in
            try await withConnection(.file(path), busyTimeout: busyTimeout, time: time.source) { connection in
                try await connection.execute("CREATE TABLE t (x)")
                let other = try DatabaseQueue(path: path)
                let (isHeld, gate) = (Shared(false), Gate())
                // Reason for the thread: it holds the lock during the body, as another process would.
                Thread.detachNewThread {
                    try? other.inTransaction(.immediate) { database in
                        isHeld.withLock { $0 = true }
                        gate.pass()
                        return .rollback
                    }
                    isHeld.withLock { $0 = false }
                }
                try await eventually { isHeld.withLock { $0 } }
                defer { gate.open() }
                try await body(connection)
                gate.open()
                try await eventually { isHeld.withLock { !$0 } }
            }
        }
    }

    @Test("A write waits for the busy timeout in the environment's time, and then reports a locked database.")
    func timeout() async throws {
        let time = ManualTime()
        try await self.withLockedFile(busyTimeout: .seconds(5), time) { connection in
            // Reason for the task: time passes while it waits.
            let writing = Task { await refusal { try await connection.execute("INSERT INTO t VALUES (1)") } }
            let isOver = Shared(false)
            // Reason for the task: it records when the other has ended.
            let watching = Task {
                _ = await writing.value
                isOver.withLock { $0 = true }
            }
            var passed = Duration.zero
            while passed < .milliseconds(4_990) {
                try await eventually { time.deadlineCount > 0 }
                #expect(!isOver.withLock { $0 })
                time.pass(.milliseconds(10))
                passed += .milliseconds(10)
            }
            try await eventually { time.deadlineCount > 0 }
            time.pass(.milliseconds(10))
            let error = try #require(await writing.value)
            #expect(error.code == .busy)
            #expect(error.resultCode == 5)
            #expect(error.description.contains("database is locked"))
            #expect(error.description.contains("busy timeout"))
            await watching.value
        }
    }

    @Test("A timeout of zero does not wait, and readers never wait.")
    func noTimeout() async throws {
        let time = ManualTime()
        try await self.withLockedFile(busyTimeout: .zero, time) { connection in
            #expect(await refusal { try await connection.execute("INSERT INTO t VALUES (1)") }?.code == .busy)
            #expect(try await connection.query("SELECT count(*) FROM t") == [[0]])
            try await connection.ping()
        }
    }

    @Test("A write that is canceled while it waits for the lock ends at once.", .timeLimit(.minutes(1)))
    func cancelled() async throws {
        let time = ManualTime()
        try await self.withLockedFile(busyTimeout: .seconds(5), time) { connection in
            // Reason for the task: it is canceled. No time passes.
            let writing = Task { try await connection.execute("INSERT INTO t VALUES (1)") }
            try await eventually { time.deadlineCount > 0 }
            writing.cancel()
            await #expect(throws: CancellationError.self) { try await writing.value }
            #expect(time.deadlineCount == 0)
            #expect(try await connection.query("SELECT count(*) FROM t") == [[0]])
        }
    }

    @Test("A waiting write continues as soon as the lock is free.")
    func continuesWhenUnlocked() async throws {
        try await withFile { path in
            try await withConnection(.file(path)) { first in
                try await first.execute("CREATE TABLE t (x)")
                try await withConnection(.file(path)) { second in
                    let gate = Gate()
                    async let holding: Void = first.write { database in
                        try database.execute(sql: "INSERT INTO t VALUES (1)")
                        gate.pass()
                    }
                    try await eventually { gate.waiting == 1 }
                    async let waiting: Void = second.execute("INSERT INTO t VALUES (2)")
                    try await Task.sleep(for: .milliseconds(20))
                    gate.open()
                    try await holding
                    try await waiting
                    #expect(try await first.query("SELECT x FROM t") == [[1], [2]])
                }
            }
        }
    }
}
