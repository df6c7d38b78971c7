import Foundation
import HTTPResources
import ResourceContainer
import Testing

@Suite("Bodies as streams", .timeLimit(.minutes(1)))
struct HTTPStreamTests {
    @Test("The chunks of a body can be read before the body is complete.")
    func chunks() async throws {
        let isRead = Promise<Void>()
        try await ScriptedServer.with { connection in
            _ = try await connection.request()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-Kind: a\r\n\r\none")
            _ = await isRead.wait()
            try await connection.send("two")
            await connection.untilClosed()
        } _: { server in
            try await withClient { client in
                let text = try await client.withResponse(.get, server.url("/")) { response in
                    #expect(response.status == 200)
                    #expect(response.headers["x-kind"] == "a")
                    #expect(response.announcedSize == 6)
                    #expect(client.poolSample().leased == 1)
                    var text = ""
                    for try await chunk in response.body {
                        if text.isEmpty { #expect(chunk == Array("one".utf8)) }
                        text += String(decoding: chunk, as: UTF8.self)
                        isRead.fulfill(())
                    }
                    return text
                }
                #expect(text == "onetwo")
                #expect(client.poolSample().leased == 0)
                #expect(client.connectionSample().idle == 1)
            }
        }
    }

    @Test("A client stops reading while the application does not read, and other requests continue.")
    func backPressure() async throws {
        let total = 64 << 20
        let sent = Counter()
        try await TestServer.with { other in
            try await RawServer.with { connection in
                guard connection.request() != nil else { return }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(64 << 20)\r\n\r\n")
                let block = [UInt8](repeating: 0x61, count: 65_536)
                while connection.send(block) { sent.add(block.count) }
            } _: { server in
                try await withClient(HTTPConfiguration(streamBufferSize: 65_536)) { client in
                    let url = try #require(URL(string: server.address()))
                    let size = try await client.withResponse(.get, url) { response in
                        var size = 0
                        for try await chunk in response.body {
                            if size == 0 {
                                for _ in 0..<100 { _ = try await client.get(other.url("/echo")) }
                                // The rest is in the buffers of the system.
                                #expect(sent.value < total / 2)
                            }
                            size += chunk.count
                        }
                        return size
                    }
                    #expect(size == total)
                }
            }
        }
    }

    @Test("A body that is not read to its end closes its connection when the closure returns.")
    func notRead() async throws {
        let isClosed = Promise<Void>()
        try await ScriptedServer.with { connection in
            _ = try await connection.request()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            await connection.untilClosed()
            isClosed.fulfill(())
        } _: { server in
            try await withClient { client in
                let status = try await client.withResponse(.get, server.url("/")) { $0.status }
                #expect(status == 200)
                #expect(client.poolSample().leased == 0)
                _ = await isClosed.wait()
            }
        }
    }

    @Test("A lost connection is an error after the chunks that arrived.")
    func lost() async throws {
        try await ScriptedServer.with { connection in
            _ = try await connection.request()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        } _: { server in
            try await withClient { client in
                try await client.withResponse(.get, server.url("/")) { response in
                    var bytes: [UInt8] = []
                    var iterator = response.body.makeAsyncIterator()
                    let error = await #expect(throws: HTTPError.self) {
                        while let chunk = try await iterator.next() { bytes += chunk }
                    }
                    #expect(bytes == Array("half".utf8))
                    #expect(error?.code == .connectionLost)
                    #expect(error?.phase == .receiving)
                }
            }
        }
    }

    @Test("Canceling the task ends the transfer while the closure runs.")
    func cancelled() async throws {
        let isClosed = Promise<Void>()
        let isRead = Promise<Void>()
        try await ScriptedServer.with { connection in
            _ = try await connection.request()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            await connection.untilClosed()
            isClosed.fulfill(())
        } _: { server in
            try await withClient { client in
                let url = try server.url("/")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        await #expect(throws: CancellationError.self) {
                            try await client.withResponse(.get, url) { response in
                                for try await _ in response.body { isRead.fulfill(()) }
                            }
                        }
                    }
                    _ = await isRead.wait()
                    group.cancelAll()
                    _ = await isClosed.waitThroughCancellation()
                    try await group.waitForAll()
                }
                #expect(client.poolSample().leased == 0)
            }
        }
    }

    @Test("The error of the closure is the error of the request, even if it is one of a pool.")
    func closureFails() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let refusal = await #expect(throws: PoolError.self) {
                    try await client.withResponse(.get, server.url("/echo")) { _ in
                        _ = try ResourcePool<Int>(name: "p", configuration: PoolConfiguration(maximum: 0), make: { 1 })
                    }
                }
                #expect(refusal?.code == .invalidConfiguration)
                #expect(client.poolSample().leased == 0)
            }
        }
    }

    @Test("Redirects are followed before the closure runs, and their connections are used again.")
    func redirected() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let url = try server.url("/redirect?to=/echo")
                let last = try await client.withResponse(.get, url) { response in
                    for try await _ in response.body {}
                    return response.url
                }
                let target = try server.url("/echo")
                #expect(last == target)
                #expect(client.connectionSample() == HTTPConnectionSample(open: 1, idle: 1, opened: 1, reused: 1))
                let loop = await #expect(throws: HTTPError.self) { try await client.withResponse(.get, server.url("/circle")) { _ in } }
                #expect(loop?.code == .tooManyRedirects)
            }
        }
    }

    @Test("A stub can be read in chunks.")
    func stub() async throws {
        let stub = HTTPStub { _, _, body in HTTPStub.Answer(body: Data(repeating: 7, count: (body?.count ?? 0) * 100)) }
        let client = try HTTPClientPool(configuration: HTTPConfiguration(streamBufferSize: 64), stub: stub)
        try await client.initialize()
        let url = try #require(URL(string: "http://stock.local/"))
        let size = try await client.withResponse(.post, url, upload: .stream(Chunks(count: 3, size: 10))) { response in
            var size = 0
            for try await chunk in response.body { size += chunk.count }
            return size
        }
        #expect(size == 3000)
        try await client.dispose()
    }
}
