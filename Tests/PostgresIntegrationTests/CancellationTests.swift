import Foundation
import LoopbackServers
import PostgresResources
import ResourceContainer
import Testing

extension PostgresTests {
    @Suite("PostgreSQL cancellation and timeouts")
    struct CancellationTests {
        @Test("Canceling the task of a statement ends the statement at the server, and the connection stays usable.")
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

        @Test("A cancellation right after sending a statement cancels that statement and not the next one.")
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

        @Test("A cancel request that arrives before its statement is sent again.")
        func cancelRequestBeforeStatement() async throws {
            try await withConnection { connection in
                let process = try await connection.query("SELECT pg_backend_pid() AS pid").rows[0].value("pid", as: Int.self)
                // When the server's process continues, it finds the request first, while it is idle, and then the statement.
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

        @Test("A task that is canceled before its statement sends nothing.")
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

        @Test("A task that is canceled while it waits for its turn throws, and the others are served.")
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

        @Test("A large result that is no longer needed is read to its end.")
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

        @Test("A statement that exceeds its timeout is canceled, and the connection stays usable.")
        func statementTimeout() async throws {
            try await withConnection({ $0.statementTimeout = .milliseconds(200) }) { connection in
                let took = try await duration {
                    let error = try await postgresError { try await connection.execute("SELECT pg_sleep(60)") }
                    #expect(error.code == .timedOut)
                    #expect(error.action == "\"SELECT pg_sleep(60)\"")
                    #expect(error.message == "it did not end within 0.2 seconds and was canceled")
                }
                #expect(took < .seconds(5))
                #expect(try await connection.answers)
                try await withConnection(as: "observer") { (observer) async throws in #expect(try await observer.running(on: "resmon") == 0)
                }
            }
        }

        @Test("A statement without a timeout is not limited.")
        func noTimeout() async throws {
            try await withConnection({ $0.statementTimeout = nil }) { connection in
                try await connection.execute("SELECT pg_sleep(0.3)")
            }
        }

        @Test("Dispose cancels the running statement at the server, refuses waiting ones, and disconnects.")
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

        @Test("If the server does not end a canceled statement within the cancel timeout, the connection is closed.")
        func serverIgnoresCancellation() async throws {
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
                #expect(error.message.hasPrefix("the connection was lost before: a statement was canceled"))
                server.resume()
            }
            await server.stop()
        }

        @Test("A connection that the server ends reports the cause and is no longer usable.")
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
