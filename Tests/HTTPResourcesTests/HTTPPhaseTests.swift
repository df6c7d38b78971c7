import Foundation
import HTTPResources
import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Phases of HTTP requests", .timeLimit(.minutes(1)))
struct HTTPPhaseTests {
    @Test("A server that does not begin its response exceeds the limit of the first byte.")
    func firstByte() async throws {
        let time = ManualTime()
        try await TestServer.with { server in
            let configuration = HTTPConfiguration(firstByteTimeout: .seconds(3))
            try await withClient(configuration, environment: ResourceEnvironment(time: time.source)) { client in
                async let answer = #expect(throws: HTTPError.self) { try await client.get(server.url("/hold")) }
                try await eventually("it is asked") { server.counts.now == 1 }
                time.pass(.milliseconds(2999))
                #expect(client.poolSample().leased == 1)
                time.pass(.milliseconds(1))
                let error = try #require(await answer)
                #expect(error.code == .timedOut)
                #expect(error.phase == .waiting)
                #expect(error.description.contains("timed out after 3 s (firstByteTimeout) while it waited for the response"))
            }
        }
    }

    @Test("A server that stops in a body exceeds the limit of silence, even without a timeout of the whole.")
    func silence() async throws {
        let time = ManualTime()
        try await ScriptedServer.with { connection in
            _ = try await connection.request()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            await connection.untilClosed()
        } _: { server in
            let configuration = HTTPConfiguration(timeout: .seconds(30), silenceTimeout: .seconds(45))
            try await withClient(configuration, environment: ResourceEnvironment(time: time.source)) { client in
                try await client.withResponse(.get, server.url("/")) { response in
                    var iterator = response.body.makeAsyncIterator()
                    let first = try await iterator.next()
                    #expect(first == Array("half".utf8))
                    time.pass(.seconds(44))
                    #expect(client.poolSample().leased == 1)
                    time.pass(.seconds(1))
                    let error = await #expect(throws: HTTPError.self) { try await iterator.next() }
                    #expect(error?.code == .timedOut)
                    #expect(error?.phase == .receiving)
                    #expect(error?.description.contains("(silenceTimeout)") == true)
                }
            }
        }
    }

    @Test("A timeout of a streamed request covers its body.")
    func timeoutOfBody() async throws {
        let time = ManualTime()
        try await ScriptedServer.with { connection in
            _ = try await connection.request()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            await connection.untilClosed()
        } _: { server in
            try await withClient(environment: ResourceEnvironment(time: time.source)) { client in
                try await client.withResponse(.get, server.url("/"), timeout: .seconds(20)) { response in
                    var iterator = response.body.makeAsyncIterator()
                    _ = try await iterator.next()
                    time.pass(.seconds(20))
                    let error = await #expect(throws: HTTPError.self) { try await iterator.next() }
                    #expect(error?.code == .timedOut)
                    #expect(error?.description.contains("timed out after 20 s while the response arrived") == true)
                }
            }
        }
    }

    @Test("A refused connection fails in the phase of connecting.")
    func refused() async throws {
        let port = try TestServer.unusedPort()
        try await withClient { client in
            let url = try #require(URL(string: "http://127.0.0.1:\(port)/"))
            let error = await #expect(throws: HTTPError.self) { try await client.get(url) }
            #expect(error?.phase == .connecting)
            #expect(error?.transportCode == 7)
        }
    }
}
