import Testing

@testable import HTTPResources

@Suite("Heads of HTTP responses")
struct HeadParserTests {
    private enum Result: Equatable {
        case incomplete
        case head(Int, [String: String], announced: Int64?, hasBody: Bool)
        case fault
    }

    private func parse(_ lines: [String], isHead: Bool = false, isDecompressed: Bool = true) -> Result {
        var parser = HeadParser(isHead: isHead, isDecompressed: isDecompressed)
        for line in lines {
            switch parser.take(Array("\(line)\r\n".utf8)) {
            case .more: continue
            case .complete(let head): return .head(head.status, head.headers, announced: head.announcedSize, hasBody: head.hasBody)
            case .fault: return .fault
            }
        }
        return .incomplete
    }

    @Test("A head ends with an empty line and has its headers by lower-case name.")
    func complete() {
        let lines = ["HTTP/1.1 200 OK", "Content-Type: text/plain", "X-A:  b ", "content-length: 5", ""]
        let headers = ["content-type": "text/plain", "x-a": "b", "content-length": "5"]
        #expect(self.parse(lines) == .head(200, headers, announced: 5, hasBody: true))
        #expect(self.parse(lines.dropLast()) == .incomplete)
    }

    @Test(
        "A status line needs a version and three digits.",
        arguments: ["HTTP/1.1", "HTTP/1.1 99 Odd", "HTTP/1.1 000 No", "220 mail", "HTTP/1.1 2OO"]
    )
    func invalidStatus(line: String) {
        #expect(self.parse([line, ""]) == .fault)
    }

    @Test("A reason is optional, and the version does not matter.", arguments: ["HTTP/1.1 404", "HTTP/2 404 ", "HTTP/1.0 404 Not here"])
    func status(line: String) {
        #expect(self.parse([line, ""]) == .head(404, [:], announced: nil, hasBody: true))
    }

    @Test("Interim responses are skipped; a switch of protocols is a fault.")
    func interim() {
        let early = ["HTTP/1.1 103 Early Hints", "Link: </a>", "", "HTTP/1.1 100 Continue", ""]
        #expect(self.parse(early + ["HTTP/1.1 200 OK", "A: b", ""]) == .head(200, ["a": "b"], announced: nil, hasBody: true))
        #expect(self.parse(early) == .incomplete)
        #expect(self.parse(["HTTP/1.1 101 Switching", "Upgrade: x", ""]) == .fault)
    }

    @Test("Repeated headers are joined, folded lines continue a value, and lines that are no headers are ignored.")
    func odd() {
        let lines = ["HTTP/1.1 200 OK", "A: 1", "no colon", ": no name", "X Y: blank", "a: 2", "B: one", "\t two", "C:", ""]
        #expect(self.parse(lines) == .head(200, ["a": "1, 2", "b": "one two", "c": ""], announced: nil, hasBody: true))
    }

    @Test("Bytes that are not UTF-8 are Latin-1, and a NUL is a space.")
    func bytes() {
        var parser = HeadParser(isHead: false, isDecompressed: true)
        _ = parser.take(Array("HTTP/1.1 200 OK\n".utf8))
        _ = parser.take(Array("A: caf".utf8) + [0xE9, 0x0A])
        _ = parser.take(Array("B: café".utf8) + [0x0A])
        _ = parser.take(Array("C: a".utf8) + [0, 0x62, 0x0A])
        guard case .complete(let head) = parser.take([0x0A]) else {
            Issue.record("the head is not complete")
            return
        }
        #expect(head.headers == ["a": "café", "b": "café", "c": "a b"])
    }

    @Test(
        "The announced size is one number, which chunks override.",
        arguments: [
            (["5"], 5), (["5", "5"], 5), (["5, 5"], 5), (["99999999999999999999999"], Int64.max), (["-5"], nil), (["five"], nil),
            ([""], nil),
            (["5", "9"], nil), (["5,"], nil), (["+5"], nil),
        ] as [([String], Int64?)]
    )
    func announcedSize(values: [String], expected: Int64?) {
        let lines = ["HTTP/1.1 200 OK"] + values.map { "Content-Length: \($0)" }
        switch self.parse(lines + [""]) {
        case .head(_, _, let announced, _): #expect(announced == expected)
        case .fault: #expect(expected == nil)
        case .incomplete: Issue.record("the head is not complete")
        }
        guard case .head(_, _, let announced, _) = self.parse(lines + ["Transfer-Encoding: chunked", ""]) else {
            Issue.record("the head is not complete")
            return
        }
        #expect(announced == nil)
    }

    @Test("HEAD, 204, and 304 have no body, even if they announce one.")
    func withoutBody() {
        let length = ["content-length": "100000000000"]
        let lines = ["Content-Length: 100000000000", ""]
        #expect(self.parse(["HTTP/1.1 200 OK"] + lines, isHead: true) == .head(200, length, announced: 100_000_000_000, hasBody: false))
        for status in [204, 304] {
            #expect(self.parse(["HTTP/1.1 \(status) X"] + lines) == .head(status, length, announced: 100_000_000_000, hasBody: false))
        }
    }

    @Test("A body that is compressed twice is a fault, unless the application decompresses it.")
    func compressions() {
        let lines = ["HTTP/1.1 200 OK", "Content-Encoding: gzip, gzip", ""]
        #expect(self.parse(lines) == .fault)
        #expect(self.parse(["HTTP/1.1 200 OK", "Content-Encoding: gzip", "Transfer-Encoding: gzip, chunked", ""]) == .fault)
        #expect(self.parse(lines, isDecompressed: false) != .fault)
        #expect(self.parse(["HTTP/1.1 200 OK", "Content-Encoding: identity, gzip", "Transfer-Encoding: chunked", ""]) != .fault)
        // libcurl always decompresses the encodings of the transfer.
        #expect(self.parse(["HTTP/1.1 200 OK", "Transfer-Encoding: gzip, gzip, chunked", ""], isDecompressed: false) == .fault)
    }

    @Test("The values of a header that occurs many times are joined in their order.")
    func repeated() {
        let lines = (0..<20_000).map { "A: \($0)" }
        let values = (0..<20_000).map { "\($0)" }.joined(separator: ", ")
        #expect(self.parse(["HTTP/1.1 200 OK"] + lines + [""]) == .head(200, ["a": values], announced: nil, hasBody: true))
    }

    @Test("A head that does not end is a fault, and so is a trailer.")
    func size() {
        let line = "A: \(String(repeating: "a", count: 1000))"
        #expect(self.parse(["HTTP/1.1 200 OK"] + Array(repeating: line, count: 300)) == .fault)
        #expect(self.parse(Array(repeating: ["HTTP/1.1 100 Continue", line, ""], count: 300).flatMap { $0 }) == .fault)
        var parser = HeadParser(isHead: false, isDecompressed: true)
        var isFault = false
        for line in ["HTTP/1.1 200 OK", ""] + Array(repeating: line, count: 300) {
            if case .fault = parser.take(Array("\(line)\r\n".utf8)) { isFault = true }
        }
        #expect(isFault)
    }
}
