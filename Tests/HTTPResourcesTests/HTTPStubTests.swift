import Foundation
import HTTPResources
import ResourceContainer
import ResourceSimulation
import Testing

@Suite("An HTTP client with a stub")
struct HTTPStubTests {
    private static let url = URL(string: "http://user:secret@stock.local/items?token=1")!

    @Test("A stub has the same limits, queue, timeouts, and samples, in virtual time and reproducibly.")
    func simulated() throws {
        let simulation = Simulation(seed: 5)
        let environment = simulation.environment
        let time = environment.time
        try simulation.run {
            let client = try HTTPClientPool(
                configuration: HTTPConfiguration(maximumConnections: 2, timeout: .seconds(3)),
                environment: environment,
                stub: HTTPStub { method, url, body in
                    #expect(url.absoluteString == "http://stock.local/items?token=1")
                    try await time.sleep(for: body == nil ? .seconds(1) : .seconds(60))
                    return .init(status: 201, headers: ["X-Kind": method.rawValue], body: Data("7".utf8))
                }
            )
            try await client.initialize()
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await client.get(Self.url).json(Int.self) } }
                try await time.sleep(for: .milliseconds(500))
                let sample = client.poolSample()
                #expect(sample.leased == 2)
                #expect(sample.waiting == 2)
                for try await answer in group { #expect(answer == 7) }
            }
            #expect(time.now.nanoseconds == 2_000_000_000)
            let answer = try await client.get(Self.url)
            #expect(answer.status == 201)
            #expect(answer.headers["x-kind"] == "GET")
            let late = await #expect(throws: HTTPError.self) { try await client.request(.post, Self.url, body: Data([1])) }
            #expect(late?.code == .timedOut)
            #expect(time.now.nanoseconds == 6_000_000_000)
            #expect(client.poolSample().leased == 0)
            #expect(client.poolSample().isBalanced)
            try await client.dispose()
            let closed = await #expect(throws: HTTPError.self) { try await client.get(Self.url) }
            #expect(closed?.code == .closed)
        }
    }

    @Test("An error of a stub fails its request, and canceling a request or disposing the client cancels the stub.")
    func failures() throws {
        let simulation = Simulation(seed: 6)
        let environment = simulation.environment
        let cancelled = Lock(0)
        try simulation.run {
            let client = try HTTPClientPool(
                configuration: HTTPConfiguration(drainTimeout: .seconds(1)),
                environment: environment,
                stub: HTTPStub { _, url, _ in
                    if url.path == "/down" { throw URLError(.cannotConnectToHost) }
                    do { try await environment.time.sleep(for: .seconds(20)) } catch {
                        cancelled.withLock { $0 += 1 }
                        throw error
                    }
                    return .init()
                }
            )
            try await client.initialize()
            let down = await #expect(throws: HTTPError.self) { try await client.get(URL(string: "http://stock.local/down")!) }
            #expect(down?.code == .refused)
            let left = simulation.spawn { _ = try? await client.get(URL(string: "http://stock.local/slow")!) }
            try await environment.time.sleep(for: .seconds(1))
            left.cancel()
            await left.value
            try await environment.time.sleep(for: .milliseconds(1))
            #expect(cancelled.withLock { $0 } == 1)
            #expect(client.poolSample().leased == 0)
            let broken = simulation.spawn {
                let error = await #expect(throws: HTTPError.self) { try await client.get(URL(string: "http://stock.local/slow")!) }
                #expect(error?.code == .closed)
            }
            try await environment.time.sleep(for: .milliseconds(1))
            await #expect(throws: PoolError.self) { try await client.dispose() }
            await broken.value
            #expect(cancelled.withLock { $0 } == 2)
        }
    }
}
