import Foundation
import HTTPResources
import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

@Suite("The health of an HTTP client", .timeLimit(.minutes(1)))
struct HTTPHealthTests {
    private func configuration(_ url: URL?, perHost: Int = 10) -> HTTPConfiguration {
        HTTPConfiguration(maximumPerHost: perHost, headers: ["X-Token": "s3cret"], pingURL: url, pingTimeout: .seconds(30))
    }

    @Test(
        "with a URL to ping, it is as healthy as the answer",
        arguments: [(200, HealthStatus.healthy), (304, .healthy), (404, .degraded), (503, .degraded)]
    )
    func answer(status: Int, expected: HealthStatus) async throws {
        try await TestServer.with { server in
            try await withClient(self.configuration(server.url("/status?is=\(status)"))) { client in
                let report = try await client.healthCheck()
                #expect(report.status == expected)
                if expected == .healthy {
                    try await client.ping()
                } else {
                    #expect(report.message?.contains("/status?… was answered with status \(status): a ping expects 200 to 399") == true)
                    let error = await #expect(throws: HTTPError.self) { try await client.ping() }
                    #expect(error?.code == .unexpectedStatus && error?.status == status)
                }
                // A ping is none of the requests that are counted.
                #expect(client.poolSample().leases == 0)
            }
        }
    }

    @Test("a server that is not there makes it unhealthy, and it is healthy again when the server is")
    func notThere() async throws {
        let port = try TestServer.unusedPort()
        let url = try #require(URL(string: "http://bob:s3cret@127.0.0.1:\(port)/echo?token=s3cret"))
        try await withClient(self.configuration(url)) { client in
            let report = try await client.healthCheck()
            #expect(report.status == .unhealthy)
            #expect(report.message?.hasPrefix("GET http://127.0.0.1:\(port)/echo?… was refused a connection") == true)
            #expect(report.message?.contains("s3cret") == false)
            let server = try await TestServer(port: port)
            #expect(try await client.healthCheck().status == .healthy)
            await server.stop()
        }
    }

    @Test("a ping that is not answered ends at its own time-out")
    func slow() async throws {
        let time = ManualTime()
        try await TestServer.with { server in
            try await withClient(self.configuration(server.url("/never")), environment: ResourceEnvironment(time: time.source)) { client in
                async let report = client.healthCheck()
                try await eventually("it is asked") { server.asked == ["GET /never"] }
                time.pass(.seconds(30))
                let found = try await report
                #expect(found.status == .unhealthy && found.message?.contains("was not answered completely within 30.00 s") == true)
            }
        }
    }

    @Test("a ping does not wait for those who use all connections")
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

    @Test("a ping follows no redirect: the redirect is an answer")
    func redirect() async throws {
        try await TestServer.with { server in
            try await withClient(self.configuration(server.url("/redirect?to=/never"))) { client in
                let report = try await client.healthCheck()
                #expect(report.status == .healthy && server.asked == ["GET /redirect"])
            }
        }
    }

    @Test("without a URL to ping, nobody is asked and the pool says how it is")
    func withoutURL() async throws {
        let client = try HTTPClientPool()
        try await client.initialize()
        #expect(try await client.healthCheck().status == .healthy)
        let error = await #expect(throws: HTTPError.self) { try await client.ping() }
        #expect(error?.description == "client HTTP has nothing to ping: set pingURL")
        try await client.dispose()
        #expect(try await client.healthCheck().status == .unhealthy)
    }

    @Test("A client that pings is unknown before it is initialized, and unhealthy after it is disposed")
    func outsideOfLife() async throws {
        let client = try HTTPClientPool(configuration: self.configuration(URL(string: "http://127.0.0.1/")))
        #expect(try await client.healthCheck().status == .unknown)
        try await client.initialize()
        try await client.dispose()
        #expect(try await client.healthCheck().status == .unhealthy)
    }
}
