/// What a scalar does on a grid of cells.
///
/// The rule behind every case: a cell may only hold what all terminals give the same number of columns to. Where they disagree (joined
/// emoji, flags, emoji selected by a variation selector, scalars younger than the tables in use), a stand-in of known width is drawn, so
/// the terminal's cursor can never drift from where we believe it to be.
enum ScalarKind: Equatable {
    /// Takes cells of its own: 1 or 2.
    case spacing(Int)
    /// Sits on the scalar before it and takes no cell.
    case mark
    /// Is left out behind a base: variation selectors, keycap and tag parts, viramas (they join what follows them), spacing vowel signs.
    case silent
    /// U+200C and U+200D: left out behind a base that is not ASCII, where they shape letters or join emoji; shown elsewhere.
    case joiner
    /// A skin tone: left out behind an emoji, shown elsewhere.
    case modifier
    /// Is shown as another scalar of width 1.
    case standIn(Unicode.Scalar)
}

extension ScalarKind {
    /// What stands for a scalar that cannot be shown.
    static let replacement: Unicode.Scalar = "\u{FFFD}"

    /// O(1) for ASCII, Latin, box drawing, blocks, braille and common CJK; else a look-up in the tables of the standard library.
    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x20..<0x7F, 0xA1...0xAC, 0xAE...0x2FF, 0x400...0x481, 0x48A...0x52F, 0x2010...0x2027, 0x2190...0x2193, 0x2500...0x25FC,
            0x2800...0x28FF:
            self = .spacing(1)
        case 0x3041...0x3096, 0x30A1...0x30FA, 0x4E00...0x9FA5, 0xAC00...0xD7A3:
            self = .spacing(2)
        case 0..<0x20:
            // The control pictures stand in the order of the controls.
            self = .standIn(Unicode.Scalar(0x2400 + scalar.value) ?? Self.replacement)
        case 0x7F:
            self = .standIn("\u{2421}")
        case 0x200C, 0x200D:
            self = .joiner
        case 0x20E3, 0xE0020...0xE007F:
            self = .silent
        case 0x1F1E6...0x1F1FF:
            // A flag is two of these: it is shown as its two letters.
            self = .standIn(Unicode.Scalar(0x41 + scalar.value - 0x1F1E6) ?? Self.replacement)
        case 0x1F3FB...0x1F3FF:
            self = .modifier
        default:
            self = Self.looked(up: scalar)
        }
    }

    private static func looked(up scalar: Unicode.Scalar) -> ScalarKind {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark:
            guard self.isOldEnough(properties) else { return .standIn(self.replacement) }
            let joins = properties.canonicalCombiningClass == .virama || properties.isDefaultIgnorableCodePoint
            return joins ? .silent : .mark
        case .spacingMark:
            // One column in some terminals, none in others.
            return .silent
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            return .standIn(self.replacement)
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber,
            .otherNumber, .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol, .spaceSeparator:
            guard self.isOldEnough(properties), !properties.isDefaultIgnorableCodePoint, !WidthTable.isDisputed(scalar) else {
                return .standIn(self.replacement)
            }
            return .spacing(WidthTable.isWide(scalar) ? 2 : 1)
        @unknown default:
            return .standIn(self.replacement)
        }
    }

    /// Unicode 14 is what the oldest C library still in wide use knows; it measures what is younger as having no width at all.
    private static func isOldEnough(_ properties: Unicode.Scalar.Properties) -> Bool {
        guard let age = properties.age else { return false }
        return age.major <= 14
    }
}
