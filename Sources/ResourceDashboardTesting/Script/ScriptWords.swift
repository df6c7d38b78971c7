import ResourceContainer

extension Duration {
    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000),
    ]

    /// Parses a duration of a script: whole numbers with units, `250ms`, `2s`, `1m30s`. Nil if it is invalid or longer than one day.
    init?(scripted text: String) {
        var rest = Substring(text)
        var sum: Int64 = 0
        repeat {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            let unit = rest.dropFirst(digits.count).prefix { $0.isLetter }
            guard let number = Int64(digits), let known = Self.units.first(where: { $0.name == unit }) else { return nil }
            let (product, isTooLong) = number.multipliedReportingOverflow(by: known.nanoseconds)
            let (total, isFarTooLong) = sum.addingReportingOverflow(product)
            guard !isTooLong, !isFarTooLong, total <= 24 * 3_600_000_000_000 else { return nil }
            sum = total
            rest = rest.dropFirst(digits.count + unit.count)
        } while !rest.isEmpty
        self = .nanoseconds(sum)
    }

    /// The duration as written in a script.
    var scripted: String {
        var rest = self.wholeNanoseconds
        var text = ""
        for unit in Self.units where rest / unit.nanoseconds > 0 {
            text += "\(rest / unit.nanoseconds)\(unit.name)"
            rest %= unit.nanoseconds
        }
        return text.isEmpty ? "0s" : text
    }
}
