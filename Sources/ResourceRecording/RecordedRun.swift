import ResourceContainer
import ResourceMonitoring

/// A recording to move about in: any moment of it as a picture that updates are folded into.
///
/// Opening it reads it once from end to end - one line at a time - and sets up places to come back to, so that a seek reads a small part of
/// the file only. Memory: 24 bytes for each input, and the pictures at those places, within a budget.
public struct RecordedRun<Picture: Sendable>: Sendable {
    /// How updates become a picture.
    public struct Folding: Sendable {
        var start: Picture
        var fold: @Sendable (inout Picture, MonitorUpdate) -> Void
        var weight: @Sendable (Picture) -> Int
        var isNotable: @Sendable (ResourceEvent) -> Bool

        /// - Parameters:
        ///   - start: the picture before the first update.
        ///   - fold: takes an update into a picture.
        ///   - weight: about how many bytes a kept picture takes.
        ///   - isNotable: whether an event is one that ``RecordedRun/seekNotable()`` stops at.
        public init(
            start: Picture,
            fold: @escaping @Sendable (inout Picture, MonitorUpdate) -> Void,
            weight: @escaping @Sendable (Picture) -> Int,
            isNotable: @escaping @Sendable (ResourceEvent) -> Bool
        ) {
            self.start = start
            self.fold = fold
            self.weight = weight
            self.isNotable = isNotable
        }
    }

    private struct Place: Sendable {
        var cursor: RecordingCursor
        var picture: Picture
        var weight: Int
    }

    /// How much memory the places to come back to may take, in bytes.
    public static var budget: Int { 128 << 20 }

    /// What the recording is of; nil if that line is damaged.
    public var header: RecordingHeader? { self.tail.cursor.header }
    /// What could be read so far, and what could not.
    public var survey: RecordingSurvey { self.tail.cursor.survey }
    /// When recording began; times that people give count from there.
    public let beginning: TimeSource.Instant
    /// When each input is of, in order.
    private var moments: [TimeSource.Instant] = []
    private var notable: [TimeSource.Instant] = []
    private let folding: Folding
    /// In the order of the file; the first is the beginning.
    private var places: [Place]
    /// What the places weigh, and how far they stand apart in the file.
    private var weight = 0
    private var spacing = UInt64(256 << 10)
    /// As far as the file was read.
    private var tail: Place
    private var here: Place

    /// Reads a recording once.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - folding: how updates become what is kept of a moment.
    ///   - progress: is told now and then which part of the file has been read, 0...1.
    /// - Throws: ``RecordingError`` if there is nothing in it that can be shown.
    public init(path: String, folding: Folding, progress: (Double) -> Void = { _ in }) throws(RecordingError) {
        let beginning = Place(cursor: RecordingCursor(try RecordingFile(path: path)), picture: folding.start, weight: 0)
        var tail = beginning
        let first = try tail.cursor.nextTime()
        guard let first else { throw RecordingError("'\(path)' \(tail.cursor.emptiness)") }
        self.beginning = tail.cursor.beginning ?? first
        self.folding = folding
        self.places = [beginning]
        self.here = beginning
        self.tail = tail
        try self.read(progress)
    }

    /// Reads on from where reading stopped last to the end of the file.
    private mutating func read(_ progress: (Double) -> Void) throws(RecordingError) {
        let length = self.tail.cursor.file.length
        var told = self.tail.cursor.offset
        while let update = try self.tail.cursor.next() {
            self.folding.fold(&self.tail.picture, update)
            self.moments.append(update.time)
            if let event = update.events.first(where: self.folding.isNotable), self.notable.last.map({ $0 < event.time }) ?? true {
                self.notable.append(update.time)
            }
            let offset = self.tail.cursor.offset
            if offset - told > 4 << 20 {
                told = offset
                progress(Double(told) / Double(max(1, length)))
            }
            if offset - (self.places.last?.cursor.offset ?? 0) >= self.spacing { self.keepPlace() }
        }
    }

