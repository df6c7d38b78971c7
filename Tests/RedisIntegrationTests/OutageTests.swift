import LoopbackServers
import RedisResources
import ResourceContainer
import ResourceMonitoring
import Testing

@Suite("Redis outages")
struct OutageTests {
    @Test("A hanging server is unhealthy within the health timeout, times out acquisitions and commands, and recovers.")
    func hanging() async throws {
        let server = try await RedisServer()
        let limits = PoolConfiguration(maximum: 2, validationFreshness: .zero, validateTimeout: .seconds(60))
        let pool = try RedisPool(server.configuration(), pool: limits, healthTimeout: .seconds(1))
        try await pool.set("a", "x")
        #expect(try await eventually { try await pool.healthCheck() == HealthReport(.healthy) })
        let lease = try await pool.pool.acquire().detach()

        server.pause()
        let start = ContinuousClock.now
        let health = try await pool.healthCheck()
        #expect(health.status == .unhealthy)
        #expect(health.message?.contains("\(server.port)/0 did not answer within 1.0 seconds") == true)
        #expect(ContinuousClock.now - start < .seconds(5))
        let command = try await failure { try await lease.element.command("PING", timeout: .milliseconds(300)) }
        #expect(command.code == .timedOut)
        #expect(command.action == "PING")
        let acquisition = await #expect(throws: PoolError.self) {
            try await pool.withConnection(budget: .milliseconds(300)) { try await $0.ping() }
        }
        #expect(acquisition?.code == .timedOut)
        #expect(try await pool.healthCheck().status == .unhealthy)

