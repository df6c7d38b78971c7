/// Length limits, in Unicode scalars, for texts from outside the library that become part of its own texts.
package enum TextLimit {
    /// The limit of a name, a tag or a label.
    package static let name = 200
    /// The limit of a sentence: the text of an error, a note or a health check.
    package static let sentence = 2_000
    /// The limit of an error with its causes, or of a list of errors.
    package static let report = 8_000
}

extension String {
    /// This text as one line of at most `limit` visible Unicode scalars, safe for a log, a terminal or a line-oriented parser.
    ///
    /// A line break or tab becomes a space, another control character its Unicode control picture (`␛`), and an invisible character, such
    /// as a direction mark, a zero-width character or a filler, becomes `U+FFFD`. Joiners of emoji, and of scripts that need them, are kept
    /// between the characters they join. A text that is too long has its middle replaced by `…`: names differ at their ends, and an error
    /// names its cause last.
    ///
    /// Text that is already clean is returned unchanged after one pass over its bytes. O(limit), except for counting a text that is too
    /// long.
    package func cleaned(limit: Int) -> String {
        let limit = max(0, limit)
        var text = self
        if text.isOrdinary(limit: limit) { return text }
        let scalars = text.unicodeScalars
        if let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex), end < scalars.endIndex {
            // A replacement is never longer than one scalar, so the limit also holds after the replacements below.
            let last = limit / 3
            let first = max(0, limit - last - 1)
            text = String(String.UnicodeScalarView(scalars.prefix(first)))
            if limit > 0 { text.unicodeScalars.append("…") }
            text.unicodeScalars.append(contentsOf: scalars.suffix(last))
        }
        return text.visible
    }

    /// This name for display: redacted, cleaned and shortened. Lookups use the unchanged name.
    package var asName: String {
        self.withoutSecrets(limit: TextLimit.name)
    }

    /// This sentence for an event or a report: redacted, cleaned and shortened.
    package var asSentence: String {
        self.withoutSecrets(limit: TextLimit.sentence)
    }

    /// This text as the description of an error that quotes other texts: redacted, cleaned and shortened.
    package var asReport: String {
        self.withoutSecrets(limit: TextLimit.report)
    }

    private func withoutSecrets(limit: Int) -> String {
        if self.isOrdinary(limit: limit, mayHoldPasswords: false) { return self }
        // Redaction scans more text than is kept, because a password that is cut in half is not recognized.
        return self.cleaned(limit: 8 * limit).withoutPasswords.cleaned(limit: limit)
    }

    /// Whether the text needs no cleaning: it is short enough, printable ASCII only, and has no character that marks a password.
    private func isOrdinary(limit: Int, mayHoldPasswords: Bool = true) -> Bool {
        // A manual loop, because every scope name takes this path. A string without contiguous storage takes the slow path.
        let answer = self.utf8.withContiguousStorageIfAvailable { bytes in
            guard bytes.count <= limit else { return false }
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                if byte < 0x20 || byte >= 0x7F { return false }
                if !mayHoldPasswords, byte == UInt8(ascii: "@") || byte == UInt8(ascii: "=") { return false }
                index += 1
            }
            return true
        }
        return answer ?? false
    }

    private var visible: String {
        var result = String.UnicodeScalarView()
        result.reserveCapacity(self.utf8.count)
        var before: Unicode.Scalar = "\n"
        let scalars = self.unicodeScalars
        for index in scalars.indices {
            let scalar = scalars[index]
            defer { before = scalar }
            // CR LF counts as one line break.
            if scalar == "\n", before == "\r" { continue }
            let next = scalars.index(after: index)
            let joins = !before.isASCII && next < scalars.endIndex && !scalars[next].isASCII
            result.append(scalar.visible(joining: joins))
        }
        return String(result)
    }
}

extension Unicode.Scalar {
    /// This scalar if it is visible or has a visible effect; otherwise its replacement.
    fileprivate func visible(joining: Bool) -> Unicode.Scalar {
        switch self.value {
        case 0x20..<0x7F, 0xA1...0xAC, 0xAE...0x2FF:
            return self
        case 0x09...0x0D, 0x85, 0x2028, 0x2029:
            return " "
        case 0..<0x20:
            // The Unicode control pictures are in the order of the control characters.
            return Unicode.Scalar(0x2400 + self.value) ?? Self.replacement
        case 0x7F:
            return "\u{2421}"
        case 0x200C, 0x200D:
            return joining ? self : Self.replacement
        case 0xFE00...0xFE0F, 0xE0100...0xE01EF:
            // Variation selectors change the shape of the preceding character.
            return self
        default:
            let properties = self.properties
            switch properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return Self.replacement
            default: return properties.isDefaultIgnorableCodePoint ? Self.replacement : self
            }
        }
    }

    private static let replacement: Unicode.Scalar = "\u{FFFD}"
}
