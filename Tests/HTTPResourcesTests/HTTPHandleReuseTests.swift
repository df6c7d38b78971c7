import Foundation
import HTTPResources
import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Easy handles that serve one request after another", .timeLimit(.minutes(1)))
struct HTTPHandleReuseTests {
    private struct Received: Equatable {
        let start: String
        let headers: Set<String>
        let body: String
    }

    @Test("No request is sent with a method, header, or body of the request before it.")
    func nothingIsLeft() async throws {
        let methods: [HTTPClientPool.Method] = [.get, .head, .post, .put, .patch, .delete, .options, "REPORT"]
        let headers: [[String: String]] = [
            [:], ["x-a": "1"], ["x-a": "2"], ["x-a": "1", "x-b": "3"], ["accept-encoding": "identity"], ["user-agent": "test"],
        ]
        let received = Lock<Received?>(nil)
        try await RawServer.with { connection in
            while let head = connection.request() {
                let lines = head.split(separator: "\r\n").map(String.init)
                let size = lines.firstNonNil { $0.hasPrefix("Content-Length: ") ? Int($0.dropFirst(16)) : nil } ?? 0
                guard let body = connection.readAll(size) else { return }
                let request = Received(start: lines[0], headers: Set(lines.dropFirst()), body: String(decoding: body, as: UTF8.self))
                received.withLock { $0 = request }
                let isHead = lines[0].hasPrefix("HEAD ")
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\(isHead ? "" : "ok")")
            }
        } _: { server in
            // One request at a time uses the same handle.
            try await withClient { client in
                var random = SeededRandom(seed: 19)
                for number in 0..<500 {
                    let method = methods[Int.random(in: 0..<methods.count, using: &random)]
                    let own = headers[Int.random(in: 0..<headers.count, using: &random)]
                    let canHaveBody = method != .get && method != .head
                    let body = canHaveBody && Bool.random(using: &random) ? "body \(number)" : nil
                    let path = "/?n=\(number % 3)"
                    let url = try #require(URL(string: server.address(path)))
                    let response = try await client.request(method, url, headers: own, body: body.map { Data($0.utf8) })
                    #expect(response.text == (method == .head ? "" : "ok"))
                    var expected: Set = ["Host: 127.0.0.1:\(server.port)", "Accept: */*"]
                    expected.formUnion(own.map { "\($0.key): \($0.value)" })
                    if own["accept-encoding"] == nil { expected.insert("Accept-Encoding: gzip, deflate") }
                    if own["user-agent"] == nil { expected.insert("User-Agent: HTTPResources") }
                    if let body { expected.formUnion(["Content-Length: \(body.utf8.count)", "content-type: application/octet-stream"]) }
                    if body == nil, [.post, .put, .patch].contains(method) { expected.insert("Content-Length: 0") }
                    let wanted = Received(start: "\(method) \(path) HTTP/1.1", headers: expected, body: body ?? "")
                    #expect(received.withLock { $0 } == wanted)
                }
                #expect(client.connectionSample() == HTTPConnectionSample(open: 1, idle: 1, opened: 1, reused: 499))
            }
        }
    }
}

extension Sequence {
    /// The first result that is not nil.
    fileprivate func firstNonNil<Result>(_ transform: (Element) -> Result?) -> Result? {
        for element in self { if let result = transform(element) { return result } }
        return nil
    }
}
