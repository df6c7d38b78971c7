import Foundation
import HTTPResources
import ResourceContainer
import ResourceSimulation
import Testing

@Suite("HTTP client timeouts and cancellation", .timeLimit(.minutes(1)))
struct HTTPTimeoutTests {
    /// Meets deadlines that are set at their own time, until it is canceled. A request can reach the server, and the test can let the time pass,
    /// before the deadline of the request is set.
    private static func meetLateDeadlines(_ time: ManualTime) -> Task<Void, Never> {
        Task {
            while !Task.isCancelled {
                time.pass(.zero)
                try? await Task.sleep(for: .milliseconds(1))
            }
        }
    }

    @Test("A request without a response ends at its timeout and releases its connection.")
    func timeout() async throws {
        let time = ManualTime()
        try await TestServer.with { server in
            try await withClient(environment: ResourceEnvironment(time: time.source)) { client in
                async let answer = #expect(throws: HTTPError.self) {
                    try await client.get(server.url("/hold?token=s3cret"), timeout: .milliseconds(1500))
                }
                try await eventually("it is asked") { server.counts.now == 1 }
                time.pass(.milliseconds(1499))
                #expect(client.poolSample().leased == 1)
                time.pass(.milliseconds(1))
                let lateDeadlines = Self.meetLateDeadlines(time)
                defer { lateDeadlines.cancel() }
                let error = try #require(await answer)
                #expect(error.code == .timedOut)
                #expect(error.phase == .waiting)
                #expect(
                    error.description == "GET http://127.0.0.1:\(server.port)/hold?… timed out after 1.5 s "
                        + "while it waited for the response; check why the server is slow, or raise the timeout"
                )
                #expect(client.poolSample().leased == 0)
                #expect(client.poolSample().idle == 1)
                let next = try await client.get(server.url("/echo"))
                #expect(next.status == 200)
            }
        }
    }

    @Test("The configuration's timeout applies to a request without its own, redirects included.")
    func timeoutOfRedirects() async throws {
        let time = ManualTime()
        try await TestServer.with { server in
            try await withClient(HTTPConfiguration(timeout: .seconds(5)), environment: ResourceEnvironment(time: time.source)) { client in
                async let answer = #expect(throws: HTTPError.self) { try await client.get(server.url("/redirect?to=/hold")) }
                try await eventually("it is asked where it was sent to") { server.counts.now == 1 }
                time.pass(.seconds(5))
                let lateDeadlines = Self.meetLateDeadlines(time)
                defer { lateDeadlines.cancel() }
                #expect(try #require(await answer).code == .timedOut)
            }
        }
    }

    @Test("A request that times out waiting for a connection reports the pool's counters.")
    func timeoutInQueue() async throws {
        let time = ManualTime()
        try await TestServer.with { server in
            let configuration = HTTPConfiguration(maximumPerHost: 1, acquireBudget: .seconds(10))
            try await withClient(configuration, environment: ResourceEnvironment(time: time.source)) { client in
                async let first = client.get(server.url("/hold"))
                try await eventually("the first is asked") { server.counts.now == 1 }
                async let second = #expect(throws: HTTPError.self) { try await client.get(server.url("/hold"), timeout: .seconds(1)) }
                try await eventually("the second waits") { client.poolSample().waiting == 1 }
                time.pass(.seconds(1))
                let lateDeadlines = Self.meetLateDeadlines(time)
                defer { lateDeadlines.cancel() }
                let error = try #require(await second)
                #expect(error.code == .timedOut)
                #expect(error.pool?.sample?.leased == 1)
                #expect(error.description.contains("it waited for a connection: timed out after"))
                server.release()
                _ = try await first
            }
        }
    }

    @Test("A canceled request returns at once, and its connection is closed and its slot released.")
    func cancelled() async throws {
        let isAsked = Promise<Void>()
        let isClosed = Promise<Void>()
        try await ScriptedServer.with { connection in
            _ = try await connection.request()
            isAsked.fulfill(())
            await connection.untilClosed()
            isClosed.fulfill(())
        } _: { server in
            try await withClient(HTTPConfiguration(maximumPerHost: 1)) { client in
                let url = try server.url("/")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        await #expect(throws: CancellationError.self) { try await client.get(url) }
                        #expect(client.poolSample().leased == 0)
                    }
                    _ = await isAsked.wait()
                    group.cancelAll()
                    try await group.waitForAll()
                }
                _ = await isClosed.wait()
            }
        }
    }

    @Test("A request that is canceled while it waits for a connection sends nothing.")
    func cancelledInQueue() async throws {
        try await TestServer.with { server in
            try await withClient(HTTPConfiguration(maximumPerHost: 1)) { client in
                let url = try server.url("/hold")
                async let first = client.get(url)
                try await eventually("the first is asked") { server.counts.now == 1 }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { await #expect(throws: CancellationError.self) { try await client.get(url) } }
                    try await eventually("the second waits") { client.poolSample().waiting == 1 }
                    group.cancelAll()
                    try await group.waitForAll()
                }
                #expect(client.poolSample().waiting == 0)
                #expect(client.poolSample().leased == 1)
                server.release()
                _ = try await first
                #expect(server.counts.all == 1)
            }
        }
    }

    @Test("A task that is already canceled sends nothing.")
    func cancelledBefore() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let url = try server.url("/echo")
                await withTaskGroup(of: Void.self) { group in
                    group.cancelAll()
                    group.addTask { await #expect(throws: CancellationError.self) { try await client.get(url) } }
                }
                #expect(server.asked.isEmpty)
            }
        }
    }

    @Test("200 requests that are canceled at random times leave no connection and no lease.")
    func cancelledAnywhere() async throws {
        try await TestServer.with { server in
            try await withClient(HTTPConfiguration(maximumConnections: 8, maximumPerHost: 5)) { client in
                let urls = try ["127.0.0.1", "localhost"].map { try server.url("/redirect?to=/echo", host: $0) }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<200 {
                        group.addTask {
                            let url = urls[number % 2]
                            // Canceled from another task, at any time during or after the request.
                            let request = Task { try await client.get(url) }
                            try await Task.sleep(for: .microseconds(.random(in: 0...60_000)))
                            request.cancel()
                            switch await request.result {
                            case .success(let response): #expect(response.status == 200)
                            case .failure(let error): #expect(error is CancellationError)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let sample = client.poolSample()
                #expect(sample.isBalanced)
                #expect(sample.leased == 0)
                #expect(sample.waiting == 0)
                for url in urls { #expect(try await client.get(url).status == 200) }
            }
        }
    }
}
