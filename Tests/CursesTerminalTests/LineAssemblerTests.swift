import Testing

@testable import CursesTerminal

@Suite("Printed bytes to lines")
struct LineAssemblerTests {
    @Test("lines come whole, however they were printed")
    func lines() {
        var assembler = LineAssembler()
        #expect(assembler.feed(Array("one\ntw".utf8)) == ["one"])
        #expect(assembler.feed(Array("o\r\n\nthr".utf8)) == ["two", ""])
        #expect(assembler.finish() == "thr")
        #expect(assembler.finish() == nil)
    }

    @Test("a line without an end is cut, and bytes that are not UTF-8 are shown as such")
    func limits() {
        var assembler = LineAssembler()
        let lines = assembler.feed(Array(repeating: UInt8(ascii: "x"), count: LineAssembler.maximumLength + 1))
        #expect(lines.map(\.count) == [LineAssembler.maximumLength])
        #expect(assembler.feed([0xFF, 0x0A]) == ["x\u{FFFD}"])
    }
}
