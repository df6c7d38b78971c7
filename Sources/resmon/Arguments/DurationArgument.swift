/// A duration on the command line: `500ms`, `12s`, `5m` or `1h`.
struct DurationArgument: Equatable {
    let duration: Duration

    /// The longest duration of a simulation: one day.
    static let longest = Duration.seconds(24 * 3600)
    /// The longest duration elsewhere: longer than any recording, and short enough to be added to any instant without overflow.
    static let longestRecorded = Duration.seconds(100_000 * 3600)

    init(_ duration: Duration) {
        self.duration = duration
    }

    init(_ option: String, parsing text: String, longest: Duration = DurationArgument.longest) throws(UsageFault) {
        let digits = text.prefix(while: \.isDigit)
        let unit = text.dropFirst(digits.count)
        guard !digits.isEmpty, let milliseconds = Self.milliseconds(of: unit) else {
            throw UsageFault("\(option): '\(text)' is not a duration: give a whole number with a unit, such as 500ms, 12s, 5m or 1h")
        }
        // A number that does not fit an Int exceeds the limit, too.
        let (product, overflow) = (Int(digits) ?? .max).multipliedReportingOverflow(by: milliseconds)
        guard !overflow, .milliseconds(product) <= longest else {
            throw UsageFault("\(option): '\(text)' is too long: up to \(Int(longest / .seconds(3600)))h is accepted")
        }
        self.init(.milliseconds(product))
    }

    private static func milliseconds(of unit: Substring) -> Int? {
        switch unit {
        case "ms": 1
        case "s": 1000
        case "m": 60 * 1000
        case "h": 3600 * 1000
        default: nil
        }
    }
}
