import DequeModule
import ResourceContainer

/// What happened in a stretch of time.
public struct ActivityCounts: Sendable, Hashable, Codable {
    /// Instances begun.
    public var created = 0
    /// Instances that ended: disposed, failed, or abandoned.
    public var ended = 0
    /// Errors, as the books count them.
    public var errors = 0
    /// Events of all kinds.
    public var events = 0

    public init() {}

    static func += (left: inout ActivityCounts, right: ActivityCounts) {
        left.created.addSaturated(right.created)
        left.ended.addSaturated(right.ended)
        left.errors.addSaturated(right.errors)
        left.events.addSaturated(right.events)
    }

    /// These counts times `factor`, which is not above 1.
    fileprivate func scaled(by factor: Double) -> ActivityCounts {
        var counts = self
        for count: WritableKeyPath<ActivityCounts, Int> in [\.created, \.ended, \.errors, \.events] {
            counts[keyPath: count] = Int(Int64(saturating: Double(self[keyPath: count]) * factor))
        }
        return counts
    }
}

/// Counts in equal parts, with what does not go into them spread evenly as well: taken one after the other they add up to the whole.
private struct ActivityParts {
    private let parts: Int
    private let whole: ActivityCounts
    private var rests = ActivityCounts()

    init(_ whole: ActivityCounts, parts: Int64) {
        self.whole = whole
        self.parts = Int(clamping: max(1, parts))
    }

    mutating func next() -> ActivityCounts {
        var part = ActivityCounts()
        for count: WritableKeyPath<ActivityCounts, Int> in [\.created, \.ended, \.errors, \.events] {
            let (quotient, rest) = self.whole[keyPath: count].quotientAndRemainder(dividingBy: self.parts)
            part[keyPath: count] = quotient
            self.rests[keyPath: count] += rest
            if self.rests[keyPath: count] >= self.parts {
                self.rests[keyPath: count] -= self.parts
                part[keyPath: count].addSaturated(1)
            }
        }
        return part
    }
}

/// Rates per second over one window.
public struct ActivityRates: Sendable, Hashable, Codable {
    public var created = 0.0
    public var ended = 0.0
    public var errors = 0.0
    public var events = 0.0

    public init() {}

    init(_ counts: ActivityCounts, over duration: Duration) {
        let seconds = duration.seconds
        self.created = Double(counts.created) / seconds
        self.ended = Double(counts.ended) / seconds
        self.errors = Double(counts.errors) / seconds
        self.events = Double(counts.events) / seconds
    }
}

/// Rates over the last second, the last ten and the last sixty; over the time that was watched where that is shorter.
///
/// The windows end at the last point of the sampling grid, so that the same moment gives the same figures however often one asks.
public struct WindowedRates: Sendable, Hashable, Codable {
    public var oneSecond = ActivityRates()
    public var tenSeconds = ActivityRates()
    public var sixtySeconds = ActivityRates()

    enum CodingKeys: String, CodingKey {
        case oneSecond = "one_second"
        case tenSeconds = "ten_seconds"
        case sixtySeconds = "sixty_seconds"
    }

    public init() {}
}

/// How a pool stood at the end of a second.
public struct PoolPoint: Sendable, Hashable, Codable {
    /// The pool.
    public var resource: ResourceID
    public var leased: Int
    public var idle: Int
    public var waiting: Int
}

/// One second of the past.
public struct HistoryPoint: Sendable, Hashable, Codable {
    /// When the second began, in seconds of the container's time.
    public var second: Int64
    /// What happened in it.
    public var counts: ActivityCounts
    /// Active instances and open scopes (without the root) at its end.
    public var active: Int
    public var openScopes: Int
    /// The pools as they were sampled last; at most ``MonitorHistory/poolLimit``.
    public var pools: [PoolPoint]
}

/// The last ten minutes, second by second.
public struct MonitorHistory: Sendable, Hashable, Codable {
    /// How many seconds are kept.
    public static let limit = 600
    /// How many pools a point tells of.
    public static let poolLimit = 32

    /// Oldest first, without a gap. The second that is running is not among them.
    public var points: [HistoryPoint] = []

    public init() {}
}

/// Counts what happens per step of the sampling grid and per second, for rates and charts. Constant memory.
///
/// A pure value that is told the time with everything that happened. O(1) per event.
struct Activity: Sendable {
    /// The grid on which figures are sampled: whole multiples of this on the container's time source.
    static let step = Duration.milliseconds(250)
    private static let stepLength: Int64 = 250_000_000
    private static let stepsPerSecond: Int64 = 4
    private static let stepLimit = 240

    /// What history tells besides counts.
    struct Gauges: Sendable {
        var active = 0
        var openScopes = 0
        var pools: [PoolPoint] = []
    }

    /// Gauges of this moment, kept up to date by whoever counts.
    var gauges = Gauges()
    /// What happened in the running step.
    private(set) var running = ActivityCounts()
    /// The complete steps of the last minute, oldest first.
    private var steps: Deque<ActivityCounts> = []
    private(set) var points: Deque<HistoryPoint> = []
    /// The running step's number, and when it ends.
    private var current: Int64
    private var currentEnd: Int64
    /// The step in which watching began.
    private let first: Int64

