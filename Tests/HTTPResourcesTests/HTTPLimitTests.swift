import Foundation
import HTTPResources
import ResourceContainer
import ResourceSimulation
import Testing

@Suite("HTTP client limits", .timeLimit(.minutes(1)))
struct HTTPLimitTests {
    @Test("The requests in progress to one host stay within the limit, and samples and holders show them.")
    func perHost() async throws {
        try await TestServer.with { server in
            try await withClient(HTTPConfiguration(maximumPerHost: 3)) { client in
                let url = try server.url("/hold")
                let line: UInt = #line + 3
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<8 {
                        group.addTask { try await client.get(url).status }
                    }
                    try await eventually("three are asked, five wait") { server.counts.now == 3 && client.poolSample().waiting == 5 }
                    let sample = client.poolSample()
                    #expect(sample.leased == 3)
                    #expect(sample.maximum == 100)
                    #expect(sample.isBalanced)
                    #expect(sample.holders.map(\.location) == Array(repeating: CodeLocation(file: #fileID, line: line), count: 3))
                    #expect(sample.waiters.map(\.location) == Array(repeating: CodeLocation(file: #fileID, line: line), count: 5))
                    server.release()
                    for try await status in group { #expect(status == 200) }
                }
                #expect(server.counts.most == 3)
                #expect(server.counts.all == 8)
                let sample = client.poolSample()
                #expect(sample.leased == 0)
                #expect(sample.leases == 8)
                #expect(sample.waited >= 5)
                #expect(sample.made == 3)
                #expect(sample.idle == 3)
            }
        }
    }

    @Test("Two ports of one host have separate limits.")
    func perPort() async throws {
        try await TestServer.with { first in
            try await TestServer.with { second in
                try await withClient(HTTPConfiguration(maximumPerHost: 1)) { client in
                    let urls = [try first.url("/hold"), try second.url("/hold")]
                    try await withThrowingTaskGroup(of: Int.self) { group in
                        for url in urls + urls { group.addTask { try await client.get(url).status } }
                        try await eventually("one is asked of each") {
                            first.counts.now == 1 && second.counts.now == 1 && client.poolSample().waiting == 2
                        }
                        first.release()
                        second.release()
                        for try await status in group { #expect(status == 200) }
                    }
                    #expect(first.counts.most == 1)
                    #expect(second.counts.most == 1)
                }
            }
        }
    }

    @Test("The requests in progress to all hosts stay within the limit, and idle hosts release their slots.")
    func overall() async throws {
        try await TestServer.with { server in
            try await withClient(HTTPConfiguration(maximumConnections: 4, maximumPerHost: 3)) { client in
                let urls = try ["127.0.0.1", "localhost"].map { try server.url("/hold", host: $0) }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for url in urls + urls + urls { group.addTask { _ = try await client.get(url) } }
                    try await eventually("four are asked, two wait") { server.counts.now == 4 && client.poolSample().waiting == 2 }
                    #expect(client.poolSample().leased == 4)
                    server.release()
                    try await group.waitForAll()
                }
                #expect(server.counts.most == 4)
                #expect(server.counts.all == 6)
                #expect(client.poolSample().isBalanced)
                #expect(client.poolSample().leased == 0)
            }
        }
    }

