import ResourceContainer
import ResourceMonitoring

/// A position in a recording, with the state of the monitor at that position.
///
/// It is a value type: a copy is a checkpoint. A line that cannot be used is skipped and noted. If it leaves a gap, nothing is shown until
/// the next snapshot, so that no figure is ever wrong.
struct RecordingCursor: Sendable {
    let file: RecordingFile
    private var seen = RecordingSurvey()
    /// The time of the position; nil before the first snapshot.
    private(set) var time: TimeSource.Instant?
    /// The offset of the next line.
    private(set) var offset: UInt64 = 0
    private(set) var header: RecordingHeader?
    /// The time of the first snapshot.
    private(set) var beginning: TimeSource.Instant?
    private(set) var replay: MonitorReplay?
    private var audit: RecordingAudit?
    private var decoder = RecordingDecoder()
    /// Whether snapshots that are not needed are read and compared.
    private let readsAllPictures: Bool
    private var order = LineOrder()
    /// Whether lines are missing since the last snapshot.
    private var isLost = true
    /// The snapshot at the beginning or after a gap, until an input follows. Both are then applied as one input, as in a live monitor.
    private var picture: MonitorInput?
    /// Whether the next input may begin with events that the snapshot before it includes.
    private var mayRepeatEvents = false
    /// Whether the last line had no line ending, but could be read.
    private var endsOpen = false
    /// Whether the file ends with an incomplete line. It stays the next line, since the file may be growing.
    private var isCutOff = false
    /// Whether any line of the file has the form of a recording line.
    private var isRecognized = false
    /// The next input, which has been read but not applied.
    private var ahead: MonitorInput?

    /// Creates a cursor at the beginning of a file. With `readsAllPictures`, every snapshot is compared with the lines before it; otherwise
    /// snapshots that are not needed are skipped.
    init(_ file: RecordingFile, readsAllPictures: Bool = false) {
        self.file = file
        self.readsAllPictures = readsAllPictures
    }

    /// The latest time of a line, whether or not it could be used.
    var latest: TimeSource.Instant? {
        self.order.latest
    }

    /// The lines read so far, and the faults among them.
    var survey: RecordingSurvey {
        var survey = self.seen
        if self.isCutOff {
            survey.lines += 1
            survey.unused += 1
            survey.note(.cutOff, line: survey.lines)
        }
        if self.isLost, let time = self.time, let latest = self.latest, latest > time { survey.unreadEnd = latest - time }
        return survey
    }

    /// Whether the file may still grow: it has no end line.
    var mayGrow: Bool {
        !self.seen.isComplete && !self.order.isForeign
    }

    /// The reason why there is nothing to show, as the predicate of a sentence about the file.
    var emptiness: String {
        if self.survey.lines == 0 { return "is empty: nothing was recorded to it" }
        guard self.isRecognized else { return "is not a resmon recording: it contains no line of one" }
        return "contains nothing that can be shown: " + self.survey.remarks.joined(separator: "; ")
    }

    /// Whether the file is a damaged recording, as opposed to another kind of file.
    var isDamagedRecording: Bool {
        self.isRecognized && self.seen.faultCount > 0
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
        self.time = input.time
        self.replay?.take(input)
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
        self.time = input.time
        self.replay?.take(input)
        return self.replay?.update(at: input.time)
    }

    // MARK: Lines

    /// The next input, without advancing.
    private mutating func peek() throws(RecordingError) -> MonitorInput? {
        if let ahead = self.ahead { return ahead }
        self.isCutOff = false
        if let input = try self.read() {
            self.ahead = self.picture.map { input.following($0) } ?? input
            self.picture = nil
        } else {
            self.ahead = self.picture
            self.picture = nil
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
            let number = self.seen.lines + 1
            let bytes = number == 1 ? line.bytes.withoutByteOrderMark : line.bytes
            if !self.isRecognized { self.isRecognized = bytes.starts(with: RecordingLine.beginning) }
            let parsed: RecordingLine
            do {
                parsed = try RecordingLine(parsing: bytes)
            } catch {
                if !line.isWhole {
                    self.isCutOff = true
                    return nil
                }
                self.passOver(line)
                self.note(.damaged, error.reason)
                self.order.passOver()
                continue
            }
            self.passOver(line)
            self.isRecognized = true
            if line.bytes.last == UInt8(ascii: "\r") { self.seen.hasCarriageReturns = true }
            guard self.follows(parsed, before: self.following(line.next)) else { continue }
            if let input = try self.use(parsed) { return input }
        }
        return nil
    }

    private mutating func passOver(_ line: RecordingFile.Line) {
        self.offset = line.next
        self.endsOpen = !line.isWhole
        self.seen.lines += 1
    }

    /// Notes a fault of the line just skipped.
    private mutating func note(_ kind: RecordingFault.Kind, _ reason: String? = nil) {
        self.seen.note(kind, line: self.seen.lines, reason)
        self.seen.unused += 1
    }

    /// Notes a numbered line whose body cannot be used. Nothing can be shown until the next snapshot.
    private mutating func lose(_ kind: RecordingFault.Kind, _ error: (any Error)? = nil) {
        self.note(kind, (error as? Impossible)?.reason ?? "its body is malformed")
        self.isLost = true
    }

    /// Returns a closure that reads the line at `offset`, used to check the line before it; nil if the line cannot be read.
    private func following(_ offset: UInt64) -> () -> RecordingLine? {
        { [file] in file.line(at: offset).flatMap { try? RecordingLine(parsing: $0.bytes) } }
    }

