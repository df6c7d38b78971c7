import Foundation
import HTTPResources
import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

@Suite("An HTTP client in a container", .timeLimit(.minutes(1)))
struct HTTPContainerTests {
    private func container(_ configuration: HTTPConfiguration, environment: ResourceEnvironment = .system) throws -> Container {
        let container = Container(environment: environment)
        try container.bind(HTTPClientPool.self, lifetime: .singleton) {
            try HTTPClientPool(name: "shop", configuration: configuration, environment: environment)
        }
        return container
    }

    @Test("A client that is bound as a singleton is initialized once, shared by scopes, and disposed with the container.")
    func singleton() async throws {
        try await TestServer.with { server in
            let container = try self.container(HTTPConfiguration())
            let url = try server.url("/echo")
            for _ in 0..<3 {
                let status = try await container.withScope("request") { scope in
                    try await scope.get(HTTPClientPool.self).get(url).status
                }
                #expect(status == 200)
            }
            let client = try await container.get(HTTPClientPool.self)
            #expect(client.poolSample().leases == 3)
            #expect(client.poolSample().made == 1)
            let report = try await container.close()
            #expect(report.isClean)
            await #expect(throws: HTTPError.self) { try await client.get(url) }
        }
    }

    @Test("The client's sample is among the container's pools, with the requesting scope as the holder.")
    func figures() async throws {
        try await TestServer.with { server in
            let container = try self.container(HTTPConfiguration(maximumConnections: 7))
            let url = try server.url("/hold")
            try await container.withScope("request") { scope in
                let client = try await scope.get(HTTPClientPool.self)
                async let answer = client.get(url)
                try await eventually("it is asked") { server.counts.now == 1 }
                let pool = try #require(container.snapshot().pools.first)
                #expect(pool.name == "shop")
                #expect(pool.maximum == 7)
                #expect(pool.leased == 1)
                #expect(pool.resource != nil)
                #expect(pool.holders.first?.scope == scope.id)
                #expect(pool.holders.first?.location.description.hasPrefix("HTTPContainerTests.swift:") == true)
                server.release()
                _ = try await answer
            }
            #expect(container.snapshot().pools.first?.leased == 0)
            #expect(try await container.close().isClean)
        }
    }

    @Test("The health checker checks the client and not its pool.")
    func health() async throws {
        try await TestServer.with { server in
            let container = try self.container(HTTPConfiguration(pingURL: server.url("/status?is=500"), pingTimeout: .seconds(30)))
            let client = try await container.get(HTTPClientPool.self)
            let results = await HealthChecker(container, deadline: .seconds(30)).checkAll()
            let id = try #require(container.resources().first?.id)
            #expect(results[id]?.status == .degraded)
            #expect(results[id]?.probe == "health_check")
            #expect(client.poolSample().leases == 0)
            #expect(server.asked == ["GET /status"])
            _ = try await container.close()
        }
    }

    @Test("Passwords and tokens in URLs and headers do not appear in texts, samples, or events.")
    func secrets() async throws {
        let port = try TestServer.unusedPort()
        let secret = "s3cr3t"
        func url(_ port: UInt16) throws -> URL {
            try #require(URL(string: "http://bob:\(secret)@127.0.0.1:\(port)/hold?token=\(secret)#\(secret)"))
        }
        let time = ManualTime()
        try await TestServer.with { server in
            let configuration = HTTPConfiguration(
                maximumPerHost: 1,
                acquireBudget: .seconds(1),
                headers: ["X-Api-Key": secret],
                pingURL: try url(port)
            )
            let container = try self.container(configuration, environment: ResourceEnvironment(time: time.source))
            let subscription = container.subscribe()
            let client = try await container.get(HTTPClientPool.self)
            var texts = ["\(configuration)"]
            func failure(_ url: URL) async -> [String] {
                let error = await #expect(throws: HTTPError.self) { try await client.get(url, headers: ["Authorization": secret]) }
                return error.map { ["\($0)", String(reflecting: $0)] } ?? []
            }
            async let held = client.get(try url(server.port))
            try await eventually("one is held") { server.counts.now == 1 }
            texts.append("\(container.snapshot())")
            async let tooLate = failure(try url(server.port))
            try await eventually("one waits") { client.poolSample().waiting == 1 }
            texts.append("\(container.snapshot())")
            time.pass(.seconds(1))
            texts += try await tooLate
            texts += await failure(try url(port))
            texts += await HealthChecker(container, deadline: .seconds(30)).checkAll().values.map { "\($0)" }
            server.release()
            texts.append("\(try await held)")
            texts.append(
                "\(client.poolSample()) \(container.snapshot()) \(String(decoding: try JSONEncoder().encode(container.snapshot()), as: UTF8.self))"
            )
            _ = try await container.close()
            texts += subscription.drain().events.map { "\($0)" }
            #expect(texts.count > 10)
            #expect(texts.contains { $0.contains("leaseTimedOut") })
            for text in texts { #expect(!text.contains(secret)) }
        }
    }
}
