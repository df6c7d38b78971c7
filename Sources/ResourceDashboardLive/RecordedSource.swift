import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

/// A recording as a source for the dashboard.
public final class RecordedSource: DashboardSource, DashboardPlayer {
    private struct State: Sendable {
        var pictures: RecordedPictures
        var speed: Double
        /// How often somebody went elsewhere, or changed the speed.
        var changes = 0
        /// Fulfilled when somebody goes elsewhere, or changes the speed.
        var changed = Promise<Void>()
    }

    public let origin: String
    /// How the recording's instants are shown as times of day.
    public let clock: WallClock
    private let time: TimeSource
    private let state: Lock<State>

    /// Plays `pictures` from where they stand, so many times as fast as it happened.
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

    /// From the first moment to the last that can be shown.
    public var span: ClosedRange<TimeSource.Instant> { self.extent.span }

    public var extent: RecordedExtent {
        self.state.withLock { state in
            let pictures = state.pictures
            return RecordedExtent(span: pictures.span, end: pictures.end, lostLines: pictures.survey.unused, mayGrow: pictures.mayGrow)
        }
    }

    /// There is nothing that could be done to what is over.
    public var control: (any DashboardControl)? { nil }
    public var player: (any DashboardPlayer)? { self }

    /// What is shown comes from the player.
    public func updates(rate: Int) -> AsyncStream<MonitorUpdate> {
        AsyncStream { nil }
    }

    public func hurry() {}

    public func present() -> Picture {
        self.state.withLock { $0.pictures.picture }
    }

    public func next(rate: Int) async -> Picture? {
        let (changed, changes) = self.state.withLock { ($0.changed, $0.changes) }
        let began = self.time.now
        while true {
            // At the end of a file that may be growing somebody has to look whether it has grown.
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
        changed.fulfil(())
        return result
    }
}
