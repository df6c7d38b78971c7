import LoopbackServers
import RedisResources
import ResourceContainer
import Testing

extension RedisServer {
    /// The configuration for connecting to this server.
    func configuration(
        password: String? = nil,
        database: Int = 0,
        connectTimeout: Duration = .seconds(5),
        commandTimeout: Duration = .seconds(5)
    ) -> RedisConfiguration {
        RedisConfiguration(
            host: "127.0.0.1",
            port: self.port,
            password: password ?? self.password,
            database: database,
            connectTimeout: connectTimeout,
            commandTimeout: commandTimeout
        )
    }

    /// Runs `body` with a separate connection, which is closed afterward.
    @discardableResult
    func withConnection<Result>(
        _ configuration: RedisConfiguration? = nil,
        _ body: (RedisConnection) async throws -> Result
    ) async throws -> Result {
        let connection = RedisConnection(configuration ?? self.configuration())
        try await connection.initialize()
        do {
            let result = try await body(connection)
            await connection.dispose()
            return result
        } catch {
            await connection.dispose()
            throw error
        }
    }

    /// The server's current list of clients, without observers.
    func clients() async throws -> [String] {
        try await self.withConnection { connection in
            try await connection.command("CLIENT", "SETNAME", "observer")
            let list = try await connection.command("CLIENT", "LIST").text ?? ""
            return list.split(separator: "\n").map(String.init).filter { !$0.contains("name=observer") }
        }
    }

    /// Whether the server's number of clients becomes `count`. The server may have no room for an observer until then.
    func comesToHave(_ count: Int) async throws -> Bool {
        try await eventually { (try? await self.clients().count) == count }
    }
}

/// Returns the error that `body` throws, which must be a ``RedisError``.
func failure(_ body: () async throws -> Void) async throws -> RedisError {
    try #require(await #expect(throws: RedisError.self) { try await body() })
}

/// All texts of a container's events so far and of its current state.
func everythingSaid(by container: Container, _ subscription: EventSubscription) -> String {
    var text = ""
    dump(subscription.snapshot, to: &text)
    dump(subscription.drain(), to: &text)
    dump(container.snapshot(), to: &text)
    dump(container.resources().map(\.options), to: &text)
    return text
}

/// A counter and maximum for any thread.
final class Counter: Sendable {
    private let state = Lock(0)
    var count: Int { self.state.withLock { $0 } }
    func add() { self.state.withLock { $0 += 1 } }
    func raise(to count: Int) { self.state.withLock { $0 = max($0, count) } }
}

/// A pseudorandom number generator with a seed.
struct Sequence64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (self.state ^ (self.state >> 29)) >> 16
    }
}
