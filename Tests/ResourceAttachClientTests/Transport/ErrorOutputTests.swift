import Testing

@testable import ResourceAttachClient

@Suite("Error output of a command")
struct ErrorOutputTests {
    @Test("A command that writes without end delays nothing.")
    func endless() {
        var output = ErrorOutput()
        var reads = 0
        let isOpen = output.collect { buffer in
            reads += 1
            return .bytes(buffer.count)
        }
        #expect(isOpen)
        #expect(reads == 16)
    }

    @Test("The last line that is not blank is kept, in any pieces.")
    func lastLine() {
        var output = ErrorOutput()
        #expect(output.lastLine == nil)
        var pieces = ["Warning: added web1\nssh: no ro", "ute to host\n", " \n"].map { Array($0.utf8) }
        let isOpen = output.collect { buffer in
            guard !pieces.isEmpty else { return .end }
            let piece = pieces.removeFirst()
            buffer.replaceSubrange(0..<piece.count, with: piece)
            return .bytes(piece.count)
        }
        #expect(!isOpen)
        #expect(output.lastLine == "ssh: no route to host")
    }
}
