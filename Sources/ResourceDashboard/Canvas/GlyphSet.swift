/// The repertoire of glyphs that the interface draws with.
public enum GlyphSet: String, CaseIterable, Hashable, Sendable {
    /// Charts of braille dots, two samples to a cell.
    case braille
    /// Charts of block elements, for fonts without braille.
    case block
    /// ASCII only, also for text of the monitored program.
    case ascii

    /// Returns the text of `glyph`, which is one cell wide. O(1).
    package subscript(_ glyph: Glyph) -> String {
        switch self {
        case .braille, .block: glyph.unicode
        case .ascii: glyph.ascii
        }
    }

    /// The number of samples that a chart shows in one cell.
    public var samplesPerCell: Int {
        switch self {
        case .braille: 2
        case .block, .ascii: 1
        }
    }

    /// Nine characters from empty to full, rising from the bottom of the cell.
    public var levels: [String] {
        switch self {
        case .braille, .block: Self.blockLevels
        case .ascii: Self.asciiLevels
        }
    }

    /// Nine characters from empty to full, growing from the left of the cell.
    public var bars: [String] {
        switch self {
        case .braille, .block: Self.blockBars
        case .ascii: Self.asciiBars
        }
    }

    private static let blockLevels = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    private static let asciiLevels = [" ", ".", ".", "-", "-", "=", "=", "#", "#"]
    private static let blockBars = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
    private static let asciiBars = [" ", " ", " ", " ", "=", "=", "=", "#", "#"]

    /// Returns the ASCII replacement of `grapheme`, which is `width` cells wide: a similar character, or question marks of that width.
    static func transliterated(_ grapheme: String, width: Int) -> String {
        if grapheme.utf8.allSatisfy({ $0 < 0x80 }) { return grapheme }
        if let known = self.transliterations[grapheme] { return known }
        return width == 2 ? "??" : "?"
    }

    private static let transliterations: [String: String] = {
        var result: [String: String] = ["\u{A0}": " ", "‘": "'", "’": "'", "“": "\"", "”": "\"", "—": "-", "─": "-", "▶": ">", "µ": "u"]
        for (block, ascii) in zip(Self.blockLevels + Self.blockBars, Self.asciiLevels + Self.asciiBars) { result[block] = ascii }
        for glyph in Glyph.allCases { result[glyph.unicode] = glyph.ascii }
        return result
    }()
}
