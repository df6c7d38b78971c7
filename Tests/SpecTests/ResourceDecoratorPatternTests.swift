import ResourceContainer
import ResourceSimulation
import Testing

/// The specification's "Resource Decorator Pattern": a class without resource methods gets a lifecycle.
///
/// Corrected here: the page's decorator makes `__init__` a coroutine, which Python refuses. Here the lifecycle is specified with the
/// binding, and the class remains unchanged.
@Suite("Spec: Resource Decorator Pattern")
struct ResourceDecoratorPatternTests {
    /// The page's `RedisClient`.
    private final class RedisClient: Sendable {
        private let values = Lock<[String: String]?>(nil)

        func connect() async { self.values.withLock { $0 = [:] } }
        func disconnect() async { self.values.withLock { $0 = nil } }
        var isConnected: Bool { self.values.withLock { $0 != nil } }
        func set(_ key: String, _ value: String) async { self.values.withLock { $0?[key] = value } }
        func get(_ key: String) async -> String? { self.values.withLock { $0?[key] } }
    }

    let simulation = Simulation(seed: 1)
    let journal = Journal()

    @Test("managed_resource: The client is connected at its first request and disconnected when its scope ends.")
    func managed() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(
            RedisClient.self,
            lifecycle: .managed(onInitialize: { await $0.connect() }, onDispose: { await $0.disconnect() })
        ) { RedisClient() }
        try self.simulation.run {
            let client = try await container.withScope { _ in
                let redis = try await container.get(RedisClient.self)
                #expect(redis.isConnected)
                await redis.set("key", "value")
                #expect(await redis.get("key") == "value")
                return redis
            }
            #expect(!client.isConnected)
        }
    }

    @Test("managed_resource: Both steps are optional, and a value with either one is counted as a resource.")
    func optionalSteps() throws {
        let container = Container(environment: self.simulation.environment)
        let journal = self.journal
        try container.bind(Int.self, name: "first", lifecycle: .managed(onInitialize: { journal.write("+\($0)") })) { 1 }
        try container.bind(Int.self, name: "second", lifecycle: .managed(onDispose: { journal.write("-\($0)") })) { 2 }
        try self.simulation.run {
            try await container.withScope { scope in
                let sum = try await scope.get(Int.self, name: "first") + scope.get(Int.self, name: "second")
                #expect(sum == 3)
            }
        }
        #expect(self.journal.entries == ["+1", "-2"])
        #expect(container.snapshot().books.disposed == 2)
    }

    @Test("managed_resource: A client that failed to connect is not disconnected, and the next request tries a new one.")
    func failingConnect() throws {
        let container = Container(environment: self.simulation.environment)
        let attempts = Lock(0)
        let journal = self.journal
        try container.bind(
            RedisClient.self,
            lifecycle: .managed(
                onInitialize: { client in
                    let attempt = attempts.withLock { count in
                        count += 1
                        return count
                    }
                    if attempt == 1 { throw Refused() }
                    await client.connect()
                },
                onDispose: {
                    journal.write($0.isConnected ? "disconnected" : "was never connected")
                    await $0.disconnect()
                }
            )
        ) { RedisClient() }
        try self.simulation.run {
            try await container.withScope { scope in
                let error = await #expect(throws: ResourceError.self) { try await scope.get(RedisClient.self) }
                #expect(error?.code == .initializationFailed)
                #expect(error?.underlying is Refused)
                let client = try await scope.get(RedisClient.self)
                #expect(client.isConnected)
            }
        }
        #expect(self.journal.entries == ["disconnected"])
    }

    @Test("managed_resource: A lifecycle whose steps do not suspend works in a synchronous scope.")
    func synchronous() throws {
        let container = Container()
        let journal = self.journal
        try container.bind(
            Int.self,
            lifecycle: .managedSynchronously(onInitialize: { journal.write("+\($0)") }, onDispose: { journal.write("-\($0)") })
        ) { 7 }
        let value = try container.withScope { try $0.get(Int.self) }
        #expect(value == 7)
        #expect(self.journal.entries == ["+7", "-7"])
    }
}
