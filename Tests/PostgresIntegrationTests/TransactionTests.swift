import LoopbackServers
import PostgresResources
import Testing

extension PostgresTests {
    @Suite("PostgreSQL transactions")
    struct TransactionTests {
        private struct Failure: Error {}

        /// Runs `body` with a connection and an empty table `entries (n int)`, which other connections see.
        private func withTable(_ body: (PostgresConnection) async throws -> Void) async throws {
            try await withConnection { connection in
                try await connection.execute("DROP TABLE IF EXISTS entries; CREATE TABLE entries (n int)")
                try await body(connection)
            }
        }

        private func entries(_ connection: PostgresConnection) async throws -> [PostgresValue] {
            try await connection.query("SELECT n FROM entries ORDER BY n").rows.map { $0[0] }
        }

        @Test("A transaction is committed when its body returns, and returns the body's result.")
        func commit() async throws {
            try await self.withTable { connection in
                let result = try await connection.withTransaction { connection in
                    try await connection.execute("INSERT INTO entries VALUES (1)")
                    return try await connection.query("INSERT INTO entries VALUES ($1) RETURNING n", [2]).rows[0][0]
                }
                #expect(result == 2)
                #expect(try await withConnection { try await self.entries($0) } == [1, 2])
            }
        }

        @Test("A transaction is rolled back when its body throws, and throws the body's error.")
        func rollback() async throws {
            try await self.withTable { connection in
                await #expect(throws: Failure.self) {
                    try await connection.withTransaction { connection in
                        try await connection.execute("INSERT INTO entries VALUES (1)")
                        throw Failure()
                    }
                }
                #expect(try await self.entries(connection) == [])
                try await connection.withTransaction { try await $0.execute("INSERT INTO entries VALUES (3)") }
                #expect(try await self.entries(connection) == [3])
            }
        }

        @Test("A transaction whose task is canceled during a statement is rolled back, and the connection stays usable.")
        func cancelled() async throws {
            try await self.withTable { connection in
                let task = Task {
                    try await connection.withTransaction { connection in
                        try await connection.execute("INSERT INTO entries VALUES (1)")
                        try await connection.execute("SELECT pg_sleep(60)")
                    }
                }
                try await withConnection(as: "observer") { (observer) async throws in
                    #expect(try await eventually { try await observer.running(on: "resmon") == 1 })
                    task.cancel()
                    await #expect(throws: CancellationError.self) { try await task.value }
                    #expect(try await self.entries(connection) == [])
                    let idle = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'resmon' AND state <> 'idle'"
                    #expect(try await observer.query(idle).rows[0][0] == 0)
                }
            }
        }

        @Test("A transaction is committed even if its task is canceled after the body's last statement.")
        func cancelledAtTheEnd() async throws {
            try await self.withTable { connection in
                let task = Task {
                    try await connection.withTransaction { connection in
                        try await connection.execute("INSERT INTO entries VALUES (1)")
                        withUnsafeCurrentTask { $0?.cancel() }
                    }
                }
                try await task.value
                #expect(try await self.entries(connection) == [1])
            }
        }

        @Test("A transaction with a failed statement throws, even if the body returned.")
        func swallowed() async throws {
            try await self.withTable { connection in
                let error = try await postgresError {
                    try await connection.withTransaction { connection in
                        try await connection.execute("INSERT INTO entries VALUES (1)")
                        try? await connection.execute("SELECT 1/0")
                    }
                }
                #expect(error.code == .serverError)
                #expect(error.action == "committing")
                #expect(try await self.entries(connection) == [])
            }
        }

        @Test("Statements of the body and its child tasks belong to the transaction; those of other tasks wait.")
        func others() async throws {
            try await self.withTable { connection in
                var other: Task<Void, any Error>?
                try await connection.withTransaction { connection in
                    // A task outside the transaction: it must not inherit the transaction from this task.
                    other = Task.detached { try await connection.execute("INSERT INTO entries VALUES (9)") }
                    async let first: Void = connection.execute("INSERT INTO entries VALUES (1)")
                    async let second: Void = connection.execute("INSERT INTO entries VALUES (2)")
                    _ = try await (first, second)
                    try await Task.sleep(for: .milliseconds(50))
                    #expect(try await self.entries(connection) == [1, 2])
                }
                try await other?.value
                #expect(try await self.entries(connection) == [1, 2, 9])
            }
        }

        @Test("A task that outlives the transaction it began in is no longer part of it.")
        func outlived() async throws {
            try await self.withTable { connection in
                var late: Task<Void, any Error>?
                let gate = AsyncStream.makeStream(of: Void.self)
                try await connection.withTransaction { connection in
                    late = Task {
                        for await _ in gate.stream { break }
                        try await connection.withTransaction { try await $0.execute("INSERT INTO entries VALUES (5)") }
                    }
                    try await connection.execute("INSERT INTO entries VALUES (1)")
                }
                gate.continuation.yield()
                try await late?.value
                #expect(try await self.entries(connection) == [1, 5])
            }
        }

        @Test("A nested transaction on the same connection is refused and does not deadlock.")
        func nested() async throws {
            try await self.withTable { connection in
                let error = try await postgresError {
                    try await connection.withTransaction { try await $0.withTransaction { try await $0.ping() } }
                }
                #expect(error.code == .misuse)
                #expect(error.message.contains("SAVEPOINT"))
                #expect(try await connection.answers)
            }
        }

        @Test("A nested transaction on another connection is independent.")
        func twoConnections() async throws {
            try await self.withTable { connection in
                try await withConnection { (other) async throws in
                    await #expect(throws: Failure.self) {
                        try await connection.withTransaction { connection in
                            try await connection.execute("INSERT INTO entries VALUES (1)")
                            try await other.withTransaction { other in
                                try await other.execute("INSERT INTO entries VALUES (2)")
                                try await connection.execute("INSERT INTO entries VALUES (3)")
                            }
                            throw Failure()
                        }
                    }
                    #expect(try await self.entries(other) == [2])
                }
            }
        }
    }
}
