import CStuckResolver
import Foundation
import HTTPResources
import ResourceContainer
import ResourceSimulation
import Testing

/// Serialized, because the resolver exists once in the process.
@Suite(
    "Name lookups of an HTTP client",
    .serialized,
    .timeLimit(.minutes(1)),
    .enabled(if: stuck_resolver_is_supported(), "the lookup of the system cannot be replaced")
)
struct HTTPLookupTests {
    private func withStuckResolver(_ body: (URL) async throws -> Void) async throws {
        stuck_resolver_hold()
        defer { stuck_resolver_release() }
        try await body(#require(URL(string: "http://shop.stuck.test/")))
    }

    @Test("A lookup that does not end exceeds the limit of connecting, and does not delay other requests.")
    func limit() async throws {
        let time = ManualTime()
        try await TestServer.with { server in
            let configuration = HTTPConfiguration(connectTimeout: .seconds(7))
            try await withClient(configuration, environment: ResourceEnvironment(time: time.source)) { client in
                try await self.withStuckResolver { url in
                    async let answer = #expect(throws: HTTPError.self) { try await client.get(url) }
                    try await eventually("it is looked up") { stuck_resolver_waiting() == 1 }
                    let other = try await client.get(server.url("/echo"))
                    #expect(other.status == 200)
                    time.pass(.seconds(7))
                    let error = try #require(await answer)
                    #expect(error.code == .timedOut)
                    #expect(error.phase == .resolving)
                    #expect(error.description.contains("(connectTimeout) while the name of the host was looked up"))
                }
            }
        }
        try await eventually("the lookup has ended") { stuck_resolver_waiting() == 0 }
    }

    @Test("A lookup that does not end delays neither cancellation nor dispose.")
    func close() async throws {
        let client = try HTTPClientPool(configuration: HTTPConfiguration(drainTimeout: .zero))
        try await client.initialize()
        try await self.withStuckResolver { url in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await #expect(throws: CancellationError.self) { try await client.get(url) } }
                try await eventually("it is looked up") { stuck_resolver_waiting() == 1 }
                group.cancelAll()
                try await group.waitForAll()
            }
            async let answer = #expect(throws: HTTPError.self) { try await client.get(url) }
            try await eventually("it is looked up again") { stuck_resolver_waiting() == 2 }
            await #expect(throws: PoolError.self) { try await client.dispose() }
            let error = try #require(await answer)
            #expect(error.code == .closed)
            // The lookups still wait: nothing has waited for them.
            #expect(stuck_resolver_waiting() == 2)
        }
        try await eventually("the lookups have ended") { stuck_resolver_waiting() == 0 }
    }

    @Test(
        "The addresses of a host are used for the time of the configuration, and looked up for each connection if it is zero.",
        arguments: [(Duration.zero, 3), (.seconds(600), 1)]
    )
    func cacheTime(time: Duration, lookups: Int) async throws {
        try await RawServer.with { connection in
            // Without a length, the body ends with the connection.
            if connection.request() != nil { connection.send("HTTP/1.1 200 OK\r\n\r\nok") }
        } _: { server in
            try await withClient(HTTPConfiguration(dnsCacheTime: time, proxy: .none)) { client in
                let before = stuck_resolver_counted()
                for _ in 0..<3 {
                    let response = try await client.get("http://shop.counted.test:\(server.port)/")
                    #expect(response.text == "ok")
                }
                #expect(stuck_resolver_counted() - before == lookups)
                #expect(client.connectionSample().opened == 3)
            }
        }
    }
}
