import ResourceContainer
import ResourceMonitoring

/// The meaning of the lines of a recording, one after the other.
///
/// It checks every line before it is used. A line that cannot be used is skipped and noted. If it leaves a gap, nothing is shown until the
/// next snapshot, so that no figure is ever wrong. It is a pure value: ``RecordingCursor`` reads the lines of a file, and
/// ``RecordingReader`` takes the lines of a stream.
struct RecordingInterpreter: Sendable {
    /// What a line means.
    enum Meaning: Sendable {
        /// The line cannot be used, or has no meaning alone, as a snapshot that the next input follows.
        case nothing
        case header(RecordingHeader)
        case input(MonitorInput)
        /// The end line.
        case end(RecordingLine)
        /// A line of an attached stream. Its body is not checked.
        case attached(RecordingLine.Kind, RecordingLine)
    }

    /// The error of a recording that this library cannot read.
    struct Unreadable: Error, Sendable {
        /// The reason, as the predicate of a sentence about the recording.
        let reason: String
    }

    private var seen = RecordingSurvey()
    /// The faults of the last line.
    private(set) var newFaults: [RecordingFault] = []
    private(set) var header: RecordingHeader?
    /// The time of the first snapshot.
    private(set) var beginning: TimeSource.Instant?
    /// The monitor that the first snapshot starts. Inputs are applied by the reader of the recording.
    var replay: MonitorReplay?
    private var audit: RecordingAudit?
    private var decoder = RecordingDecoder()
    /// Whether snapshots that are not needed are read and compared.
    private let readsAllPictures: Bool
    private var order = LineOrder()
    /// Whether lines are missing since the last snapshot.
    private var isLost = true
    /// The number of the last event of the inputs and snapshots so far.
    private var sequence: UInt64 = 0
    /// The snapshot at the beginning or after a gap, until an input follows. Both are then one input, as in a live monitor.
    private var picture: MonitorInput?
    /// Whether the next input may begin with events that the snapshot before it includes.
    private var mayRepeatEvents = false
    /// Whether any line has the form of a recording line.
    private(set) var isRecognized = false

    /// Creates an interpreter before the first line. With `readsAllPictures`, every snapshot is compared with the lines before it; otherwise
    /// snapshots that are not needed are skipped.
    init(readsAllPictures: Bool = false) {
        self.readsAllPictures = readsAllPictures
    }

    /// The latest time of a line, whether or not it could be used.
    var latest: TimeSource.Instant? { self.order.latest }

    /// Whether lines may follow: there was no end line, and no other recording.
    var mayGrow: Bool { !self.seen.isComplete && !self.order.isForeign }

    /// The approximate memory, in bytes, that a copy takes once the original changes.
    var weight: Int { (self.replay?.weight ?? 0) + (self.audit?.weight ?? 0) }

    /// The lines so far, and the faults among them, for a reader that has shown everything up to `time`.
    func survey(at time: TimeSource.Instant?) -> RecordingSurvey {
        var survey = self.seen
        if self.isLost, let time, let latest = self.latest, latest > time { survey.unreadEnd = latest - time }
        return survey
    }

    // MARK: Lines

    /// Parses the next line without using it. A byte order mark before the first line is ignored.
    mutating func parse(_ bytes: ArraySlice<UInt8>) -> Result<RecordingLine, RecordingLine.Fault> {
        let bytes = self.seen.lines == 0 ? bytes.withoutByteOrderMark : bytes
        if !self.isRecognized { self.isRecognized = bytes.starts(with: RecordingLine.beginning) }
        do {
            return .success(try RecordingLine(parsing: bytes))
        } catch {
            return .failure(error)
        }
    }

    /// Uses the next line.
    ///
    /// - Parameters:
    ///   - parsed: The result of ``parse(_:)``.
    ///   - bytes: The bytes of the line.
    ///   - following: Returns the line after it, which shows whether a number or a time is wrong; nil if it is not known.
    /// - Throws: ``Unreadable`` for a header of another format or version.
    mutating func take(
        _ parsed: Result<RecordingLine, RecordingLine.Fault>,
        of bytes: ArraySlice<UInt8>,
        before following: () -> RecordingLine?
    ) throws(Unreadable) -> Meaning {
        self.newFaults = []
        self.seen.lines += 1
        switch parsed {
        case .failure(let fault):
            self.noteUnused(.damaged, fault.reason)
            self.order.passOver()
            return .nothing
        case .success(let line):
            self.isRecognized = true
            if bytes.last == UInt8(ascii: "\r") { self.seen.hasCarriageReturns = true }
            guard self.follows(line, before: following) else { return .nothing }
            return try self.use(line)
        }
    }

    /// The snapshot that no input follows, as an input; nil if there is none. To be called at the end of the recording.
    mutating func flush() -> MonitorInput? {
        guard let picture = self.picture else { return nil }
        self.picture = nil
        self.pass(picture)
        return picture
    }

