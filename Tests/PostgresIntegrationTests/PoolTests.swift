import LoopbackServers
import PostgresResources
import ResourceContainer
import Testing

extension PostgresTests {
    @Suite("PostgreSQL connection pools")
    struct PoolTests {
        @Test("Many tasks share few connections, and the server never sees more than the maximum.")
        func manyTasks() async throws {
            let pool = try PostgresPool(TestServers.current.shared.configuration(), maximum: 4)
            try await withConnection(as: "observer") { (observer) async throws in
                let answers = try await withThrowingTaskGroup(of: (answer: PostgresValue, seen: Int).self) { group in
                    for number in 0..<50 {
                        group.addTask {
                            try await pool.withConnection { connection in
                                let answer = try await connection.query("SELECT $1::int, pg_sleep(0.01)", [.integer(Int64(number))])
                                return (answer.rows[0][0], try await connection.count(of: "resmon"))
                            }
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(Set(answers.map(\.answer)) == Set((0..<50).map { .integer($0) }))
                #expect(answers.allSatisfy { 1...4 ~= $0.seen })
                #expect(answers.contains { $0.seen == 4 })
                #expect(try await eventually { pool.poolSample().idle == 4 })
                let sample = pool.poolSample()
                #expect(sample.isBalanced)
                #expect(sample.made == 4)
                #expect(sample.leases == 50)
                #expect(sample.resetFailures == 0)
                try await pool.dispose()
                #expect(try await eventually { try await observer.count(of: "resmon") == 0 })
            }
        }

        @Test("State that a holder leaves in the session is reset before the next lease.")
        func reset() async throws {
            let pool = try PostgresPool(TestServers.current.shared.configuration(), maximum: 1)
            let first = try await pool.withConnection { connection in
                try await connection.execute("SET work_mem = '123kB'; CREATE TEMPORARY TABLE mine (n int); SELECT pg_advisory_lock(7)")
                try await connection.execute("BEGIN; SELECT 1")
                return try await connection.query("SELECT pg_backend_pid()").rows[0][0]
            }
            let second = try await pool.withConnection { connection in
                #expect(try await connection.query("SHOW work_mem").rows[0][0] != "123kB")
                #expect(try await connection.query("SELECT to_regclass('mine')::text").rows[0][0] == .null)
                #expect(try await connection.query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").rows[0][0] == 0)
                // Fails inside a transaction.
                try await connection.execute("VACUUM pg_class")
                let process = try await connection.query("SELECT pg_backend_pid()").rows[0][0]
                // Leaves a failed transaction open.
                try await connection.execute("BEGIN")
                try? await connection.execute("SELECT 1/0")
                return process
            }
            #expect(second == first)
            #expect(try await pool.query("SELECT pg_backend_pid()").rows[0][0] == first)
            try await pool.dispose()
        }

        @Test("A pool that only rolls back keeps the settings of the session.")
        func rollbackOnly() async throws {
            var configuration = try TestServers.current.shared.configuration()
            configuration.sessionReset = .rollback
            let pool = try PostgresPool(configuration, maximum: 1)
            try await pool.execute("SET work_mem = '123kB'")
            try await pool.execute("BEGIN")
            try await pool.withConnection { connection in
                try await connection.execute("VACUUM pg_class")
                #expect(try await connection.query("SHOW work_mem").rows[0][0] == "123kB")
            }
            try await pool.dispose()
        }

        @Test("A connection that breaks while leased is closed, and the next holder gets another one.")
        func broken() async throws {
            let pool = try PostgresPool(TestServers.current.shared.configuration(), maximum: 1)
            let error = try await postgresError { try await pool.execute("SELECT pg_terminate_backend(pg_backend_pid())") }
            #expect(error.code == .connectionLost)
            #expect(try await pool.query("SELECT 42").rows[0][0] == 42)
            let sample = pool.poolSample()
            #expect(sample.brokenDiscarded == 1)
            #expect(sample.made == 2)
            #expect(sample.isBalanced)
            try await pool.dispose()
        }

        @Test("A connection that the server ended while it was idle is detected before it is leased.")
        func endedWhileIdle() async throws {
            let pool = try PostgresPool(
                TestServers.current.shared.configuration(),
                pool: PoolConfiguration(maximum: 1, validationFreshness: .zero)
            )
            try await pool.ping()
            try await pool.execute("SELECT 1")
            // A connection that ends during its reset fails the reset.
            #expect(try await eventually { pool.poolSample().idle == 1 })
            try await withConnection(as: "observer") { (observer) async throws in
                try await observer.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN ('resmon', 'resmon health')"
                )
                #expect(try await eventually { try await observer.count(of: "resmon") == 0 })
            }
            #expect(try await pool.query("SELECT 42").rows[0][0] == 42)
            #expect(pool.poolSample().validationFailures == 1)
            // The first check finds its connection closed; the next check opens another.
            #expect(try await pool.healthCheck().status == .unhealthy)
            #expect(try await pool.healthCheck().status == .healthy)
            try await pool.dispose()
        }

        @Test("At the server's connection limit, acquiring fails with it and health is degraded; both recover.")
        func connectionLimit() async throws {
            let server = try await TestServers.current.template.server(["max_connections": "4"])
            let pool = try PostgresPool(
                server.configuration(),
                pool: PoolConfiguration(maximum: 2, acquireBudget: .milliseconds(500)),
                healthTimeout: .seconds(5)
            )
            try await withConnection(to: server, as: "observer") { (observer) async throws in
                let others = (0..<2).map { _ in PostgresConnection(server.configuration(as: "other")) }
                for other in others { try await other.initialize() }
                try await pool.withConnection { connection in
                    // The server's fourth and last connection; the pool would open another.
                    let error = await #expect(throws: PoolError.self) { try await pool.execute("SELECT 1") }
                    #expect(error?.code == .timedOut)
                    #expect(error?.phase == .creating)
                    let cause = try #require(error?.underlying as? PostgresError)
                    #expect(cause.code == .tooManyConnections)
                    #expect(cause.sqlState == "53300")
                    #expect(cause.message.contains("FATAL: sorry, too many clients already"))
                    #expect(error?.description.contains("max_connections") == true)
                    let report = try await pool.healthCheck()
                    #expect(report.status == .degraded)
                    #expect(report.message?.contains("too many clients") == true)
                    #expect(try await connection.answers)
                }
                for other in others { try await other.dispose() }
                let both = try await eventually(within: .seconds(20)) {
                    // Concurrently, so that they need the connection that could not be opened before.
                    async let first: Void? = try? pool.execute("SELECT pg_sleep(0.1)")
                    async let second: Void? = try? pool.execute("SELECT pg_sleep(0.1)")
                    let answers = await [first, second]
                    return answers.allSatisfy { $0 != nil } && pool.poolSample().made == pool.poolSample().failed + 2
                }
                #expect(both)
                #expect(try await eventually { try await pool.healthCheck().status == .healthy })
                #expect(pool.poolSample().isBalanced)
                #expect(try await eventually { pool.poolSample().idle == 2 })
                try await pool.dispose()
                #expect(try await eventually { try await observer.count(of: "resmon") + observer.count(of: "resmon health") == 0 })
            }
            await server.stop()
        }

        /// Leases `count` connections at once, so that the pool makes as many.
        private static func lease(_ count: Int, of pool: PostgresPool) async throws {
            try await pool.withConnection { connection in
                try await connection.execute("SELECT 1")
                if count > 1 { try await Self.lease(count - 1, of: pool) }
            }
        }

        @Test("Closing the container closes every connection, including leased ones when they are released.")
        func closing() async throws {
            let configuration = try TestServers.current.shared.configuration()
            let container = Container()
            try container.bind(PostgresPool.self, lifetime: .singleton) { try PostgresPool(configuration, maximum: 5) }
            try await withConnection(as: "observer") { (observer) async throws in
                try await container.withScope("work") { scope in
                    let pool = try await scope.get(PostgresPool.self)
                    try await Self.lease(5, of: pool)
                    #expect(try await pool.healthCheck().status == .healthy)
                    #expect(try await observer.count(of: "resmon") == 5)
                    #expect(try await observer.count(of: "resmon health") == 1)
                    #expect(container.poolSamples().map(\.name) == ["PostgreSQL"])
                    #expect(container.snapshot().bindings.map(\.type) == ["PostgresPool"])
                }
                let pool = try await container.get(PostgresPool.self)
                let lease = try await pool.pool.acquire()
                async let report = container.close()
                try await Task.sleep(for: .milliseconds(50))
                lease.release()
                #expect(try await report.isClean)
                #expect(try await eventually { try await observer.count(of: "resmon") + observer.count(of: "resmon health") == 0 })
                let sample = pool.poolSample()
                #expect(sample.isBalanced)
                #expect(sample.closed == sample.made)
                let report2 = try await pool.healthCheck()
                #expect(report2.status == .unhealthy)
                let refused = await #expect(throws: PoolError.self) { try await pool.execute("SELECT 1") }
                #expect(refused?.code == .closed)
            }
        }

        @Test("Tasks that are canceled at random times leave no lease, no statement, and no connection.")
        func sweep() async throws {
            let pool = try PostgresPool(
                TestServers.current.shared.configuration(),
                pool: PoolConfiguration(maximum: 4, slowThreshold: .seconds(60), leakThreshold: nil)
            )
            try await pool.execute("DROP TABLE IF EXISTS sweep; CREATE TABLE sweep (n int)")
            let seed = UInt64.random(in: 0...(.max))
            var random = SplitMix(state: seed)
            var tasks: [Task<Bool, any Error>] = []
            for number in 0..<200 {
                let task = Task { () async throws -> Bool in
                    switch number % 4 {
                    case 0: try await pool.execute("SELECT pg_sleep(0.005)")
                    case 1: _ = try await pool.query("SELECT repeat('x', 100) FROM generate_series(1, $1)", [3000])
                    case 2:
                        try await pool.withTransaction {
                            try await $0.execute("INSERT INTO sweep VALUES (\(number)); SELECT pg_sleep(0.002)")
                        }
                    default: try await pool.ping()
                    }
                    return true
                }
                tasks.append(task)
                let pause = Duration.microseconds(Int64.random(in: 0...8000, using: &random))
                Task {
                    try await Task.sleep(for: pause)
                    task.cancel()
                }
                try await Task.sleep(for: .microseconds(Int64.random(in: 0...3000, using: &random)))
            }
            var committed: Set<PostgresValue> = []
            for (number, task) in tasks.enumerated() {
                do {
                    if try await task.value, number % 4 == 2 { committed.insert(.integer(Int64(number))) }
                } catch is CancellationError {
                    continue
                } catch {
                    Issue.record("seed \(seed), task \(number): \(error)")
                }
            }
            #expect(try await eventually { pool.poolSample().leased + pool.poolSample().pending == 0 }, "seed \(seed)")
            let sample = pool.poolSample()
            #expect(sample.isBalanced)
            #expect(sample.waiting == 0)
            #expect(sample.resetFailures == 0)
            try await withConnection(as: "observer") { (observer) async throws in
                #expect(try await eventually { try await observer.count(of: "resmon") == sample.idle })
                #expect(try await observer.running(on: "resmon") == 0)
                // Committed rows exist; a canceled task may have committed without knowing it.
                let there = Set(try await observer.query("SELECT n FROM sweep").rows.map { $0[0] })
                #expect(committed.isSubset(of: there))
                // Concurrently, so that every connection is used.
                let leases = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            try await pool.withConnection { connection in
                                try await Task.sleep(for: .milliseconds(30))
                                return try await connection.answers
                            }
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(leases == [true, true, true, true])
                try await pool.dispose()
                #expect(try await eventually { try await observer.count(of: "resmon") + observer.count(of: "resmon health") == 0 })
            }
        }
    }
}

/// A random number generator with a seed.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (self.state ^ (self.state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
