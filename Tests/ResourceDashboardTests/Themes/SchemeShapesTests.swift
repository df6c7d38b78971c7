import Testing

@testable import ResourceDashboard

/// Combines the ways in which files of the Base16 and Base24 collections differ.
@Suite("Color scheme file shapes")
struct SchemeShapesTests {
    struct Shape: CustomTestStringConvertible {
        var isNested: Bool
        var hasSign: Bool
        var isUpper: Bool
        var quote: String
        var isBase24: Bool
        var isLight: Bool

        var testDescription: String {
            "\(self.isNested ? "palette" : "top level") \(self.hasSign ? "#" : "")\(self.isUpper ? "AB" : "ab") quote \(self.quote) "
                + "\(self.isBase24 ? "base24" : "base16") \(self.isLight ? "light" : "dark")"
        }

        /// Returns color `index` as three bytes. The colors contain letters and leading zeros, and one that YAML would read as a number.
        /// Each can be read on the background, so that none is corrected.
        func color(_ index: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
            switch (index, self.isLight) {
            case (0, true): (0xFA, 0xFB, 0xFC)
            case (0, false): (0x0A, 0x0B, 0x0C)
            case (6, true): (0x1E, 0x12, 0x34)
            case (6, false): (0x91, 0xE1, 0x23)
            case (_, true): (UInt8(index * 3), 0x0B, 0x2C)
            case (_, false): (UInt8(0xFA - index * 3), 0xEB, 0xAC)
            }
        }

        var yaml: String {
            let indent = self.isNested ? "  " : ""
            let lines = (0..<(self.isBase24 ? 24 : 16)).map { index in
                let (red, green, blue) = self.color(index)
                let digits = [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: self.isUpper) }.joined()
                let key = "base" + (index < 16 ? "0" : "1") + String(index % 16, radix: 16, uppercase: true)
                // An unquoted number sign begins a comment in YAML, so no file has one.
                let mark = self.quote.isEmpty && self.hasSign ? "\"" : self.quote
                return "\(indent)\(key): \(mark)\(self.hasSign ? "#" : "")\(digits)\(mark)"
            }
            let head =
                self.isNested
                ? [
                    "system: \"\(self.isBase24 ? "base24" : "base16")\"", "name: \"Ünï Code: (odd) 'name' & co.\"",
                    "author: \"A. N. Other <a@example.com>\"", "variant: \"\(self.isLight ? "light" : "dark")\"", "palette:",
                ]
                : ["# a comment at the head", "scheme: \"Ünï Code: (odd) 'name' & co.\"", "author: A. N. Other (https://example.com)"]
            return (head + lines).joined(separator: "\n") + "\n"
        }
    }

    private static let shapes = [true, false].flatMap { nested in
        [true, false].flatMap { sign in
            [true, false].flatMap { upper in
                ["\"", "'", ""].flatMap { quote in
                    [true, false].flatMap { base24 in
                        [true, false].map {
                            Shape(isNested: nested, hasSign: sign, isUpper: upper, quote: quote, isBase24: base24, isLight: $0)
                        }
                    }
                }
            }
        }
    }

    @Test("A scheme file of any shape loads with the same colors.", arguments: Self.shapes)
    func load(_ shape: Shape) throws {
        let theme = try Theme(yaml: shape.yaml, file: "uni-code.yaml")
        func color(_ index: Int) -> Color {
            let (red, green, blue) = shape.color(index)
            return .rgb(red: red, green: green, blue: blue)
        }
        #expect(theme.name == "uni-code")
        #expect(theme.title == "Ünï Code: (odd) 'name' & co.")
        #expect(theme.variant == (shape.isLight ? .light : .dark))
        #expect(theme.style(.text) == Style(foreground: color(5), background: color(0)))
        #expect(theme.style(.healthUnhealthy).foreground == color(8))
        let roles = shape.isNested ? "resmon:\n  title: base06\n  text: base17\n" : "resmon:\n  title: base06\n"
        let mapped = try Theme(yaml: shape.yaml + roles, file: "uni-code.yaml")
        #expect(mapped.style(.title).foreground == color(6))
        if shape.isNested { #expect(mapped.style(.text).foreground == color(shape.isBase24 ? 23 : 14)) }
    }
}