    /// Whether `line` is next. If lines are missing before it, reading resumes at the next snapshot.
    private mutating func follows(_ line: RecordingLine, before following: () -> RecordingLine?) -> Bool {
        switch self.order.judge(line, before: following) {
        case .next(let missing, let unseen):
            if unseen > 0 { self.seen.note(.missing(lines: unseen), line: self.seen.lines) }
            if missing > 0 { self.isLost = true }
        case .repeated:
            self.note(.repeated)
            return false
        case .misplaced:
            self.note(.unusable, "its number or time is out of order")
            return false
        case .foreign(let isFirst):
            if isFirst { self.note(.unusable, "another recording begins here; it is not read") } else { self.seen.unused += 1 }
            return false
        }
        if self.seen.isComplete, RecordingLine.Kind(rawValue: line.kind) != nil {
            // The end line was a damaged line of another kind.
            self.seen.isComplete = false
            self.seen.note(.unusable, line: self.seen.lines, "it follows an end line")
            self.isLost = true
        }
        do {
            try self.order.takeTime(of: line)
        } catch {
            self.lose(.damaged, error)
            return false
        }
        return true
    }

    private mutating func use(_ line: RecordingLine) throws(RecordingError) -> MonitorInput? {
        switch RecordingLine.Kind(rawValue: line.kind) {
        case .header: try self.take(header: line)
        case .snapshot: self.take(picture: line)
        case .input: return self.input(line)
        case .end: self.seen.isComplete = true
        case nil:
            if let header = self.header, !header.isNewer {
                self.note(.damaged, "version \(RecordingHeader.currentVersion) has no such kind of line")
                self.isLost = true
            } else {
                self.seen.unknownLines += 1
            }
        }
        return nil
    }

    private mutating func take(header line: RecordingLine) throws(RecordingError) {
        let header: RecordingHeader
        do {
            header = try RecordingDecoder.header(line)
        } catch {
            return self.note(.damaged, (error as? Impossible)?.reason ?? "its body is malformed")
        }
        if let obstacle = header.obstacle { throw RecordingError("'\(self.file.path)' \(obstacle)") }
        if header.isNewer { self.seen.newerVersion = header.version.cleaned(limit: 40) }
        do {
            try header.check()
        } catch {
            return self.note(.damaged, error.reason)
        }
        self.header = header
    }

    private mutating func input(_ line: RecordingLine) -> MonitorInput? {
        guard !self.isLost, let last = self.audit?.totals.sequence else {
            self.seen.unused += 1
            return nil
        }
        do {
            var input = try self.decoder.input(line)
            // The snapshot may include the first events of the next input.
            if self.mayRepeatEvents, input.batch.snapshot == nil {
                input.batch.events = Array(input.batch.events.drop { $0.sequence <= last })
            }
            self.mayRepeatEvents = false
            let unknown = self.decoder.unknownEvents
            try Plausible.check(unknown == 0 || self.header?.isNewer ?? true, "an event has an unknown kind")
            try self.audit?.take(input, unknownEvents: unknown)
            self.seen.unknownEvents += unknown
            self.seen.missedEvents += input.batch.missed
            return input
        } catch {
            self.lose(.damaged, error)
            return nil
        }
    }

    /// Applies a snapshot line at the beginning or after a gap; otherwise compares or skips it.
    private mutating func take(picture line: RecordingLine) {
        guard self.isLost || self.readsAllPictures else { return self.decoder.forget() }
        do {
            let snapshot = try self.decoder.snapshot(line)
            if !self.isLost {
                let picture = try RecordingAudit(snapshot, at: line.time)
                try Plausible.check(self.audit?.agrees(with: picture) ?? true, "the snapshot contradicts the lines before it")
                return
            }
            if self.audit != nil {
                try self.audit?.resume(snapshot, at: line.time)
            } else {
                self.audit = try RecordingAudit(snapshot, at: line.time)
            }
            self.begin(snapshot, at: line.time)
        } catch {
            // A damaged snapshot that is not needed leaves no gap.
            let wasLost = self.isLost
            self.lose(.damaged, error)
            self.isLost = wasLost
        }
    }

    private mutating func begin(_ snapshot: ContainerSnapshot, at time: TimeSource.Instant) {
        self.isLost = false
        self.mayRepeatEvents = true
        // The first snapshot of a subscription contains no pools.
        let pools = snapshot.pools.isEmpty ? nil : MonitorSamples(pools: snapshot.pools)
        guard let replay = self.replay else {
            self.replay = MonitorReplay(snapshot, rules: self.header?.rules ?? FindingRules())
            self.time = time
            self.beginning = time
            // Shown by itself if no usable line follows.
            self.picture = MonitorInput(time: time, samples: pools)
            return
        }
        self.picture = MonitorInput(
            time: time,
            batch: EventBatch(missed: snapshot.sequence - replay.sequence, snapshot: snapshot, events: []),
            samples: pools
        )
    }

    /// The approximate memory, in bytes, that a copy takes once the original changes.
    var weight: Int {
        (self.replay?.weight ?? 0) + (self.audit?.weight ?? 0)
    }
}

extension MonitorInput {
    /// This input merged with the snapshot before it. If this input has its own snapshot, that one is newer and is kept.
    fileprivate func following(_ picture: MonitorInput) -> MonitorInput {
        var both = self
        both.batch.missed += picture.batch.missed
        if both.batch.snapshot == nil { both.batch.snapshot = picture.batch.snapshot }
        if both.samples == nil { both.samples = picture.samples }
        return both
    }
}

extension ArraySlice<UInt8> {
    /// The bytes without a leading UTF-8 byte order mark.
    fileprivate var withoutByteOrderMark: ArraySlice<UInt8> {
        self.starts(with: [0xEF, 0xBB, 0xBF]) ? self.dropFirst(3) : self
    }
}
