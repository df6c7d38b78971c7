import Foundation
import ResourceSimulation
import Testing

@testable import ResourceDashboard

@Suite("Display text")
struct DisplayTextTests {
    private func cells(_ text: String) -> [String] {
        DisplayText.graphemes(text).map { "\($0.grapheme)\($0.width)" }
    }

    @Test("Control characters are shown as control pictures of width one.")
    func controls() {
        #expect(self.cells("\u{1B}[31m") == ["␛1", "[1", "31", "11", "m1"])
        #expect(self.cells("a\tb\r\n\u{7F}\u{0}") == ["a1", "␉1", "b1", "␍1", "␊1", "␡1", "␀1"])
        #expect(self.cells("\u{9B}\u{85}") == ["�1", "�1"])
    }

    @Test("Bidi controls, zero-width characters, private use characters and line separators are visible.")
    func invisibles() {
        for scalar in [
            "\u{202E}", "\u{2066}", "\u{200B}", "\u{FEFF}", "\u{AD}", "\u{E000}", "\u{2028}", "\u{2029}", "\u{3164}", "\u{FFFE}",
        ] {
            #expect(self.cells("a\(scalar)b") == ["a1", "�1", "b1"], "U+\(String(scalar.unicodeScalars.first?.value ?? 0, radix: 16))")
        }
    }

    @Test("East Asian characters are two cells wide, and half-width forms one.")
    func eastAsian() {
        #expect(self.cells("数a한ｱ。") == ["数2", "a1", "한2", "ｱ1", "。2"])
    }

    @Test("A decomposed Hangul syllable is composed.")
    func hangul() {
        #expect(self.cells("\u{1112}\u{1161}\u{11AB}\u{1100}\u{1161}") == ["한2", "가2"])
        #expect(self.cells("\u{1161}") == ["�1"])
    }

    @Test("Emoji that all terminals agree on are two cells wide; others have a substitute of known width.")
    func emoji() {
        #expect(self.cells("🎉⏳") == ["🎉2", "⏳2"])
        #expect(self.cells("👨‍👩‍👧‍👦!") == ["👨2", "!1"])
        #expect(self.cells("👍🏽") == ["👍2"])
        #expect(self.cells("❤️x") == ["❤1", "x1"])
        #expect(self.cells("1️⃣") == ["11"])
        #expect(self.cells("🇩🇪") == ["D1", "E1"])
        #expect(self.cells("🏴󠁧󠁢󠁥󠁮󠁧󠁿") == ["🏴2"])
        #expect(self.cells("\u{1FAE8}") == ["�1"])
    }

    @Test("At most four combining marks stay on their base; a lone mark is shown on a dotted circle.")
    func marks() {
        #expect(self.cells("e\u{301}x") == ["e\u{301}1", "x1"])
        #expect(self.cells("e" + String(repeating: "\u{301}", count: 40)) == ["e" + String(repeating: "\u{301}", count: 4) + "1"])
        #expect(self.cells("\u{301}") == ["\u{25CC}\u{301}1"])
        #expect(self.cells("\u{7}\u{301}") == ["␇1", "\u{25CC}\u{301}1"])
    }

    @Test("Joining characters never join across cells.")
    func joining() {
        #expect(self.cells("क्ष") == ["क1", "ष1"])
        #expect(self.cells("กำ") == ["ก\u{E4D}1", "\u{E32}1"])
        #expect(self.cells("a\u{200D}b") == ["a1", "�1", "b1"])
        #expect(self.cells("ی\u{200C}خ") == ["ی1", "خ1"])
    }

    @Test("Fitted text has exactly the requested width and is shortened with an ellipsis.")
    func fit() {
        #expect(DisplayText.fit("abc", width: 5) == "abc  ")
        #expect(DisplayText.fit("abc", width: 5, alignment: .right) == "  abc")
        #expect(DisplayText.fit("abc", width: 6, alignment: .center) == " abc  ")
        #expect(DisplayText.fit("abcdef", width: 4) == "abc…")
        #expect(DisplayText.fit("abcd", width: 4) == "abcd")
        #expect(DisplayText.fit("数数数", width: 4) == "数… ")
        #expect(DisplayText.fit("数", width: 1) == "…")
        #expect(DisplayText.fit("abc", width: 0) == "")
        #expect(DisplayText.fit("abc", width: -3) == "")
        #expect(DisplayText.fit("", width: 2) == "  ")
    }

