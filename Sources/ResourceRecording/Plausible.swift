import ResourceContainer

/// A figure, a name or an order of things in a recording that cannot be, and why: the line that tells it is damaged.
struct Impossible: Error, Equatable {
    /// Half a sentence about the line: `scope 3 owns -1 instances`. It holds no text from the file.
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// The ranges of figures in a recording. What the library computes with them stays within 64 bits.
enum Plausible {
    /// The largest count: a million a second for thirty years.
    static let count = 1_000_000_000_000_000
    /// The latest moment and the longest measured duration: 36 years of a monotonic clock, in nanoseconds.
    static let nanoseconds: Int64 = 1 << 60
    /// The Unix times, in nanoseconds, that the origin of a clock can have: the years 1933, for a machine that counts from 1970 and does not
    /// know the time, to 2116.
    static let origins: ClosedRange<Int64> = -(1 << 60)...(1 << 62)
    /// How far a local time is from UTC, in seconds.
    static let offsets: ClosedRange<Int64> = -86_400...86_400
    /// The longest text in bytes, as it stands in the file. Texts are cut to ``RecordingEncoder/textLimit`` where they are written.
    static let text = 1 << 16
    /// How far two times may be in the wrong order: a thread reads the clock, and others go on before it tells what it read.
    static let lead = Duration.seconds(10)

    static func check(_ condition: Bool, _ reason: @autoclosure () -> String) throws(Impossible) {
        if !condition { throw Impossible(reason()) }
    }

    /// A count from 0 on.
    static func check(count: Int, _ what: @autoclosure () -> String) throws(Impossible) {
        if count < 0 || count > Self.count { throw Impossible("\(what()): \(count) is not between 0 and \(Self.count)") }
    }

    /// A moment not before the origin of the clock.
    static func check(_ instant: TimeSource.Instant, _ what: @autoclosure () -> String) throws(Impossible) {
        if instant.nanoseconds < 0 || instant.nanoseconds > Self.nanoseconds {
            throw Impossible("\(what()): \(instant.nanoseconds) ns is not a time of its clock")
        }
    }

    /// A duration that was measured. Its ends may have been read on two threads that passed each other.
    static func check(_ duration: Duration, _ what: @autoclosure () -> String) throws(Impossible) {
        let nanoseconds = duration.wholeNanoseconds
        if nanoseconds < -Self.lead.wholeNanoseconds || nanoseconds > Self.nanoseconds {
            throw Impossible("\(what()): \(nanoseconds) ns is not a duration")
        }
    }

    /// A duration that a program chose: as long as it likes.
    static func check(chosen duration: Duration, _ what: @autoclosure () -> String) throws(Impossible) {
        if duration < .zero { throw Impossible("\(what()): \(duration.wholeNanoseconds) ns is below 0") }
    }

    /// Books of which every figure is a count, and everything created is accounted for.
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

extension Books {
    /// Every figure with its name.
    var figures: [(name: String, value: Int)] {
        [
            ("created", self.created), ("initialising", self.initialising), ("ready", self.ready), ("disposing", self.disposing),
            ("disposed", self.disposed), ("init-failed", self.initFailed), ("abandoned", self.abandoned), ("errors", self.errors),
        ]
    }

    /// How many instances are in each of the active states.
    var activeStates: [Int] {
        [self.initialising, self.ready, self.disposing]
    }

    /// Whether no figure of these is below the one of `other`. What instances are doing may go down.
    func hasGrown(from other: Books) -> Bool {
        self.created >= other.created && self.disposed >= other.disposed && self.initFailed >= other.initFailed
            && self.abandoned >= other.abandoned && self.errors >= other.errors
    }

    /// Adds figures that are known to be counts.
    mutating func add(_ other: Books) {
        self.created += other.created
        self.initialising += other.initialising
        self.ready += other.ready
        self.disposing += other.disposing
        self.disposed += other.disposed
        self.initFailed += other.initFailed
        self.abandoned += other.abandoned
        self.errors += other.errors
    }
}
