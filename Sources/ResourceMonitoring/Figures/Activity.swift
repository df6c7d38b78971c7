import DequeModule
import ResourceContainer

/// The numbers of instances, errors, and events in a period.
public struct ActivityCounts: Sendable, Hashable, Codable {
    /// The number of instances created.
    public var created = 0
    /// The number of instances that ended: disposed, failed to initialize, or abandoned.
    public var ended = 0
    /// The number of errors, as counted by the books.
    public var errors = 0
    /// The number of events of all kinds.
    public var events = 0

    /// Creates counts of zero.
    public init() {}

    static func += (left: inout ActivityCounts, right: ActivityCounts) {
        left.created.addSaturated(right.created)
        left.ended.addSaturated(right.ended)
        left.errors.addSaturated(right.errors)
        left.events.addSaturated(right.events)
    }

    /// These counts multiplied by `factor`, which is at most 1.
    fileprivate func scaled(by factor: Double) -> ActivityCounts {
        var counts = self
        for count: WritableKeyPath<ActivityCounts, Int> in [\.created, \.ended, \.errors, \.events] {
            counts[keyPath: count] = Int(Int64(saturating: Double(self[keyPath: count]) * factor))
        }
        return counts
    }
}

/// Counts divided into equal parts. The remainder is spread evenly, so that the parts add up to the whole.
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
    /// Instances created per second.
    public var created = 0.0
    /// Instances ended per second: disposed, failed to initialize, or abandoned.
    public var ended = 0.0
    /// Errors per second.
    public var errors = 0.0
    /// Events per second.
    public var events = 0.0

    /// Creates rates of zero.
    public init() {}

    init(_ counts: ActivityCounts, over duration: Duration) {
        let seconds = duration.inSeconds
        self.created = Double(counts.created) / seconds
        self.ended = Double(counts.ended) / seconds
        self.errors = Double(counts.errors) / seconds
        self.events = Double(counts.events) / seconds
    }
}

/// Rates over the last 1, 10, and 60 seconds. A window longer than the monitored time covers only the monitored time.
///
/// Windows end at the last point of the 250 ms sampling grid, so that rates do not depend on how often they are read.
public struct WindowedRates: Sendable, Hashable, Codable {
    /// Rates per second over the last second.
    public var oneSecond = ActivityRates()
    /// Rates per second over the last 10 seconds.
    public var tenSeconds = ActivityRates()
    /// Rates per second over the last 60 seconds.
    public var sixtySeconds = ActivityRates()

    enum CodingKeys: String, CodingKey {
        case oneSecond = "one_second"
        case tenSeconds = "ten_seconds"
        case sixtySeconds = "sixty_seconds"
    }

    /// Creates rates of zero.
    public init() {}
}

/// The state of a pool at the end of one second.
public struct PoolPoint: Sendable, Hashable, Codable {
    /// The pool's identity as a resource.
    public var resource: ResourceID
    /// The number of leased items.
    public var leased: Int
    /// The number of idle items.
    public var idle: Int
    /// The number of waiters.
    public var waiting: Int
}

/// One second of a container's history.
public struct HistoryPoint: Sendable, Hashable, Codable {
    /// The start of the second, in whole seconds of the container's time.
    public var second: Int64
    /// The numbers of instances, errors, and events in the second.
    public var counts: ActivityCounts
    /// The number of active instances at the end of the second.
    public var active: Int
    /// The number of open scopes at the end of the second, without the root.
    public var openScopes: Int
    /// The pools as last sampled; at most ``MonitorHistory/poolLimit``.
    public var pools: [PoolPoint]
}

/// A container's last ten minutes, one point per second.
public struct MonitorHistory: Sendable, Hashable, Codable {
    /// The largest number of points, in seconds.
    public static let limit = 600
    /// The largest number of pools in a point.
    public static let poolLimit = 32

    /// The points, oldest first and without gaps. The current second is not included.
    public var points: [HistoryPoint] = []

    /// Creates an empty history.
    public init() {}
}

/// Counts of activity per step of the 250 ms grid and per second, for rates and charts.
///
/// A pure value: callers pass the time. Uses constant memory, and O(1) time per event.
struct Activity: Sendable {
    /// The step of the sampling grid. Grid points are whole multiples of it on the container's time source.
    static let step = Duration.milliseconds(250)
    private static let stepLength: Int64 = 250_000_000
    private static let stepsPerSecond: Int64 = 4
    private static let stepLimit = 240

    /// The figures of a history point that are not counts of events.
    struct Gauges: Sendable {
        var active = 0
        var openScopes = 0
        var pools: [PoolPoint] = []
    }

    /// The current gauges. The ledger keeps them up to date.
    var gauges = Gauges()
    /// The counts of the current step.
    private(set) var running = ActivityCounts()
    /// The complete steps of the last minute, oldest first.
    private var steps: Deque<ActivityCounts> = []
    private(set) var points: Deque<HistoryPoint> = []
    /// The current step's number, and its end in nanoseconds.
    private var current: Int64
    private var currentEnd: Int64
    /// The step in which monitoring began.
    private let first: Int64

    init(startingAt time: TimeSource.Instant) {
        self.current = Self.number(of: time)
        self.currentEnd = Self.end(of: self.current)
        self.first = self.current
    }

    /// The number of the step that contains `time`.
    static func number(of time: TimeSource.Instant) -> Int64 {
        time.nanoseconds.flooredQuotient(Self.stepLength)
    }

    /// The first point of the sampling grid after `time`.
    static func nextStep(after time: TimeSource.Instant) -> TimeSource.Instant {
        TimeSource.Instant(nanoseconds: Self.end(of: Self.number(of: time)))
    }

    /// Changes the counts of the current step. Call ``advance(to:)`` with the event's time first.
    mutating func count(_ change: (inout ActivityCounts) -> Void) {
        change(&self.running)
    }

    /// Ends the steps and seconds that are complete at `time`. Call it before the gauges change.
    mutating func advance(to time: TimeSource.Instant) {
        if time.nanoseconds >= self.currentEnd { self.advance(toStep: Self.number(of: time)) }
    }

    /// Counts activity whose time is only known to lie between the last event and `time`. Each step in between gets an equal share, so that
    /// errors missed over an hour do not appear as a burst.
    mutating func makeUp(_ counts: ActivityCounts, until time: TimeSource.Instant) {
        // A step that begins exactly at `time` contains none of the activity.
        let last = Self.number(of: TimeSource.Instant(nanoseconds: time.nanoseconds.subtractingSaturated(1)))
        var counts = counts
        // Shares of steps that are no longer kept are dropped at once.
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
        // After a pause longer than the kept history, only the kept steps are written.
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

    /// The end of a step in nanoseconds; saturates at `Int64.max`.
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

    /// The rates at the last grid point.
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

    /// The counts of the last `steps` complete steps.
    func counts(overSteps steps: Int) -> ActivityCounts {
        var counts = ActivityCounts()
        for counted in self.steps.suffix(steps) { counts += counted }
        return counts
    }

    /// The points after `second`, oldest first; all points if `second` is nil or no longer kept.
    func points(after second: Int64?) -> [HistoryPoint] {
        guard let second, let first = self.points.first?.second, first <= second else { return Array(self.points) }
        return Array(self.points.dropFirst(Int(min(Int64(self.points.count), second - first + 1))))
    }
}

extension Int64 {
    /// The quotient rounded down, also for negative times.
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = self.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
