import LoopbackServers
import RedisResources
import ResourceContainer
import ResourceMonitoring
import Testing

@Suite("Redis in a container")
struct BoundClientTests {
    @Test("A client that is bound as a resource connects at its first use and disconnects with its scope.")
    func client() async throws {
        let server = try await RedisServer()
        try await self.live(server) { container in
            try container.bind(RedisClient.self) { RedisClient(server.configuration()) }
        }
    }

    @Test("A client that is bound with the lifecycle of its binding connects and disconnects in the same way.")
    func managed() async throws {
        let server = try await RedisServer()
        try await self.live(server) { container in
            try container.bind(
                RedisClient.self,
                lifecycle: .managed(onInitialize: { try await $0.connect() }, onDispose: { await $0.disconnect() })
            ) { RedisClient(server.configuration()) }
        }
    }

    /// A usage example: resolves a client in a scope and uses it.
    private func live(_ server: RedisServer, bind: (Container) throws -> Void) async throws {
        let container = Container()
        let subscription = container.subscribe()
        try bind(container)
        try await container.withScope("request") { scope in
            #expect(try await server.clients().isEmpty)
            let redis = try await scope.get(RedisClient.self)
            #expect(try await server.clients().count == 1)
            try await redis.set("key", "value")
            #expect(try await redis.get("key") == "value")
            #expect(try await scope.get(RedisClient.self) === redis)
        }
        #expect(try await server.comesToHave(0))
        let kinds = subscription.drain().events.filter { $0.resource != nil }.map { event in
            switch event.kind {
            case .initializing: "initializing"
            case .ready: "ready"
            case .disposing: "disposing"
            case .disposed: "disposed"
            case let other: "\(other)"
            }
        }
        #expect(kinds == ["initializing", "ready", "disposing", "disposed"])
        let books = container.books().1
        #expect(books.isBalanced)
        #expect(books.created == 1)
        #expect(books.disposed == 1)
        #expect(books.errors == 0)
        try await container.close()
    }

    @Test("Health checks use a client and a pool through an outage and the recovery.")
    func health() async throws {
        let server = try await RedisServer()
        let container = Container()
        try container.bind(RedisClient.self, lifetime: .singleton) { RedisClient(server.configuration()) }
        try container.bind(RedisConnection.self, lifetime: .singleton) { RedisConnection(server.configuration()) }
        try container.bind(RedisPool.self, lifetime: .singleton) {
            try RedisPool(server.configuration(), pool: PoolConfiguration(maximum: 2), healthTimeout: .milliseconds(500))
        }
        try await container.get(RedisClient.self).ping()
        try await container.get(RedisConnection.self).ping()
        try await container.get(RedisPool.self).ping()
        let checker = HealthChecker(container, deadline: .seconds(2))
        func answers() async -> [String] {
            let results = await checker.checkAll()
            return container.resources().map { "\($0.label): \(results[$0.id].map { "\($0.probe) \($0.status)" } ?? "-")" }
        }
        let healthy = ["RedisClient: ping healthy", "RedisConnection: ping healthy", "RedisPool: health_check healthy"]
        #expect(try await eventually { await answers() == healthy })
        server.pause()
        #expect(await answers() == ["RedisClient: ping error", "RedisConnection: ping error", "RedisPool: health_check unhealthy"])
        server.resume()
        // The first checks are delayed by the replies that the server owes.
        #expect(try await eventually { await answers() == healthy })
        let report = try await container.close()
        #expect(report.entries.allSatisfy { $0.outcome == .disposed })
        #expect(try await server.comesToHave(0))
    }

    @Test("50 tasks share 4 connections, and the server never sees a fifth.")
    func bounded() async throws {
        let server = try await RedisServer()
        let container = Container()
        let subscription = container.subscribe()
        try container.bind(RedisPool.self, lifetime: .singleton) {
            try RedisPool(server.configuration(), name: "cache", pool: PoolConfiguration(maximum: 4))
        }
        let pool = try await container.get(RedisPool.self)
        let most = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<50 {
                group.addTask {
                    for round in 0..<4 {
                        try await pool.withConnection { redis in
                            try await redis.set("\(task)", "\(round)")
                            let clients = try await redis.command("CLIENT", "LIST").text ?? ""
                            most.raise(to: clients.split(separator: "\n").count)
                            #expect(try await redis.get("\(task)") == "\(round)")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect((1...4).contains(most.count))
        #expect(try await eventually { pool.poolSample().idle == 4 && pool.poolSample().pending == 0 })
        let sample = pool.poolSample()
        #expect(sample.isBalanced)
        #expect(sample.name == "cache")
        #expect(sample.made == 4)
        #expect(sample.leases >= 200)
        #expect(sample.closed == 0)
        #expect(try await server.comesToHave(4))
        #expect(try await server.withConnection { try await $0.command("INFO", "stats") }.text?.contains("rejected_connections:0") == true)
        try await container.close()
        #expect(try await server.comesToHave(0))
        #expect(!everythingSaid(by: container, subscription).contains(server.password))
    }

    @Test("A released connection is leased again without its open transaction; a broken one is not leased again.")
    func returned() async throws {
        let server = try await RedisServer()
        let pool = try RedisPool(server.configuration(), pool: PoolConfiguration(maximum: 1))
        let first = try await pool.withConnection { redis in
            try await redis.command("MULTI")
            try await redis.command("SET", "a", "queued")
            try await redis.command("SELECT", "2")
            return try await redis.command("PING")
        }
        #expect(first == .status("QUEUED"))
        #expect(try await pool.get("a") == nil)
        #expect(pool.poolSample().made == 1)
        let lost = try await failure {
            try await pool.withConnection { redis in
                try await redis.command("QUIT")
                try await redis.ping()
            }
        }
        #expect(lost.code == .connectionLost)
        try await pool.ping()
        #expect(pool.poolSample().made == 2)
        #expect(pool.poolSample().brokenDiscarded == 1)
        #expect(pool.poolSample().isBalanced)
        try await pool.dispose()
        #expect(try await server.comesToHave(0))
    }
}
