#if Configuration
    /// The spelling of durations in configurations: a number and a unit, such as `500ms`, `1.5s`, `5m`, or `1h`.
    enum DurationSpelling {
        /// The longest duration: a hundred thousand hours, about eleven years. It can be added to any instant without overflow.
        static let longest = 100_000.0 * 3600

        private static let units: [(name: String, seconds: Double)] = [
            ("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1), ("min", 60), ("m", 60), ("h", 3600), ("d", 86_400),
        ]

        /// Returns the duration; nil if `text` is not a number of at least 0 with a unit, or exceeds ``longest``.
        static func parse(_ text: String) -> Duration? {
            let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let unit = text.dropFirst(number.count).drop { $0 == " " }
            guard let value = Double(number), let seconds = Self.units.first(where: { $0.name == unit })?.seconds else { return nil }
            guard value.isFinite, value * seconds <= Self.longest else { return nil }
            // The product in nanoseconds is exact for whole numbers of every unit.
            return .nanoseconds(Int64((value * (seconds * 1e9)).rounded()))
        }

        /// The shortest spelling of a duration in one unit.
        static func text(_ duration: Duration) -> String {
            let nanoseconds = duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
            if nanoseconds == 0 { return "0s" }
            let units: [(name: String, size: Int64)] = [("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000)]
            for unit in units where nanoseconds % unit.size == 0 { return "\(nanoseconds / unit.size)\(unit.name)" }
            return "\(nanoseconds)ns"
        }
    }
#endif
