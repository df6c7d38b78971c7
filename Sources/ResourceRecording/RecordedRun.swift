import ResourceContainer
import ResourceMonitoring

/// A recording with random access: any moment of it as a picture into which updates are folded.
///
/// Opening a recording reads the file once, line by line, and keeps checkpoints, so that a seek reads only a small part of the file. Memory
/// is about 24 bytes per input, plus the pictures at the checkpoints within ``budget``.
public struct RecordedRun<Picture: Sendable>: Sendable {
    /// The functions that fold updates into a picture.
    public struct Folding: Sendable {
        var start: Picture
        var fold: @Sendable (inout Picture, MonitorUpdate) -> Void
        var weight: @Sendable (Picture) -> Int
        var isNotable: @Sendable (ResourceEvent) -> Bool

        /// Creates a folding.
        ///
        /// - Parameters:
        ///   - start: The picture before the first update.
        ///   - fold: Applies an update to a picture.
        ///   - weight: Returns the approximate memory of a picture, in bytes.
        ///   - isNotable: Returns whether ``RecordedRun/seekNotable()`` stops at an event.
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

    private struct Checkpoint: Sendable {
        var cursor: RecordingCursor
        var picture: Picture
        var weight: Int
    }

    /// The largest memory of the checkpoints, in bytes: 128 MiB.
    public static var budget: Int { 128 << 20 }

    /// The recording's header; nil if its line is damaged.
    public var header: RecordingHeader? { self.tail.cursor.header }
    /// The lines read so far, and the faults among them.
    public var survey: RecordingSurvey { self.tail.cursor.survey }
    /// The time at which the recording began. Relative times that users enter count from it.
    public let beginning: TimeSource.Instant
    /// The times of the inputs, in order.
    private var moments: [TimeSource.Instant] = []
    private var notable: [TimeSource.Instant] = []
    private let folding: Folding
    /// The checkpoints in file order; the first is the beginning.
    private var checkpoints: [Checkpoint]
    /// The memory of the checkpoints, and their distance in the file, in bytes.
    private var weight = 0
    private var spacing = UInt64(256 << 10)
    /// The end of the part read so far.
    private var tail: Checkpoint
    private var here: Checkpoint

    /// Opens a recording and reads it once.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - folding: The functions that fold updates into a picture.
    ///   - progress: Called repeatedly with the fraction of the file read so far, from 0 to 1.
    /// - Throws: ``RecordingError`` if the file contains nothing that can be shown.
    public init(path: String, folding: Folding, progress: (Double) -> Void = { _ in }) throws(RecordingError) {
        let beginning = Checkpoint(cursor: RecordingCursor(try RecordingFile(path: path)), picture: folding.start, weight: 0)
        var tail = beginning
        let first = try tail.cursor.nextTime()
        guard let first else { throw RecordingError("'\(path)' \(tail.cursor.emptiness)") }
        self.beginning = tail.cursor.beginning ?? first
        self.folding = folding
        self.checkpoints = [beginning]
        self.here = beginning
        self.tail = tail
        try self.read(progress)
    }

    /// Reads from the last position to the end of the file.
    private mutating func read(_ progress: (Double) -> Void) throws(RecordingError) {
        let length = self.tail.cursor.file.length
        var reported = self.tail.cursor.offset
        while let update = try self.tail.cursor.next() {
            self.folding.fold(&self.tail.picture, update)
            self.moments.append(update.time)
            if let event = update.events.first(where: self.folding.isNotable), self.notable.last.map({ $0 < event.time }) ?? true {
                self.notable.append(update.time)
            }
            let offset = self.tail.cursor.offset
            if offset - reported > 4 << 20 {
                reported = offset
                progress(Double(reported) / Double(max(1, length)))
            }
            if offset - (self.checkpoints.last?.cursor.offset ?? 0) >= self.spacing { self.keepCheckpoint() }
        }
    }

