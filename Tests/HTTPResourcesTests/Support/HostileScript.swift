import HTTPResources
import ResourceSimulation

/// The behavior of a hostile server toward the connections of one request. It follows from a seed.
struct HostileScript: Sendable {
    /// One act of the server.
    enum Step: Sendable {
        case bytes([UInt8])
        /// Sends bytes one by one, with pauses.
        case drip([UInt8], milliseconds: UInt32)
        /// Repeats bytes until the client closes the connection.
        case endless([UInt8])
        case pause(milliseconds: UInt32)
        /// Sends nothing more until the client closes the connection.
        case silence
        /// Ends the bytes of the server, but reads on.
        case finish
        case close
        case reset
    }

    /// Whether the server reads the head of a request first.
    let readsRequest: Bool
    let steps: [Step]
    let method: HTTPClientPool.Method
    /// The size of the request's body.
    let bodySize: Int
    let scheme: String

    /// Plays the script to one connection, for each of its requests, at most `limit` times.
    func play(to connection: RawServer.Connection, limit: Int) {
        for _ in 0..<limit {
            if self.readsRequest, self.read(from: connection) == nil { return }
            for step in self.steps where !self.play(step, to: connection) { return }
        }
    }

    /// Reads the head of a request; of a TLS handshake, its first bytes.
    private func read(from connection: RawServer.Connection) -> String? {
        self.scheme == "https" ? connection.read(65_536).map { _ in "" } : connection.request()
    }

    private func play(_ step: Step, to connection: RawServer.Connection) -> Bool {
        switch step {
        case .bytes(let bytes): return connection.send(bytes)
        case .drip(let bytes, let milliseconds):
            for byte in bytes {
                RawServer.pause(milliseconds: milliseconds)
                guard connection.send([byte]) else { return false }
            }
            return true
        case .endless(let bytes):
            while connection.send(bytes) {}
            return false
        case .pause(let milliseconds):
            RawServer.pause(milliseconds: milliseconds)
            return true
        case .silence:
            connection.untilClosed()
            return false
        case .finish:
            connection.finish()
            return true
        case .close: return false
        case .reset:
            connection.reset()
            return false
        }
    }
}

extension HostileScript {
    /// Creates the script of a seed. `port` is that of the server, for redirects.
    init(seed: UInt64, port: UInt16) {
        var random = SeededRandom(seed: seed &* 0x9E37_79B9)
        var steps: [Step]
        switch seed % 12 {
        case 0: steps = Self.cut(Self.whole(&random), &random)
        case 1: steps = Self.cut(Self.chunked(&random), &random)
        case 2: steps = [.bytes(Self.oddHead(&random)), .bytes(Self.text("hello"))]
        case 3: steps = [.bytes(Self.oddLength(&random))]
        case 4: steps = [.drip(Array(Self.whole(&random).prefix(60)), milliseconds: .random(in: 1...4, using: &random))]
        case 5: steps = Self.endless(&random)
        case 6: steps = [.bytes(Self.redirect(port, &random))]
        case 7: steps = Self.compressed(&random)
        case 8: steps = [.bytes(Array(Self.whole(&random).prefix(.random(in: 0...40, using: &random)))), .reset]
        case 9: steps = [.bytes(Self.mutated(Bool.random(using: &random) ? Self.whole(&random) : Self.chunked(&random), &random))]
        case 10: steps = Self.interim(&random)
        default: steps = [.bytes((0..<Int.random(in: 0...2000, using: &random)).map { _ in .random(in: 0...255, using: &random) })]
        }
        switch Int.random(in: 0..<8, using: &random) {
        case 0: steps.append(.silence)
        case 1: steps.append(.reset)
        case 2: steps.insert(.pause(milliseconds: .random(in: 0...30, using: &random)), at: 0)
        case 3: steps += [.finish, .silence]
        case 4: break
        default: steps.append(.close)
        }
        self.steps = steps
        self.readsRequest = Int.random(in: 0..<8, using: &random) != 0
        self.method = [.get, .get, .get, .head, .post, .put][Int.random(in: 0..<6, using: &random)]
        self.bodySize = self.method == .post || self.method == .put ? [0, 10, 3000, 400_000][Int.random(in: 0..<4, using: &random)] : 0
        // A TLS handshake meets the same bytes.
        self.scheme = Int.random(in: 0..<12, using: &random) == 0 ? "https" : "http"
    }

