import ResourceContainer
import ResourceMonitoring

/// A place in a recording, and everything that is known there.
///
/// A value: a copy is a place to come back to. A line that cannot be used is passed over and noted. If anything is missing then, nothing is
/// shown until the next whole picture, so that no figure is ever wrong.
struct RecordingCursor: Sendable {
    let file: RecordingFile
    private var seen = RecordingSurvey()
    /// The moment it stands at; nil before the first picture.
    private(set) var time: TimeSource.Instant?
    /// Where the next line begins.
    private(set) var offset: UInt64 = 0
    private(set) var header: RecordingHeader?
    /// When the first picture was taken.
    private(set) var beginning: TimeSource.Instant?
    private(set) var replay: MonitorReplay?
    private var audit: RecordingAudit?
    private var decoder = RecordingDecoder()
    /// Whether pictures are read that are not needed.
    private let readsAllPictures: Bool
    private var order = LineOrder()
    /// Whether something is missing since the last picture.
    private var isLost = true
    /// The picture that was begun with or is gone on from, until an input follows it: then both are told at once, as a monitor is told of a
    /// gap.
    private var picture: MonitorInput?
    /// Whether the next input may begin with events that the picture before it includes.
    private var mayRepeatEvents = false
    /// Whether the last line had no end, and could be read all the same.
    private var endsOpen = false
    /// Whether an incomplete line is at the end. It stays the next one, since the file may be growing.
    private var isCutOff = false
    /// Whether anything in the file looks like a recording.
    private var isRecognized = false
    /// What was read and is later than the moment it stands at.
    private var ahead: MonitorInput?

    /// The beginning of a file. With `readsAllPictures` every picture is compared with what was told; otherwise those that are not needed
    /// are passed over.
    init(_ file: RecordingFile, readsAllPictures: Bool = false) {
        self.file = file
        self.readsAllPictures = readsAllPictures
    }

    /// The latest time of a line, whether it could be used or not.
    var latest: TimeSource.Instant? {
        self.order.latest
    }

    /// What could be read so far, and what could not.
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

    /// Whether lines may come yet: the file does not say that it was ended.
    var mayGrow: Bool {
        !self.seen.isComplete && !self.order.isForeign
    }

    /// Why there is nothing to show, as the rest of a sentence about the file.
    var emptiness: String {
        if self.survey.lines == 0 { return "is empty: nothing was recorded to it" }
        guard self.isRecognized else { return "is not a resmon recording: no line in it has the form of one" }
        return "has nothing in it that can be shown: " + self.survey.remarks.joined(separator: "; ")
    }

