import LoopbackServers
import RedisResources
import ResourceContainer
import Testing

@Suite("Failures of connecting to Redis")
struct ConnectingTests {
    @Test("Without a server, connecting fails at once, and the error names the host and the port.")
    func withoutServer() async throws {
        let server = try await RedisServer()
        await server.stop()
        for host in ["127.0.0.1", "localhost"] {
            let start = ContinuousClock.now
            let error = try await failure {
                try await RedisConnection(RedisConfiguration(host: host, port: server.port, connectTimeout: .seconds(60))).initialize()
            }
            #expect(error.code == .unreachable)
            #expect(error.description.contains("\(host):\(server.port)"))
            #expect(error.description.contains("refused"))
            #expect(ContinuousClock.now - start < .seconds(30))
        }
        let error = try await failure { try await RedisConnection(RedisConfiguration(.unix(path: server.socket))).initialize() }
        #expect(error.code == .unreachable)
        #expect(error.description.contains(server.socket))
    }

    @Test("Each address of a host name is tried.")
    func severalAddresses() async throws {
        let server = try await RedisServer()
        // If localhost resolves to ::1 first, no server answers there.
        let configuration = RedisConfiguration(host: "localhost", port: server.port, password: server.password)
        try await server.withConnection(configuration) { try await $0.ping() }
    }

    @Test("A host that does not resolve is named in the error.")
    func unresolvable() async throws {
        // The label exceeds the maximum of 63 characters, so no name server is contacted.
        let host = String(repeating: "x", count: 64) + ".invalid"
        let error = try await failure { try await RedisConnection(RedisConfiguration(host: host)).initialize() }
        #expect(error.code == .unreachable)
        #expect(error.description.contains("\(host):6379"))
        #expect(error.description.contains("resolved"))
    }

    @Test("A wrong password is reported as such, and no text contains it.")
    func wrongPassword() async throws {
        let server = try await RedisServer()
        let wrong = "wrong-zebra-stapler"
        let error = try await failure { try await RedisConnection(server.configuration(password: wrong)).initialize() }
        #expect(error.code == .authentication)
        #expect(error.action == "AUTH")
        #expect(error.message.contains("WRONGPASS"))

        let container = Container()
        let subscription = container.subscribe()
        try container.bind(RedisClient.self, lifetime: .singleton) { RedisClient(server.configuration(password: wrong)) }
        let limits = PoolConfiguration(maximum: 1, minimumSize: 1, prefill: .wait, acquireBudget: .seconds(2))
        try container.bind(RedisPool.self, lifetime: .singleton) { try RedisPool(server.configuration(password: wrong), pool: limits) }
        var texts = [error.description, String(reflecting: error)]
        do { _ = try await container.get(RedisClient.self) } catch { texts += ["\(error)", String(reflecting: error)] }
        do { _ = try await container.get(RedisPool.self) } catch { texts += ["\(error)", String(reflecting: error)] }
        let pool = try RedisPool(server.configuration(password: wrong), pool: PoolConfiguration(maximum: 1))
        let health = try await pool.healthCheck()
        #expect(health.status == .unhealthy)
        texts.append(health.message ?? "")
        try await pool.dispose()
        texts.append(everythingSaid(by: container, subscription))
        #expect(texts.count == 8)
        for text in texts {
            #expect(text.contains("WRONGPASS"))
            #expect(!text.contains(wrong))
            #expect(!text.contains(server.password))
        }
        try await container.close()
        #expect(try await server.comesToHave(0))
    }

