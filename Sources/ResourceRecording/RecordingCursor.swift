import ResourceContainer
import ResourceMonitoring

/// A place in a recording, and everything that is known there.
///
/// A value: a copy is a place to come back to. What cannot be used is passed over and noted; after it nothing is shown until the next whole
/// picture, so that no figure is ever wrong.
struct RecordingCursor: Sendable {
    let file: RecordingFile
    private(set) var survey = RecordingSurvey()
    /// The moment it stands at; nil before the first picture.
    private(set) var time: TimeSource.Instant?
    /// Where the next line begins.
    private(set) var offset: UInt64 = 0
    private(set) var header: RecordingHeader?
    /// When the first picture was taken.
    private(set) var beginning: TimeSource.Instant?
    private(set) var replay: MonitorReplay?
    private var decoder = RecordingDecoder()
    /// The number that the next line should have.
    private var expected: UInt64 = 0
    /// Whether something is missing since the last picture.
    private var isLost = true
    /// Lines since the last good one that could not be read.
    private var damaged: UInt64 = 0
    /// What was read and is later than the moment it stands at.
    private var ahead: MonitorInput?

    init(_ file: RecordingFile) {
        self.file = file
    }

    /// Goes on by one input; nil at the end.
    mutating func next() throws(RecordingError) -> MonitorUpdate? {
        guard let input = try self.peek() else { return nil }
        self.ahead = nil
        return self.take(input)
    }

    /// Goes on by one input without asking what changed; nil at the end.
    mutating func nextInput() throws(RecordingError) -> MonitorInput? {
        guard let input = try self.peek() else { return nil }
        self.ahead = nil
        self.time = input.time
        self.replay?.take(input)
        return input
    }

    /// When the next input is of; nil at the end.
    mutating func nextTime() throws(RecordingError) -> TimeSource.Instant? {
        try self.peek()?.time
    }

    /// Goes on to `time`, into the middle of an input if need be: its events up to then have happened. Nil if the cursor stands there already.
    mutating func advance(to time: TimeSource.Instant) throws(RecordingError) -> MonitorUpdate? {
        guard let input = try self.peek(), input.time > time, let now = self.time, now < time else { return nil }
        var (first, rest) = (input, input)
        first.time = time
        first.samples = nil
        if let snapshot = input.batch.snapshot, snapshot.time > time {
            first.batch = EventBatch(events: [])
        } else {
            first.batch.events = input.batch.events.filter { $0.time <= time }
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

    /// The next input, which stays the next one.
    private mutating func peek() throws(RecordingError) -> MonitorInput? {
        if let ahead = self.ahead { return ahead }
        while let line = self.file.line(at: self.offset) {
            self.offset = line.next
            self.survey.lines += 1
            let place = self.survey.lines
            let parsed: RecordingLine
            do {
                parsed = try RecordingLine(parsing: line.bytes)
            } catch {
                self.lose(line.isWhole ? .damaged : .cutOff, at: place)
                self.damaged += 1
                continue
            }
            guard self.follows(parsed, at: place) else { continue }
            if let input = try self.use(parsed, at: place) {
                self.ahead = input
                return input
            }
        }
        return nil
    }

    private mutating func lose(_ kind: RecordingFault.Kind, at place: Int) {
        self.survey.note(kind, line: place)
        self.survey.unused += 1
        self.isLost = true
    }

    /// Whether `line` is not an older one; if some are missing before it, everything waits for a picture.
    private mutating func follows(_ line: RecordingLine, at place: Int) -> Bool {
        guard line.number >= self.expected else {
            self.survey.note(.repeated, line: place)
            self.survey.unused += 1
            return false
        }
        let missing = line.number - self.expected
        if missing > self.damaged { self.survey.note(.missing(lines: missing - self.damaged), line: place) }
        if missing > 0 { self.isLost = true }
        self.damaged = 0
        self.expected = line.number + 1
        return true
    }

    private mutating func use(_ line: RecordingLine, at place: Int) throws(RecordingError) -> MonitorInput? {
        switch RecordingLine.Kind(rawValue: line.kind) {
        case .header:
            guard let header = try? RecordingDecoder.header(line) else {
                self.lose(.unusable, at: place)
                return nil
            }
            guard header.isReadable else {
                throw RecordingError(
                    "'\(self.file.path)' is of version \(header.version), and this resmon reads version \(RecordingHeader.currentVersion): use a newer resmon"
                )
            }
            self.header = header
            if header.isNewer { self.survey.newerVersion = header.version }
        case .snapshot:
            return self.begin(line, at: place)
        case .input:
            guard !self.isLost, let time = self.time, let replay = self.replay else {
                self.survey.unused += 1
                return nil
            }
            guard var input = try? self.decoder.input(line) else {
                self.lose(.unusable, at: place)
                return nil
            }
            // A picture that was gone on from may be newer than the beginning of what comes next.
            if input.batch.snapshot == nil { input.batch.events = Array(input.batch.events.drop { $0.sequence <= replay.sequence }) }
            guard replay.canTake(input, after: time) else {
                self.lose(.unusable, at: place)
                return nil
            }
            self.survey.unknownEvents = self.decoder.unknownEvents
            return input
        case .end:
            self.survey.isComplete = true
        case nil:
            self.survey.unknownLines += 1
        }
        return nil
    }

    /// A picture: the beginning, or what is gone on from after something was lost.
    private mutating func begin(_ line: RecordingLine, at place: Int) -> MonitorInput? {
        guard self.isLost else {
            self.decoder.forget()
            return nil
        }
        guard let snapshot = try? self.decoder.snapshot(line), MonitorReplay.isSound(snapshot) else {
            self.lose(.unusable, at: place)
            return nil
        }
        self.isLost = false
        guard let replay = self.replay, let time = self.time else {
            self.replay = MonitorReplay(snapshot, rules: self.header?.rules ?? FindingRules())
            self.time = line.time
            self.beginning = line.time
            return nil
        }
        guard line.time >= time, snapshot.sequence >= replay.sequence else {
            self.lose(.unusable, at: place)
            return nil
        }
        self.replay?.take(
            MonitorInput(time: line.time, batch: EventBatch(missed: snapshot.sequence - replay.sequence, snapshot: snapshot, events: []))
        )
        self.time = line.time
        return nil
    }
}
