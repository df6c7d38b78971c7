import Foundation
import HTTPResources
import ResourceContainer
import ResourceSimulation
import Testing

@Suite("HTTP client lifecycle", .timeLimit(.minutes(1)))
struct HTTPLifecycleTests {
    @Test("A client that is not initialized refuses requests and sends nothing.")
    func notInitialized() async throws {
        try await TestServer.with { server in
            let client = try HTTPClientPool()
            let error = await #expect(throws: HTTPError.self) { try await client.get(server.url("/echo")) }
            #expect(error?.code == .notInitialized)
            #expect(error?.description.contains("call initialize() first") == true)
            #expect(server.asked.isEmpty)
            #expect(client.poolSample().made == 0)
            try await client.dispose()
            let late = await #expect(throws: HTTPError.self) { try await client.initialize() }
            #expect(late?.code == .closed)
        }
    }

    @Test("Initializing a client twice has no effect.")
    func initializedTwice() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                try await client.initialize()
                let response = try await client.get(server.url("/echo"))
                #expect(response.status == 200)
            }
        }
    }

    @Test("Dispose waits for the request in progress, refuses all others, and closes every connection.")
    func disposeWaits() async throws {
        let isAsked = Promise<Void>()
        let mayAnswer = Promise<Void>()
        let isClosed = Promise<Void>()
        try await ScriptedServer.with { connection in
            _ = try await connection.request()
            isAsked.fulfill(())
            _ = await mayAnswer.wait()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone")
            await connection.untilClosed()
            isClosed.fulfill(())
        } _: { server in
            let client = try HTTPClientPool(configuration: HTTPConfiguration(maximumPerHost: 1))
            try await client.initialize()
            let url = try server.url("/")
            async let underWay = client.get(url)
            _ = await isAsked.wait()
            async let waiting = #expect(throws: HTTPError.self) { try await client.get(url) }
            try await eventually("the second waits") { client.poolSample().waiting == 1 }
            async let disposal: Void = client.dispose()
            #expect(try #require(await waiting).code == .closed)
            let refused = await #expect(throws: HTTPError.self) { try await client.get(url) }
            #expect(refused?.code == .closed)
            #expect(refused?.description.contains("the client is disposed") == true)
            mayAnswer.fulfill(())
            #expect(try await underWay.text == "done")
            try await disposal
            // The connection was kept for the next request.
            _ = await isClosed.wait()
            #expect(client.poolSample().leased == 0)
            #expect(client.poolSample().isBalanced)
        }
    }

    @Test("A request stays in progress while it follows a redirect on the same server.")
    func disposeWaitsForRedirect() async throws {
        let isAsked = Promise<Void>()
        let mayAnswer = Promise<Void>()
        try await ScriptedServer.with { connection in
            while try await connection.request().hasPrefix("GET /old ") {
                isAsked.fulfill(())
                _ = await mayAnswer.wait()
                try await connection.send("HTTP/1.1 301 Moved\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n")
            }
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone")
            await connection.untilClosed()
        } _: { server in
            let client = try HTTPClientPool()
            try await client.initialize()
            let url = try server.url("/old")
            async let underWay = client.get(url)
            _ = await isAsked.wait()
            async let disposal: Void = client.dispose()
            try await eventually("it is being disposed") { try await client.healthCheck().status == .unhealthy }
            mayAnswer.fulfill(())
            #expect(try await underWay.text == "done")
            try await disposal
        }
    }

    @Test("Requests that exceed the drain timeout are canceled, and the error names their callers.")
    func disposeCancelsRequests() async throws {
        let time = ManualTime()
        try await TestServer.with { server in
            let client = try HTTPClientPool(
                configuration: HTTPConfiguration(timeout: .seconds(600), drainTimeout: .seconds(5)),
                environment: ResourceEnvironment(time: time.source)
            )
            try await client.initialize()
            let url = try server.url("/never")
            let line: UInt = #line + 1
            async let underWay = #expect(throws: HTTPError.self) { try await client.get(url) }
            try await eventually("it is asked") { server.asked.count == 1 }
            async let disposal = #expect(throws: PoolError.self) { try await client.dispose() }
            try await eventually("it drains") { time.earliestDeadline == time.now + .seconds(5) }
            time.pass(.seconds(5))
            let error = try #require(await disposal)
            #expect(error.code == .notCleanlyClosed)
            #expect(error.unreturned.map(\.location) == [CodeLocation(file: #fileID, line: line)])
            #expect(try #require(await underWay).code == .closed)
            #expect(client.poolSample().leased == 0)
            // Disposing again does nothing.
            await #expect(throws: PoolError.self) { try await client.dispose() }
        }
    }

    @Test("An expedited dispose does not wait for requests.")
    func expedite() async throws {
        let time = ManualTime()
        try await TestServer.with { server in
            let client = try HTTPClientPool(environment: ResourceEnvironment(time: time.source))
            try await client.initialize()
            let url = try server.url("/never")
            async let underWay = #expect(throws: HTTPError.self) { try await client.get(url) }
            try await eventually("it is asked") { server.asked.count == 1 }
            client.expedite()
            await #expect(throws: PoolError.self) { try await client.dispose() }
            #expect(try #require(await underWay).code == .closed)
        }
    }

    @Test("Dispose during concurrent requests ends each of them with a response or an HTTPError.", arguments: 0..<5)
    func disposeDuringRequests(round: Int) async throws {
        try await TestServer.with { server in
            let client = try HTTPClientPool(configuration: HTTPConfiguration(maximumPerHost: 4, drainTimeout: .zero))
            try await client.initialize()
            let url = try server.url("/echo")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        while true {
                            do {
                                let status = try await client.get(url).status
                                #expect(status == 200)
                            } catch let error as HTTPError {
                                #expect(error.code == .closed)
                                return
                            }
                        }
                    }
                }
                try await eventually("some are answered") { server.asked.count >= 5 * round + 1 }
                try? await client.dispose()
                try await group.waitForAll()
            }
            try await eventually("every lease is released") { client.poolSample().leased == 0 && client.poolSample().isBalanced }
        }
    }
}