    @Test("A missing, an unexpected, and another user's password are authentication errors.")
    func otherLogins() async throws {
        let server = try await RedisServer()
        let missing = try await failure { try await RedisConnection(RedisConfiguration(port: server.port)).initialize() }
        #expect(missing.code == .authentication)
        #expect(missing.description.contains("no password is configured"))
        let stranger = RedisConfiguration(port: server.port, user: "stranger", password: server.password)
        #expect(try await failure { try await RedisConnection(stranger).initialize() }.code == .authentication)
        try await server.withConnection { try await $0.command("CONFIG", "SET", "requirepass", "") }
        let unwanted = try await failure { try await RedisConnection(server.configuration()).initialize() }
        #expect(unwanted.code == .authentication)
        #expect(!unwanted.description.contains(server.password))
        #expect(try await failure { try await RedisClient(server.configuration()).connect() }.code == .authentication)
    }

    @Test("A server that repeats its input does not disclose the password.")
    func serverRepeatsInput() async throws {
        // Without AUTH, the server answers: unknown command, with args beginning with: …
        let server = try await RedisServer(arguments: ["--rename-command", "AUTH", "LOGIN"])
        let error = try await failure { try await RedisConnection(server.configuration()).initialize() }
        #expect(error.code == .authentication)
        #expect(error.message.contains("AUTH"))
        #expect(!error.description.contains(server.password))
    }

    @Test("Connecting to a server that does not answer ends at the connect timeout.")
    func unresponsiveServer() async throws {
        let server = try await RedisServer()
        server.pause()
        let configuration = server.configuration(connectTimeout: .milliseconds(200))
        let error = try await failure { try await RedisConnection(configuration).initialize() }
        #expect(error.code == .timedOut)
        #expect(error.action == "connecting")
        #expect(error.description.contains("\(server.port)"))
        let client = RedisClient(configuration)
        #expect(try await failure { try await client.connect() }.code == .timedOut)
        // A canceled caller returns at once.
        let task = Task { try await RedisConnection(server.configuration(connectTimeout: .seconds(600))).initialize() }
        try await Task.sleep(for: .milliseconds(20))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        server.resume()
        #expect(try await server.comesToHave(0))
    }

    @Test("Dispose ends an initialization in progress.")
    func disposedWhileConnecting() async throws {
        let server = try await RedisServer()
        server.pause()
        let redis = RedisConnection(server.configuration(connectTimeout: .seconds(600)))
        let task = Task { try await redis.initialize() }
        try await Task.sleep(for: .milliseconds(20))
        await redis.dispose()
        #expect(try await failure { try await task.value }.code == .notOpen)
        let client = RedisClient(server.configuration(connectTimeout: .seconds(600)))
        let connecting = Task { try await client.connect() }
        try await Task.sleep(for: .milliseconds(20))
        await client.disconnect()
        #expect(try await failure { try await connecting.value }.code == .notOpen)
        server.resume()
        #expect(try await server.comesToHave(0))
    }

    @Test("A server at its client limit is reported, degrades the pool, and is used again when there is room.")
    func tooManyClients() async throws {
        let server = try await RedisServer(maxclients: 2)
        let others = [RedisConnection(server.configuration()), RedisConnection(server.configuration())]
        for other in others { try await other.initialize() }
        for configuration in [server.configuration(), RedisConfiguration(port: server.port)] {
            let error = try await failure { try await RedisConnection(configuration).initialize() }
            #expect(error.code == .tooManyClients)
            #expect(error.message.contains("max number of clients reached"))
        }
        let pool = try RedisPool(server.configuration(), pool: PoolConfiguration(maximum: 1, acquireBudget: .seconds(1)))
        let health = try await pool.healthCheck()
        #expect(health.status == .degraded)
        #expect(health.message?.contains("max number of clients reached") == true)
        let error = await #expect(throws: PoolError.self) { try await pool.ping() }
        #expect((error?.underlying as? RedisError)?.code == .tooManyClients)

        for other in others { await other.dispose() }
        #expect(try await eventually { (try? await pool.ping()) != nil })
        #expect(try await pool.healthCheck().status == .healthy)
        #expect(pool.poolSample().isBalanced)
        try await pool.dispose()
        #expect(try await server.comesToHave(0))
    }
}