    @Test(
        "The label of a named binding is cut in its type, so that the name stays.",
        arguments: [
            ("ResourcePool<Connection>(orders)#4", 34, "ResourcePool<Connection>(orders)#4"),
            ("ResourcePool<Connection>(orders)#4", 33, "ResourcePool<Connectio…(orders)#4"),
            ("ResourcePool<Connection>(orders)#4", 20, "ResourceP…(orders)#4"),
            ("ResourcePool<Connection>(orders)#4", 12, "R…(orders)#4"), ("ResourcePool<Connection>(orders)#4", 11, "(orders)#4"),
            ("ResourcePool<Connection>(orders)#4", 8, "(orders…"), ("ResourcePool<Connection>(a (b))", 12, "Reso…(a (b))"),
            ("ResourcePool<Connection>#4", 10, "ResourceP…"), ("Pool<(Int, String)>#4", 10, "Pool<(Int…"),
            ("(Int) -> (String)", 10, "(Int) -> …"),
            ("Database(日本)", 9, "Da…(日本)"), ("Database(日本)", 7, "(日本)"), ("broken)", 4, "bro…"),
        ]
    )
    func labels(_ label: String, _ width: Int, _ text: String) {
        let clipped = DisplayText.clip(label: label, width: width)
        #expect(clipped.text == text)
        #expect(clipped.width == DisplayText.width(of: text))
    }

    @Test("Any text fits any width exactly, and fitting it again changes nothing.", arguments: 1...40)
    func anyTextFits(seed: UInt64) {
        var random = SeededText(seed: seed)
        for _ in 0..<50 {
            let text = random.text()
            for width in [0, 1, 2, 3, 7, 20, 80] {
                let fitted = DisplayText.fit(text, width: width)
                #expect(DisplayText.width(of: fitted) == width)
                #expect(DisplayText.fit(fitted, width: width) == fitted)
            }
        }
    }

    @Test("Wrapped lines stay within the requested width, and no text is lost.", arguments: 0..<40 as Range<UInt64>)
    func wrapping(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let words = (0..<12).map { _ in
            String((0..<Int.random(in: 1...9, using: &random)).map { _ in "ab日é".randomElement(using: &random) ?? "a" })
        }
        let text = words.joined(separator: " ")
        for width in 2...30 {
            let lines = DisplayText.wrap(text, width: width)
            #expect(lines.allSatisfy { DisplayText.width(of: $0) <= width && !$0.isEmpty })
            #expect(lines.joined().filter { $0 != " " } == words.joined())
        }
        #expect(
            DisplayText.wrap(text, width: 1000) == [text] && DisplayText.wrap("", width: 5).isEmpty
                && DisplayText.wrap("a", width: 0).isEmpty
        )
        #expect(DisplayText.wrap("日", width: 1).isEmpty)
    }

    #if os(Linux)
        @Test("The C library reports the same width for every character.")
        func libraryAgrees() throws {
            // Only a UTF-8 locale defines widths. The locale of the process is unchanged.
            guard let locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil) else { return }
            let before = uselocale(locale)
            defer {
                uselocale(before)
                freelocale(locale)
            }
            typealias Measure = @convention(c) (Int32) -> Int32
            let symbol = try #require(dlsym(nil, "wcwidth"))
            let measure = unsafeBitCast(symbol, to: Measure.self)
            var wrong: [String] = []
            for value in UInt32(0)...0x10FFFF {
                guard let scalar = Unicode.Scalar(value) else { continue }
                for (grapheme, width) in DisplayText.graphemes(String(Character(scalar))) {
                    let measured = grapheme.unicodeScalars.reduce(0) { $0 + Int(measure(Int32(bitPattern: $1.value))) }
                    if measured != width { wrong.append("U+\(String(value, radix: 16)): \(width), measured \(measured)") }
                }
            }
            #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(20).joined(separator: ", "))")
        }
    #endif
}
