/// How long texts of other people may be where they become part of ours, in Unicode scalars.
package enum TextLimit {
    /// A name, a tag, a label.
    package static let name = 200
    /// A sentence: the text of an error, a note, what a health check says.
    package static let sentence = 2_000
    /// An error with everything that led to it, and a list of such.
    package static let report = 8_000
}

extension String {
    /// This text in one line of at most `limit` Unicode scalars, of which each is visible: fit for a log, a terminal, and a program that
    /// reads lines.
    ///
    /// A line break or a tab becomes a blank, any other control its picture (`␛`), and what no reader sees - marks of direction, characters
    /// without width, fillers - becomes `U+FFFD`. The joiners of emoji and of scripts that need them stay where they join something. What
    /// is too long loses its middle, which `…` stands for: names differ at their ends, and an error tells its cause last.
    ///
    /// What is clean is returned as it is, after one look through its bytes. O(limit), but for counting what is too long.
    package func cleaned(limit: Int) -> String {
        let limit = max(0, limit)
        var text = self
        if text.isOrdinary(limit: limit) { return text }
        let scalars = text.unicodeScalars
        if let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex), end < scalars.endIndex {
            // The longest stand-in of one scalar is one scalar, so that the limit holds afterwards too.
            let last = limit / 3
            let first = max(0, limit - last - 1)
            text = String(String.UnicodeScalarView(scalars.prefix(first)))
            if limit > 0 { text.unicodeScalars.append("…") }
            text.unicodeScalars.append(contentsOf: scalars.suffix(last))
        }
        return text.visible
    }

    /// This name as it stands in texts: without passwords, cleaned, cut. The name itself stays what things are found by.
    package var asName: String {
        self.withoutSecrets(limit: TextLimit.name)
    }

    /// This sentence as it stands in an event or a report: without passwords, cleaned, cut.
    package var asSentence: String {
        self.withoutSecrets(limit: TextLimit.sentence)
    }

    /// This text as the description of an error that quotes others: without passwords, cleaned, cut.
    package var asReport: String {
        self.withoutSecrets(limit: TextLimit.report)
    }

    private func withoutSecrets(limit: Int) -> String {
        if self.isOrdinary(limit: limit, mayHoldPasswords: false) { return self }
        // Passwords are looked for in more than is kept: half of one would not be recognized.
        return self.cleaned(limit: 8 * limit).withoutPasswords.cleaned(limit: limit)
    }

    /// Whether there is nothing to do: few characters, all of them printable ASCII, and none of those that passwords stand beside.
    private func isOrdinary(limit: Int, mayHoldPasswords: Bool = true) -> Bool {
        guard self.utf8.count <= limit else { return false }
        return self.utf8.allSatisfy { byte in
            0x20..<0x7F ~= byte && (mayHoldPasswords || (byte != UInt8(ascii: "@") && byte != UInt8(ascii: "=")))
        }
    }

    private var visible: String {
        var result = String.UnicodeScalarView()
        result.reserveCapacity(self.utf8.count)
        var before: Unicode.Scalar = "\n"
        let scalars = self.unicodeScalars
        for index in scalars.indices {
            let scalar = scalars[index]
            defer { before = scalar }
            // A line break of two characters is one.
            if scalar == "\n", before == "\r" { continue }
            let next = scalars.index(after: index)
            let joins = !before.isASCII && next < scalars.endIndex && !scalars[next].isASCII
            result.append(scalar.visible(joining: joins))
        }
        return String(result)
    }
}

extension Unicode.Scalar {
    /// This scalar if a reader sees it, or sees what it does; else what stands for it.
    fileprivate func visible(joining: Bool) -> Unicode.Scalar {
        switch self.value {
        case 0x20..<0x7F, 0xA1...0xAC, 0xAE...0x2FF:
            return self
        case 0x09...0x0D, 0x85, 0x2028, 0x2029:
            return " "
        case 0..<0x20:
            // The pictures of the controls stand in their order.
            return Unicode.Scalar(0x2400 + self.value) ?? Self.replacement
        case 0x7F:
            return "\u{2421}"
        case 0x200C, 0x200D:
            return joining ? self : Self.replacement
        case 0xFE00...0xFE0F, 0xE0100...0xE01EF:
            // These choose among the shapes of the character before.
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
