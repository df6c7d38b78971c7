import ResourceContainer

/// The clock of a feed: it maps the times of a program's lines to instants. A pure value.
///
/// The first time that a line states belongs to the instant at which that line was received, so the clocks of program and reader need not
/// agree. Without a stated time, a line belongs to the instant at which it was received.
package struct FeedClock: Sendable {
    /// The Unix time, in nanoseconds, of instant 0.
    package private(set) var origin: Int64
    /// The offset of the local time from UTC, in seconds.
    package let offset: Int64
    /// Whether lines are read as a program writes them.
    package let isLive: Bool
    /// Added to a time of the program, in nanoseconds, to get an instant; nil before the first time.
    private var shift: Int64?

    /// The instant at which the reader's clock, or a file, begins: 9 years. The instances of a feed may be older than its beginning.
    private static let beginning: Int64 = 1 << 58
    /// The latest instant: 18 years.
    private static let latest: Int64 = 1 << 59

    /// Creates the clock of a feed that is read while the program writes it.
    ///
    /// - Parameters:
    ///   - origin: The Unix time, in nanoseconds, at the origin of the reader's clock.
    ///   - offset: The offset of the local time from UTC, in seconds.
    package init(origin: Int64, offset: Int64 = 0) {
        self.origin = origin.subtractingSaturated(Self.beginning)
        self.offset = offset
        self.isLive = true
    }

    /// Creates the clock of a feed that was written before. Its lines have the times that they state.
    package init() {
        self.origin = -Self.beginning
        self.offset = 0
        self.isLive = false
    }

    /// The instant of a time on the reader's clock.
    func instant(received now: TimeSource.Instant) -> TimeSource.Instant {
        TimeSource.Instant(nanoseconds: min(max(0, now.nanoseconds), Self.latest - Self.beginning) + Self.beginning)
    }

    /// The instant at which a file begins.
    var fileBeginning: TimeSource.Instant { TimeSource.Instant(nanoseconds: Self.beginning) }

    /// The instant of a time of the program; nil if it is beyond the range of the clock.
    ///
    /// - Parameters:
    ///   - seconds: The time that a line states.
    ///   - now: The instant at which the line was received.
    mutating func instant(of seconds: Double, received now: TimeSource.Instant) -> TimeSource.Instant? {
        let time = Int64(saturating: seconds * 1e9)
        let shift = self.shift ?? now.nanoseconds.subtractingSaturated(time)
        if self.shift == nil {
            self.shift = shift
            // The times of a file are Unix times, or those of any other clock.
            if !self.isLive { self.origin = max(-Self.beginning, min(Self.latest << 2, Int64(0).subtractingSaturated(shift))) }
        }
        let instant = time.addingSaturated(shift)
        return (0...Self.latest).contains(instant) ? TimeSource.Instant(nanoseconds: instant) : nil
    }

    /// The Unix time of an instant, in nanoseconds.
    func unixTime(of instant: TimeSource.Instant) -> Int64 {
        self.origin.addingSaturated(instant.nanoseconds)
    }

    /// Forgets the times of the program, whose next first time belongs to the instant at which its line is received.
    mutating func reconnect() {
        self.shift = nil
    }
}
