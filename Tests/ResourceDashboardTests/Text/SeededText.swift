/// Generates hostile text from a seed: escapes, control characters, wide characters, joined emoji, marks, and arbitrary scalars.
struct SeededText {
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed &* 0x9E37_79B9_7F4A_7C15
    }

    /// Returns the next number of the splitmix64 generator.
    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var value = self.state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func number(below limit: Int) -> Int {
        Int(self.next() % UInt64(limit))
    }

    /// Returns a text of up to about 300 characters.
    mutating func text() -> String {
        let pieces = [
            "req-", "数据", "한국", "\u{1B}[2J", "\u{1B}]0;title\u{7}", "\t", "\r\n", "👨‍👩‍👧‍👦", "🇩🇪", "❤️", "e\u{301}", "\u{202E}",
            "\u{200D}", "\u{FE0F}", "क्षि", "กำ", "🎉", "│", "\u{1112}\u{1161}", "\u{9B}31m", "\u{1FAE8}", " ",
        ]
        var result = ""
        for _ in 0..<self.number(below: 60) {
            if self.number(below: 4) == 0, let scalar = Unicode.Scalar(UInt32(self.number(below: 0x11_0000))) {
                result.unicodeScalars.append(scalar)
            } else {
                result += pieces[self.number(below: pieces.count)]
            }
        }
        return result
    }
}
