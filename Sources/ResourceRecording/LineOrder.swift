import ResourceContainer

/// A check that the lines of a recording are in the order in which they were written, by number and time.
struct LineOrder: Sendable {
    /// The result for one line.
    enum Judgment {
        /// The line is next. `missing` lines are absent before it, of which `unseen` were not present as unreadable lines either.
        case next(missing: UInt64, unseen: UInt64)
        /// The line repeats an earlier one.
        case repeated
        /// The line's number or time is wrong: the line after it continues from the line before it.
        case misplaced
        /// The line belongs to another recording, which begins with it or before it.
        case foreign(isFirst: Bool)
    }

    /// The expected number of the next line.
    private var expected: UInt64 = 0
    /// The number of unreadable lines since the last readable one.
    private var unreadable: UInt64 = 0
    /// The latest time of a line, whether or not it could be used.
    private(set) var latest: TimeSource.Instant?
    /// Whether another recording has begun in the file.
    private(set) var isForeign = false

    /// Counts an unreadable line, which may be one of those that are missing before the next readable line.
    mutating func passOver() {
        self.unreadable += 1
    }

    /// Checks the number of a line. `following` returns the line after it, if it is readable.
    mutating func judge(_ line: RecordingLine, before following: () -> RecordingLine?) -> Judgment {
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

    /// Whether a line that skips numbers, or more than 60 s, is wrong: the line after it continues from the line before it.
    private func isMisplaced(_ line: RecordingLine, before following: () -> RecordingLine?) -> Bool {
        let skips = line.number > self.expected + self.unreadable
        let waits = self.latest.map { line.time > $0 + .seconds(60) } ?? false
        guard skips || waits, let next = following(), next.number >= self.expected else { return false }
        if skips, next.number <= line.number { return true }
        return waits && next.number > line.number && next.time < line.time && self.latest.map { next.time >= $0 } ?? false
    }

    /// Checks and records the time of the next line.
    mutating func takeTime(of line: RecordingLine) throws(Impossible) {
        try Plausible.check(line.time, "its time")
        if let latest = self.latest {
            // Recorders of version 1.0 wrote the end line with the time of the last input, even after a later snapshot.
            let isEnd = line.kind == RecordingLine.Kind.end.rawValue
            try Plausible.check(line.time >= latest || isEnd, "its time is before that of the line before it")
            try Plausible.check(line.time <= latest + .seconds(366 * 86_400), "its time is more than a year after the line before it")
        }
        self.latest = max(line.time, self.latest ?? line.time)
    }
}