    @Test("A request that times out waiting for a connection reports the pool's counters and sends nothing.")
    func waitingTooLong() async throws {
        let time = ManualTime()
        try await TestServer.with { server in
            let configuration = HTTPConfiguration(maximumPerHost: 1, timeout: .seconds(60), acquireBudget: .seconds(2))
            try await withClient(configuration, environment: ResourceEnvironment(time: time.source)) { client in
                let url = try server.url("/hold?token=s3cret", user: "bob:s3cret@")
                async let first = client.get(url)
                try await eventually("the first is asked") { server.counts.now == 1 }
                async let second = #expect(throws: HTTPError.self) { try await client.get(url) }
                try await eventually("the second waits") { client.poolSample().waiting == 1 }
                time.pass(.seconds(2))
                let error = try #require(await second)
                #expect(error.code == .noConnection)
                #expect(error.pool?.code == .timedOut)
                #expect(error.pool?.sample?.leased == 1)
                #expect(
                    error.description.contains(
                        "GET http://127.0.0.1:\(server.port)/hold?… got no connection (at most 100 in total and 1 to http://127.0.0.1:\(server.port) at a time): "
                    )
                )
                #expect(error.description.contains("acquiring from pool HTTP at HTTPLimitTests.swift:"))
                #expect(error.description.contains("1 of 100 leased"))
                #expect(!error.description.contains("s3cret"))
                server.release()
                #expect(try await first.text == "continued")
                #expect(server.counts.all == 1)
                #expect(client.poolSample().timedOut == 1)
            }
        }
    }

    @Test("Under the policy to fail, no request waits.")
    func refusedAtOnce() async throws {
        try await TestServer.with { server in
            try await withClient(HTTPConfiguration(maximumPerHost: 1, whenEmpty: .fail)) { client in
                let url = try server.url("/hold")
                async let first = client.get(url)
                try await eventually("the first is asked") { server.counts.now == 1 }
                let error = await #expect(throws: HTTPError.self) { try await client.get(url) }
                #expect(error?.code == .noConnection)
                #expect(error?.pool?.code == .exhausted)
                server.release()
                _ = try await first
                #expect(client.poolSample().exhausted == 1)
            }
        }
    }

    @Test("The configuration has the documented defaults.")
    func defaults() {
        let configuration = HTTPConfiguration()
        #expect(configuration.maximumConnections == 100)
        #expect(configuration.maximumPerHost == 10)
        #expect(configuration.timeout == .seconds(30))
        #expect(configuration.acquireBudget == .seconds(10))
        #expect(configuration.whenEmpty == .wait)
        #expect(configuration.drainTimeout == .seconds(5))
        #expect(configuration.maximumBodySize == 67_108_864)
        #expect(configuration.maximumRedirects == 10)
        #expect(configuration.headers.isEmpty)
        #expect(configuration.pingURL == nil)
        #expect(configuration.pingTimeout == .milliseconds(800))
        #expect(configuration.connectTimeout == .seconds(10))
        #expect(configuration.firstByteTimeout == nil)
        #expect(configuration.silenceTimeout == .seconds(60))
        #expect(configuration.streamBufferSize == 262_144)
        #expect(configuration.dnsCacheTime == .seconds(60))
        #expect(configuration.usesHTTP2)
        #expect(configuration.tls == HTTPTLS(minimumVersion: .tls12, authorities: nil, clientCertificate: nil))
        #expect(configuration.proxy == .environment)
    }

    @Test(
        "An invalid configuration is refused, and the error names the setting.",
        arguments: [
            (HTTPConfiguration(maximumConnections: 0), "maximumConnections is 0"),
            (HTTPConfiguration(maximumPerHost: 0), "maximumPerHost is 0"),
            (HTTPConfiguration(timeout: .zero), "timeout is"), (HTTPConfiguration(acquireBudget: .seconds(-1)), "acquireBudget is"),
            (HTTPConfiguration(connectTimeout: .zero), "connectTimeout is"),
            (HTTPConfiguration(firstByteTimeout: .zero), "firstByteTimeout is"),
            (HTTPConfiguration(silenceTimeout: .zero), "silenceTimeout is"),
            (HTTPConfiguration(streamBufferSize: 0), "streamBufferSize is 0"),
            (HTTPConfiguration(dnsCacheTime: .seconds(-1)), "dnsCacheTime is"),
            (HTTPConfiguration(tls: HTTPTLS(authorities: "a\0b")), "tls contains a path with a NUL"),
            (HTTPConfiguration(proxy: .server(URL(fileURLWithPath: "/s3cret"))), "proxy is not the URL of a proxy"),
            (HTTPConfiguration(maximumBodySize: -1), "maximumBodySize is -1"),
            (HTTPConfiguration(maximumRedirects: -1), "maximumRedirects is -1"),
            (HTTPConfiguration(headers: ["a": "s3cret\n"]), "the value of header a"),
            (HTTPConfiguration(pingTimeout: .zero), "pingTimeout is"),
            (HTTPConfiguration(pingURL: URL(string: "file:///s3cret")), "pingURL is not"),
            (HTTPConfiguration(drainTimeout: .seconds(-1)), "drainTimeout is"),
        ]
    )
    func configuration(configuration: HTTPConfiguration, fault: String) {
        let error = #expect(throws: HTTPError.self) { try HTTPClientPool(name: "shop", configuration: configuration) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.description.contains("client shop cannot be created: ") == true)
        #expect(error?.description.contains(fault) == true)
        #expect(error?.description.contains("s3cret") == false)
    }
}
