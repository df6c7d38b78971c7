import ResourceContainer
import ResourceMonitoring

/// The past of a process, as updates: a fold of the stream of the mode `past`. A pure value.
///
/// It makes one update for each step of time, so that ten minutes are a few hundred updates. Counts are exact at each of them.
struct AttachedPast: Sendable {
    /// The last event that a past has, and the time at which it ends.
    struct End: Sendable, Hashable {
        var time: TimeSource.Instant
        var sequence: UInt64
    }

    /// The updates so far, oldest first.
    private(set) var updates: [MonitorUpdate] = []
    /// Whether the end is reached, so that further inputs change nothing.
    private(set) var isComplete = false
    private var replay: MonitorReplay?
    private var time: TimeSource.Instant?
    private let step: Duration
    private let end: End

    /// The number of updates that the reach of the past is divided into.
    private static let resolution = 240
    /// The largest number of updates. A server that sends more sends something else than it announced.
    private static let limit = 2 * Self.resolution
    private static let shortestStep = Duration.seconds(1)

    /// Creates a fold of a past.
    ///
    /// - Parameters:
    ///   - reach: The time that the past reaches back, as the server announced.
    ///   - end: The end. Later events are left out.
    init(reach: Duration, until end: End) {
        self.step = max(Self.shortestStep, reach / Self.resolution)
        self.end = end
    }

    /// The first input of the stream.
    mutating func begin(_ replay: MonitorReplay, at time: TimeSource.Instant) {
        guard time <= self.end.time else {
            self.isComplete = true
            return
        }
        self.replay = replay
        self.note(time)
    }

    /// A further input of the stream.
    mutating func take(_ input: MonitorInput) {
        guard self.replay != nil, !self.isComplete else { return }
        guard input.time > self.end.time else { return self.apply(input) }
        self.isComplete = true
        // The first events of the input may belong to the past. A snapshot includes the later ones.
        let events = input.batch.snapshot == nil ? input.batch.events.filter { $0.sequence <= self.end.sequence } : []
        if !events.isEmpty { self.apply(MonitorInput(time: self.end.time, batch: EventBatch(events: events))) }
    }

    private mutating func apply(_ input: MonitorInput) {
        if let last = self.updates.last, let time = self.time, input.time - last.time > self.step, time > last.time { self.note(time) }
        self.replay?.take(input)
        self.time = input.time
    }

    /// The end of the stream: the rest becomes the last update.
    mutating func finish() {
        if let last = self.updates.last, let time = self.time, time > last.time { self.note(time) }
    }

    private mutating func note(_ time: TimeSource.Instant) {
        self.time = time
        guard self.updates.count < Self.limit, let update = self.replay?.update(at: time) else { return }
        self.updates.append(update)
    }
}
