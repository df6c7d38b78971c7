import Testing

@testable import ResourceDashboard

@Suite("Paragraphs")
struct ParagraphTests {
    private static func texts(_ lines: [[Span]]) -> [String] {
        lines.map { $0.map(\.text).joined() }
    }

    @Test("A line is broken between items, and inside an item only if that is longer than a line.")
    func breaks() {
        let paragraph = Paragraph("uses", width: 6, [[Span("12 of 30")], [Span("idle"), Span("0:01")], [Span("one two three four")]])
        #expect(Self.texts(paragraph.lines(width: 40)) == ["uses  12 of 30   idle 0:01", "      one two three four"])
        #expect(Self.texts(paragraph.lines(width: 16)) == ["uses  12 of 30", "      idle 0:01", "      one two", "      three four"])
    }

    @Test("A paragraph continues while lines are free, and the rest is one line.")
    func fits() {
        let first = Paragraph([Span("- ")], [[Span("one two three four")]])
        let second = Paragraph([Span("- ")], [[Span("five")]])
        let room = 8
        let all = ["- one", "  two", "  three", "  four", "- five"]
        #expect(Self.texts(Paragraph.fitted([first, second], width: room, height: 9)) == all)
        #expect(Self.texts(Paragraph.fitted([first, second], width: room, height: 3)) == ["- one", "  two three four", "- five"])
        #expect(Self.texts(Paragraph.fitted([first, second], width: room, height: 1)) == ["- one two three four"])
    }

    @Test("Paragraphs fit any width and height, with hostile text.", arguments: [-3, 0, 1, 2, 7, 300])
    func anySize(_ size: Int) {
        let names = ["\u{1B}[31mred\u{7}", "日本語の名前がとても長い", "", "   ", String(repeating: "long", count: 75)]
        let paragraphs = names.map { Paragraph("name", width: 10, [[Span($0)], [Span("a"), Span($0)]]) }
        for height in [-1, 0, 1, 3, 40] {
            let lines = Paragraph.fitted(paragraphs, width: size, height: height)
            #expect(lines.count <= max(0, height))
        }
    }
}
