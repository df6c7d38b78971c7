import ResourceContainer

/// The lines that a flight recorder keeps, as a ring of segments. A pure value without a lock, a clock, or a container.
///
/// Only whole segments are dropped, oldest first, so the remaining lines are always a valid recording. All kept lines, including dropped
/// ones that an excerpt still reads, take at most `limit` bytes after every change. If that requires memory that an excerpt holds, the
/// excerpt ends: dropping the segments that it reads would free nothing.
struct FlightRing: Sendable {
    /// The segments that an excerpt has still to read.
    private struct Reading: Sendable {
        var numbers: ClosedRange<UInt64>
        /// The memory of the last of them when the excerpt began. The ring may have added lines to it since.
        var lastWeight: Int

        /// The memory of `segment` that the excerpt holds.
        func weight(of segment: FlightSegment) -> Int {
            guard self.numbers.contains(segment.number) else { return 0 }
            return segment.number == self.numbers.upperBound ? self.lastWeight : segment.weight
        }
    }

    /// The time to keep.
    let keeping: Duration
    /// The most memory of all lines, in bytes.
    let limit: Int
    /// The kept segments, oldest first. Empty if a snapshot does not fit, or until the first one.
    private(set) var segments: [FlightSegment] = []
    /// The number of segments begun so far.
    private(set) var begun: UInt64 = 0
    /// The time of the last line.
    private(set) var time: TimeSource.Instant
    /// The memory of the kept segments, and of dropped segments that excerpts still read.
    private(set) var weight = 0
    /// The memory of the last snapshot, in bytes, whether or not it was kept.
    private var lastPicture = 0
    /// The end of the time that was dropped because of the limit.
    private var shortenedUntil: TimeSource.Instant?
    /// The time before which no snapshot is taken, after one that did not fit.
    private var blockedUntil: TimeSource.Instant?
    private var excerpts: [UInt64: Reading] = [:]
    private var excerptCount: UInt64 = 0
    /// The excerpts that ended because their memory was needed.
    private var cut: [UInt64] = []
    /// The dropped segments that excerpts still read, with their memory.
    private var retained: [UInt64: Int] = [:]

    /// A segment with a cheap snapshot ends after this time, so that the beginning of an excerpt can be chosen with this precision.
    private static let interval = Duration.seconds(5)
    /// A snapshot of up to this many bytes is cheap, and one that is not longer than the inputs since. The rule is that of recordings.
    private static let smallPicture = 64 << 10
    /// A segment ends when its inputs exceed this part of the limit, so that dropping one segment drops little.
    private static let segmentShare = 8
    /// An excerpt holds at most this many quarters of the limit, so that new lines have room while it is read.
    private static let excerptQuarters = 3
    /// The pause after a snapshot that did not fit because excerpts are being read, or because it exceeds the limit alone.
    private static let pauses = (crowded: Duration.seconds(1), impossible: Duration.seconds(60))

    init(keeping: Duration, limit: Int, at time: TimeSource.Instant) {
        self.keeping = max(.zero, keeping)
        self.limit = max(0, limit)
        self.time = time
    }

    /// The time from the first kept line to the last one.
    var reach: Duration {
        self.segments.first.map { self.time - $0.beginning } ?? .zero
    }

    /// Whether lines of the time to keep were dropped because of the limit.
    var isShortened: Bool {
        self.shortenedUntil.map { $0 > self.earliest } ?? false
    }

    /// The reason why nothing is kept, as a sentence for users.
    var emptiness: String {
        self.lastPicture > self.limit
            ? "a snapshot of the container takes \(self.lastPicture) bytes, more than the flight recorder's limit of \(self.limit)"
            : "the flight recorder's limit of \(self.limit) bytes was exceeded, and the next snapshot is not taken yet"
    }

    /// The beginning of the time to keep.
    private var earliest: TimeSource.Instant {
        self.time + (.zero - self.keeping)
    }

    // MARK: Adding

    /// Whether the segment that began last should end with a new snapshot.
    ///
    /// - Parameters:
    ///   - time: The current time.
    ///   - isDue: Whether a recording would contain a snapshot here.
    func isPictureDue(at time: TimeSource.Instant, inRecording isDue: Bool) -> Bool {
        guard let segment = self.segments.last else { return self.blockedUntil.map { time >= $0 } ?? true }
        if isDue { return true }
        let (picture, inputs) = (segment.pictureLength, segment.inputLength)
        if inputs > max(self.limit / Self.segmentShare, picture) { return true }
        return picture <= max(Self.smallPicture, inputs) && time - segment.beginning > Self.interval
    }

