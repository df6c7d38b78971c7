/// The time span of the charts.
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

    /// Returns the next longer or shorter span, or this one at the end of the range.
    func zoomed(out: Bool) -> ChartSpan {
        let all = Self.allCases
        let index = (all.firstIndex(of: self) ?? 0) + (out ? 1 : -1)
        return all[min(max(0, index), all.count - 1)]
    }
}

extension ChartSpan {
    /// Resamples the newest of `values` to `width` values, the last of which is the current one. The whole span has `slots` values; those
    /// before the first are nil.
    static func stretched(_ values: [Double?], slots: Int, to width: Int) -> [Double?] {
        guard !values.isEmpty, width > 0 else { return [] }
        return (0..<width).map { column in
            let end = Double(slots) - Double(width - 1 - column) * Double(slots) / Double(width)
            let index = Int(end.rounded(.up)) - 1 - (slots - values.count)
            return values.indices.contains(index) ? values[index] : nil
        }
    }
}
