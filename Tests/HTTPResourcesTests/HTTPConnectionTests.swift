import FlyingSocks
import Foundation
import HTTPResources
import ResourceContainer
import Testing

@Suite("HTTP client connections", .timeLimit(.minutes(1)))
struct HTTPConnectionTests {
    /// Whether the system has the address `::1`.
    private static var hasIPv6: Bool {
        guard let socket = try? Socket(domain: AF_INET6), let address = try? sockaddr_in6.inet6(ip6: "::1", port: 0) else { return false }
        defer { try? socket.close() }
        return (try? socket.bind(to: address)) != nil
    }

    @Test("A connection is kept for later requests, counted, and closed with the client.")
    func reused() async throws {
        try await TestServer.with { server in
            let client = try HTTPClientPool()
            #expect(client.connectionSample() == HTTPConnectionSample())
            try await client.initialize()
            for _ in 0..<3 { _ = try await client.get(server.url("/echo")) }
            #expect(client.connectionSample() == HTTPConnectionSample(open: 1, idle: 1, opened: 1, reused: 2))
            try await client.dispose()
            #expect(client.connectionSample() == HTTPConnectionSample(opened: 1, reused: 2))
        }
    }

    @Test("A connection with a request in progress is not idle.")
    func inUse() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                async let first = client.get(server.url("/hold"))
                async let second = client.get(server.url("/hold"))
                try await eventually("both are asked") { server.counts.now == 2 }
                #expect(client.connectionSample() == HTTPConnectionSample(open: 2, opened: 2))
                server.release()
                _ = try await (first, second)
                #expect(client.connectionSample() == HTTPConnectionSample(open: 2, idle: 2, opened: 2))
            }
        }
    }

    @Test("The connections to all hosts together stay near the limit: an idle one is closed for a new one.")
    func limit() async throws {
        var servers: [TestServer] = []
        for _ in 0..<6 { servers.append(try await TestServer()) }
        try await withClient(HTTPConfiguration(maximumConnections: 1, maximumPerHost: 1)) { client in
            for server in servers { _ = try await client.get(server.url("/echo")) }
            // One for the request in progress, and two for pings.
            #expect(client.connectionSample().open <= 3)
            #expect(client.connectionSample().opened == 6)
        }
        for server in servers { await server.stop() }
    }

    @Test("An address in brackets is reached.", .enabled(if: Self.hasIPv6, "the system has no IPv6"))
    func addressInBrackets() async throws {
        try await TestServer.with(isIPv6: true) { server in
            try await withClient { client in
                let echo = try await client.get(server.url("/echo", host: "[::1]")).json(Echo.self)
                #expect(echo.headers["host"] == "[::1]:\(server.port)")
            }
        }
    }

    @Test("A server that closes its connection while the client writes to it does not end the process.")
    func brokenPipe() async throws {
        try await RawServer.with { connection in
            guard connection.request() != nil else { return }
            connection.reset()
        } _: { server in
            try await withClient { client in
                let url = try #require(URL(string: server.address()))
                for _ in 0..<20 {
                    let error = await #expect(throws: HTTPError.self) {
                        try await client.request(.put, url, upload: .bytes([UInt8](repeating: 7, count: 4_000_000)))
                    }
                    #expect(error?.code == .connectionLost)
                }
            }
        }
    }

    @Test(
        "A request whose connection is closed by the server is sent again only if that cannot do harm.",
        arguments: [(HTTPClientPool.Method.get, 2), (.put, 2), (.delete, 2), (.post, 1), (.patch, 1)]
    )
    func sentAgain(method: HTTPClientPool.Method, count: Int) async throws {
        let requests = Lock(0)
        try await RawServer.with { connection in
            // Answers the first request over each connection, and closes it when the second one arrives.
            guard let first = connection.request() else { return }
            if first.hasPrefix("\(method) ") { requests.withLock { $0 += 1 } }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            guard let second = connection.request() else { return }
            if second.hasPrefix("\(method) ") { requests.withLock { $0 += 1 } }
        } _: { server in
            try await withClient { client in
                let url = try #require(URL(string: server.address()))
                _ = try await client.request(.options, url)
                let result: Result<HTTPClientPool.Response, any Error>
                do { result = .success(try await client.request(method, url)) } catch { result = .failure(error) }
                #expect(requests.withLock { $0 } == count)
                switch result {
                case .success(let response):
                    #expect(count == 2)
                    #expect(response.text == "ok")
                case .failure(let error):
                    #expect(count == 1)
                    #expect((error as? HTTPError)?.code == .connectionLost)
                }
            }
        }
    }

    @Test("Dispose closes the connections of requests that it cancels.")
    func forcedClose() async throws {
        try await RawServer.with { connection in
            while connection.request() != nil {}
        } _: { server in
            let client = try HTTPClientPool(configuration: HTTPConfiguration(drainTimeout: .zero))
            try await client.initialize()
            let url = try #require(URL(string: server.address()))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<5 {
                    group.addTask {
                        let error = await #expect(throws: HTTPError.self) { try await client.get(url) }
                        #expect(error?.code == .closed)
                    }
                }
                try await eventually("all are asked") { client.connectionSample().open == 5 }
                await #expect(throws: PoolError.self) { try await client.dispose() }
                #expect(client.connectionSample().open == 0)
                try await group.waitForAll()
            }
            try await eventually("the server sees it") { server.openConnections == 0 }
        }
    }

    @Test("A client that is released without dispose closes its connections.")
    func released() async throws {
        try await RawServer.with { connection in
            while connection.request() != nil { connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") }
        } _: { server in
            func use() async throws {
                let client = try HTTPClientPool()
                try await client.initialize()
                _ = try await client.get(#require(URL(string: server.address())))
                #expect(server.openConnections == 1)
            }
            try await use()
            try await eventually("the connection is closed") { server.openConnections == 0 }
        }
    }

    @Test("A body is decompressed, unless the request has its own Accept-Encoding.")
    func compressed() async throws {
        let compressed: [UInt8] = [
            0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0, 0x86, 0xA6, 0x10, 0x36, 0x05, 0, 0, 0,
        ]
        let asked = Lock<[String]>([])
        try await RawServer.with { connection in
            while let request = connection.request() {
                asked.withLock { $0.append(request.lowercased()) }
                connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(compressed.count)\r\n\r\n")
                connection.send(compressed)
            }
        } _: { server in
            try await withClient { client in
                let url = try #require(URL(string: server.address()))
                let response = try await client.get(url)
                #expect(response.text == "hello")
                let raw = try await client.get(url, headers: ["Accept-Encoding": "gzip"])
                #expect(raw.body == Data(compressed))
                #expect(asked.withLock { $0[0] }.contains("accept-encoding: gzip, deflate\r\n"))
                #expect(asked.withLock { $0[1] }.contains("accept-encoding: gzip\r\n"))
            }
        }
    }

    @Test("The size of a body is set by the client.")
    func framing() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let url = try server.url("/echo")
                let same = try await client.request(.post, url, headers: ["Content-Length": "2"], body: Data("ok".utf8)).json(Echo.self)
                #expect(same.headers["content-length"] == "2")
                let none = try await client.request(.post, url).json(Echo.self)
                #expect(none.headers["content-length"] == "0")
                for headers in [["Content-Length": "3"], ["Transfer-Encoding": "chunked"]] {
                    let error = await #expect(throws: HTTPError.self) {
                        try await client.request(.post, url, headers: headers, body: Data("ok".utf8))
                    }
                    #expect(error?.code == .invalidRequest)
                }
            }
        }
    }
}
