import Foundation
import LoopbackServers
import PostgresResources
import ResourceContainer
import Testing

extension PostgresTests {
    @Suite("Cancellation and deadlines")
    struct CancellationTests {
        @Test("cancelling a statement's task ends the statement at the server, and the same connection answers next")
        func cancelled() async throws {
            try await withConnection { connection in
                try await withConnection(as: "observer") { (observer) async throws in
                    for _ in 0..<5 {
                        let task = Task { try await connection.execute("SELECT pg_sleep(60)") }
                        #expect(try await eventually { try await observer.running(on: "resmon") == 1 })
                        task.cancel()
                        let took = await duration { await #expect(throws: CancellationError.self) { try await task.value } }
                        #expect(took < .seconds(5))
                        #expect(try await observer.running(on: "resmon") == 0)
                        #expect(connection.isUsable)
                        #expect(try await connection.answers)
                    }
                }
            }
        }

        @Test("a cancellation that comes as soon as the statement is sent is not lost, and the next statement does not get it")
        func cancelledAtOnce() async throws {
            try await withConnection { connection in
                for round in 0..<60 {
                    let task = Task { try await connection.execute("SELECT pg_sleep(60)") }
                    try await Task.sleep(for: .microseconds(round * 20))
                    task.cancel()
                    await #expect(throws: CancellationError.self) { try await task.value }
                    try #require(try await connection.answers)
                }
                try await withConnection(as: "observer") { (observer) async throws in #expect(try await observer.running(on: "resmon") == 0)
                }
            }
        }

        @Test("a cancellation that overtakes its statement is sent again")
        func overtaking() async throws {
            try await withConnection { connection in
                let process = try await connection.query("SELECT pg_backend_pid() AS pid").rows[0].value("pid", as: Int.self)
                // The server's process finds both when it goes on: first the request, while it does nothing, and then the statement.
                kill(pid_t(process), SIGSTOP)
                let task = Task { try await connection.execute("SELECT pg_sleep(60)") }
                try await Task.sleep(for: .milliseconds(50))
                task.cancel()
                try await Task.sleep(for: .milliseconds(150))
                kill(pid_t(process), SIGCONT)
                await #expect(throws: CancellationError.self) { try await task.value }
                #expect(connection.isUsable)
                #expect(try await connection.answers)
            }
        }

        @Test("a task that is cancelled before its statement sends nothing")
        func cancelledBefore() async throws {
            try await withConnection { connection in
                try await connection.execute("CREATE TEMPORARY TABLE t (n int)")
                let task = Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    try await connection.execute("INSERT INTO t VALUES (1)")
                }
                await #expect(throws: CancellationError.self) { try await task.value }
                #expect(try await connection.query("SELECT * FROM t").rows.isEmpty)
            }
        }

        @Test("a task that is cancelled while it waits for its turn leaves, and the others are served")
        func cancelledInQueue() async throws {
            try await withConnection { connection in
                let first = Task { try await connection.execute("SELECT pg_sleep(0.5)") }
                let second = Task { try await connection.execute("SELECT pg_sleep(60)") }
                let third = Task { try await connection.answers }
                try await Task.sleep(for: .milliseconds(50))
                second.cancel()
                await #expect(throws: CancellationError.self) { try await second.value }
                try await first.value
                #expect(try await third.value)
            }
        }

        @Test("a large answer that is not wanted any more is read to its end")
        func largeAnswer() async throws {
            try await withConnection { connection in
                for pause in [1, 5, 20, 60] {
                    let task = Task { try await connection.query("SELECT repeat('x', 1000) FROM generate_series(1, 500000)") }
                    try await Task.sleep(for: .milliseconds(pause))
                    task.cancel()
                    await #expect(throws: CancellationError.self) { _ = try await task.value }
                    #expect(try await connection.answers)
                }
            }
        }

        @Test("a statement that takes longer than it may is cancelled, and the connection goes on")
        func statementTimeout() async throws {
            try await withConnection({ $0.statementTimeout = .milliseconds(200) }) { connection in
                let took = try await duration {
                    let error = try await postgresError { try await connection.execute("SELECT pg_sleep(60)") }
                    #expect(error.code == .timedOut)
                    #expect(error.action == "\"SELECT pg_sleep(60)\"")
                    #expect(error.message == "it did not end within 0.2 seconds and was cancelled")
                }
                #expect(took < .seconds(5))
                #expect(try await connection.answers)
                try await withConnection(as: "observer") { (observer) async throws in #expect(try await observer.running(on: "resmon") == 0)
                }
            }
        }

        @Test("without a timeout a statement takes as long as it takes")
        func noTimeout() async throws {
            try await withConnection({ $0.statementTimeout = nil }) { connection in
                try await connection.execute("SELECT pg_sleep(0.3)")
            }
        }

        @Test("dispose ends the statement under way at the server, refuses those that wait, and disconnects")
        func dispose() async throws {
            try await withConnection(as: "observer") { (observer) async throws in
                let connection = PostgresConnection(try TestServers.current.shared.configuration(as: "disposed"))
                try await connection.initialize()
                let first = Task { try await connection.execute("SELECT pg_sleep(60)") }
                #expect(try await eventually { try await observer.running(on: "disposed") == 1 })
                let second = Task { try await connection.ping() }
                try await Task.sleep(for: .milliseconds(20))
                let took = try await duration { try await connection.dispose() }
                #expect(took < .seconds(5))
                #expect(try await postgresError { try await first.value }.code == .closed)
                #expect(try await postgresError { try await second.value }.code == .closed)
                #expect(try await eventually { try await observer.count(of: "disposed") == 0 })
            }
        }

        @Test("a server that does not even answer a cancellation costs the connection, within the cancel timeout")
        func deafServer() async throws {
            let server = try await TestServers.current.template.server()
            try await withConnection(to: server, { $0.cancelTimeout = .milliseconds(300) }) { connection in
                #expect(try await connection.answers)
                server.pause()
                let task = Task { try await connection.execute("SELECT 1") }
                try await Task.sleep(for: .milliseconds(50))
                task.cancel()
                let took = await duration { await #expect(throws: CancellationError.self) { try await task.value } }
                #expect(took < .seconds(5))
                #expect(!connection.isUsable)
                let error = try await postgresError { try await connection.ping() }
                #expect(error.code == .connectionLost)
                #expect(error.message.hasPrefix("the connection was lost before: a statement was cancelled"))
                server.resume()
            }
            await server.stop()
        }

        @Test("a connection that the server ends says so, and is not usable any more")
        func terminated() async throws {
            try await withConnection(as: "victim") { connection in
                let task = Task { try await connection.execute("SELECT pg_sleep(60)") }
                try await withConnection(as: "observer") { (observer) async throws in
                    #expect(try await eventually { try await observer.running(on: "victim") == 1 })
                    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'"
                    try await observer.execute(kill)
                }
                let error = try await postgresError { try await task.value }
                #expect(error.code == .connectionLost)
                #expect(error.sqlState == "57P01")
                #expect(!connection.isUsable)
                #expect(try await postgresError { try await connection.ping() }.code == .connectionLost)
            }
        }
    }
}
