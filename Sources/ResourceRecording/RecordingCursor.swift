import ResourceContainer
import ResourceMonitoring

/// A position in a recording, with the state of the monitor at that position.
///
/// It is a value type: a copy is a checkpoint. A line that cannot be used is skipped and noted. If it leaves a gap, nothing is shown until
/// the next snapshot, so that no figure is ever wrong.
struct RecordingCursor: Sendable {
    let file: RecordingFile
    private var lines: RecordingInterpreter
    /// The time of the last input applied.
    private var applied: TimeSource.Instant?
    /// The offset of the next line.
    private(set) var offset: UInt64 = 0
    /// Whether the last line had no line ending, but could be read.
    private var endsOpen = false
    /// Whether the file ends with an incomplete line. It stays the next line, since the file may be growing.
    private var isCutOff = false
    /// The next input, which has been read but not applied.
    private var ahead: MonitorInput?

    /// Creates a cursor at the beginning of a file. With `readsAllPictures`, every snapshot is compared with the lines before it; otherwise
    /// snapshots that are not needed are skipped.
    init(_ file: RecordingFile, readsAllPictures: Bool = false) {
        self.file = file
        self.lines = RecordingInterpreter(readsAllPictures: readsAllPictures)
    }

    /// The time of the position; nil before the first snapshot.
    var time: TimeSource.Instant? { self.applied ?? self.lines.beginning }

    var header: RecordingHeader? { self.lines.header }

    /// The time of the first snapshot.
    var beginning: TimeSource.Instant? { self.lines.beginning }

    var replay: MonitorReplay? { self.lines.replay }

    /// The latest time of a line, whether or not it could be used.
    var latest: TimeSource.Instant? { self.lines.latest }

    /// The lines read so far, and the faults among them.
    var survey: RecordingSurvey {
        var survey = self.lines.survey(at: self.time)
        if self.isCutOff {
            survey.lines += 1
            survey.unused += 1
            survey.note(.cutOff, line: survey.lines)
        }
        return survey
    }

    /// Whether the file may still grow: it has no end line.
    var mayGrow: Bool { self.lines.mayGrow }

    /// The reason why there is nothing to show, as the predicate of a sentence about the file.
    var emptiness: String {
        if self.survey.lines == 0 { return "is empty: nothing was recorded to it" }
        guard self.lines.isRecognized else { return "is not a resmon recording: it contains no line of one" }
        return "contains nothing that can be shown: " + self.survey.remarks.joined(separator: "; ")
    }

    /// Whether the file is a damaged recording, as opposed to another kind of file.
    var isDamagedRecording: Bool {
        self.lines.isRecognized && self.lines.survey(at: nil).faultCount > 0
    }

    /// Advances by one input and returns the changes; nil at the end.
    mutating func next() throws(RecordingError) -> MonitorUpdate? {
        guard let input = try self.peek() else { return nil }
        self.ahead = nil
        return self.take(input)
    }

    /// Advances by one input and returns it without computing the changes; nil at the end.
    mutating func nextInput() throws(RecordingError) -> MonitorInput? {
        guard let input = try self.peek() else { return nil }
        self.ahead = nil
        self.applied = input.time
        self.lines.replay?.take(input)
        return input
    }

    /// The time of the next input; nil at the end.
    mutating func nextTime() throws(RecordingError) -> TimeSource.Instant? {
        try self.peek()?.time
    }

    /// Advances into the next input: applies its events up to `time`. Returns nil if the cursor is already at `time`, or if no later input
    /// follows.
    mutating func advance(to time: TimeSource.Instant) throws(RecordingError) -> MonitorUpdate? {
        guard let input = try self.peek(), input.time > time, let now = self.time, now < time else { return nil }
        var (first, rest) = (input, input)
        first.time = time
        first.samples = nil
        if let snapshot = input.batch.snapshot, snapshot.time > time {
            first.batch = EventBatch(events: [])
        } else {
            // Events stay in order, although concurrent threads may have recorded slightly decreasing times.
            first.batch.events = Array(input.batch.events.prefix { $0.time <= time })
            rest.batch = EventBatch(events: Array(input.batch.events.dropFirst(first.batch.events.count)))
        }
        self.ahead = rest
        return self.take(first)
    }

    private mutating func take(_ input: MonitorInput) -> MonitorUpdate? {
        self.applied = input.time
        self.lines.replay?.take(input)
        return self.lines.replay?.update(at: input.time)
    }

    // MARK: Lines

    /// The next input, without advancing.
    private mutating func peek() throws(RecordingError) -> MonitorInput? {
        if let ahead = self.ahead { return ahead }
        self.isCutOff = false
        if let input = try self.read() {
            self.ahead = input
        } else {
            self.ahead = self.lines.flush()
        }
        return self.ahead
    }

    /// Reads lines until one yields an input.
    private mutating func read() throws(RecordingError) -> MonitorInput? {
        while let line = self.file.line(at: self.offset) {
            if self.endsOpen, line.isWhole, line.bytes.isEmpty {
                // The line ending of the previous line, written in the meantime.
                self.endsOpen = false
                self.offset = line.next
                continue
            }
            let parsed = self.lines.parse(line.bytes)
            if case .failure = parsed, !line.isWhole {
                self.isCutOff = true
                return nil
            }
            self.offset = line.next
            self.endsOpen = !line.isWhole
            do {
                let meaning = try self.lines.take(parsed, of: line.bytes, before: self.following(line.next))
                if case .input(let input) = meaning { return input }
            } catch {
                throw RecordingError("'\(self.file.path)' \(error.reason)")
            }
        }
        return nil
    }

    /// Returns a closure that reads the line at `offset`, used to check the line before it; nil if the line cannot be read.
    private func following(_ offset: UInt64) -> () -> RecordingLine? {
        { [file] in file.line(at: offset).flatMap { try? RecordingLine(parsing: $0.bytes) } }
    }

    /// The approximate memory, in bytes, that a copy takes once the original changes.
    var weight: Int { self.lines.weight }
}
