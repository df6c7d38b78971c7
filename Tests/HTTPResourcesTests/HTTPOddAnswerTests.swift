import Foundation
import HTTPResources
import ResourceContainer
import Testing

@Suite("Odd answers of HTTP servers", .timeLimit(.minutes(1)))
struct HTTPOddAnswerTests {
    private func result(_ client: HTTPClientPool, _ address: String, _ method: HTTPClientPool.Method = .get) async throws
        -> OddAnswer.Result
    {
        do {
            let response = try await client.request(method, address)
            return .answer(response.status, response.text)
        } catch let error as HTTPError {
            return .failure(error.code)
        }
    }

    /// Requests the answer, and then an ordinary one with the same client.
    private func check(_ odd: OddAnswer) async throws {
        try await RawServer.with { connection in
            while let head = connection.request() {
                if head.contains(" /ok ") {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine")
                } else if !odd.send(over: connection) {
                    return
                }
            }
        } _: { server in
            try await withClient { client in
                let found = try await self.result(client, server.address("/odd"), odd.method)
                #expect(odd.results.contains(found), "\(found)")
                #expect(client.poolSample().leased == 0)
                let next = try await client.get(server.address("/ok"))
                #expect(next.text == "fine")
            }
        }
    }

    @Test("An odd body gives the right result, and the client continues to work.", arguments: OddAnswer.bodies)
    func bodies(odd: OddAnswer) async throws {
        try await self.check(odd)
    }

    @Test("An odd status line gives the right result, and the client continues to work.", arguments: OddAnswer.statuses)
    func statuses(odd: OddAnswer) async throws {
        try await self.check(odd)
    }

    @Test("An odd header gives the right result, and the client continues to work.", arguments: OddAnswer.heads)
    func heads(odd: OddAnswer) async throws {
        try await self.check(odd)
    }

    @Test("A redirect to an odd target gives the right result.", arguments: OddAnswer.redirects)
    func redirects(location: String, expected: OddAnswer.Result) async throws {
        try await RawServer.with { connection in
            let target = location.replacingOccurrences(of: "PORT", with: "\(connection.port)")
            let red = OddAnswer.ok("Location: \(target)\r\n", status: "302 Found", body: "red")
            while let head = connection.request() {
                let path = head.split(separator: " ").dropFirst().first?.prefix { $0 != "?" } ?? ""
                let answer = path == "/redirect" ? red : path == "/ok" ? OddAnswer.ok() : OddAnswer.ok(status: "404 No", body: "?")
                guard OddAnswer("", answer).send(over: connection) else { return }
            }
        } _: { server in
            try await withClient { client in
                let found = try await self.result(client, server.address("/redirect"))
                #expect(found == expected)
                #expect(client.poolSample().leased == 0)
            }
        }
    }

    @Test("A redirect to an IPv6 address is followed; no server listens there.")
    func redirectToIPv6() async throws {
        try await RawServer.with { connection in
            while connection.request() != nil {
                guard OddAnswer("", OddAnswer.ok("Location: //[::1]:1/\r\n", status: "302 Found")).send(over: connection) else { return }
            }
        } _: { server in
            try await withClient { client in
                let error = await #expect(throws: HTTPError.self) { try await client.get(server.address()) }
                #expect(error?.url == "http://[::1]:1/")
                // Some systems have no IPv6.
                #expect([.refused, .unreachable].contains(error?.code))
            }
        }
    }

    @Test("A header of blanks only is empty.")
    func emptyValues() async throws {
        try await RawServer.with { connection in
            while connection.request() != nil { connection.send("HTTP/1.1 204 No\r\nX-Empty:\r\nX-Space:   \r\nX-Pad:  a b \r\n\r\n") }
        } _: { server in
            try await withClient { client in
                let headers = try await client.get(server.address()).headers
                #expect(headers["x-empty"] == "")
                #expect(headers["x-space"] == "")
                #expect(headers["x-pad"] == "a b")
            }
        }
    }

    @Test("A server that closes a connection between two requests is reached over another one.")
    func closedBetweenRequests() async throws {
        try await RawServer.with { connection in
            if connection.request() != nil { connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") }
        } _: { server in
            try await withClient { client in
                for _ in 0..<20 {
                    let response = try await client.get(server.address())
                    #expect(response.text == "ok")
                }
            }
        }
    }

    @Test("A body that is refused before it is sent completely gives the response.")
    func refusedBody() async throws {
        try await RawServer.with { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
            connection.finish()
            connection.untilClosed()
        } _: { server in
            try await withClient { client in
                let response = try await client.post(server.address(), body: Data(count: 8_000_000))
                #expect(response.status == 413)
            }
        }
    }
}
