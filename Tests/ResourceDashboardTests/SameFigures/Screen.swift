/// The text of a screen, with accessors for its figures.
struct Screen {
    /// The header and the row of tabs.
    let head: [String]
    /// The rows of the panes, below `head`.
    let rows: [String]

    init(_ text: String) {
        let rows = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        self.head = Array(rows.prefix(2))
        self.rows = Array(rows.dropFirst(2))
    }

    /// Returns the number after `label` in the first pane row that has one.
    func number(_ label: String) -> Int? {
        for row in self.rows {
            if let number = row.number(after: label) { return number }
        }
        return nil
    }

    /// The rows that name an instance by `#n`, with its number, up to the first row that contains `end`.
    func instances(before end: String) -> [(id: UInt64, row: String)] {
        self.rows.prefix { !$0.contains(end) }.compactMap { row in
            Self.instance(row).map { ($0, row) }
        }
    }

    /// The rows that name an instance by `#n`, with its number.
    var instances: [(id: UInt64, row: String)] {
        self.rows.compactMap { row in Self.instance(row).map { ($0, row) } }
    }

    private static func instance(_ row: String) -> UInt64? {
        guard let sign = row.firstIndex(of: "#") else { return nil }
        return UInt64(row[row.index(after: sign)...].prefix { $0.isNumber })
    }
}

extension String {
    /// Returns the number after `label`, which may have commas as thousands separators.
    func number(after label: String) -> Int? {
        guard let location = self.range(of: label) else { return nil }
        let digits = self[location.upperBound...].drop { $0 == " " }.prefix { $0.isNumber || $0 == "," }
        return Int(digits.filter { $0 != "," })
    }
}
