import Foundation
import HTTPResources
import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

@Suite("HTTP client health", .timeLimit(.minutes(1)))
struct HTTPHealthTests {
    private func configuration(_ url: URL?, perHost: Int = 10) -> HTTPConfiguration {
        HTTPConfiguration(maximumPerHost: perHost, headers: ["X-Token": "s3cret"], pingURL: url, pingTimeout: .seconds(30))
    }

    @Test(
        "With a URL to ping, the health follows from the status of the response.",
        arguments: [(200, HealthStatus.healthy), (304, .healthy), (404, .degraded), (503, .degraded)]
    )
    func statusOfResponse(status: Int, expected: HealthStatus) async throws {
        try await TestServer.with { server in
            try await withClient(self.configuration(server.url("/status?is=\(status)"))) { client in
                let report = try await client.healthCheck()
                #expect(report.status == expected)
                if expected == .healthy {
                    try await client.ping()
                } else {
                    #expect(report.message?.contains("/status?… returned status \(status): a ping expects 200 to 399") == true)
                    let error = await #expect(throws: HTTPError.self) { try await client.ping() }
                    #expect(error?.code == .unexpectedStatus)
                    #expect(error?.status == status)
                }
                // A ping is not counted as a request.
                #expect(client.poolSample().leases == 0)
            }
        }
    }

    @Test("An unreachable server is unhealthy, and healthy again when it is back.")
    func unreachableServer() async throws {
        let port = try TestServer.unusedPort()
        let url = try #require(URL(string: "http://bob:s3cret@127.0.0.1:\(port)/echo?token=s3cret"))
        try await withClient(self.configuration(url)) { client in
            let report = try await client.healthCheck()
            #expect(report.status == .unhealthy)
            #expect(report.message?.hasPrefix("GET http://127.0.0.1:\(port)/echo?… failed: connection refused") == true)
            #expect(report.message?.contains("s3cret") == false)
            let server = try await TestServer(port: port)
            #expect(try await client.healthCheck().status == .healthy)
            await server.stop()
        }
    }

    @Test("A ping without a response ends at its own timeout.")
    func slow() async throws {
        let time = ManualTime()
        try await TestServer.with { server in
            try await withClient(self.configuration(server.url("/never")), environment: ResourceEnvironment(time: time.source)) { client in
                async let report = client.healthCheck()
                try await eventually("it is asked") { server.asked == ["GET /never"] }
                time.pass(.seconds(30))
                let found = try await report
                #expect(found.status == .unhealthy)
                #expect(found.message?.contains("timed out after 30 s") == true)
            }
        }
    }

    @Test("A ping does not wait while all connections are leased.")
    func besidePool() async throws {
        try await TestServer.with { server in
            try await withClient(self.configuration(server.url("/echo"), perHost: 2)) { client in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let url = try server.url("/hold")
                    for _ in 0..<5 { group.addTask { _ = try await client.get(url) } }
                    try await eventually("all connections are in use") { server.counts.now == 2 && client.poolSample().waiting == 3 }
                    #expect(try await client.healthCheck().status == .healthy)
                    #expect(server.counts.now == 2)
                    server.release()
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test("A ping does not follow redirects: a redirect is a response.")
    func redirect() async throws {
        try await TestServer.with { server in
            try await withClient(self.configuration(server.url("/redirect?to=/never"))) { client in
                let report = try await client.healthCheck()
                #expect(report.status == .healthy)
                #expect(server.asked == ["GET /redirect"])
            }
        }
    }

    @Test("Without a URL to ping, no request is sent, and the report is that of the pool.")
    func withoutURL() async throws {
        let client = try HTTPClientPool()
        try await client.initialize()
        #expect(try await client.healthCheck().status == .healthy)
        let error = await #expect(throws: HTTPError.self) { try await client.ping() }
        #expect(error?.description == "client HTTP has no URL to ping: set pingURL")
        try await client.dispose()
        #expect(try await client.healthCheck().status == .unhealthy)
    }

    @Test("A client with a ping URL is unknown before initialize and unhealthy after dispose.")
    func outsideOfLifecycle() async throws {
        let client = try HTTPClientPool(configuration: self.configuration(URL(string: "http://127.0.0.1/")))
        #expect(try await client.healthCheck().status == .unknown)
        try await client.initialize()
        try await client.dispose()
        #expect(try await client.healthCheck().status == .unhealthy)
    }
}
