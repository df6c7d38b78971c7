import Testing

@testable import CursesTerminal

@Suite("Line assembler")
struct LineAssemblerTests {
    @Test("Lines are complete however the bytes were split.")
    func lines() {
        var assembler = LineAssembler()
        #expect(assembler.feed(Array("one\ntw".utf8)) == ["one"])
        #expect(assembler.feed(Array("o\r\n\nthr".utf8)) == ["two", ""])
        #expect(assembler.finish() == "thr")
        #expect(assembler.finish() == nil)
    }

    @Test("An overlong line is cut, and invalid UTF-8 is shown with the replacement character.")
    func limits() {
        var assembler = LineAssembler()
        let lines = assembler.feed(Array(repeating: UInt8(ascii: "x"), count: LineAssembler.maximumLength + 1))
        #expect(lines.map(\.count) == [LineAssembler.maximumLength])
        #expect(assembler.feed([0xFF, 0x0A]) == ["x\u{FFFD}"])
    }
}
