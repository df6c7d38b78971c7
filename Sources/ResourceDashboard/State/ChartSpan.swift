/// How much time the charts show.
enum ChartSpan: Int, CaseIterable, Sendable {
    case minute = 60
    case twoMinutes = 120
    case fiveMinutes = 300
    case tenMinutes = 600

    var label: String {
        switch self {
        case .minute: "60s"
        case .twoMinutes: "2m"
        case .fiveMinutes: "5m"
        case .tenMinutes: "10m"
        }
    }

    /// The next shorter or longer one.
    func zoomed(out: Bool) -> ChartSpan {
        let all = Self.allCases
        let place = (all.firstIndex(of: self) ?? 0) + (out ? 1 : -1)
        return all[min(max(0, place), all.count - 1)]
    }
}

extension ChartSpan {
    /// The newest of `values`, of which there are `slots` in the whole span, brought to `width` values of which the last is now; what is
    /// before the first stays empty.
    static func stretched(_ values: [Double?], slots: Int, to width: Int) -> [Double?] {
        guard !values.isEmpty, width > 0 else { return [] }
        return (0..<width).map { column in
            let end = Double(slots) - Double(width - 1 - column) * Double(slots) / Double(width)
            let index = Int(end.rounded(.up)) - 1 - (slots - values.count)
            return values.indices.contains(index) ? values[index] : nil
        }
    }
}