    /// Begins a segment with the line of a snapshot.
    mutating func begin(_ picture: FlightLine) {
        self.segments.append(FlightSegment(number: self.begun, picture: picture))
        self.begun += 1
        self.time = max(self.time, picture.time)
        self.lastPicture = picture.weight
        self.weight += picture.weight
        self.drop()
        let pause = picture.weight > self.limit ? Self.pauses.impossible : Self.pauses.crowded
        self.blockedUntil = self.segments.isEmpty ? self.time + pause : nil
    }

    /// Adds the line of an input. It is not kept if no segment has begun.
    mutating func append(_ input: FlightLine) {
        self.time = max(self.time, input.time)
        if self.segments.isEmpty { return }
        self.segments[self.segments.count - 1].append(input)
        self.weight += input.weight
        self.drop()
    }

    /// Drops everything, because the next input does not follow from the kept lines.
    mutating func clear(at time: TimeSource.Instant) {
        self.time = max(self.time, time)
        self.shortenedUntil = self.time
        while !self.segments.isEmpty { self.dropFirst() }
        self.blockedUntil = self.time + Self.pauses.crowded
    }

    private mutating func drop() {
        let earliest = self.earliest
        while self.segments.count > 1, self.segments[1].beginning <= earliest { self.dropFirst() }
        while self.weight > self.limit, let first = self.segments.first {
            if let slowest = self.excerpt(thatHolds: first) {
                self.endExcerpt(slowest)
                self.cut.append(slowest)
                continue
            }
            self.shortenedUntil = self.segments.count > 1 ? self.segments[1].beginning : self.time
            self.dropFirst()
        }
    }

    private mutating func dropFirst() {
        let segment = self.segments.removeFirst()
        let held = self.held(of: segment)
        self.weight -= segment.weight - held
        if held > 0 { self.retained[segment.number] = held }
    }

    /// The memory of a segment that excerpts hold.
    private func held(of segment: FlightSegment) -> Int {
        self.excerpts.values.reduce(0) { max($0, $1.weight(of: segment)) }
    }

    /// The excerpt with the oldest lines, if excerpts hold all of the first segment, or dropped ones.
    private func excerpt(thatHolds first: FlightSegment) -> UInt64? {
        guard !self.retained.isEmpty || self.held(of: first) == first.weight else { return nil }
        return self.excerpts.min { ($0.value.numbers.lowerBound, $0.key) < ($1.value.numbers.lowerBound, $1.key) }?.key
    }

    // MARK: Excerpts

    /// Begins an excerpt: the segments of the last `duration`, or all of them; without the oldest ones if they hold too much memory. Returns
    /// nil if nothing is kept.
    mutating func beginExcerpt(last duration: Duration?) -> (id: UInt64, segments: [FlightSegment])? {
        let wanted = duration.map { self.time + (.zero - max(.zero, $0)) }
        var first = wanted.flatMap { wanted in self.segments.lastIndex { $0.beginning <= wanted } } ?? 0
        var weight = self.segments[first...].reduce(0) { $0 + $1.weight }
        while weight > self.limit / 4 * Self.excerptQuarters, first < self.segments.count - 1 {
            weight -= self.segments[first].weight
            first += 1
        }
        let segments = Array(self.segments[first...])
        guard let oldest = segments.first, let newest = segments.last else { return nil }
        self.excerptCount += 1
        self.excerpts[self.excerptCount] = Reading(numbers: oldest.number...newest.number, lastWeight: newest.weight)
        return (self.excerptCount, segments)
    }

    /// Whether an excerpt holds segments.
    func isRead(by id: UInt64) -> Bool {
        self.excerpts[id] != nil
    }

    /// Returns the excerpts that have ended since the last call because their memory was needed.
    mutating func takeCut() -> [UInt64] {
        defer { self.cut = [] }
        return self.cut
    }

    /// Notes that an excerpt has released its segments before `number`.
    mutating func advanceExcerpt(_ id: UInt64, to number: UInt64) {
        guard let numbers = self.excerpts[id]?.numbers else { return }
        if number > numbers.upperBound { return self.endExcerpt(id) }
        self.excerpts[id]?.numbers = max(number, numbers.lowerBound)...numbers.upperBound
        self.release()
    }

    /// Notes that an excerpt has released all of its segments.
    mutating func endExcerpt(_ id: UInt64) {
        self.excerpts[id] = nil
        self.release()
    }

    /// Frees the dropped segments that no excerpt reads anymore.
    private mutating func release() {
        for (number, weight) in self.retained where !self.excerpts.values.contains(where: { $0.numbers.contains(number) }) {
            self.retained[number] = nil
            self.weight -= weight
        }
    }
}
