import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Cleaning of foreign texts before display")
struct CleanTextTests {
    @Test(
        "Control characters, direction marks, and zero-width characters become visible.",
        arguments: [
            ("GET /\r\nSet-Cookie: a", "GET / Set-Cookie: a"), ("a\tb\u{0B}c\u{2028}d", "a b c d"),
            ("\u{1B}]0;pwned\u{07}\u{1B}[2J", "␛]0;pwned␇␛[2J"), ("a\u{0}b\u{7F}c\u{9B}d", "a␀b␡c\u{FFFD}d"),
            ("user\u{202E}nimda", "user\u{FFFD}nimda"), ("a\u{2066}b\u{2069}", "a\u{FFFD}b\u{FFFD}"),
            ("a\u{200B}b\u{FEFF}c\u{2060}d", "a\u{FFFD}b\u{FFFD}c\u{FFFD}d"), ("a\u{200D}b", "a\u{FFFD}b"),
            ("a\u{3164}b\u{00AD}c", "a\u{FFFD}b\u{FFFD}c"), ("x\u{E0041}", "x\u{FFFD}"),
        ]
    )
    func controls(text: String, expected: String) {
        #expect(text.cleaned(limit: 200) == expected)
    }

    @Test(
        "Ordinary text in any script remains unchanged.",
        arguments: ["Größe 東京 עברית", "👩\u{200D}👩\u{200D}👧 ❤\u{FE0F}", "नि\u{200D}क", "e\u{301}", "", "a=b@c"]
    )
    func ordinaryText(text: String) {
        #expect(text.cleaned(limit: 200) == text)
    }

    @Test("A text that is too long loses its middle and never exceeds any limit.", arguments: [Int.min, -1, 0, 1, 2, 3, 10, 200, Int.max])
    func limit(limit: Int) {
        for text in [
            String(repeating: "x", count: 1000), String(repeating: "e\u{301}", count: 500), String(repeating: "\u{1B}", count: 999),
        ] {
            let cut = text.cleaned(limit: limit)
            #expect(cut.unicodeScalars.count <= max(0, limit))
            #expect(cut.cleaned(limit: limit) == cut)
        }
    }

    @Test("Both ends of a long text are kept.")
    func ends() {
        let text = "making A failed: " + String(repeating: "and ", count: 10_000) + "the disk is full"
        #expect(text.asSentence.hasPrefix("making A failed: "))
        #expect(text.asSentence.hasSuffix("the disk is full"))
        #expect(text.asSentence.unicodeScalars.count == TextLimit.sentence)
    }

    @Test("A password is redacted before the text is cut, so no part of it remains.")
    func passwords() {
        let secret = String(repeating: "QZ", count: 300)
        for padding in stride(from: 0, to: 400, by: 7) {
            let text =
                String(repeating: "x", count: padding) + " postgres://app:\(secret)@db/shop " + String(repeating: "y", count: padding)
            #expect(!text.asName.contains("QZ"))
        }
    }

    @Test(
        "For random characters, cleaning leaves no invisible character and is idempotent.",
        arguments: 0..<20 as Range<UInt64>
    )
    func random(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<200 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                let highest: UInt32 = [0x7F, 0x2FF, 0x2070, 0x10FFFF].randomElement(using: &random) ?? 0x7F
                if let scalar = Unicode.Scalar(UInt32.random(in: 0...highest, using: &random)) { scalars.append(scalar) }
            }
            let text = String(scalars).cleaned(limit: 30)
            let hidden = text.unicodeScalars.filter { scalar in
                let category = scalar.properties.generalCategory
                return category == .control || category == .lineSeparator || category == .paragraphSeparator
                    || (category == .format && scalar.value != 0x200C && scalar.value != 0x200D)
            }
            #expect(hidden.isEmpty)
            #expect(text.cleaned(limit: 30) == text)
        }
    }
}
