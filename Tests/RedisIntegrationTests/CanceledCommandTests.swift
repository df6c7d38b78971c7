import LoopbackServers
import RedisResources
import ResourceContainer
import Testing

@Suite("Canceled Redis commands")
struct CanceledCommandTests {
    @Test("A canceled command throws at once; a prompt reply is discarded, and the connection stays usable.")
    func discardedReply() async throws {
        let server = try await RedisServer()
        try await server.withConnection { other in
            // On a busy machine the reply may be late: the connection is then closed, and the test tries again.
            let livesOn = try await eventually {
                try await server.withConnection { redis in
                    let id = try await redis.command("CLIENT", "ID")
                    let task = Task { try await redis.command("BLPOP", "queue", "0", timeout: .seconds(600)) }
                    #expect(try await eventually { try await server.clients().contains { $0.contains("cmd=blpop") } })
                    async let next = redis.command("ECHO", "my own")
                    task.cancel()
                    await #expect(throws: CancellationError.self) { try await task.value }
                    try await other.command("RPUSH", "queue", "the answer to another")
                    do {
                        #expect(try await next.text == "my own")
                        return try await redis.command("CLIENT", "ID") == id
                    } catch let error as RedisError {
                        #expect(error.code == .connectionLost)
                        #expect(!error.mayHaveRun)
                        try await other.command("DEL", "queue")
                        return false
                    }
                }
            }
            #expect(livesOn)
        }
    }

    @Test("A canceled blocking command throws at once, and the server drops its client soon.")
    func blocking() async throws {
        let server = try await RedisServer()
        let redis = RedisConnection(server.configuration())
        try await redis.initialize()
        let task = Task { try await redis.command("BLPOP", "queue", "0", timeout: .seconds(600)) }
        #expect(try await eventually { try await server.clients().contains { $0.contains("cmd=blpop") } })
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        // The next command throws and does not get another command's reply.
        let next = try await failure { try await redis.command("ECHO", "my own") }
        #expect(next.code == .connectionLost)
        #expect(!next.mayHaveRun)
        #expect(!redis.isUsable)
        #expect(try await server.comesToHave(0))
        // A value that is pushed later is not consumed by the canceled command.
        try await server.withConnection { other in
            try await other.command("RPUSH", "queue", "order")
            #expect(try await other.command("LLEN", "queue") == .integer(1))
        }
        await redis.dispose()
    }

    @Test("A command that times out reports that, and its connection is not used again.")
    func timedOut() async throws {
        let server = try await RedisServer()
        try await server.withConnection { redis in
            let error = try await failure { try await redis.command("BLPOP", "queue", "0", timeout: .milliseconds(500)) }
            #expect(error.code == .timedOut)
            #expect(error.action == "BLPOP")
            #expect(error.mayHaveRun)
            let next = try await failure { try await redis.ping() }
            #expect(next.code == .connectionLost)
            #expect(next.action == "PING")
            #expect(next.message.contains("its task was canceled"))
        }
        #expect(try await server.comesToHave(0))
    }

    @Test("A command that is canceled before its turn is not sent.")
    func beforeItsTurn() async throws {
        let server = try await RedisServer()
        try await server.withConnection { redis in
            async let first = redis.command("BLPOP", "queue", "0", timeout: .seconds(600))
            #expect(try await eventually { try await server.clients().contains { $0.contains("cmd=blpop") } })
            let cancelled = Task { try await redis.set("a", "x") }
            try await Task.sleep(for: .milliseconds(10))
            cancelled.cancel()
            await #expect(throws: CancellationError.self) { try await cancelled.value }
            #expect(try await failure { try await redis.command("SET", "b", "x", timeout: .milliseconds(20)) }.code == .timedOut)
            try await server.withConnection { try await $0.command("RPUSH", "queue", "order") }
            #expect(try await first == .array([.string(Array("queue".utf8)), .string(Array("order".utf8))]))
            #expect(try await redis.command("EXISTS", "a", "b") == .integer(0))
        }
    }

    @Test("A command that is canceled half sent closes the connection.")
    func halfSent() async throws {
        let server = try await RedisServer()
        try await server.withConnection { redis in
            server.pause()
            // More than the system buffers for a server that does not read. When sending begins is not observable, so the test cancels
            // later and later until it has begun.
            var pause = Duration.milliseconds(20)
            while redis.isUsable, pause < .seconds(10) {
                let task = Task { try await redis.set("large", [UInt8](repeating: 0, count: 16 << 20)) }
                try await Task.sleep(for: pause)
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                pause *= 2
            }
            #expect(!redis.isUsable)
            server.resume()
            #expect(try await failure { try await redis.ping() }.code == .connectionLost)
        }
        #expect(try await server.comesToHave(0))
        #expect(try await server.withConnection { try await $0.get("large") } == nil)
    }

    @Test("A large command and its large reply are transferred through pauses of the server.")
    func large() async throws {
        let server = try await RedisServer()
        try await server.withConnection(server.configuration(commandTimeout: .seconds(30))) { redis in
            var bytes: [UInt8] = []
            while bytes.count < 4 << 20 { bytes += 0...250 }
            server.pause()
            async let setting: Void = redis.set("large", bytes)
            try await Task.sleep(for: .milliseconds(50))
            server.resume()
            try await setting
            #expect(try await redis.bytes(of: "large") == bytes)
        }
    }

