import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceSimulation
import Synchronization

/// The state of a dashboard, with an update of a container at every point of the sampling grid.
///
/// Time is the container's. Where it advances by itself - in a simulation or on the system clock - each grid point is an ordinary deadline,
/// so figures are sampled during every wait of a test. Manual time is advanced by ``wait(for:isUnderWay:)``.
final class WatchedState: Sendable {
    /// How long sampling continues without news. The dashboard's history is as long. Without this limit a simulation that waits for an
    /// event that never occurs would not end.
    static let patience = Duration.seconds(600)

    private let container: Container
    /// When the container was created.
    private let beginning: TimeSource.Instant
    /// When the watch began.
    private let begun: TimeSource.Instant
    private let time: TimeSource
    /// The container's manual time, if the wait advances it.
    private let manual: ManualTime?
    private let showsLines: Bool
    private let feed: MonitorFeed
    private let watch: Lock<Watch>
    /// Held while an update is fetched and delivered, so that updates are delivered in order. A `Mutex` and not a `Lock`: the monitor calls
    /// the application's pools under it, and a pool that draws a screen itself blocks only that screen.
    private let order = Mutex(())

    private struct Watch: Sendable {
        var state: DashboardState
        /// Whether a paused state receives no updates.
        let standsStillWhilePaused: Bool
        /// The last update apart from its time, and when it last contained news.
        var sequence: UInt64 = 0
        var pools: [PoolSample] = []
        var newsAt: TimeSource.Instant
        /// Whether the next grid point is scheduled, and its deadline.
        var isWaiting = false
        var point: TimeSource.Deadline?

        var standsStill: Bool {
            self.standsStillWhilePaused && self.state.isPaused
        }
    }

    init(_ screen: ScreenSetup, standsStillWhilePaused: Bool) {
        self.container = screen.container
        self.beginning = screen.beginning
        self.time = screen.container.environment.time
        self.begun = self.time.now
        self.manual = screen.manual
        self.showsLines = screen.showsLines
        self.feed = screen.monitor.feed()
        self.watch = Lock(
            Watch(
                state: DashboardState(configuration: screen.configuration),
                standsStillWhilePaused: standsStillWhilePaused,
                newsAt: self.begun
            )
        )
        self.waitForNextPoint()
    }

    deinit {
        self.watch.withLock { $0.point }?.cancel()
    }

    /// The current state.
    var state: DashboardState {
        self.watch.withLock { $0.state }
    }

    /// The age of the container.
    var age: Duration {
        self.time.now - self.beginning
    }

    // MARK: Updates

    /// Delivers an update to the state, unless it is paused.
    func refresh() {
        self.deliver(evenIfPaused: false)
        self.waitForNextPoint()
    }

    /// Delivers an update to the state, also if it is paused.
    func step() {
        self.deliver(evenIfPaused: true)
    }

    /// Sends a message to the state, and returns the effects that it requests.
    func update(_ message: Message) -> [Effect] {
        self.watch.withLock { $0.state.update(message) }
    }

    private func deliver(evenIfPaused: Bool) {
        self.order.withLock { _ in
            guard evenIfPaused || !self.watch.withLock({ $0.standsStill }) else { return }
            let update = self.feed.next()
            self.watch.withLock { watch in
                _ = watch.state.update(.monitor(self.showsLines ? update : update.withoutLines))
                if update.sequence == watch.sequence, update.pools == watch.pools { return }
                watch.sequence = update.sequence
                watch.pools = update.pools
                watch.newsAt = update.time
            }
        }
    }

    // MARK: The grid

    /// Schedules an update at the next grid point, unless one is scheduled or the wait advances time.
    private func waitForNextPoint() {
        if self.manual != nil { return }
        let isWaiting = self.watch.withLock { watch in
            defer { watch.isWaiting = true }
            return watch.isWaiting
        }
        if !isWaiting { self.schedule(at: MonitorTap.nextStep(after: self.time.now)) }
    }

    private func schedule(at point: TimeSource.Instant, round: Int = 1) {
        let deadline = self.time.schedule(at: point) { [weak self] in self?.meet(point, round: round) }
        self.watch.withLock { $0.point = deadline }
    }

    /// Called at a grid point. Other work at the same instant runs first: earlier deadlines in the first round, a waiting test in the
    /// second, and the code of the test after its ``wait(for:isUnderWay:)`` in the third.
    private func meet(_ point: TimeSource.Instant, round: Int) {
        guard round == 3 else { return self.schedule(at: point, round: round + 1) }
        let now = self.time.now
        self.deliver(evenIfPaused: false)
        let continues = self.watch.withLock { watch in
            watch.isWaiting = now - watch.newsAt < Self.patience
            return watch.isWaiting
        }
        if continues { self.schedule(at: MonitorTap.nextStep(after: now)) }
    }

    // MARK: Waiting

    /// Waits for `duration`. The instant at which the wait ends is sampled when time advances from there, or on the next refresh.
    ///
    /// - Throws: `CancellationError` if the task is canceled.
    func wait(for duration: Duration, isUnderWay: () -> Bool = { false }) async throws {
        let end = self.time.now + duration
        if let manual = self.manual { return try await self.move(manual, to: end, isUnderWay) }
        try await self.time.sleep(until: end)
        try await self.settle()
    }

    private func move(_ manual: ManualTime, to end: TimeSource.Instant, _ isUnderWay: () -> Bool) async throws {
        while manual.now < end {
            let now = manual.now
            let isPoint = MonitorTap.nextStep(after: TimeSource.Instant(nanoseconds: now.nanoseconds - 1)) == now
            if isPoint, now > self.begun { self.refresh() }
            let next = min(end, MonitorTap.nextStep(after: now))
            while let due = manual.earliestDeadline, due <= next {
                if manual.meetNextDeadline(until: next) { try await self.settle(isUnderWay: isUnderWay) }
            }
            manual.move(to: next)
        }
    }

    /// Runs everything that can run without time passing.
    ///
    /// In a simulation this is exact. Otherwise tasks run on other threads, and there is no way to know that they are idle: the method
    /// returns after 5 ms without a change, or after 100 ms if `isUnderWay` returns true.
    func settle(isUnderWay: () -> Bool = { false }) async throws {
        guard let manual = self.manual else {
            // A deadline at the current instant is met when no job is left to run.
            return try await self.time.sleep(until: self.time.now)
        }
        let end = ContinuousClock.now + .seconds(1)
        var seen = self.trace(manual)
        var quietSince = ContinuousClock.now
        while ContinuousClock.now < end {
            try Task.checkCancellation()
            await Task.yield()
            let trace = self.trace(manual)
            if trace != seen {
                seen = trace
                quietSince = .now
            } else if ContinuousClock.now - quietSince >= (isUnderWay() ? .milliseconds(100) : .milliseconds(5)) {
                return
            }
        }
    }

    /// A value that changes when something has happened.
    private func trace(_ manual: ManualTime) -> [UInt64] {
        [self.container.books().sequence, UInt64(bitPattern: manual.earliestDeadline?.nanoseconds ?? .max)]
            + self.container.poolSamples().map { UInt64($0.leases + $0.idle) }
    }
}
