import Foundation
import HTTPResources
import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Retried HTTP requests")
struct HTTPRetryTests {
    private static let address = "http://stock.local/items"

    /// Runs `body` on manual time with a client whose requests are answered by `answer`, which receives the number of the attempt.
    private func simulate(
        seed: UInt64 = 3,
        timeout: Duration = .seconds(30),
        answer: @escaping @Sendable (_ attempt: Int, _ time: TimeSource) async throws -> HTTPStub.Answer,
        _ body: @escaping @Sendable (_ client: HTTPClientPool, _ time: TimeSource, _ attempts: @Sendable () -> Int) async throws -> Void
    ) throws {
        let simulation = Simulation(seed: seed)
        let environment = simulation.environment
        let count = Lock(0)
        try simulation.run {
            let client = try HTTPClientPool(
                configuration: HTTPConfiguration(maximumConnections: 1, timeout: timeout),
                environment: environment,
                stub: HTTPStub { _, _, _ in
                    let attempt = count.withLock { count in
                        count += 1
                        return count
                    }
                    return try await answer(attempt, environment.time)
                }
            )
            try await client.initialize()
            try await body(client, environment.time) { count.withLock { $0 } }
            #expect(client.poolSample().leased == 0)
            try await client.dispose()
        }
    }

    private static let failingTwice: @Sendable (Int, TimeSource) async throws -> HTTPStub.Answer = { attempt, _ in
        if attempt == 1 { throw URLError(.networkConnectionLost) }
        return attempt == 2 ? .init(status: 503) : .init(body: Data("7".utf8))
    }

    @Test("A request that fails twice is answered by the third attempt, after two pauses that grow.", arguments: 1..<20 as Range<UInt64>)
    func succeeds(seed: UInt64) throws {
        try self.simulate(seed: seed, answer: Self.failingTwice) { client, time, attempts in
            let policy = HTTPRetryPolicy(firstPause: .seconds(2), longestPause: .seconds(60))
            let answer = try await client.get(Self.address, retry: policy).json(Int.self)
            #expect(answer == 7)
            #expect(attempts() == 3)
            // From 1 to 2 seconds, and from 2 to 4 seconds.
            #expect(time.now.nanoseconds >= 3_000_000_000)
            #expect(time.now.nanoseconds <= 6_000_000_000)
        }
    }

    @Test("Without a policy, and with a method that is not idempotent, a request is sent once.")
    func once() throws {
        try self.simulate(answer: { _, _ in .init(status: 503) }) { client, _, attempts in
            let unrepeated = try await client.get(Self.address)
            #expect(unrepeated.status == 503)
            #expect(attempts() == 1)
            let posted = try await client.request(.post, Self.address, retry: .standard)
            #expect(posted.status == 503)
            #expect(attempts() == 2)
        }
    }

    @Test("The last response is the result if no attempt succeeds.")
    func lastResponse() throws {
        try self.simulate(answer: { attempt, _ in .init(status: 503, body: Data("\(attempt)".utf8)) }) { client, _, attempts in
            let response = try await client.get(Self.address, retry: HTTPRetryPolicy(attempts: 4))
            #expect(response.status == 503)
            #expect(response.text == "4")
            #expect(attempts() == 4)
        }
    }

    @Test("The last error is the result if no attempt gets a response.")
    func lastError() throws {
        try self.simulate(answer: { _, _ in throw URLError(.cannotConnectToHost) }) { client, _, attempts in
            let error = await #expect(throws: HTTPError.self) { try await client.put(Self.address, body: Data([1]), retry: .standard) }
            #expect(error?.code == .refused)
            #expect(attempts() == 3)
        }
    }

    @Test("A server's Retry-After delays the next attempt.")
    func retryAfter() throws {
        try self.simulate(
            answer: { attempt, _ in attempt == 1 ? .init(status: 429, headers: ["Retry-After": "20"]) : .init(status: 204) }
        ) { client, time, attempts in
            let response = try await client.get(Self.address, retry: .standard)
            #expect(response.status == 204)
            #expect(attempts() == 2)
            #expect(time.now.nanoseconds >= 20_000_000_000)
            #expect(time.now.nanoseconds <= 20_100_000_000)
        }
    }

    @Test("A Retry-After that exceeds the budget ends the request at once.")
    func retryAfterBeyondBudget() throws {
        try self.simulate(answer: { _, _ in .init(status: 429, headers: ["Retry-After": "90"]) }) { client, time, attempts in
            let response = try await client.get(Self.address, retry: .standard)
            #expect(response.status == 429)
            #expect(attempts() == 1)
            #expect(time.now.nanoseconds == 0)
        }
    }

    @Test("All attempts and pauses together take at most the budget, which also limits the last attempt.")
    func budget() throws {
        try self.simulate(
            timeout: .seconds(4),
            answer: { _, time in
                try await time.sleep(for: .seconds(600))
                return .init()
            }
        ) { client, time, attempts in
            let policy = HTTPRetryPolicy(attempts: 100, budget: .seconds(10), firstPause: .zero)
            let error = await #expect(throws: HTTPError.self) { try await client.get(Self.address, retry: policy) }
            #expect(error?.code == .timedOut)
            #expect(attempts() == 3)
            #expect(time.now.nanoseconds == 10_000_000_000)
        }
    }

    @Test("No connection is held during a pause, and canceling the task ends the pause.")
    func cancelled() throws {
        let simulation = Simulation(seed: 8)
        let environment = simulation.environment
        try simulation.run {
            let client = try HTTPClientPool(environment: environment, stub: HTTPStub { _, _, _ in .init(status: 503) })
            try await client.initialize()
            let policy = HTTPRetryPolicy(attempts: 2, firstPause: .seconds(30), longestPause: .seconds(30))
            let request = simulation.spawn {
                await #expect(throws: CancellationError.self) { try await client.get(Self.address, retry: policy) }
            }
            try await environment.time.sleep(for: .seconds(1))
            #expect(client.poolSample().leases == 1)
            #expect(client.poolSample().leased == 0)
            request.cancel()
            await request.value
            #expect(environment.time.now.nanoseconds == 1_000_000_000)
            try await client.dispose()
        }
    }

    @Test("An invalid policy or timeout is refused, and nothing is sent.")
    func invalid() throws {
        try self.simulate(answer: { _, _ in .init() }) { client, _, attempts in
            let error = await #expect(throws: HTTPError.self) { try await client.get(Self.address, retry: HTTPRetryPolicy(attempts: 0)) }
            #expect(error?.code == .invalidRequest)
            #expect(error?.description.contains("the retry policy is not valid: attempts is 0") == true)
            let late = await #expect(throws: HTTPError.self) { try await client.get(Self.address, retry: .standard, timeout: .zero) }
            #expect(late?.code == .invalidRequest)
            #expect(attempts() == 0)
        }
    }
}
