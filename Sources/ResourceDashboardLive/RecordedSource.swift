import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

/// A dashboard source that plays a recording.
public final class RecordedSource: DashboardSource, DashboardPlayer {
    private struct State: Sendable {
        var pictures: RecordedPictures
        var speed: Double
        /// The number of seeks and changes of the speed.
        var changes = 0
        /// Fulfilled at the next seek or change of the speed.
        var changed = Promise<Void>()
    }

    /// The origin in the recording's header; `recording` if there is no header.
    public let origin: String
    /// The clock of the recording: maps its instants to times of day.
    public let clock: WallClock
    private let time: TimeSource
    private let state: Lock<State>

    /// Creates a source that plays `pictures` from their current position.
    ///
    /// - Parameters:
    ///   - pictures: the pictures of the recording.
    ///   - speed: the playback speed; 1 is the speed at which it was recorded.
    ///   - time: the time source of the playback.
    public init(_ pictures: RecordedPictures, speed: Double = 1, time: TimeSource = .system) {
        self.origin = pictures.header?.origin ?? "recording"
        self.clock = WallClock(
            originNanoseconds: pictures.header?.clockOriginNanoseconds ?? 0,
            offsetSeconds: pictures.header?.clockOffsetSeconds ?? 0
        )
        self.time = time
        var first = pictures
        if first.time == nil { first.seek(to: pictures.span.lowerBound) }
        self.state = Lock(State(pictures: first, speed: speed))
    }

    /// The first and the last instant that can be shown.
    public var span: ClosedRange<TimeSource.Instant> { self.extent.span }

    /// The recorded span, its end, the number of unusable lines, and whether the file may still grow.
    public var extent: RecordedExtent {
        self.state.withLock { state in
            let pictures = state.pictures
            return RecordedExtent(span: pictures.span, end: pictures.end, damagedLines: pictures.survey.unused, mayGrow: pictures.mayGrow)
        }
    }

    /// Nil: a recording cannot be acted on.
    public var control: (any DashboardControl)? { nil }
    /// This source.
    public var player: (any DashboardPlayer)? { self }

    /// An empty stream. The player provides the pictures.
    public func updates(rate: Int) -> AsyncStream<MonitorUpdate> {
        AsyncStream { nil }
    }

    /// Does nothing.
    public func expedite() {}

    /// The picture at the current position.
    public func present() -> Picture {
        self.state.withLock { $0.pictures.picture }
    }

    /// Waits for one step of the playback at `rate` pictures per second, and returns the next picture. At the end of the recording it waits
    /// until the recording grows. Nil after a seek or a change of the speed, and when the task is canceled.
    public func next(rate: Int) async -> Picture? {
        let (changed, changes) = self.state.withLock { ($0.changed, $0.changes) }
        let began = self.time.now
        while true {
            // At the end of a file that may grow, the file is read again at every step.
            let isAtEnd = self.state.withLock { $0.pictures.nextTime == nil && !$0.pictures.mayGrow }
            let step = self.time.now + .nanoseconds(1_000_000_000 / Int64(max(1, rate)))
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = await changed.wait() }
                if !isAtEnd { group.addTask { [time] in try? await time.sleep(until: step) } }
                await group.next()
                group.cancelAll()
            }
            if Task.isCancelled { return nil }
            let passed = self.time.now - began
            let isOver = self.state.withLock { state in
                if state.changes != changes { return true }
                let hasGrown = state.pictures.grow()
                return hasGrown || state.pictures.nextTime != nil || !state.pictures.mayGrow
            }
            guard isOver else { continue }
            return self.state.withLock { state in
                guard state.changes == changes, let now = state.pictures.time else { return nil }
                state.pictures.seek(to: now + passed * state.speed)
                return state.pictures.picture
            }
        }
    }

    /// Moves the position and returns the picture there. Nil if there is no further error to move to.
    public func seek(_ seek: Seek) async -> Picture? {
        self.change { state in
            switch seek {
            case .to(let moment): state.pictures.seek(to: moment)
            case .by(let count): state.pictures.seek(by: count)
            case .nextError: if !state.pictures.seekNotable() { return nil }
            }
            return state.pictures.picture
        }
    }

    /// Changes the playback speed; 1 is the speed at which it was recorded.
    public func setSpeed(_ factor: Double) {
        self.change { $0.speed = factor }
    }

    private func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        let (result, changed) = self.state.withLock { state in
            let changed = state.changed
            state.changed = Promise()
            state.changes += 1
            return (body(&state), changed)
        }
        changed.fulfill(())
        return result
    }
}
