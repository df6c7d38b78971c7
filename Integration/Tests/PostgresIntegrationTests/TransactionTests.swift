import LoopbackServers
import PostgresResources
import Testing

extension PostgresTests {
    @Suite("Transactions")
    struct TransactionTests {
        private struct Failure: Error {}

        /// A connection with an empty table `entries (n int)` that others see as well.
        private func withTable(_ body: (PostgresConnection) async throws -> Void) async throws {
            try await withConnection { connection in
                try await connection.execute("DROP TABLE IF EXISTS entries; CREATE TABLE entries (n int)")
                try await body(connection)
            }
        }

        private func entries(_ connection: PostgresConnection) async throws -> [PostgresValue] {
            try await connection.query("SELECT n FROM entries ORDER BY n").rows.map { $0[0] }
        }

        @Test("a transaction is committed when its body returns, with what the body returns")
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

        @Test("a transaction is rolled back when its body throws, with what the body throws")
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

        @Test("a transaction is rolled back when its task is cancelled in the middle of a statement, and the connection goes on")
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

        @Test("a transaction is committed even if its task is cancelled once the body has done its work")
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

        @Test("a transaction does not pass for committed if a statement had failed and the body returned all the same")
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

        @Test("a transaction has the statements of its body and of its child tasks; those of others wait until it is over")
        func others() async throws {
            try await self.withTable { connection in
                var other: Task<Void, any Error>?
                try await connection.withTransaction { connection in
                    // A task that is not in the transaction: it must not inherit that from this one.
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

        @Test("a task that was begun in a transaction and outlives it is in it no longer")
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

        @Test("a transaction inside another one of the same connection is refused, and does not wait for itself")
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

        @Test("a transaction inside one of another connection is its own")
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
