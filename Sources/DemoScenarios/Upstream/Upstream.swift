import ResourceContainer
import ResourceScenarios

/// A service that a scenario calls: a server on loopback, a real one, or a simulated one that waits in virtual time and fails on request.
protocol Upstream: Resource {
    /// Opens a connection; throws while the service is down.
    func connect() async throws -> any UpstreamConnection
    /// Starts the service, or stops it and closes its connections.
    func setUp(_ isUp: Bool) async throws
}

/// A connection to an ``Upstream``.
protocol UpstreamConnection: Sendable {
    /// Sends a request and waits for the response; throws if the connection is lost.
    func ask() async throws
    func close() async throws
}

extension ScenarioWorld {
    /// The service of this world: in the live form the one from the options, or one on loopback.
    func upstream() throws -> any Upstream {
        switch self.leaves {
        case .live:
            #if Postgres
                if let url = self.options.service { return try PostgresUpstream(url: url, environment: self.environment) }
            #endif
            return LoopbackUpstream()
        case .simulated: return SimulatedUpstream(world: self)
        }
    }

    /// Alternates the container's service between up and down until the task is canceled.
    func interrupt(_ container: Container, up: Duration, down: Duration) async {
        guard let upstream = try? await container.get((any Upstream).self) else { return }
        // After cancellation the service keeps its state, because its container may be closing.
        while (try? await self.environment.time.sleep(for: up)) != nil {
            try? await upstream.setUp(false)
            if (try? await self.environment.time.sleep(for: down)) == nil { return }
            try? await upstream.setUp(true)
        }
    }
}

/// A simulated service in virtual time.
final class SimulatedUpstream: Upstream {
    private let world: ScenarioWorld
    private let isUp = Lock(true)

    init(world: ScenarioWorld) {
        self.world = world
    }

    func connect() async throws -> any UpstreamConnection {
        try await self.answer(.milliseconds(3), .milliseconds(15), "connection refused")
        return Connection(upstream: self)
    }

    func setUp(_ isUp: Bool) async throws {
        self.isUp.withLock { $0 = isUp }
    }

    fileprivate func answer(_ shortest: Duration, _ longest: Duration, _ failure: String) async throws {
        try await self.world.pause(shortest, longest)
        if !self.isUp.withLock({ $0 }) { throw ScenarioFault(description: failure) }
    }

    private struct Connection: UpstreamConnection {
        let upstream: SimulatedUpstream

        func ask() async throws {
            try await self.upstream.answer(.milliseconds(1), .milliseconds(12), "connection reset by peer")
        }

        func close() async throws {
            try await self.upstream.world.pause(.milliseconds(1), .milliseconds(2))
        }
    }
}
