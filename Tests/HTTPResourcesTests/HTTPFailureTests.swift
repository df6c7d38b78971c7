import Foundation
import HTTPResources
import ResourceContainer
import Testing

@Suite("HTTP client failures", .timeLimit(.minutes(1)))
struct HTTPFailureTests {
    private func failure(
        _ path: String = "/x?token=s3cret",
        script: @escaping @Sendable (ScriptedServer.Connection) async throws -> Void
    ) async throws -> HTTPError {
        try await ScriptedServer.with(script: script) { server in
            try await withClient { client in
                let error = await #expect(throws: HTTPError.self) { try await client.get(server.url(path)) }
                #expect(client.poolSample().leased == 0)
                let known = try #require(error)
                #expect(known.description.hasPrefix("GET http://127.0.0.1:\(server.port)/x?… "))
                #expect(!known.description.contains("s3cret"))
                return known
            }
        }
    }

    @Test("A refused connection is an error that names the server.")
    func refused() async throws {
        let port = try TestServer.unusedPort()
        try await withClient { client in
            let url = try #require(URL(string: "http://bob:s3cret@127.0.0.1:\(port)/a?token=s3cret"))
            let error = await #expect(throws: HTTPError.self) { try await client.request(.post, url, headers: ["X": "s3cret"]) }
            #expect(error?.code == .refused)
            #expect(error?.method == "POST")
            #expect(error?.url == "http://127.0.0.1:\(port)/a?…")
            #expect(
                error?.description.hasPrefix("POST http://127.0.0.1:\(port)/a?… failed: connection refused; check that the server runs")
                    == true
            )
            #expect(error?.description.contains("s3cret") == false)
        }
    }

    @Test("A host that does not resolve is unreachable.")
    func unknownHost() async throws {
        try await withClient { client in
            // The label exceeds the maximum length, so no name server is contacted.
            let name = String(repeating: "a", count: 64)
            let url = try #require(URL(string: "http://\(name).invalid/"))
            let error = await #expect(throws: HTTPError.self) { try await client.get(url) }
            #expect(error?.code == .unreachable)
            #expect(error?.description.contains("\(name).invalid/ got no response from the server") == true)
        }
    }

    @Test("A server that closes without a response is a lost connection.")
    func closedWithoutResponse() async throws {
        let error = try await self.failure { connection in _ = try await connection.request() }
        #expect(error.code == .connectionLost)
    }

    @Test("A server that closes in the middle of a response is a lost connection.")
    func cutOff() async throws {
        let error = try await self.failure { connection in
            _ = try await connection.request()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it")
        }
        #expect(error.code == .connectionLost)
        #expect(error.description.contains("lost its connection before the response was complete"))
    }

    @Test("A server that closes in the middle of a chunked response is a lost connection.")
    func cutOffInChunks() async throws {
        let error = try await self.failure { connection in
            _ = try await connection.request()
            try await connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf \r\n")
        }
        #expect(error.code == .connectionLost)
    }

    @Test("A server with another protocol is an invalid answer.")
    func notHTTP() async throws {
        let error = try await self.failure { connection in
            _ = try await connection.request()
            try await connection.send("220 mail.example.com ESMTP\r\n")
        }
        #expect(error.code == .invalidAnswer)
    }

    @Test("A restarted server is reached again.")
    func restartedServer() async throws {
        let first = try await TestServer()
        try await withClient { client in
            let url = try first.url("/echo")
            #expect(try await client.get(url).status == 200)
            await first.stop()
            await #expect(throws: HTTPError.self) { try await client.get(url) }
            let second = try await TestServer(port: first.port)
            #expect(try await client.get(url).status == 200)
            await second.stop()
        }
    }
}