    /// Whether `line` is next. If lines are missing before it, reading resumes at the next snapshot.
    private mutating func follows(_ line: RecordingLine, before following: () -> RecordingLine?) -> Bool {
        switch self.order.judge(line, before: following) {
        case .next(let missing, let unseen):
            if unseen > 0 { self.note(.missing(lines: unseen)) }
            if missing > 0 { self.isLost = true }
        case .repeated:
            self.noteUnused(.repeated)
            return false
        case .misplaced:
            self.noteUnused(.unusable, "its number or time is out of order")
            return false
        case .foreign(let isFirst):
            if isFirst { self.noteUnused(.unusable, "another recording begins here; it is not read") } else { self.seen.unused += 1 }
            return false
        }
        if self.seen.isComplete, RecordingLine.Kind(rawValue: line.kind) != nil {
            // The end line was a damaged line of another kind.
            self.seen.isComplete = false
            self.note(.unusable, "it follows an end line")
            self.isLost = true
        }
        do {
            try self.order.takeTime(of: line)
        } catch {
            self.lose(error)
            return false
        }
        return true
    }

    private mutating func use(_ line: RecordingLine) throws(Unreadable) -> Meaning {
        guard let kind = RecordingLine.Kind(rawValue: line.kind) else {
            if let header = self.header, !header.isNewer {
                self.noteUnused(.damaged, "version \(RecordingHeader.currentVersion) has no such kind of line")
                self.isLost = true
            } else {
                self.seen.unknownLines += 1
            }
            return .nothing
        }
        switch kind {
        case .header: return try self.take(header: line)
        case .snapshot:
            self.take(picture: line)
            return .nothing
        case .input: return self.input(line).map { Meaning.input($0) } ?? .nothing
        case .end:
            self.seen.isComplete = true
            return .end(line)
        case .beat, .answer, .report: return .attached(kind, line)
        }
    }

    // MARK: Faults

    private mutating func note(_ kind: RecordingFault.Kind, _ reason: String? = nil) {
        self.seen.note(kind, line: self.seen.lines, reason)
        self.newFaults.append(RecordingFault(kind: kind, line: self.seen.lines, reason: reason))
    }

    /// Notes a fault of a line that cannot be used.
    mutating func noteUnused(_ kind: RecordingFault.Kind, _ reason: String? = nil) {
        self.note(kind, reason)
        self.seen.unused += 1
    }

    /// Notes a line whose body cannot be used.
    mutating func noteUnusable(_ error: any Error) {
        self.noteUnused(.damaged, (error as? Impossible)?.reason ?? "its body is malformed")
    }

    /// Notes a numbered line whose body cannot be used. Nothing can be shown until the next snapshot.
    private mutating func lose(_ error: any Error) {
        self.noteUnusable(error)
        self.isLost = true
    }

    // MARK: Kinds

    private mutating func take(header line: RecordingLine) throws(Unreadable) -> Meaning {
        let header: RecordingHeader
        do {
            header = try RecordingDecoder.header(line)
        } catch {
            self.noteUnusable(error)
            return .nothing
        }
        if let obstacle = header.obstacle { throw Unreadable(reason: obstacle) }
        if header.isNewer { self.seen.newerVersion = header.version.cleaned(limit: 40) }
        do {
            try header.check()
        } catch {
            self.noteUnusable(error)
            return .nothing
        }
        self.header = header
        return .header(header)
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
            if let picture = self.picture { input = input.following(picture) }
            self.picture = nil
            self.pass(input)
            return input
        } catch {
            self.lose(error)
            return nil
        }
    }

    /// Follows the events of an input that is passed on.
    private mutating func pass(_ input: MonitorInput) {
        self.sequence = input.batch.events.last?.sequence ?? input.batch.snapshot?.sequence ?? self.sequence
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
            self.noteUnusable(error)
        }
    }

    private mutating func begin(_ snapshot: ContainerSnapshot, at time: TimeSource.Instant) {
        self.isLost = false
        self.mayRepeatEvents = true
        // The first snapshot of a subscription contains no pools.
        let pools = snapshot.pools.isEmpty ? nil : MonitorSamples(pools: snapshot.pools)
        guard self.beginning != nil else {
            self.replay = MonitorReplay(snapshot, rules: self.header?.rules ?? FindingRules())
            self.beginning = time
            self.sequence = snapshot.sequence
            // Shown by itself if no usable line follows.
            self.picture = MonitorInput(time: time, samples: pools)
            return
        }
        self.picture = MonitorInput(
            time: time,
            batch: EventBatch(missed: snapshot.sequence - self.sequence, snapshot: snapshot, events: []),
            samples: pools
        )
    }
}
