/// The effect of a scalar on a grid of cells.
///
/// A cell holds only text to which all terminals assign the same number of columns. Where they disagree (joined emoji, flags, emoji
/// selected by a variation selector, scalars newer than the tables in use), a replacement of known width is drawn, so that the terminal's
/// cursor is always where the dashboard expects it.
enum ScalarKind: Equatable {
    /// Occupies 1 or 2 cells.
    case spacing(Int)
    /// Combines with the preceding scalar and occupies no cell.
    case mark
    /// Omitted after a base: variation selectors, keycap and tag parts, viramas (they join the following letter), spacing vowel signs.
    case silent
    /// U+200C and U+200D. Omitted after a base that is not ASCII, where they shape letters or join emoji; shown elsewhere.
    case joiner
    /// A skin tone. Omitted after an emoji; shown elsewhere.
    case modifier
    /// Shown as another scalar of width 1.
    case substitute(Unicode.Scalar)
}

extension ScalarKind {
    /// The replacement for a scalar that cannot be shown.
    static let replacement: Unicode.Scalar = "\u{FFFD}"

    /// Classifies a scalar. O(1) for ASCII, Latin, box drawing, blocks, braille and common CJK; otherwise a lookup in Unicode tables.
    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x20..<0x7F, 0xA1...0xAC, 0xAE...0x2FF, 0x400...0x481, 0x48A...0x52F, 0x2010...0x2027, 0x2190...0x2193, 0x2500...0x25FC,
            0x2800...0x28FF:
            self = .spacing(1)
        case 0x3041...0x3096, 0x30A1...0x30FA, 0x4E00...0x9FA5, 0xAC00...0xD7A3:
            self = .spacing(2)
        case 0..<0x20:
            // The control pictures are in the order of the controls.
            self = .substitute(Unicode.Scalar(0x2400 + scalar.value) ?? Self.replacement)
        case 0x7F:
            self = .substitute("\u{2421}")
        case 0x200C, 0x200D:
            self = .joiner
        case 0x20E3, 0xE0020...0xE007F:
            self = .silent
        case 0x1F1E6...0x1F1FF:
            // A flag is a pair of regional indicators. It is shown as two letters.
            self = .substitute(Unicode.Scalar(0x41 + scalar.value - 0x1F1E6) ?? Self.replacement)
        case 0x1F3FB...0x1F3FF:
            self = .modifier
        default:
            self = Self.fromTables(scalar)
        }
    }

    private static func fromTables(_ scalar: Unicode.Scalar) -> ScalarKind {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark:
            guard self.isOldEnough(properties) else { return .substitute(self.replacement) }
            let joins = properties.canonicalCombiningClass == .virama || properties.isDefaultIgnorableCodePoint
            return joins ? .silent : .mark
        case .spacingMark:
            // One column in some terminals, none in others.
            return .silent
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            return .substitute(self.replacement)
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber,
            .otherNumber, .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol, .spaceSeparator:
            guard self.isOldEnough(properties), !properties.isDefaultIgnorableCodePoint, !WidthTable.isDisputed(scalar) else {
                return .substitute(self.replacement)
            }
            return .spacing(WidthTable.isWide(scalar) ? 2 : 1)
        @unknown default:
            return .substitute(self.replacement)
        }
    }

    /// Whether the scalar is in Unicode 14. The oldest C library in wide use knows that version and gives newer scalars no width.
    private static func isOldEnough(_ properties: Unicode.Scalar.Properties) -> Bool {
        guard let age = properties.age else { return false }
        return age.major <= 14
    }
}
