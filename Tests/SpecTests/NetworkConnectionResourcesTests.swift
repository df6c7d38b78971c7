import ResourceContainer
import ResourceSimulation
import Testing

/// The specification's "Network Connection Resources": a client that shares its connections between requests.
///
/// An in-memory client shows what a client of any protocol needs from the container. The complete HTTP client is in HTTPResources.
@Suite("Spec: Network Connection Resources")
struct NetworkConnectionResourcesTests {
    private struct HTTPConfig: Sendable {
        var maxConnections = 2
        var timeout: Duration = .seconds(3)
    }

    /// The page's `HTTPClientPool`: its connections come from a pool, which has the limits and the timeout.
    private final class HTTPClientPool: Sendable {
        private let connections: ResourcePool<RawConnection>
        private let time: TimeSource

        init(connections: ResourcePool<RawConnection>, time: TimeSource) {
            self.connections = connections
            self.time = time
        }

        func request(_ method: String, _ url: String, takes duration: Duration = .zero) async throws -> String {
            try await self.connections.withLease { connection in
                if duration > .zero { try await self.time.sleep(for: duration) }
                return try connection.execute("\(method) \(url)")
            }
        }
    }

    let simulation = Simulation(seed: 1)
    let journal = Journal()

    private func container(_ config: HTTPConfig = HTTPConfig()) throws -> Container {
        let (environment, journal) = (self.simulation.environment, self.journal)
        let container = Container(environment: environment)
        try container.bind(ResourcePool<RawConnection>.self, lifetime: .singleton) {
            try ResourcePool(
                name: "api.example.com",
                configuration: PoolConfiguration(maximum: config.maxConnections, acquireBudget: config.timeout),
                environment: environment,
                make: {
                    journal.write("connected")
                    return RawConnection()
                },
                close: {
                    journal.write("closed")
                    $0.close()
                }
            )
        }
        try container.bind(HTTPClientPool.self, lifetime: .singleton) { (connections: ResourcePool<RawConnection>) in
            HTTPClientPool(connections: connections, time: environment.time)
        }
        return container
    }

    @Test("Fetch data: The connection is created at the first request, reused by the next, and closed with the container.")
    func fetch() throws {
        let container = try self.container()
        try self.simulation.run { [journal] in
            try await container.withScope { scope in
                let client = try await scope.get(HTTPClientPool.self)
                #expect(journal.entries.isEmpty)
                for _ in 0..<3 {
                    let data = try await client.request("GET", "https://api.example.com/data")
                    #expect(data == "1: GET https://api.example.com/data")
                }
            }
            #expect(journal.entries == ["connected"])
            try await container.close()
        }
        #expect(self.journal.entries == ["connected", "closed"])
    }

    @Test("limit: No more requests run at a time than connections are allowed; the others wait their turn.")
    func limit() throws {
        let container = try self.container()
        try self.simulation.run {
            let client = try await container.get(HTTPClientPool.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 { group.addTask { _ = try await client.request("GET", "/", takes: .seconds(1)) } }
                try await group.waitForAll()
            }
        }
        #expect(self.journal.entries == ["connected", "connected"])
        #expect(self.simulation.now.nanoseconds == 3_000_000_000)
    }

    @Test("timeout: A request that gets no connection within its budget fails with the phase that took the time.")
    func timeout() throws {
        let container = try self.container(HTTPConfig(maxConnections: 1))
        try self.simulation.run {
            let client = try await container.get(HTTPClientPool.self)
            async let slow = client.request("GET", "/slow", takes: .seconds(60))
            try await container.environment.time.sleep(for: .seconds(1))
            let error = await #expect(throws: PoolError.self) { try await client.request("GET", "/") }
            #expect(error?.code == .timedOut)
            #expect(error?.phase == .waiting)
            _ = try await slow
        }
    }

    /// Runs requests of one second each to these hosts for three seconds.
    private func request(_ hosts: [String], limit: Int, perHost: Int) throws -> (pool: KeyedResourcePool<String, String>, ends: [String]) {
        let time = self.simulation.environment.time
        let pool = try KeyedResourcePool<String, String>(
            name: "hosts",
            configuration: PoolConfiguration(maximum: limit),
            maximumPerKey: perHost,
            environment: self.simulation.environment,
            make: { host in host }
        )
        let ends = Journal()
        try self.simulation.run {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for host in hosts {
                    group.addTask {
                        try await pool.withLease(host) { connection in
                            try await time.sleep(for: .seconds(1))
                            ends.write("\(connection) at \(time.now.nanoseconds / 1_000_000_000)")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        return (pool, ends.entries)
    }

    @Test("limit_per_host: A host has at most its own limit of connections, and its waiters do not delay other hosts.")
    func limitPerHost() throws {
        let (pool, ends) = try self.request(["a", "a", "a", "b"], limit: 4, perHost: 1)
        #expect(ends == ["a at 1", "b at 1", "a at 2", "a at 3"])
        #expect(pool.poolSample().made == 2)
        #expect(pool.keyCount == 2)
    }

    @Test("limit and limit_per_host: All hosts together respect the limit, and an idle connection is evicted for another host.")
    func limitOfAllHosts() throws {
        let (pool, ends) = try self.request(["a", "b", "c", "d"], limit: 2, perHost: 2)
        #expect(ends == ["a at 1", "b at 1", "c at 2", "d at 2"])
        let sample = pool.poolSample()
        #expect(sample.made == 4)
        #expect(sample.evicted == 2)
        #expect(sample.idle == 2)
        #expect(pool.keyCount == 2)
    }
}
