import Foundation

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

    /// The rows that name an instance by `#n`, with its number, up to the first row that contains one of `ends`.
    func instances(before ends: String...) -> [(id: UInt64, row: String)] {
        self.rows.prefix { row in !ends.contains { row.contains($0) } }.compactMap { row in
            Self.instance(row).map { ($0, row) }
        }
    }

    /// Returns the first line of the tile with a title; nil if there is none.
    func tile(_ title: String) -> String? {
        let frame = Array("╭─ \(title) ─")
        for (row, below) in zip(self.rows, self.rows.dropFirst()).map({ (Array($0), Array($1)) }) {
            guard let left = row.indices.first(where: { row[$0...].starts(with: frame) }), let right = row[left...].firstIndex(of: "╮"),
                below.count > right
            else { continue }
            return String(below[(left + 1)..<right]).trimmingCharacters(in: .whitespaces)
        }
        return nil
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
