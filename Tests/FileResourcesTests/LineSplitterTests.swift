import Testing

@testable import FileResources

@Suite("Line splitting")
struct LineSplitterTests {
    private func lines(of pieces: [[UInt8]], maximumLength: Int = 100) throws -> [String] {
        var splitter = LineSplitter(maximumLength: maximumLength)
        var lines: [String] = []
        for piece in pieces {
            splitter.append(piece)
            while let line = try splitter.next() { lines.append(line) }
        }
        splitter.finish()
        while let line = try splitter.next() { lines.append(line) }
        return lines
    }

    @Test(
        "A line ends with a line feed, with or without a carriage return, or with the input.",
        arguments: [
            ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\n\n", ["a", ""]), ("a\r\nb\r", ["a", "b"]), ("\r\n", [""]),
            ("a\rb\n", ["a\rb"]), ("é\nü", ["é", "ü"]),
        ]
    )
    func ends(text: String, expected: [String]) throws {
        #expect(try self.lines(of: [Array(text.utf8)]) == expected)
    }

    @Test("The lines are the same wherever the input is split.")
    func anySplit() throws {
        let bytes = Array("one\r\ntwo é\n\nthree\nfour".utf8)
        let expected = ["one", "two é", "", "three", "four"]
        #expect(try self.lines(of: bytes.map { [$0] }) == expected)
        for first in bytes.indices {
            for second in first..<bytes.endIndex {
                #expect(try self.lines(of: [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]) == expected)
            }
        }
    }

    @Test("A line can have the maximum length and no more, with or without its end.")
    func longest() throws {
        #expect(try self.lines(of: [Array("12345\n12345".utf8)], maximumLength: 5) == ["12345", "12345"])
        for text in ["123456\n", "123456", "1\n123456\n2"] {
            #expect(throws: FileFailure.self) { try self.lines(of: [Array(text.utf8)], maximumLength: 5) }
        }
    }
}
