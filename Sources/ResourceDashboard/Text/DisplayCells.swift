/// The graphemes of a text with the number of cells each occupies; see ``DisplayText/graphemes(_:)``.
///
/// The standard library's grapheme clusters are not used: they follow what a reader sees as one character, while these follow how far a
/// terminal's cursor advances.
package struct DisplayCells: Sequence, IteratorProtocol {
    /// The maximum number of combining marks in a cell. A terminal library stores five scalars in a cell: a base and four marks.
    static let maximumMarks = 4

    /// One-character strings for 0x20 to 0x7E.
    private static let ascii: [String] = (0x20..<0x7F).map { String(Character(Unicode.Scalar(UInt8($0)))) }

    private var scalars: Substring.UnicodeScalarView.Iterator
    private var ahead: Unicode.Scalar?

    init(_ scalars: Substring.UnicodeScalarView) {
        self.scalars = scalars.makeIterator()
        self.ahead = self.scalars.next()
    }

    /// Returns the next grapheme and its width in cells, 1 or 2; nil at the end.
    package mutating func next() -> (grapheme: String, width: Int)? {
        guard let scalar = self.ahead else { return nil }
        self.ahead = self.scalars.next()
        if scalar.value >= 0x20, scalar.value < 0x7F, (self.ahead?.value ?? 0) < 0x300 {
            return (Self.ascii[Int(scalar.value) - 0x20], 1)
        }
        if let syllable = self.syllable(from: scalar) { return (self.cluster(on: syllable), 2) }
        switch ScalarKind(scalar) {
        case .spacing(let width): return (self.cluster(on: scalar), width)
        case .substitute(let scalar): return (String(Character(scalar)), 1)
        case .mark: return (self.cluster(on: "\u{25CC}", mark: scalar), 1)
        case .silent, .joiner, .modifier: return (String(Character(ScalarKind.replacement)), 1)
        }
    }

    /// Consumes the scalars that combine with `base` and returns the text of its cell.
    private mutating func cluster(on base: Unicode.Scalar, mark: Unicode.Scalar? = nil) -> String {
        var text = String.UnicodeScalarView()
        text.append(base)
        var marks = 0
        if let mark {
            text.append(mark)
            marks = 1
        }
        while let next = self.ahead, next.value >= 0x300 {
            if let parts = Self.saraAm(next) {
                // The vowel has two parts: a mark on this cell and a letter in the next cell.
                text.append(parts.mark)
                self.ahead = parts.letter
                return String(text)
            }
            switch ScalarKind(next) {
            case .mark:
                if marks < Self.maximumMarks {
                    text.append(next)
                    marks += 1
                }
                self.ahead = self.scalars.next()
            case .silent:
                self.ahead = self.scalars.next()
            case .modifier:
                guard Self.isEmoji(base) else { return String(text) }
                self.ahead = self.scalars.next()
            case .joiner:
                guard !base.isASCII else { return String(text) }
                self.ahead = self.scalars.next()
                // An emoji joined to this one is omitted: terminals measure the sequence as 2 cells or as the sum of its parts.
                if next.value == 0x200D, Self.isEmoji(base), let joined = self.ahead, Self.isEmoji(joined) {
                    self.ahead = self.scalars.next()
                }
            case .spacing, .substitute:
                return String(text)
            }
        }
        return String(text)
    }

    private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.isASCII && scalar.properties.isEmoji
    }

    /// Splits the Thai or Lao vowel AM, one scalar that is drawn on the preceding letter and after it.
    private static func saraAm(_ scalar: Unicode.Scalar) -> (mark: Unicode.Scalar, letter: Unicode.Scalar)? {
        switch scalar.value {
        case 0xE33: ("\u{E4D}", "\u{E32}")
        case 0xEB3: ("\u{ECD}", "\u{EB2}")
        default: nil
        }
    }

    /// Composes the Hangul syllable that starts with `first` (Unicode, section 3.12). File systems return syllables decomposed.
    private mutating func syllable(from first: Unicode.Scalar) -> Unicode.Scalar? {
        var value = first.value
        if (0x1100...0x1112).contains(value), let vowel = self.ahead?.value, (0x1161...0x1175).contains(vowel) {
            value = 0xAC00 + ((value - 0x1100) * 21 + vowel - 0x1161) * 28
            self.ahead = self.scalars.next()
        }
        guard (0xAC00...0xD7A3).contains(value) else { return nil }
        if (value - 0xAC00) % 28 == 0, let tail = self.ahead?.value, (0x11A8...0x11C2).contains(tail) {
            value += tail - 0x11A7
            self.ahead = self.scalars.next()
        }
        return Unicode.Scalar(value)
    }
}
