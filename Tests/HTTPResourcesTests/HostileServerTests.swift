import Foundation
import HTTPResources
import ResourceContainer
import Testing

/// Each test runs in a separate process, which a crash would end, and whose descriptors are counted.
@Suite("Hostile HTTP servers", .timeLimit(.minutes(ProcessFigures.isSoak ? 30 : 1)))
struct HostileServerTests {
    private static let timeout = Duration.milliseconds(400)
    private static let maximumBodySize = 65_536
    /// Failures that a server cannot cause.
    private static let failuresOfClient: Set<HTTPError.Code> = [
        .closed, .notInitialized, .noConnection, .invalidRequest, .invalidConfiguration, .decoding, .unexpectedStatus,
    ]

    @Test("No answer of a server crashes the client, delays a request beyond its timeout, or leaves a connection open.")
    func hostileServers() async {
        await #expect(processExitsWith: .success) {
            try await Self.attack(0..<24)
            let before = try ProcessFigures.descriptors()
            try await Self.attack(24..<(ProcessFigures.isSoak ? 10_000 : 224))
            try await eventually("every descriptor is closed") { try ProcessFigures.descriptors() <= before }
        }
    }

    /// Sends one request to the server of each seed, 16 at a time, with one client.
    private static func attack(_ seeds: Range<UInt64>) async throws {
        let configuration = HTTPConfiguration(
            maximumConnections: 64,
            timeout: Self.timeout,
            maximumBodySize: Self.maximumBodySize,
            maximumRedirects: 3
        )
        try await withClient(configuration) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for seed in seeds {
                    if seed >= seeds.lowerBound + 16 { try await group.next() }
                    group.addTask { try await Self.attack(seed, client) }
                }
                try await group.waitForAll()
            }
            let sample = client.poolSample()
            #expect(sample.leased == 0)
            #expect(sample.isBalanced)
            try await RawServer.with { connection in
                if connection.request() != nil { connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine") }
            } _: { server in
                let response = try await client.get(server.address())
                #expect(response.text == "fine")
            }
        }
    }

    private static func attack(_ seed: UInt64, _ client: HTTPClientPool) async throws {
        try await RawServer.with { connection in
            HostileScript(seed: seed, port: connection.port).play(to: connection, limit: 20)
        } _: { server in
            let script = HostileScript(seed: seed, port: server.port)
            let began = ContinuousClock.now
            do {
                let body = script.bodySize == 0 ? nil : Data(count: script.bodySize)
                let response = try await client.request(script.method, server.address("/", scheme: script.scheme), body: body)
                #expect(response.body.count <= Self.maximumBodySize, "seed \(seed)")
            } catch let error as HTTPError {
                #expect(!Self.failuresOfClient.contains(error.code), "seed \(seed): \(error)")
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
            // With much to spare for a busy machine.
            #expect(ContinuousClock.now - began < Self.timeout + .seconds(4), "seed \(seed)")
        }
    }
}
