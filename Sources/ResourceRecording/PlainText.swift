extension String {
    /// This text for a line of plain output: what could move the cursor, end the line or turn its direction stands as `\u{1B}`, and what is
    /// longer than `limit` characters is cut.
    package func plain(limit: Int = 1000) -> String {
        var result = ""
        for (index, scalar) in self.unicodeScalars.enumerated() {
            if index == limit { return result + "…" }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
