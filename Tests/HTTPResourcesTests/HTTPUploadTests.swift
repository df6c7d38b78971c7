import Foundation
import HTTPResources
import ResourceContainer
import Testing

@Suite("Uploads of bodies", .timeLimit(.minutes(1)))
struct HTTPUploadTests {
    /// Runs `body` with a server that answers with the framing and the size of each body.
    private func withSizes(_ body: (URL, HTTPClientPool) async throws -> Void) async throws {
        try await RawServer.with { connection in
            while let head = connection.request()?.lowercased() {
                let size: Int
                if let length = head.split(separator: "\r\n").first(where: { $0.hasPrefix("content-length: ") })?.dropFirst(16) {
                    var left = Int(length) ?? 0
                    while left > 0, let part = connection.read(min(left, 65_536)) { left -= part.count }
                    size = (Int(length) ?? 0) - left
                } else {
                    size = Self.readChunks(from: connection)
                }
                let text = "\(head.contains("transfer-encoding: chunked") ? "chunked" : "length") \(size)"
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)")
            }
        } _: { server in
            try await withClient { client in try await body(#require(URL(string: server.address())), client) }
        }
    }

    /// Reads a chunked body. Returns its size.
    private static func readChunks(from connection: RawServer.Connection) -> Int {
        func line() -> String {
            var bytes: [UInt8] = []
            while bytes.last != 0x0A, let byte = connection.read(1)?.first { bytes.append(byte) }
            return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        var size = 0
        while let count = Int(line(), radix: 16), count > 0 {
            var left = count
            while left > 0, let part = connection.read(left) { left -= part.count }
            size += count - left
            _ = line()
        }
        _ = line()
        return size
    }

    @Test("A sequence without a length is sent in chunks, and one with a length is not.")
    func uploads() async throws {
        try await self.withSizes { url, client in
            let unknown = try await client.request(.put, url, upload: .stream(Chunks(count: 40, size: 10_000)))
            #expect(unknown.text == "chunked 400000")
            let known = try await client.request(.post, url, upload: .stream(Chunks(count: 40, size: 10_000), length: 400_000))
            #expect(known.text == "length 400000")
            let empty = try await client.request(.post, url, upload: .stream(Chunks(count: 0, size: 1)))
            #expect(empty.text == "chunked 0")
            let bytes = try await client.request(.put, url, upload: .bytes([UInt8](repeating: 1, count: 3_000_000)))
            #expect(bytes.text == "length 3000000")
        }
    }

    @Test("The error of an uploaded sequence is thrown, and the connection is closed.")
    func failingUpload() async throws {
        try await self.withSizes { url, client in
            await #expect(throws: Broken.self) {
                try await client.request(.put, url, upload: .stream(Chunks(count: 2, size: 10, failure: Broken())))
            }
            #expect(client.poolSample().leased == 0)
            try await eventually("the connection is closed") { client.connectionSample().open == 0 }
        }
    }

    @Test("A sequence that does not have its length is an error.", arguments: [99, 101])
    func wrongLength(length: Int64) async throws {
        try await RawServer.with { connection in
            guard connection.request() != nil else { return }
            connection.untilClosed()
        } _: { server in
            try await withClient { client in
                let url = try #require(URL(string: server.address()))
                let error = await #expect(throws: HTTPError.self) {
                    try await client.request(.put, url, upload: .stream(Chunks(count: 10, size: 10), length: length), timeout: .seconds(10))
                }
                #expect(error?.code == .invalidRequest)
            }
        }
    }

    @Test("A sequence is read no faster than the server reads, and not at all once the request has ended.")
    func uploadBackPressure() async throws {
        let chunks = Chunks(count: .max, size: 65_536)
        let mayContinue = Promise<Void>()
        try await RawServer.with { connection in
            guard connection.request() != nil else { return }
            mayContinue.waitBlocking()
        } _: { server in
            try await withClient { client in
                let url = try #require(URL(string: server.address()))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        await #expect(throws: CancellationError.self) { try await client.request(.put, url, upload: .stream(chunks)) }
                    }
                    try await eventually("it is read") { chunks.read.value > 4 }
                    try await TestServer.with { other in
                        for _ in 0..<100 { _ = try await client.get(other.url("/echo")) }
                    }
                    // The rest is in the buffers of the system.
                    #expect(chunks.read.value < 800)
                    group.cancelAll()
                    try await group.waitForAll()
                }
                let read = chunks.read.value
                mayContinue.fulfill(())
                #expect(chunks.read.value <= read + 1)
            }
        }
    }

    @Test("Bytes are sent again for a redirect that requires it; a sequence is refused.")
    func redirectedUpload() async throws {
        try await TestServer.with { server in
            try await withClient { client in
                let url = try server.url("/redirect?status=307&to=/echo")
                let echo = try await client.request(.put, url, upload: .bytes(Data("again".utf8))).json(Echo.self)
                #expect(echo.body == "again")
                let error = await #expect(throws: HTTPError.self) {
                    try await client.request(.put, url, upload: .stream(Chunks(count: 1, size: 5), length: 5))
                }
                #expect(error?.code == .invalidRequest)
                #expect(error?.description.contains("cannot be sent a second time") == true)
                #expect(client.poolSample().leased == 0)
            }
        }
    }
}
