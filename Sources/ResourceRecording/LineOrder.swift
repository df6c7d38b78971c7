import ResourceContainer

/// Whether the lines of a recording come in the order in which they were written: by their numbers and their times.
struct LineOrder: Sendable {
    /// What a line is by its number.
    enum Judgement {
        /// It comes next. So many are missing before it, and so many of them were not seen as lines that cannot be read.
        case next(missing: UInt64, unseen: UInt64)
        /// It was there before.
        case repeated
        /// Its number or its time belongs elsewhere: the line behind it continues what was before it.
        case misplaced
        /// Another recording begins with it, or has begun before it.
        case foreign(isFirst: Bool)
    }

    /// The number that the next line should have.
    private var expected: UInt64 = 0
    /// Lines since the last good one that could not be read.
    private var unreadable: UInt64 = 0
    /// The latest time of a line, whether it could be used or not.
    private(set) var latest: TimeSource.Instant?
    /// Whether another recording has begun in the file.
    private(set) var isForeign = false

    /// A line cannot be read: it may be one that is missing then.
    mutating func passOver() {
        self.unreadable += 1
    }

    /// Judges a line by its number; `following` is the one behind it, if that can be read.
    mutating func judge(_ line: RecordingLine, before following: () -> RecordingLine?) -> Judgement {
        if self.isForeign { return .foreign(isFirst: false) }
        if line.kind == RecordingLine.Kind.header.rawValue, line.number == 0, self.expected > 1, following()?.number == 1 {
            self.isForeign = true
            return .foreign(isFirst: true)
        }
        guard line.number >= self.expected else { return .repeated }
        if self.isMisplaced(line, before: following) {
            self.unreadable += 1
            return .misplaced
        }
        let missing = line.number - self.expected
        let unseen = missing > self.unreadable ? missing - self.unreadable : 0
        self.unreadable = 0
        self.expected = line.number + 1
        return .next(missing: missing, unseen: unseen)
    }

    /// A line that leaves some out, or a lot of time, is wrong about that if the one behind it continues what was before it.
    private func isMisplaced(_ line: RecordingLine, before following: () -> RecordingLine?) -> Bool {
        let skips = line.number > self.expected + self.unreadable
        let waits = self.latest.map { line.time > $0 + .seconds(60) } ?? false
        guard skips || waits, let next = following(), next.number >= self.expected else { return false }
        if skips, next.number <= line.number { return true }
        return waits && next.number > line.number && next.time < line.time && self.latest.map { next.time >= $0 } ?? false
    }

    /// Takes the time of a line that comes next.
    mutating func takeTime(of line: RecordingLine) throws(Impossible) {
        try Plausible.check(line.time, "its time")
        if let latest = self.latest {
            // Recorders of version 1.0 ended with the time of the last input, though a picture was taken after it.
            let isEnd = line.kind == RecordingLine.Kind.end.rawValue
            try Plausible.check(line.time >= latest || isEnd, "its time is before that of the line before it")
            try Plausible.check(line.time <= latest + .seconds(366 * 86_400), "its time is more than a year after the line before it")
        }
        self.latest = max(line.time, self.latest ?? line.time)
    }
}