    /// Whether it is a recording of which nothing can be shown, rather than another kind of file.
    var isDamagedRecording: Bool {
        self.isRecognized && self.seen.faultCount > 0
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
            // In order, though threads may have passed each other between reading the clock and telling what they read.
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

    /// The next input, which stays the next one.
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

    /// The input of the next line that has one and can be used.
    private mutating func read() throws(RecordingError) -> MonitorInput? {
        while let line = self.file.line(at: self.offset) {
            if self.endsOpen, line.isWhole, line.bytes.isEmpty {
                // The end of the line before, which has come since.
                self.endsOpen = false
                self.offset = line.next
                continue
            }
            let place = self.seen.lines + 1
            let bytes = place == 1 ? line.bytes.withoutByteOrderMark : line.bytes
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

    /// Notes a fault of the line that was passed over last.
    private mutating func note(_ kind: RecordingFault.Kind, _ reason: String? = nil) {
        self.seen.note(kind, line: self.seen.lines, reason)
        self.seen.unused += 1
    }

    /// A line has its number, but what it tells cannot be used: nothing can be shown until the next picture.
    private mutating func lose(_ kind: RecordingFault.Kind, _ error: (any Error)? = nil) {
        self.note(kind, (error as? Impossible)?.reason ?? "its body does not have the form of one")
        self.isLost = true
    }

    /// The line at `offset`, as a check of the one before it; nil if it cannot be read.
    private func following(_ offset: UInt64) -> () -> RecordingLine? {
        { [file] in file.line(at: offset).flatMap { try? RecordingLine(parsing: $0.bytes) } }
    }

    /// Whether `line` comes next; if some are missing before it, everything waits for a picture.
    private mutating func follows(_ line: RecordingLine, before following: () -> RecordingLine?) -> Bool {
        switch self.order.judge(line, before: following) {
        case .next(let missing, let unseen):
            if unseen > 0 { self.seen.note(.missing(lines: unseen), line: self.seen.lines) }
            if missing > 0 { self.isLost = true }
        case .repeated:
            self.note(.repeated)
            return false
        case .misplaced:
            self.note(.unusable, "its number or its time belongs elsewhere")
            return false
        case .foreign(let isFirst):
            if isFirst { self.note(.unusable, "another recording begins here, and is not read") } else { self.seen.unused += 1 }
            return false
        }
        if self.seen.isComplete, RecordingLine.Kind(rawValue: line.kind) != nil {
            // What said that the recording ends was another line once.
            self.seen.isComplete = false
            self.seen.note(.unusable, line: self.seen.lines, "the line before it says that the recording ends")
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
                self.note(.damaged, "there is no such kind of line in version \(RecordingHeader.currentVersion)")
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
            return self.note(.damaged, (error as? Impossible)?.reason ?? "its body does not have the form of one")
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
        guard !self.isLost, let told = self.audit?.totals.sequence else {
            self.seen.unused += 1
            return nil
        }
        do {
            var input = try self.decoder.input(line)
            // A picture that was gone on from may be newer than the beginning of what comes next.
            if self.mayRepeatEvents, input.batch.snapshot == nil {
                input.batch.events = Array(input.batch.events.drop { $0.sequence <= told })
            }
            self.mayRepeatEvents = false
            let unknown = self.decoder.unknownEvents
            try Plausible.check(unknown == 0 || self.header?.isNewer ?? true, "an event is of a kind that there is not")
            try self.audit?.take(input, unknownEvents: unknown)
            self.seen.unknownEvents += unknown
            self.seen.missedEvents += input.batch.missed
            return input
        } catch {
            self.lose(.damaged, error)
            return nil
        }
    }

    /// A picture: the beginning, or what is gone on from after something was lost.
    private mutating func take(picture line: RecordingLine) {
        guard self.isLost || self.readsAllPictures else { return self.decoder.forget() }
        do {
            let snapshot = try self.decoder.snapshot(line)
            if !self.isLost {
                let picture = try RecordingAudit(snapshot, at: line.time)
                try Plausible.check(self.audit?.agrees(with: picture) ?? true, "the picture contradicts what was told before it")
                return
            }
            if self.audit != nil {
                try self.audit?.resume(snapshot, at: line.time)
            } else {
                self.audit = try RecordingAudit(snapshot, at: line.time)
            }
            self.begin(snapshot, at: line.time)
        } catch {
            // A picture that is not needed takes nothing with it.
            let wasLost = self.isLost
            self.lose(.damaged, error)
            self.isLost = wasLost
        }
    }

    private mutating func begin(_ snapshot: ContainerSnapshot, at time: TimeSource.Instant) {
        self.isLost = false
        self.mayRepeatEvents = true
        // The picture that a subscription begins with has no pools.
        let pools = snapshot.pools.isEmpty ? nil : MonitorSamples(pools: snapshot.pools)
        guard let replay = self.replay else {
            self.replay = MonitorReplay(snapshot, rules: self.header?.rules ?? FindingRules())
            self.time = time
            self.beginning = time
            // Shown by itself if nothing follows that can be.
            self.picture = MonitorInput(time: time, samples: pools)
            return
        }
        self.picture = MonitorInput(
            time: time,
            batch: EventBatch(missed: snapshot.sequence - replay.sequence, snapshot: snapshot, events: []),
            samples: pools
        )
    }

    /// Roughly how many bytes a copy takes once the original goes on.
    var weight: Int {
        (self.replay?.weight ?? 0) + (self.audit?.weight ?? 0)
    }
}

extension MonitorInput {
    /// This input and the picture before it as one. If this one has a picture, too, that is newer.
    fileprivate func following(_ picture: MonitorInput) -> MonitorInput {
        var both = self
        both.batch.missed += picture.batch.missed
        if both.batch.snapshot == nil { both.batch.snapshot = picture.batch.snapshot }
        if both.samples == nil { both.samples = picture.samples }
        return both
    }
}

extension ArraySlice<UInt8> {
    /// Without the mark that some editors put before UTF-8.
    fileprivate var withoutByteOrderMark: ArraySlice<UInt8> {
        self.starts(with: [0xEF, 0xBB, 0xBF]) ? self.dropFirst(3) : self
    }
}