    /// Adds a checkpoint at the current reading position.
    private mutating func keepCheckpoint() {
        self.tail.weight = self.folding.weight(self.tail.picture) + self.tail.cursor.weight
        self.checkpoints.append(self.tail)
        self.weight += self.tail.weight
        while self.weight > Self.budget, self.checkpoints.count > 2 {
            // Removes every second checkpoint and doubles the distance of later ones.
            self.checkpoints = self.checkpoints.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
            self.weight = self.checkpoints.reduce(0) { $0 + $1.weight }
            self.spacing *= 2
        }
    }

    // MARK: Growing

    /// Whether the file may still grow: it has no end line yet.
    public var mayGrow: Bool { self.tail.cursor.mayGrow }

    /// Reads the lines added to the file since the last read. Returns whether there is a new input.
    ///
    /// - Complexity: O(bytes added).
    public mutating func grow() -> Bool {
        guard self.mayGrow, self.tail.cursor.file.length > self.tail.cursor.offset else { return false }
        let count = self.moments.count
        // Read errors are in the survey.
        try? self.read { _ in }
        return self.moments.count > count
    }

    /// The times that can be shown, from the first input to the last.
    public var span: ClosedRange<TimeSource.Instant> {
        let first = self.moments.first ?? self.beginning
        return first...(self.moments.last ?? first)
    }

    /// The time of the last line of the file, whether or not it can be shown.
    public var end: TimeSource.Instant {
        max(self.span.upperBound, self.tail.cursor.latest ?? self.span.upperBound)
    }

    /// The current position; nil before the first input.
    public var time: TimeSource.Instant? { self.here.cursor.time }
    /// The picture at the current position.
    public var picture: Picture { self.here.picture }
    /// The monitor's report at the current position; nil before the first input.
    public var report: MonitorReport? { self.here.cursor.replay?.report }
    /// The time of the next input; nil at the end.
    public var nextTime: TimeSource.Instant? {
        guard let now = self.time else { return self.moments.first }
        let index = self.moments.partitioningIndex { $0 > now }
        return index < self.moments.count ? self.moments[index] : nil
    }

    /// Advances by one input and returns the changes; nil at the end.
    public mutating func next() -> MonitorUpdate? {
        // Faults were found on opening. A file that has been changed since then ends early.
        guard let update = try? self.here.cursor.next() else { return nil }
        self.folding.fold(&self.here.picture, update)
        return update
    }

    /// Moves to `time`, limited to ``span``.
    ///
    /// - Complexity: O(bytes between the nearest earlier checkpoint and `time`).
    public mutating func seek(to time: TimeSource.Instant) {
        let time = min(max(time, self.span.lowerBound), self.span.upperBound)
        let index = self.checkpoints.partitioningIndex { checkpoint in checkpoint.cursor.time.map { $0 > time } ?? false }
        let nearest = self.checkpoints[max(0, index - 1)]
        let stands = self.here.cursor.time.map { $0 <= time && self.here.cursor.offset >= nearest.cursor.offset } ?? false
        if !stands { self.here = nearest }
        while let next = try? self.here.cursor.nextTime(), next <= time { _ = self.next() }
        if let update = try? self.here.cursor.advance(to: time) { self.folding.fold(&self.here.picture, update) }
    }

    /// Moves forward by `count` inputs, or backward if `count` is negative.
    public mutating func seek(by count: Int) {
        let now = self.time ?? self.span.lowerBound
        // Between two inputs, one step back leads to the earlier one.
        let index = count < 0 ? self.moments.partitioningIndex { $0 >= now } : self.moments.partitioningIndex { $0 > now } - 1
        self.seek(to: self.moments[min(max(0, index + count), self.moments.count - 1)])
    }

    /// Moves to the next input with a notable event. Returns false if there is none.
    public mutating func seekNotable() -> Bool {
        let now = self.time ?? self.span.lowerBound
        let index = self.notable.partitioningIndex { $0 > now }
        guard index < self.notable.count else { return false }
        self.seek(to: self.notable[index])
        return true
    }
}