    private static func text(_ text: String) -> [UInt8] {
        Array(text.utf8)
    }

    private static func body(_ random: inout SeededRandom) -> [UInt8] {
        (0..<Int.random(in: 0...5000, using: &random)).map { _ in .random(in: 0...255, using: &random) }
    }

    /// A correct response with a length.
    private static func whole(_ random: inout SeededRandom) -> [UInt8] {
        let body = self.body(&random)
        return self.text("HTTP/1.1 200 OK\r\nServer: odd\r\nContent-Length: \(body.count)\r\nX-End: 1\r\n\r\n") + body
    }

    /// A correct chunked response, with trailers.
    private static func chunked(_ random: inout SeededRandom) -> [UInt8] {
        var bytes = self.text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n")
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            let part = self.body(&random).prefix(900)
            if part.isEmpty { continue }
            bytes +=
                self.text(String(part.count, radix: 16) + (Bool.random(using: &random) ? ";name=\"value\"" : "") + "\r\n") + part + [
                    13, 10,
                ]
        }
        bytes += self.text("0\r\n")
        for number in 0..<Int.random(in: 0...4, using: &random) { bytes += self.text("X-Sum-\(number): \(number)\r\n") }
        return bytes + [13, 10]
    }

    /// The bytes up to any position, in one or two parts.
    private static func cut(_ bytes: [UInt8], _ random: inout SeededRandom) -> [Step] {
        let end = Int.random(in: 0...bytes.count, using: &random)
        let middle = Int.random(in: 0...end, using: &random)
        return [
            .bytes(Array(bytes[..<middle])), .pause(milliseconds: .random(in: 0...2, using: &random)), .bytes(Array(bytes[middle..<end])),
        ]
    }

    private static let oddLines = [
        "X-Empty:", ": value", "NoColon", "X Y: value", "X-Space:   ", " folded", "\tfolded", "X-Nul: a\u{0}b",
        "Connection: close, keep-alive",
        "Connection: \u{1}", "Content-Encoding: rot13", "Content-Encoding: gzip", "Content-Encoding: gzip, gzip, gzip",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked, identity", "Transfer-Encoding: \u{7f}", "Location:", "Location: http://", "Set-Cookie: a",
        "Upgrade: h2c",
        "Alt-Svc: h3=\":1\"", "Strict-Transport-Security: max-age=99999999999999999999", "WWW-Authenticate: Digest", "Retry-After: -1",
        "Date: 0",
        "Content-Range: bytes 0-1/9", "Trailer: Content-Length", "Keep-Alive: timeout=99999999999999999999", "HTTP/1.1 200 OK",
        "\u{e9}: \u{e9}",
    ]

    private static let statusLines = [
        "HTTP/1.1 200 OK", "HTTP/1.0 200 OK", "HTTP/1.1 200", "HTTP/1.1  200 OK", "HTTP/2 200", "HTTP/3.0 200 OK", "HTTP/0.9 200 OK",
        "http/1.1 200 ok",
        "HTTP/1.1 20", "HTTP/1.1 2000 OK", "HTTP/1.1 -200 OK", "HTTP/1.1 000 OK", "HTTP/1.1 999 OK", "HTTP/1.1 304 No", "HTTP/1.1 204 No",
        "HTTP/1.1 101 Go",
        "HTTP/1.1 401 No", "HTTP/1.1 407 No", "HTTP/1.1 416 No", "HTTP/1.1 426 Up", "ICY 200 OK", "HTTP/1.1 \u{0} OK", "",
    ]

    private static func oddHead(_ random: inout SeededRandom) -> [UInt8] {
        var lines = [self.statusLines.randomElement(using: &random) ?? ""]
        for _ in 0..<Int.random(in: 0...8, using: &random) { lines.append(self.oddLines.randomElement(using: &random) ?? "") }
        if Bool.random(using: &random) { lines.append("Content-Length: 5") }
        if Int.random(in: 0..<10, using: &random) == 0 {
            lines.append("X-Long: " + String(repeating: "a", count: .random(in: 1...400_000, using: &random)))
        }
        let end = Int.random(in: 0..<4, using: &random) == 0 ? "\n" : "\r\n"
        return self.text(lines.joined(separator: end) + end + end)
    }

    private static func oddLength(_ random: inout SeededRandom) -> [UInt8] {
        let lengths = [
            "-5", "5, 5", "5, 6", "+5", "0x5", "five", "", " ", "5 5", "99999999999999999999999", "9223372036854775807",
            "18446744073709551615", "0", "3", "50",
        ]
        var head = "HTTP/1.1 200 OK\r\n"
        for _ in 0..<Int.random(in: 1...3, using: &random) { head += "Content-Length: \(lengths.randomElement(using: &random) ?? "")\r\n" }
        if Int.random(in: 0..<3, using: &random) == 0 { head += "Transfer-Encoding: chunked\r\n" }
        return self.text(head + "\r\nhello")
    }

    private static func endless(_ random: inout SeededRandom) -> [Step] {
        let block = [UInt8](repeating: 0x61, count: 16_384)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return [.bytes(self.text("HTTP/1.1 200 OK\r\n\r\n")), .endless(block)]
        case 1:
            return [
                .bytes(self.text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")),
                .endless(self.text("4000\r\n") + block + [13, 10]),
            ]
        case 2: return [.bytes(self.text("HTTP/1.1 200 OK\r\nX-Line: ")), .endless(block)]
        case 3: return [.bytes(self.text("HTTP/1.1 200 OK\r\n")), .endless(self.text("X-Line: a\r\n"))]
        default:
            // Trailers without an end.
            return [.bytes(self.text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")), .endless(self.text("X-Line: a\r\n"))]
        }
    }

    private static func redirect(_ port: UInt16, _ random: inout SeededRandom) -> [UInt8] {
        let targets = [
            "/", "/again", "?a", "//127.0.0.1:\(port)/", "http://127.0.0.1:\(port)/x", "http://localhost:\(port)/",
            "HTTP://127.0.0.1:\(port)/",
            "//[::1]:\(port)/", "http://[::", "http://%00/", "http://a%5b/", "https://127.0.0.1:\(port)/", "", ":", "/\u{7f}", "/%",
            "mailto:a",
            "http://127.0.0.1:1/", "http://user:pw@127.0.0.1:\(port)/", String(repeating: "/a", count: 40_000),
        ]
        let status = [301, 302, 303, 307, 308].randomElement(using: &random) ?? 302
        return self.text(
            "HTTP/1.1 \(status) Go\r\nLocation: \(targets.randomElement(using: &random) ?? "")\r\nContent-Length: 3\r\n\r\nred"
        )
    }

    private static func compressed(_ random: inout SeededRandom) -> [Step] {
        let bomb = Int.random(in: 0...3, using: &random) == 0 ? GzipBomb.small : GzipBomb.large
        let layers = Array(repeating: "gzip", count: Int.random(in: 1...8, using: &random)).joined(separator: ", ")
        let encoding = Bool.random(using: &random) ? "gzip" : layers
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: \(encoding)\r\nContent-Length: \(bomb.count)\r\n\r\n"
        return Bool.random(using: &random)
            ? [.bytes(self.text(head) + bomb)] : [.bytes(self.text(head)), .bytes(self.mutated(bomb, &random))]
    }

    /// Interim responses, and sometimes a final one.
    private static func interim(_ random: inout SeededRandom) -> [Step] {
        let one = self.text("HTTP/1.1 10\(Int.random(in: 0...3, using: &random)) Wait\r\nX: 1\r\n\r\n")
        if Int.random(in: 0..<4, using: &random) == 0 { return [.endless(one)] }
        let many = Array(repeatElement(one, count: .random(in: 1...300, using: &random)).joined())
        return [.bytes(many + (Bool.random(using: &random) ? self.whole(&random) : []))]
    }

    private static func mutated(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
            // Most of them in the head.
            let bound = Bool.random(using: &random) ? min(bytes.count, 90) : bytes.count
            let index = Int.random(in: 0..<bound, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[index] = .random(in: 0...255, using: &random)
            case 1: bytes.remove(at: index)
            default: bytes.insert(.random(in: 0...255, using: &random), at: index)
            }
        }
        return bytes
    }
}