    @Test("Dispose ends a running command, and the server drops both.")
    func disposed() async throws {
        let server = try await RedisServer()
        let redis = RedisConnection(server.configuration())
        try await redis.initialize()
        let task = Task { try await redis.command("BLPOP", "queue", "0", timeout: .seconds(600)) }
        #expect(try await eventually { try await server.clients().contains { $0.contains("cmd=blpop") } })
        // A canceled dispose still completes.
        let disposing = Task { await redis.dispose() }
        disposing.cancel()
        await disposing.value
        let error = try await failure { _ = try await task.value }
        #expect(error.code == .notOpen)
        #expect(error.action == "BLPOP")
        #expect(error.mayHaveRun)
        #expect(try await server.comesToHave(0))
    }

    @Test("Dispose ends a command that is half sent.")
    func disposedHalfSent() async throws {
        let server = try await RedisServer()
        let redis = RedisConnection(server.configuration())
        try await redis.initialize()
        server.pause()
        let task = Task { try await redis.set("large", [UInt8](repeating: 0, count: 16 << 20)) }
        try await Task.sleep(for: .milliseconds(300))
        await redis.dispose()
        #expect(try await failure { try await task.value }.code == .notOpen)
        server.resume()
        #expect(try await server.comesToHave(0))
    }

    @Test("200 tasks canceled at random times get their own replies, and the pool is intact afterward.", arguments: [1, 2, 3])
    func sweep(seed: UInt64) async throws {
        let server = try await RedisServer()
        let pool = try RedisPool(server.configuration(), pool: PoolConfiguration(maximum: 4, minimumSize: 4, prefill: .wait))
        try await pool.initialize()
        let (finished, interrupted) = (Counter(), Counter())
        try await withThrowingTaskGroup(of: Void.self) { group in
            var random = Sequence64(state: seed)
            for number in 0..<200 {
                let moment = random.next()
                group.addTask {
                    switch number % 4 {
                    case 0: try await self.visit(pool, number)
                    case 1: _ = try await self.leaving(after: .microseconds(Int64(moment % 100_000))) { try await self.visit(pool, number) }
                    default:
                        // One of the commands is canceled 10 µs to 10 ms after it begins, and the connection is used further.
                        let patience = Duration.microseconds(10 << (moment % 11))
                        try await self.visit(pool, number, leaving: Int((moment >> 8) % 7), after: patience, interrupted)
                    }
                    finished.add()
                }
            }
            try await group.waitForAll()
        }
        // Without these outcomes the test proves nothing.
        #expect(finished.count == 200, "\(finished.count) finished, \(interrupted.count) left a command")
        #expect(interrupted.count > 0, "\(finished.count) finished, \(interrupted.count) left a command")
        #expect(try await eventually { pool.poolSample().leased == 0 && pool.poolSample().pending == 0 })
        let sample = pool.poolSample()
        #expect(sample.isBalanced)
        #expect(sample.failed == 0)
        #expect(sample.abandoned == 0)
        #expect(sample.waiting == 0)
        #expect(try await server.comesToHave(sample.idle))
        var leases: [(connection: RedisConnection, handle: LeaseHandle)] = []
        for number in 0..<4 {
            let lease = try await pool.pool.acquire().detach()
            #expect(try await lease.element.command("ECHO", "again \(number)").text == "again \(number)")
            leases.append((lease.element, lease.handle))
        }
        for lease in leases {
            #expect(lease.connection.isUsable)
            try lease.handle.release()
        }
        try await pool.dispose()
        #expect(try await server.comesToHave(0))
    }

    /// Sets a separate key and reads it repeatedly.
    private func visit(
        _ pool: RedisPool,
        _ number: Int,
        leaving left: Int? = nil,
        after patience: Duration = .zero,
        _ interrupted: Counter? = nil
    ) async throws {
        try await pool.withConnection { redis in
            for step in 0...6 {
                do {
                    guard step == left else {
                        try await self.step(step, redis, number)
                        continue
                    }
                    if try await self.leaving(after: patience, { try await self.step(step, redis, number) }) { interrupted?.add() }
                } catch let error as RedisError where left != nil && error.code == .connectionLost && !error.mayHaveRun {
                    // The server was so slow that the connection was closed.
                    return
                }
            }
        }
    }

    private func step(_ step: Int, _ redis: RedisConnection, _ number: Int) async throws {
        switch step {
        case 0: try await redis.set("key-\(number)", "value-\(number)")
        case 6: #expect(try await redis.command("ECHO", "\(number)").text == "\(number)")
        default:
            // The command that set it may have been canceled before it was sent.
            let value = try await redis.get("key-\(number)")
            #expect(value == "value-\(number)" || value == nil)
        }
    }

    /// Runs `body` and cancels it after `patience`. Returns whether that ended it.
    private func leaving(after patience: Duration, _ body: @escaping @Sendable () async throws -> Void) async throws -> Bool {
        let task = Task { try await body() }
        try await Task.sleep(for: patience)
        task.cancel()
        do {
            try await task.value
            return false
        } catch is CancellationError {
            return true
        }
    }
}
