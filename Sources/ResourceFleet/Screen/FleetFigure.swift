import ResourceContainer
import ResourceDashboard

/// The text of a figure in its column. A server may send any number, so a figure that no text fits is `?`, and infinity is `inf`.
enum FleetFigure {
    /// The largest number that is shown with its digits.
    private static let largest = 1e15
    /// The longest time that is shown, in seconds: 30 years. Times below 0 and above it come from clocks that differ.
    private static let longest = 1e9

    static func text(_ value: Double, _ unit: FleetColumn.Unit) -> String {
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        guard value.magnitude < Self.largest else { return "?" }
        switch unit {
        case .count: return value == value.rounded() ? Format.brief(Int(value)) : Format.decimal(value, digits: 1)
        case .seconds: return (0..<Self.longest).contains(value) ? Format.duration(Self.duration(value)) : "?"
        case .perSecond, .perMinute: return Format.rate(value)
        case .fraction: return value < 10 ? "\(Format.decimal(value * 100, digits: 0))%" : "?"
        case .status: return Format.decimal(value, digits: 0)
        }
    }

    /// The text of an age in seconds: `12:41`.
    static func age(_ seconds: Double) -> String {
        (0..<Self.longest).contains(seconds) ? Format.age(Self.duration(seconds)) : "?"
    }

    /// A number of seconds as a duration, within the range of durations.
    static func duration(_ seconds: Double) -> Duration {
        .nanoseconds(Int64(max(0, min(9e18, (seconds * 1e9).rounded()))))
    }
}
