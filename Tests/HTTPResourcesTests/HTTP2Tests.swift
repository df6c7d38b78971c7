import CCurl
import Foundation
import HTTPResources
import ResourceContainer
import Testing

@Suite(
    "HTTP/2",
    .timeLimit(.minutes(1)),
    .enabled(if: OpenSSL.isAvailable && ccurl_has_http2(), "the program openssl is not installed, or libcurl has no HTTP/2")
)
struct HTTP2Tests {
    /// Reads the headers of `count` requests and returns their streams; fewer if the connection ends.
    private static func streams(_ count: Int, of frames: HTTP2Connection) -> [UInt32] {
        var streams: [UInt32] = []
        while streams.count < count, let frame = frames.next() { streams.append(frame.stream) }
        return streams
    }

    @Test("Requests in progress to one server share a connection.")
    func shared() async throws {
        try await TLSServer.with(protocols: "h2") { connection in
            guard let frames = HTTP2Connection(connection) else { return }
            for stream in Self.streams(1, of: frames) { frames.answer(stream, Array("first".utf8)) }
            // All eight have arrived before one is answered.
            for stream in Self.streams(8, of: frames).reversed() { frames.answer(stream, Array("\(stream)".utf8)) }
        } _: { server in
            try await withClient(HTTPConfiguration(tls: server.trusted)) { client in
                let url = try server.url()
                let first = try await client.get(url)
                #expect(first.text == "first")
                let texts = try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<8 { group.addTask { try await client.get(url).text } }
                    return try await group.reduce(into: Set()) { texts, text in texts.insert(text) }
                }
                #expect(texts == ["3", "5", "7", "9", "11", "13", "15", "17"])
                #expect(client.connectionSample() == HTTPConnectionSample(open: 1, idle: 1, opened: 1, reused: 8))
            }
        }
    }

    @Test("A stream that the server resets fails its request only.")
    func resetStream() async throws {
        try await TLSServer.with(protocols: "h2") { connection in
            guard let frames = HTTP2Connection(connection) else { return }
            for stream in Self.streams(1, of: frames) { frames.answer(stream, []) }
            let streams = Self.streams(2, of: frames)
            guard streams.count == 2 else { return }
            frames.reset(streams[0])
            frames.answer(streams[1], Array("fine".utf8))
        } _: { server in
            try await withClient(HTTPConfiguration(tls: server.trusted)) { client in
                let url = try server.url()
                let first = try await client.get(url)
                #expect(first.body.isEmpty)
                let results = await withTaskGroup(of: Result<String, any Error>.self) { group in
                    for _ in 0..<2 {
                        group.addTask {
                            do { return .success(try await client.get(url).text) } catch { return .failure(error) }
                        }
                    }
                    return await group.reduce(into: []) { results, result in results.append(result) }
                }
                let codes = results.map { result -> HTTPError.Code? in
                    if case .failure(let error as HTTPError) = result { error.code } else { nil }
                }
                #expect(Set(codes) == [nil, .connectionLost])
                #expect(results.contains { (try? $0.get()) == "fine" })
                #expect(client.poolSample().leased == 0)
            }
        }
    }

    @Test("Bodies are sent and received in parts, and a client that does not read pauses its stream.")
    func bodies() async throws {
        let size = 1 << 20
        let received = Lock(0)
        try await TLSServer.with(protocols: "h2") { connection in
            guard let frames = HTTP2Connection(connection), let first = frames.next() else { return }
            while let frame = frames.next() {
                received.withLock { $0 += frame.payload.count }
                if frame.endsStream { break }
            }
            frames.answer(first.stream, [UInt8](repeating: 0x61, count: size))
        } _: { server in
            try await withClient(HTTPConfiguration(streamBufferSize: 16_384, tls: server.trusted)) { client in
                let body = [UInt8](repeating: 7, count: 300_000)
                let count = try await client.withResponse(.put, server.url(), upload: .bytes(body)) { response in
                    var count = 0
                    for try await chunk in response.body {
                        count += chunk.count
                        await Task.yield()
                    }
                    return count
                }
                #expect(count == size)
                #expect(received.withLock { $0 } == 300_000)
            }
        }
    }

    @Test("A client without HTTP/2 does not offer it.")
    func notOffered() async throws {
        try await TLSServer.with(protocols: "h2,http/1.1") { connection in
            guard connection.bytes.request()?.contains("GET / HTTP/1.1\r\n") == true else { return }
            connection.bytes.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        } _: { server in
            try await withClient(HTTPConfiguration(usesHTTP2: false, tls: server.trusted)) { client in
                let response = try await client.get(server.url())
                #expect(response.text == "ok")
            }
        }
    }
}