    init(startingAt time: TimeSource.Instant) {
        self.current = Self.number(of: time)
        self.currentEnd = Self.end(of: self.current)
        self.first = self.current
    }

    /// The number of the step that `time` lies in.
    static func number(of time: TimeSource.Instant) -> Int64 {
        time.nanoseconds.flooredQuotient(Self.stepLength)
    }

    /// The next point of the sampling grid.
    static func nextStep(after time: TimeSource.Instant) -> TimeSource.Instant {
        TimeSource.Instant(nanoseconds: Self.end(of: Self.number(of: time)))
    }

    /// Counts what happened at `time`, after ``advance(to:)`` to it.
    mutating func count(_ change: (inout ActivityCounts) -> Void) {
        change(&self.running)
    }

    /// Ends the steps and seconds that are over at `time`. Call before the gauges change.
    mutating func advance(to time: TimeSource.Instant) {
        if time.nanoseconds >= self.currentEnd { self.advance(toStep: Self.number(of: time)) }
    }

    /// Counts what is only known to have happened since the last event, and ends what is over at `time`: each step in between gets an equal
    /// part of it. So many errors within a second are a burst, and the same within an hour are none.
    mutating func makeUp(_ counts: ActivityCounts, until time: TimeSource.Instant) {
        // At a point of the grid a step begins in which nothing has happened.
        let last = Self.number(of: TimeSource.Instant(nanoseconds: time.nanoseconds.subtractingSaturated(1)))
        var counts = counts
        // What fell into steps that nobody keeps is left out, in one go.
        let kept = Int64(MonitorHistory.limit) * Self.stepsPerSecond
        let steps = max(0, last - self.current) + 1
        if steps > kept {
            counts = counts.scaled(by: Double(kept) / Double(steps))
            self.advance(toStep: last - kept + 1)
        }
        var parts = ActivityParts(counts, parts: min(steps, kept))
        while self.current < last {
            self.running += parts.next()
            self.advance(toStep: self.current + 1)
        }
        self.running += parts.next()
        self.advance(to: time)
    }

    private mutating func advance(toStep step: Int64) {
        // After a pause longer than everything that is kept, only what is kept is written.
        let kept = Int64(MonitorHistory.limit) * Self.stepsPerSecond
        while self.current < step {
            self.end(self.current)
            self.current += 1
            if step - self.current > kept + Self.stepsPerSecond {
                self.steps = []
                self.points = []
                self.current = (step - kept).flooredQuotient(Self.stepsPerSecond) * Self.stepsPerSecond
            }
        }
        self.currentEnd = Self.end(of: self.current)
    }

    /// When a step is over; the end of time for the last one there is.
    private static func end(of step: Int64) -> Int64 {
        (step + 1).multipliedSaturated(by: Self.stepLength)
    }

    private mutating func end(_ step: Int64) {
        self.steps.append(self.running)
        if self.steps.count > Self.stepLimit { self.steps.removeFirst() }
        self.running = ActivityCounts()
        let second = step.flooredQuotient(Self.stepsPerSecond)
        guard step == second * Self.stepsPerSecond + Self.stepsPerSecond - 1 else { return }
        var counts = ActivityCounts()
        for counted in self.steps.suffix(Int(Self.stepsPerSecond)) { counts += counted }
        self.points.append(
            HistoryPoint(
                second: second,
                counts: counts,
                active: self.gauges.active,
                openScopes: self.gauges.openScopes,
                pools: self.gauges.pools
            )
        )
        if self.points.count > MonitorHistory.limit { self.points.removeFirst() }
    }

    /// The rates at the last point of the grid.
    var rates: WindowedRates {
        var rates = WindowedRates()
        rates.oneSecond = self.rate(overSteps: 4)
        rates.tenSeconds = self.rate(overSteps: 40)
        rates.sixtySeconds = self.rate(overSteps: Self.stepLimit)
        return rates
    }

    private func rate(overSteps steps: Int) -> ActivityRates {
        let watched = min(steps, Int(min(Int64(steps), self.current - self.first)))
        guard watched > 0 else { return ActivityRates() }
        return ActivityRates(self.counts(overSteps: watched), over: Self.step * watched)
    }

    /// What happened in the last complete steps of the grid.
    func counts(overSteps steps: Int) -> ActivityCounts {
        var counts = ActivityCounts()
        for counted in self.steps.suffix(steps) { counts += counted }
        return counts
    }

    /// The seconds after `second`, oldest first.
    func points(after second: Int64?) -> [HistoryPoint] {
        guard let second, let first = self.points.first?.second, first <= second else { return Array(self.points) }
        return Array(self.points.dropFirst(Int(min(Int64(self.points.count), second - first + 1))))
    }
}

extension Int64 {
    /// The quotient rounded down, for times before zero too.
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = self.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
