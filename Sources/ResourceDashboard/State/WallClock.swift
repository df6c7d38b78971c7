import ResourceContainer

/// A mapping from instants of the time source to the time of day, used only for display.
///
/// The wall clock is adjusted independently of the time source: daylight saving time begins and ends, the machine sleeps, the clock is set.
/// Each event is shown with the clock reading that was valid when it happened.
public struct WallClock: Hashable, Sendable {
    /// The reading that is valid from an instant on.
    struct Reading: Hashable, Sendable {
        /// The first instant for which the reading is valid.
        var since: TimeSource.Instant
        var originNanoseconds: Int64
        var offsetSeconds: Int64

        /// Returns the seconds since 1970, rounded down, also before 1970.
        private func unixSecond(_ instant: TimeSource.Instant) -> Int64 {
            let nanoseconds = self.originNanoseconds &+ instant.nanoseconds
            let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
            return quotient - (remainder < 0 ? 1 : 0)
        }

        func secondOfDay(_ instant: TimeSource.Instant) -> Int64 {
            // The offset may come from a file, so that its sum with the seconds may overflow.
            let seconds = self.unixSecond(instant) % WallClock.day + self.offsetSeconds % WallClock.day
            return (seconds % WallClock.day + WallClock.day) % WallClock.day
        }

        /// Returns the last instant, not after `limit`, at which the time of day is `second`.
        func instant(ofSecond second: Int64, notAfter limit: TimeSource.Instant) -> TimeSource.Instant {
            let back = (self.secondOfDay(limit) - second + WallClock.day) % WallClock.day
            let end = (self.unixSecond(limit) - back + 1) &* 1_000_000_000 &- self.originNanoseconds &- 1
            return TimeSource.Instant(nanoseconds: min(end, limit.nanoseconds))
        }
    }

    /// The length of a day, in seconds.
    private static let day: Int64 = 86_400

    /// The number of readings that are kept, enough for years of time changes or a day of sleeps.
    static let limit = 64
    /// The largest drift between clock and time source that is not a change. Gradual adjustments of the clock are smaller.
    static let tolerance = Duration.milliseconds(500)

    /// The readings, oldest first and never empty. The first is also valid for all earlier instants.
    private var readings: [Reading]

    /// Creates a clock from one reading.
    ///
    /// - Parameters:
    ///   - originNanoseconds: The Unix time of the time source's origin, in nanoseconds.
    ///   - offsetSeconds: The offset from UTC, in seconds.
    public init(originNanoseconds: Int64, offsetSeconds: Int64 = 0) {
        self.readings = [
            Reading(
                since: TimeSource.Instant(nanoseconds: 0),
                originNanoseconds: originNanoseconds,
                offsetSeconds: offsetSeconds
            )
        ]
    }

    /// The Unix time of the time source's origin as last read, in nanoseconds.
    public var originNanoseconds: Int64 {
        self.readings[self.readings.count - 1].originNanoseconds
    }

    /// The offset from UTC as last read, in seconds.
    public var offsetSeconds: Int64 {
        self.readings[self.readings.count - 1].offsetSeconds
    }

    /// The number of readings.
    var readingCount: Int { self.readings.count }

    /// Records a reading of the clock at `instant`. If it differs from the previous one, it is valid for that instant and later ones.
    ///
    /// - Parameters:
    ///   - originNanoseconds: The Unix time of the time source's origin, in nanoseconds.
    ///   - offsetSeconds: The offset from UTC, in seconds.
    ///   - instant: The instant of the reading.
    /// - Returns: Whether the reading differs.
    public mutating func read(originNanoseconds: Int64, offsetSeconds: Int64, at instant: TimeSource.Instant) -> Bool {
        let (drift, overflow) = originNanoseconds.subtractingReportingOverflow(self.originNanoseconds)
        let isSame = !overflow && drift.magnitude <= UInt64(Self.tolerance / .nanoseconds(1))
        if isSame, offsetSeconds == self.offsetSeconds { return false }
        self.readings.append(
            Reading(
                since: instant,
                // Storing a drift within the tolerance would shift times that are already on the screen.
                originNanoseconds: isSame ? self.originNanoseconds : originNanoseconds,
                offsetSeconds: offsetSeconds
            )
        )
        if self.readings.count > Self.limit { self.readings.removeFirst() }
        return true
    }

    /// Returns the time of day: `12:04:31`.
    package func time(_ instant: TimeSource.Instant) -> String {
        let seconds = self.secondOfDay(instant)
        return "\(Format.twoDigits(seconds / 3600)):\(Format.twoDigits(seconds / 60 % 60)):\(Format.twoDigits(seconds % 60))"
    }

    /// Returns the time of day with milliseconds: `12:04:31.402`.
    func preciseTime(_ instant: TimeSource.Instant) -> String {
        let nanoseconds = self.reading(at: instant).originNanoseconds &+ instant.nanoseconds
        var milliseconds = String((nanoseconds % 1_000_000_000 + 1_000_000_000) % 1_000_000_000 / 1_000_000)
        while milliseconds.count < 3 { milliseconds = "0" + milliseconds }
        return "\(self.time(instant)).\(milliseconds)"
    }

    private func secondOfDay(_ instant: TimeSource.Instant) -> Int64 {
        self.reading(at: instant).secondOfDay(instant)
    }

    /// Returns the second of the day of a time given as `12:03` or `12:03:40`; nil if the text is no time of day.
    static func secondOfDay(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            (1...2).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(part) : nil
        }
        guard numbers.count == parts.count, (2...3).contains(parts.count) else { return nil }
        let (hour, minute, second) = (numbers[0], numbers[1], numbers.count == 3 ? numbers[2] : 0)
        return hour < 24 && minute < 60 && second < 60 ? (hour * 60 + minute) * 60 + second : nil
    }

    /// Returns the last instant, not after `limit`, at which the time of day is a number of seconds after midnight.
    func instant(ofSecond second: Int64, notAfter limit: TimeSource.Instant) -> TimeSource.Instant {
        var limit = limit
        for reading in self.readings.dropFirst().reversed() where reading.since <= limit {
            let found = reading.instant(ofSecond: second, notAfter: limit)
            if found >= reading.since { return found }
            limit = TimeSource.Instant(nanoseconds: reading.since.nanoseconds &- 1)
        }
        return self.readings[0].instant(ofSecond: second, notAfter: limit)
    }

    private func reading(at instant: TimeSource.Instant) -> Reading {
        self.readings.last { $0.since <= instant } ?? self.readings[0]
    }
}
