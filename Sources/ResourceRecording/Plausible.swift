import ResourceContainer

/// An error for an impossible figure, text, or order of events in a recording. The line that contains it is damaged.
struct Impossible: Error, Equatable {
    /// A clause about the line, such as `scope 3 owns -1 instances`. It contains no text from the file.
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// The valid ranges of figures in a recording. Calculations with valid figures do not exceed 64 bits.
enum Plausible {
    /// The largest count: one million per second for thirty years.
    static let count = 1_000_000_000_000_000
    /// The latest time and the longest measured duration, in nanoseconds: 36 years of a monotonic clock.
    static let nanoseconds: Int64 = 1 << 60
    /// The Unix times, in nanoseconds, of a clock's origin: the years 1933 (a machine with an unset clock counts from 1970) to 2116.
    static let origins: ClosedRange<Int64> = -(1 << 60)...(1 << 62)
    /// The offsets of a local time from UTC, in seconds.
    static let offsets: ClosedRange<Int64> = -86_400...86_400
    /// The longest text in bytes of its JSON form. Recorders cut texts to ``RecordingEncoder/textLimit``.
    static let text = 1 << 16
    /// The deepest nesting of objects and lists. A report of closed scopes, the deepest value, has two levels for each of its
    /// ``DisposeReport/nestingLimit`` levels and a few for its entries.
    static let depth = 128
    /// The tolerance for times in the wrong order: concurrent threads may read the clock in one order and report in another.
    static let lead = Duration.seconds(10)

    static func check(_ condition: Bool, _ reason: @autoclosure () -> String) throws(Impossible) {
        if !condition { throw Impossible(reason()) }
    }

    /// Checks a count, which is at least 0.
    static func check(count: Int, _ what: @autoclosure () -> String) throws(Impossible) {
        if count < 0 || count > Self.count { throw Impossible("\(what()): \(count) is not between 0 and \(Self.count)") }
    }

    /// Checks a time, which is not before the clock's origin.
    static func check(_ instant: TimeSource.Instant, _ what: @autoclosure () -> String) throws(Impossible) {
        if instant.nanoseconds < 0 || instant.nanoseconds > Self.nanoseconds {
            throw Impossible("\(what()): \(instant.nanoseconds) ns is not a valid time")
        }
    }

    /// Checks a measured duration. It may be slightly negative, since two threads may have read its ends.
    static func check(_ duration: Duration, _ what: @autoclosure () -> String) throws(Impossible) {
        let nanoseconds = duration.wholeNanoseconds
        if nanoseconds < -Self.lead.wholeNanoseconds || nanoseconds > Self.nanoseconds {
            throw Impossible("\(what()): \(nanoseconds) ns is not a duration")
        }
    }

    /// Checks a duration that the program configured. It may have any length.
    static func check(chosen duration: Duration, _ what: @autoclosure () -> String) throws(Impossible) {
        if duration < .zero { throw Impossible("\(what()): \(duration.wholeNanoseconds) ns is below 0") }
    }

    /// Checks that books contain valid counts and balance.
    static func check(_ books: Books, of what: @autoclosure () -> String) throws(Impossible) {
        for (name, figure) in books.figures { try self.check(count: figure, "the books of \(what()), \(name)") }
        guard books.isBalanced else {
            throw Impossible(
                "the books of \(what()) do not balance: \(books.created) created, but \(books.active) active, \(books.disposed) disposed, "
                    + "\(books.initFailed) failed and \(books.abandoned) abandoned"
            )
        }
    }
}

/// The outcomes of scopes.
extension Plausible {
    /// Checks that the counts are valid.
    static func check(_ outcomes: ScopeOutcomeCounts) throws(Impossible) {
        for (name, count) in outcomes.named { try self.check(count: count, "the outcomes of scopes, \(name)") }
    }

    /// Checks that the outcomes are those of all closed scopes, if there are any.
    static func check(_ outcomes: ScopeOutcomeCounts?, closed: Int) throws(Impossible) {
        guard let outcomes else { return }
        try self.check(outcomes)
        try self.check(outcomes.total == closed, "\(closed) scopes are closed, but \(outcomes.total) have an outcome or none")
    }
}

extension ScopeOutcomeCounts {
    /// Whether no count is below that of `other`.
    func hasGrown(from other: ScopeOutcomeCounts) -> Bool {
        self.returned >= other.returned && self.threw >= other.threw && self.canceled >= other.canceled && self.none >= other.none
    }
}

extension Books {
    /// Every figure with its name.
    var figures: [(name: String, value: Int)] {
        [
            ("created", self.created), ("initializing", self.initializing), ("ready", self.ready), ("disposing", self.disposing),
            ("disposed", self.disposed), ("init-failed", self.initFailed), ("abandoned", self.abandoned), ("errors", self.errors),
        ]
    }

    /// The numbers of instances in the active states.
    var activeStates: [Int] {
        [self.initializing, self.ready, self.disposing]
    }

    /// Whether no cumulative figure is below that of `other`. The numbers of instances in active states may decrease.
    func hasGrown(from other: Books) -> Bool {
        self.created >= other.created && self.disposed >= other.disposed && self.initFailed >= other.initFailed
            && self.abandoned >= other.abandoned && self.errors >= other.errors
    }

    /// Adds valid counts, without overflow checks.
    mutating func add(_ other: Books) {
        self.created += other.created
        self.initializing += other.initializing
        self.ready += other.ready
        self.disposing += other.disposing
        self.disposed += other.disposed
        self.initFailed += other.initFailed
        self.abandoned += other.abandoned
        self.errors += other.errors
    }
}
