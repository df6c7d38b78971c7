/// The text of a screen, and how a person reads it.
struct Screen {
    /// The header and the row of tabs.
    let head: [String]
    /// Everything below them: the panes.
    let rows: [String]

    init(_ text: String) {
        let rows = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        self.head = Array(rows.prefix(2))
        self.rows = Array(rows.dropFirst(2))
    }

    /// The number behind `label` on the first row of the panes that has one.
    func number(_ label: String) -> Int? {
        for row in self.rows {
            if let number = row.number(after: label) { return number }
        }
        return nil
    }

    /// The rows that name an instance - the first `#n` on them - by its number.
    var instances: [(id: UInt64, row: String)] {
        self.rows.compactMap { row in
            guard let sign = row.firstIndex(of: "#") else { return nil }
            let digits = row[row.index(after: sign)...].prefix { $0.isNumber }
            return UInt64(digits).map { ($0, row) }
        }
    }
}

extension String {
    /// The number behind `label`, which may have commas for its thousands.
    func number(after label: String) -> Int? {
        guard let place = self.range(of: label) else { return nil }
        let digits = self[place.upperBound...].drop { $0 == " " }.prefix { $0.isNumber || $0 == "," }
        return Int(digits.filter { $0 != "," })
    }
}