    /// Keeps the place that was read to.
    private mutating func keepPlace() {
        self.tail.weight = self.folding.weight(self.tail.picture) + self.tail.cursor.weight
        self.places.append(self.tail)
        self.weight += self.tail.weight
        while self.weight > Self.budget, self.places.count > 2 {
            // Every second one goes, and the next ones stand twice as far apart.
            self.places = self.places.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
            self.weight = self.places.reduce(0) { $0 + $1.weight }
            self.spacing *= 2
        }
    }

    // MARK: Growing

    /// Whether the recording does not say that it has ended: it may be growing.
    public var mayGrow: Bool { self.tail.cursor.mayGrow }

    /// Reads what was added to the file since; whether anything was that can be shown. O(what was added), and next to nothing if that is
    /// nothing.
    public mutating func grow() -> Bool {
        guard self.mayGrow, self.tail.cursor.file.length > self.tail.cursor.offset else { return false }
        let count = self.moments.count
        // What cannot be read is noted in the survey.
        try? self.read { _ in }
        return self.moments.count > count
    }

    /// From the first moment to the last that can be shown.
    public var span: ClosedRange<TimeSource.Instant> {
        let first = self.moments.first ?? self.beginning
        return first...(self.moments.last ?? first)
    }

    /// When the last line of the file is of, whether it can be shown or not.
    public var end: TimeSource.Instant {
        max(self.span.upperBound, self.tail.cursor.latest ?? self.span.upperBound)
    }

    /// The moment it stands at; before the first one until it is moved.
    public var time: TimeSource.Instant? { self.here.cursor.time }
    /// The picture there.
    public var picture: Picture { self.here.picture }
    /// The monitor's report there.
    public var report: MonitorReport? { self.here.cursor.replay?.report }
    /// When the next input is of; nil at the end.
    public var nextTime: TimeSource.Instant? {
        guard let now = self.time else { return self.moments.first }
        let place = self.moments.partition { $0 > now }
        return place < self.moments.count ? self.moments[place] : nil
    }

    /// Goes on by one input and returns what changed; nil at the end.
    public mutating func next() -> MonitorUpdate? {
        // What cannot be read was found when the recording was opened; a file that is changed meanwhile ends early.
        guard let update = try? self.here.cursor.next() else { return nil }
        self.folding.fold(&self.here.picture, update)
        return update
    }

    /// Goes to a moment, or to the nearest end. O(the part of the file since the nearest place before it).
    public mutating func seek(to time: TimeSource.Instant) {
        let time = min(max(time, self.span.lowerBound), self.span.upperBound)
        let place = self.places.partition { place in place.cursor.time.map { $0 > time } ?? false }
        let nearest = self.places[max(0, place - 1)]
        let stands = self.here.cursor.time.map { $0 <= time && self.here.cursor.offset >= nearest.cursor.offset } ?? false
        if !stands { self.here = nearest }
        while let next = try? self.here.cursor.nextTime(), next <= time { _ = self.next() }
        if let update = try? self.here.cursor.advance(to: time) { self.folding.fold(&self.here.picture, update) }
    }

    /// Goes on, or back, by a number of inputs.
    public mutating func seek(by count: Int) {
        let now = self.time ?? self.span.lowerBound
        // Between two inputs, one step back is to the first of them.
        let place = count < 0 ? self.moments.partition { $0 >= now } : self.moments.partition { $0 > now } - 1
        self.seek(to: self.moments[min(max(0, place + count), self.moments.count - 1)])
    }

    /// Goes to the next notable event; false if there is none.
    public mutating func seekNotable() -> Bool {
        let now = self.time ?? self.span.lowerBound
        let place = self.notable.partition { $0 > now }
        guard place < self.notable.count else { return false }
        self.seek(to: self.notable[place])
        return true
    }
}

extension Array {
    /// The first index whose element is on the far side, in an array that has those behind the others. O(log n).
    fileprivate func partition(_ isFar: (Element) -> Bool) -> Int {
        var (low, high) = (0, self.count)
        while low < high {
            let middle = (low + high) / 2
            if isFar(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
