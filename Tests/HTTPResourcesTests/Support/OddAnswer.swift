import HTTPResources
import Testing

/// An answer that a server may send, or should not send, and its result.
struct OddAnswer: Sendable, CustomTestStringConvertible {
    /// The result of a request.
    enum Result: Hashable, Sendable {
        case answer(Int, String)
        case failure(HTTPError.Code)
    }

    /// The act of the server after its bytes.
    enum End: Sendable {
        case keep, close, reset
    }

    let name: String
    let method: HTTPClientPool.Method
    /// The parts that are sent, with a pause between two of them.
    let parts: [[UInt8]]
    let end: End
    /// The right results. There is more than one where versions of libcurl differ, and the standard permits both.
    let results: Set<Result>

    var testDescription: String {
        self.name
    }

    /// Creates an answer. Each scalar of a text is a byte.
    init(_ name: String, method: HTTPClientPool.Method = .get, _ parts: [String], _ end: End = .keep, _ results: Result...) {
        self.name = name
        self.method = method
        self.parts = parts.map { $0.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
        self.end = end
        self.results = Set(results)
    }

    /// An answer with status 200, the body `ok`, and more header lines.
    static func ok(_ lines: String = "", status: String = "200 OK", body: String = "ok") -> [String] {
        ["HTTP/1.1 \(status)\r\nContent-Length: \(body.unicodeScalars.count)\r\n\(lines)\r\n\(body)"]
    }

    /// Sends the answer. Returns false if the connection is over.
    func send(over connection: RawServer.Connection) -> Bool {
        for (index, part) in self.parts.enumerated() {
            if index > 0 { RawServer.pause(milliseconds: 2) }
            guard connection.send(part) else { return false }
        }
        if self.end == .reset { connection.reset() }
        return self.end == .keep
    }
}

extension OddAnswer {
    static let bodies = [
        OddAnswer("ok", Self.ok(), .keep, .answer(200, "ok")),
        OddAnswer("nothing", [], .close, .failure(.connectionLost)),
        OddAnswer("one length that is too long", ["HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"], .close, .failure(.connectionLost)),
        OddAnswer("a negative length", ["HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello"], .close, .failure(.invalidAnswer)),
        OddAnswer("a length in words", ["HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello"], .close, .failure(.invalidAnswer)),
        OddAnswer(
            "a length above 64 bits",
            ["HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nhello"],
            .close,
            .failure(.tooLarge)
        ),
        OddAnswer(
            "a length above the limit",
            ["HTTP/1.1 200 OK\r\nContent-Length: 13304315904\r\nX-Info: large\r\n\r\n"],
            .keep,
            .failure(.tooLarge)
        ),
        OddAnswer(
            "two different lengths",
            ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nhello"],
            .close,
            .failure(.invalidAnswer)
        ),
        OddAnswer("two equal lengths", ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok"], .keep, .answer(200, "ok")),
        OddAnswer("a body until the connection closes", ["HTTP/1.0 200 OK\r\n\r\nhello"], .close, .answer(200, "hello")),
        OddAnswer("a reset in the body", ["HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello"], .reset, .failure(.connectionLost)),
        OddAnswer(
            "bytes after the body",
            ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokEXTRA BYTES AFTER\r\nHTTP/1.1 200 OK\r\n\r\n"],
            .keep,
            .answer(200, "ok")
        ),
        OddAnswer(
            "chunks with a trailer",
            ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"],
            .keep,
            .answer(200, "hello")
        ),
        OddAnswer(
            "chunks with a trailer that is not declared",
            ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"],
            .keep,
            .answer(200, "hello")
        ),
        OddAnswer(
            "chunks with extensions",
            ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0;c\r\n\r\n"],
            .keep,
            .answer(200, "hello")
        ),
        OddAnswer(
            "a chunk without a size",
            ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n"],
            .close,
            .failure(.invalidAnswer)
        ),
        OddAnswer(
            "chunks without the last one",
            ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"],
            .close,
            .failure(.connectionLost)
        ),
        OddAnswer(
            "an invalid compressed body",
            Self.ok("Content-Encoding: gzip\r\n", body: "this is not gzip"),
            .keep,
            .failure(.invalidAnswer)
        ),
        OddAnswer("an unknown encoding", Self.ok("Content-Encoding: rot13\r\n", body: "xyz"), .keep, .failure(.invalidAnswer)),
        OddAnswer(
            "a brotli body",
            Self.ok("Content-Encoding: br\r\n", body: "\u{0b}\u{02}\u{80}hello\u{03}"),
            .keep,
            .answer(200, "hello"),
            .failure(.invalidAnswer)
        ),
        OddAnswer(
            "a HEAD response that announces a large body",
            method: .head,
            ["HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n"],
            .keep,
            .answer(200, "")
        ),
        OddAnswer("a status of 204 with a length", ["HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n"], .keep, .answer(204, "")),
        OddAnswer(
            "a status of 304 that announces a large body",
            ["HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 123456789012\r\n\r\n"],
            .keep,
            .answer(304, "")
        ),
    ]

    static let statuses = [
        OddAnswer("a binary protocol", ["\u{0}\u{1}\u{2}hello there this is not http\n"], .close, .failure(.invalidAnswer)),
        OddAnswer("a body without a head", ["<html>just a body</html>"], .close, .failure(.invalidAnswer)),
        OddAnswer(
            "a byte order mark",
            ["\u{ef}\u{bb}\u{bf}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"],
            .close,
            .failure(.invalidAnswer)
        ),
        OddAnswer("version 3.0", ["HTTP/3.0 200 OK\r\nContent-Length: 2\r\n\r\nok"], .close, .failure(.invalidAnswer)),
        OddAnswer("a status of 999", Self.ok(status: "999 Odd"), .keep, .answer(999, "ok")),
        OddAnswer("a status of 99", Self.ok(status: "99 Odd"), .close, .failure(.invalidAnswer)),
        OddAnswer("a status of 0", Self.ok(status: "000 Nothing"), .close, .failure(.invalidAnswer)),
        OddAnswer("no reason", ["HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok"], .keep, .answer(200, "ok")),
        OddAnswer(
            "early hints",
            ["HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"] + Self.ok(),
            .keep,
            .answer(200, "ok")
        ),
        OddAnswer(
            "two interim responses",
            ["HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"] + Self.ok(),
            .keep,
            .answer(200, "ok")
        ),
        OddAnswer("only an interim response", ["HTTP/1.1 100 Continue\r\n\r\n"], .close, .failure(.connectionLost)),
        OddAnswer("an end in the status line", ["HTTP/1."], .close, .failure(.connectionLost)),
        OddAnswer("an end in the head", ["HTTP/1.1 200 OK\r\nContent-Len"], .close, .failure(.connectionLost)),
        OddAnswer("an end after the last header", ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"], .close, .failure(.connectionLost)),
        OddAnswer(
            "an upgrade that was not requested",
            ["HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nrawbytes"],
            .close,
            .failure(.invalidAnswer)
        ),
        OddAnswer(
            "a status of 401 with Basic",
            Self.ok("WWW-Authenticate: Basic realm=\"x\"\r\n", status: "401 Unauthorized", body: "no"),
            .keep,
            .answer(401, "no")
        ),
        OddAnswer(
            "a status of 401 with odd schemes",
            Self.ok(
                "WWW-Authenticate: Digest\r\nWWW-Authenticate: Bearer error=\"invalid_token\", Negotiate\r\n",
                status: "401 Unauthorized",
                body: "no"
            ),
            .keep,
            .answer(401, "no")
        ),
        OddAnswer("a status of 401 without a scheme", Self.ok(status: "401 Unauthorized", body: "no"), .keep, .answer(401, "no")),
        OddAnswer(
            "a status of 407",
            Self.ok("Proxy-Authenticate: Basic realm=\"x\"\r\n", status: "407 Proxy Authentication Required", body: "no"),
            .keep,
            .answer(407, "no")
        ),
        OddAnswer("a status of 300", Self.ok("Location: /ok\r\n", status: "300 Multiple", body: "red"), .keep, .answer(300, "red")),
    ]

    static let heads = [
        OddAnswer("bytes of Latin-1", Self.ok("X-Name: caf\u{e9} \u{ff}\u{fe}\r\n"), .keep, .answer(200, "ok")),
        OddAnswer("empty values", Self.ok("X-Empty:\r\nX-Space:   \r\n"), .keep, .answer(200, "ok")),
        OddAnswer("a line without a colon", Self.ok("ThisIsNoHeader\r\n"), .keep, .failure(.invalidAnswer), .answer(200, "ok")),
        OddAnswer("a line without a name", Self.ok(": value\r\n"), .keep, .answer(200, "ok"), .failure(.invalidAnswer)),
        OddAnswer("a name with a space", Self.ok("X Y: value\r\n"), .keep, .answer(200, "ok"), .failure(.invalidAnswer)),
        OddAnswer("a zero byte", Self.ok("X-Nul: a\u{0}b\r\n"), .keep, .failure(.invalidAnswer)),
        OddAnswer("a long line", Self.ok("X-Long: \(String(repeating: "a", count: 90_000))\r\n"), .keep, .answer(200, "ok")),
        OddAnswer(
            "a very long line",
            Self.ok("X-Long: \(String(repeating: "a", count: 900_000))\r\n"),
            .keep,
            .failure(.invalidAnswer)
        ),
        OddAnswer("5,000 lines", Self.ok((0..<5000).map { "X-\($0): v\r\n" }.joined()), .keep, .answer(200, "ok")),
        OddAnswer("a folded line", Self.ok("X-Fold: one\r\n two\r\n"), .keep, .answer(200, "ok")),
        OddAnswer(
            "repeated names",
            Self.ok("Set-Cookie: a=1; path=/\r\nSet-Cookie: b=2; Expires=Nonsense\r\nX-D: 1\r\nX-D: 2\r\n"),
            .keep,
            .answer(200, "ok")
        ),
        OddAnswer("lines that end with a line feed", ["HTTP/1.1 200 OK\nContent-Length: 2\n\nok"], .keep, .answer(200, "ok")),
        OddAnswer("one byte at a time", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".map { "\($0)" }, .keep, .answer(200, "ok")),
        OddAnswer(
            "invalid dates and ages",
            Self.ok("Date: not a date\r\nAge: -1\r\nCache-Control: max-age=99999999999999999999\r\nLast-Modified: \r\nExpires: 0\r\n"),
            .keep,
            .answer(200, "ok")
        ),
        OddAnswer(
            "unfinished types",
            Self.ok("Content-Type: text/html; charset=\r\nContent-Disposition: attachment; filename=\"\r\n"),
            .keep,
            .answer(200, "ok")
        ),
        OddAnswer("an empty type", Self.ok("Content-Type:\r\n"), .keep, .answer(200, "ok")),
        OddAnswer(
            "a type of separators",
            Self.ok("Content-Disposition: attachment; filename=\r\nContent-Type: ;;;=\r\n"),
            .keep,
            .answer(200, "ok")
        ),
        OddAnswer("a close that is not announced", Self.ok(), .close, .answer(200, "ok")),
    ]

    /// The targets of redirects with the results. `PORT` is the port of the server.
    static let redirects: [(location: String, result: Result)] = [
        ("ok", .answer(200, "ok")), ("http://127.0.0.1:PORT/ok", .answer(200, "ok")), ("HTTP://127.0.0.1:PORT/ok", .answer(200, "ok")),
        ("//127.0.0.1:PORT/ok", .answer(200, "ok")), ("../../../ok", .answer(200, "ok")), ("/ok#x", .answer(200, "ok")),
        ("http://user:pw@127.0.0.1:PORT/ok", .answer(200, "ok")), ("/o k", .answer(404, "?")), ("/\tok", .answer(404, "?")),
        ("/\u{c3}\u{bc}", .answer(404, "?")), ("/%zz", .answer(404, "?")), ("/\(String(repeating: "a", count: 70_000))", .answer(404, "?")),
        ("/redirect", .failure(.tooManyRedirects)), ("?a=b", .failure(.tooManyRedirects)), ("", .answer(302, "red")),
        ("mailto:a@b", .answer(302, "red")), ("file:///etc/passwd", .answer(302, "red")), ("javascript:alert(1)", .answer(302, "red")),
        ("http:///ok", .answer(302, "red")), ("///ok", .answer(302, "red")), ("http://a%5b/", .answer(302, "red")),
        ("http://%00/", .answer(302, "red")),
        ("http://[zz]/", .answer(302, "red")),
        (":", .answer(302, "red")), ("http://127.0.0.1:99999/x", .answer(302, "red")), ("http://127.0.0.1:0/", .answer(302, "red")),
    ]
}
