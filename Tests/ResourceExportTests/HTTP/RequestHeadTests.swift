import Testing

@testable import ResourceExport

@Suite("The heads of requests")
struct RequestHeadTests {
    private static func parse(_ text: String) throws -> HTTPRequest? {
        try HTTPRequest(parsing: Array(text.utf8))
    }

    /// The status with which a head is refused; nil if it is accepted or not complete.
    private static func refusal(of bytes: [UInt8]) -> HTTPStatus? {
        do throws(HTTPRequest.Fault) {
            _ = try HTTPRequest(parsing: bytes)
            return nil
        } catch {
            return error.status
        }
    }

    @Test("A request of Prometheus is its path, its host, and what it accepts.")
    func prometheus() throws {
        let text = """
            GET /metrics/4711-0?debug=1 HTTP/1.1\r
            Host: 127.0.0.1:9464\r
            User-Agent: Prometheus/2.42.0\r
            Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5\r
            Accept-Encoding: gzip\r
            \r

            """
        let request = try #require(try Self.parse(text))
        #expect(request.path == "/metrics/4711-0")
        #expect(request.host == "127.0.0.1:9464")
        #expect(request.accept == "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5")
        #expect(!request.isHead)
    }

    @Test("A head is incomplete at each of its bytes but the last.")
    func incomplete() throws {
        let bytes = Array("GET /targets HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        for count in bytes.indices { #expect(try HTTPRequest(parsing: Array(bytes[..<count])) == nil, "\(count) bytes") }
        #expect(try HTTPRequest(parsing: bytes) == HTTPRequest(path: "/targets", host: "a"))
    }

    @Test(
        "Odd heads that HTTP allows are read.",
        arguments: [
            ("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", HTTPRequest(isHead: true, path: "/", host: "a")),
            ("GET / HTTP/1.0\r\n\r\n", HTTPRequest(path: "/")),
            ("\r\nGET / HTTP/1.0\r\n\r\n", HTTPRequest(path: "/")),
            ("GET / HTTP/1.0\n\n", HTTPRequest(path: "/")),
            ("GET http://proxy:80/targets HTTP/1.1\r\nhost:\tb \t\r\n\r\n", HTTPRequest(path: "/targets", host: "b")),
            ("GET HTTP://proxy HTTP/1.1\r\nhost: b\r\n\r\n", HTTPRequest(path: "/", host: "b")),
            ("GET /a#b HTTP/1.0\r\nX:\r\n\r\n", HTTPRequest(path: "/a")),
            ("GET /a HTTP/1.0\r\nAccept: x\r\naccept: y\r\n\r\nGET /b HTTP/1.0\r\n\r\n", HTTPRequest(path: "/a", accept: "x,y")),
            ("GET /a HTTP/1.0\r\nX: \u{E9}\r\n\r\n", HTTPRequest(path: "/a")),
        ]
    )
    func odd(text: String, expected: HTTPRequest) throws {
        #expect(try Self.parse(text) == expected)
    }

    @Test(
        "A head that is not one for a page is refused.",
        arguments: [
            ("GET / HTTP/1.1\r\n\r\n", .badRequest), ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", .badRequest),
            ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest), ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .badRequest),
            ("GET /\r\n\r\n", .badRequest), ("GET / b HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
            ("GET a HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest), ("GET * HTTP/1.0\r\n\r\n", .badRequest),
            ("GET /\u{E9} HTTP/1.0\r\n\r\n", .badRequest), ("GET / HTTP/1.0\r\nX : y\r\n\r\n", .badRequest),
            ("GET / HTTP/1.0\r\nX: a\r\n folded\r\n\r\n", .badRequest), ("GET / HTTP/1.0\r\n: y\r\n\r\n", .badRequest),
            ("GET / HTTP/1.0\r\nno colon\r\n\r\n", .badRequest), ("GET / HTTP/1.0\r\nX: a\u{0}b\r\n\r\n", .badRequest),
            ("GET / HTTP/1.0\r\nX: a\rb\r\n\r\n", .badRequest), ("\r\n\r\nGET / HTTP/1.0\r\n\r\n", .badRequest),
            ("\u{16}\u{3}\u{1}\n\n", .badRequest), ("POST / HTTP/1.1\r\nHost: a\r\n\r\n", .methodNotAllowed),
            ("get / HTTP/1.1\r\nHost: a\r\n\r\n", .methodNotAllowed), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .versionNotSupported),
            ("GET / HTTP/1.10\r\n\r\n", .versionNotSupported), ("GET / SPDY\r\n\r\n", .badRequest),
        ] as [(String, HTTPStatus)]
    )
    func refused(text: String, status: HTTPStatus) {
        #expect(Self.refusal(of: Array(text.utf8)) == status)
    }

    @Test("A head that does not end, and one with too many fields, are refused.")
    func limits() {
        let start = "GET / HTTP/1.0\r\nX: "
        let long = Array((start + String(repeating: "a", count: HTTPRequest.limit)).utf8)
        #expect(Self.refusal(of: Array(long[..<(HTTPRequest.limit - 1)])) == nil)
        #expect(Self.refusal(of: long) == .fieldsTooLarge)
        #expect(Self.refusal(of: long + Array("\r\n\r\n".utf8)) == .fieldsTooLarge)
        let many = "GET / HTTP/1.0\r\n" + String(repeating: "X: y\r\n", count: HTTPRequest.fieldLimit)
        #expect(Self.refusal(of: Array((many + "\r\n").utf8)) == nil)
        #expect(Self.refusal(of: Array((many + "X: y\r\n\r\n").utf8)) == .fieldsTooLarge)
    }

    @Test("Random bytes and damaged heads are refused or read, and never trap.", arguments: 0..<200 as Range<UInt64>)
    func garbage(seed: UInt64) {
        var random = Seeded(seed)
        var bytes = Array("GET /metrics/4711-0 HTTP/1.1\r\nHost: a\r\nAccept: text/plain\r\n\r\n".utf8)
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            let index = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
            case 1: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: index)
            default: bytes.remove(at: index)
            }
        }
        let first = Self.refusal(of: bytes)
        #expect(first == Self.refusal(of: bytes))
    }
}

/// A generator of random numbers from a seed.
private struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        self.state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    }

    mutating func next() -> UInt64 {
        self.state ^= self.state << 13
        self.state ^= self.state >> 7
        self.state ^= self.state << 17
        return self.state
    }
}