        server.resume()
        #expect(try await eventually { try await pool.healthCheck().status == .healthy })
        try lease.handle.release()
        #expect(try await eventually { (try? await pool.get("a")) == "x" })
        #expect(try await eventually { pool.poolSample().pending == 0 })
        let sample = pool.poolSample()
        #expect(sample.isBalanced)
        #expect(sample.leased == 0)
        // The leased connections, and the one for health checks.
        #expect(try await server.comesToHave(sample.idle + 1))
        try await pool.dispose()
        #expect(try await server.comesToHave(0))
    }

    @Test("A health checker with all defaults reports a hanging server as unhealthy before its own timeout.")
    func defaults() async throws {
        let server = try await RedisServer()
        let container = Container()
        try container.bind(RedisPool.self, lifetime: .singleton) {
            try RedisPool(server.configuration(), pool: PoolConfiguration(maximum: 1))
        }
        _ = try await container.get(RedisPool.self)
        let checker = HealthChecker(container)
        #expect(try await eventually { await checker.checkAll().values.map(\.status) == [.healthy] })
        server.pause()
        #expect(try await eventually { await checker.checkAll().values.map(\.status) == [.unhealthy] })
        server.resume()
        _ = try await container.close()
        #expect(try await server.comesToHave(0))
    }

    @Test("The waiters in a pool's sample name the caller of a command.")
    func callerLocation() async throws {
        let server = try await RedisServer()
        let pool = try RedisPool(server.configuration(), pool: PoolConfiguration(maximum: 1))
        var tasks: [Task<Void, any Error>] = []
        try await pool.withConnection { _ async throws in
            tasks = [
                Task { _ = try await pool.get("a") }, Task { try await pool.set("a", "x") }, Task { try await pool.command("PING") },
            ]
            #expect(try await eventually { pool.poolSample().waiters.count == 3 })
            let locations = pool.poolSample().waiters.map { "\($0.location)" }
            #expect(locations.allSatisfy { $0.contains("OutageTests.swift") }, "\(locations)")
        }
        for task in tasks { try await task.value }
        try await pool.dispose()
    }

    @Test("A connect during another attempt that a disconnect ends makes a separate attempt.")
    func disconnectDuringConnect() async throws {
        let server = try await RedisServer()
        let client = RedisClient(server.configuration(connectTimeout: .seconds(30)))
        server.pause()
        let first = Task { try await client.connect() }
        try await Task.sleep(for: .milliseconds(100))
        let second = Task { try await client.connect() }
        try await Task.sleep(for: .milliseconds(100))
        await client.disconnect()
        server.resume()
        _ = await first.result
        try await second.value
        try await client.ping()
        await client.dispose()
    }

    @Test("A health check reaches the server even if the pool is exhausted.")
    func full() async throws {
        let server = try await RedisServer()
        let pool = try RedisPool(server.configuration(), pool: PoolConfiguration(maximum: 1), healthTimeout: .seconds(30))
        try await pool.withConnection { _ async throws in
            #expect(try await pool.healthCheck() == HealthReport(.healthy))
            #expect(try await pool.healthCheck() == HealthReport(.healthy))
            #expect(try await server.clients().count == 2)
        }
        try await pool.dispose()
        #expect(try await pool.healthCheck().status == .unhealthy)
        #expect(try await server.comesToHave(0))
    }

    @Test("Client and pool recover after the server was killed and restarted, and keep no extra connection.")
    func killed() async throws {
        let server = try await RedisServer()
        let client = RedisClient(server.configuration())
        try await client.connect()
        let pool = try RedisPool(server.configuration(), pool: PoolConfiguration(maximum: 3))
        let leases = [
            try await pool.pool.acquire().detach(), try await pool.pool.acquire().detach(), try await pool.pool.acquire().detach(),
        ]
        for lease in leases { try lease.handle.release() }
        #expect(try await pool.healthCheck() == HealthReport(.healthy))
        try await client.set("a", "before")
        // One command is running at that time.
        let underWay = Task { try await client.command("BLPOP", "queue", "0", timeout: .seconds(60)) }
        #expect(try await eventually { try await server.clients().contains { $0.contains("cmd=blpop") } })

        await server.kill()
        let interrupted = try await failure { _ = try await underWay.value }
        #expect(interrupted.code == .connectionLost)
        #expect(interrupted.action == "BLPOP")
        #expect(interrupted.mayHaveRun)
        #expect(try await failure { _ = try await client.get("a") }.code == .unreachable)
        for _ in 1...4 {
            await #expect(throws: (any Error).self) { try await pool.withConnection(budget: .milliseconds(200)) { try await $0.ping() } }
        }
        #expect(try await pool.healthCheck().status == .unhealthy)

        try await server.restart()
        // The client recovers at once; the pool after its pause for failed creations.
        #expect(try await client.get("a") == nil)
        try await client.set("a", "after")
        #expect(try await eventually { (try? await pool.get("a")) == "after" })
        #expect(try await eventually { try await pool.healthCheck() == HealthReport(.healthy) })
        #expect(try await eventually { pool.poolSample().pending == 0 })
        let sample = pool.poolSample()
        #expect(sample.isBalanced)
        #expect(sample.leased == 0)
        #expect(sample.idle >= 1)
        #expect(try await server.comesToHave(sample.idle + 2))

        // Restarted while idle: callers notice nothing.
        await server.kill()
        try await server.restart()
        #expect(try await client.get("a") == nil)
        #expect(try await pool.get("a") == nil)

        await client.disconnect()
        try await pool.dispose()
        #expect(try await server.comesToHave(0))
        #expect(pool.poolSample().isBalanced)
        #expect(pool.poolSample().idle == 0)
    }

    @Test("A server that dies while it receives data is a lost connection.")
    func diesWhileReading() async throws {
        let server = try await RedisServer()
        try await server.withConnection { redis in
            server.pause()
            let task = Task { try await redis.set("large", [UInt8](repeating: 0, count: 16 << 20)) }
            try await Task.sleep(for: .milliseconds(100))
            await server.kill()
            let error = try await failure { try await task.value }
            #expect(error.code == .connectionLost)
            #expect(error.action == "SET")
        }
    }

    @Test("Callers that wait for a failing connect get its error and do not each wait for another attempt.")
    func sharedFailure() async throws {
        let server = try await RedisServer()
        let client = RedisClient(server.configuration(connectTimeout: .seconds(1)))
        try await client.connect()
        await server.kill()
        try await server.restart()
        server.pause()
        let start = ContinuousClock.now
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask { await #expect(throws: RedisError.self) { try await client.ping() } }
            }
        }
        #expect(ContinuousClock.now - start < .seconds(10), "20 attempts, one after the other, take 20 s")
        server.resume()
        try await client.ping()
        await client.dispose()
        #expect(try await failure { try await client.connect() }.code == .notOpen)
        #expect(try await server.comesToHave(0))
    }

    @Test("A client refuses commands that a reconnect would undo, and commands while it is not connected.")
    func refusing() async throws {
        let server = try await RedisServer()
        let client = RedisClient(server.configuration())
        #expect(try await failure { try await client.ping() }.code == .notOpen)
        try await client.connect()
        try await client.connect()
        #expect(try await server.clients().count == 1)
        let pool = try RedisPool(server.configuration(), pool: PoolConfiguration(maximum: 1))
        for words in [["MULTI"], ["watch", "a"], ["SELECT", "1"], ["AUTH", "x"], ["QUIT"]] {
            #expect(try await failure { try await client.command(words) }.code == .misuse)
            #expect(try await failure { try await pool.command(words) }.code == .misuse)
        }
        await client.disconnect()
        #expect(try await failure { try await client.ping() }.code == .notOpen)
        try await client.connect()
        try await client.ping()
        await client.dispose()
        try await pool.dispose()
        #expect(try await server.comesToHave(0))
    }
}
