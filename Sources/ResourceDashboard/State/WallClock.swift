import ResourceContainer

/// Where an instant of the time source stands in the world's time: only for display.
///
/// The world's time does not go evenly beside the time source's: the hour changes twice a year, a machine sleeps, its clock is set. What
/// happened is shown by the clock as it was then.
public struct WallClock: Hashable, Sendable {
    /// How instants from some moment on are shown.
    struct Reading: Hashable, Sendable {
        /// The first instant it holds for.
        var since: TimeSource.Instant
        var originNanoseconds: Int64
        var offsetSeconds: Int64
    }

    /// How many readings are kept: years of changes of the hour, or a day of naps.
    static let limit = 64
    /// By how much the clock and the time source may drift apart before it is a change: adjustments of the clock are smaller.
    static let tolerance = Duration.milliseconds(500)

    /// Oldest first, never empty. The first holds for everything before it, too.
    private var readings: [Reading]

    /// A clock that was read once.
    ///
    /// - Parameters:
    ///   - originNanoseconds: Unix time, in nanoseconds, of the time source's origin.
    ///   - offsetSeconds: what is added to UTC, in seconds.
    public init(originNanoseconds: Int64, offsetSeconds: Int64 = 0) {
        self.readings = [
            Reading(
                since: TimeSource.Instant(nanoseconds: 0),
                originNanoseconds: originNanoseconds,
                offsetSeconds: offsetSeconds
            )
        ]
    }

    /// Unix time, in nanoseconds, of the time source's origin, as it was read last.
    public var originNanoseconds: Int64 {
        self.readings[self.readings.count - 1].originNanoseconds
    }

    /// What is added to UTC, in seconds, as it was read last.
    public var offsetSeconds: Int64 {
        self.readings[self.readings.count - 1].offsetSeconds
    }

    /// How many readings are kept at the moment.
    var readingCount: Int { self.readings.count }

    /// Takes what a clock shows at `instant`: instants from then on are shown by it if it differs from what was read before.
    ///
    /// - Returns: whether it differs.
    public mutating func read(originNanoseconds: Int64, offsetSeconds: Int64, at instant: TimeSource.Instant) -> Bool {
        let (drift, overflow) = originNanoseconds.subtractingReportingOverflow(self.originNanoseconds)
        let isSame = !overflow && drift.magnitude <= UInt64(Self.tolerance / .nanoseconds(1))
        if isSame, offsetSeconds == self.offsetSeconds { return false }
        self.readings.append(
            Reading(
                since: instant,
                // A drift that is no change would move what was shown a moment ago.
                originNanoseconds: isSame ? self.originNanoseconds : originNanoseconds,
                offsetSeconds: offsetSeconds
            )
        )
        if self.readings.count > Self.limit { self.readings.removeFirst() }
        return true
    }

    /// `12:04:31`.
    func time(_ instant: TimeSource.Instant) -> String {
        let seconds = self.secondOfDay(instant)
        return "\(Format.twoDigits(seconds / 3600)):\(Format.twoDigits(seconds / 60 % 60)):\(Format.twoDigits(seconds % 60))"
    }

    /// `12:04:31.402`.
    func preciseTime(_ instant: TimeSource.Instant) -> String {
        let nanoseconds = self.reading(at: instant).originNanoseconds &+ instant.nanoseconds
        var milliseconds = String((nanoseconds % 1_000_000_000 + 1_000_000_000) % 1_000_000_000 / 1_000_000)
        while milliseconds.count < 3 { milliseconds = "0" + milliseconds }
        return "\(self.time(instant)).\(milliseconds)"
    }

    private func secondOfDay(_ instant: TimeSource.Instant) -> Int64 {
        let reading = self.reading(at: instant)
        let nanoseconds = reading.originNanoseconds &+ instant.nanoseconds
        // Rounded down, also before 1970. The offset may come from a file.
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let seconds = quotient - (remainder < 0 ? 1 : 0)
        let day: Int64 = 86_400
        return ((seconds % day + reading.offsetSeconds % day) % day + day) % day
    }

    private func reading(at instant: TimeSource.Instant) -> Reading {
        self.readings.last { $0.since <= instant } ?? self.readings[0]
    }
}
