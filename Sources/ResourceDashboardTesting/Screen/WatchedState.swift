import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceSimulation
import Synchronization

/// The state of a dashboard that is told of a container at every point of the sampling grid, as time passes.
///
/// Time is the container's. Where it passes by itself - in a simulation, on the system's clock - each point of the grid is a deadline like
/// any other, so that whatever a test waits for, figures are sampled on the way. Time that stands still until it is moved is moved by
/// ``wait(for:)``.
final class WatchedState: Sendable {
    /// After how long without news nothing is sampled until somebody asks: what a dashboard looks back on is as long. Without an end a
    /// simulation that waits for what never comes would go on for ever.
    static let patience = Duration.seconds(600)

    private let container: Container
    /// When the container was made.
    private let beginning: TimeSource.Instant
    /// When it began to be watched.
    private let begun: TimeSource.Instant
    private let time: TimeSource
    /// The container's time, if it is moved from here.
    private let manual: ManualTime?
    private let showsLines: Bool
    private let feed: MonitorFeed
    private let watch: Lock<Watch>
    /// Held while an update is fetched and told, or of two updates the later one could be told first. Not a `Lock`: pools of the user's are
    /// asked under it, and block nothing but a screen that they ask for themselves.
    private let order = Mutex(())

    private struct Watch: Sendable {
        var state: DashboardState
        /// Whether a state that is paused is told nothing.
        let standsStillWhilePaused: Bool
        /// What was told last, apart from the time, and when it was news.
        var sequence: UInt64 = 0
        var pools: [PoolSample] = []
        var newsAt: TimeSource.Instant
        /// Whether the next point of the grid is waited for, and the deadline that is.
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

    /// The state at this moment.
    var state: DashboardState {
        self.watch.withLock { $0.state }
    }

    /// How long the container has been there.
    var age: Duration {
        self.time.now - self.beginning
    }

    // MARK: Telling

    /// Tells the state of this moment, unless it stands still.
    func refresh() {
        self.tell(evenIfStill: false)
        self.waitForNextPoint()
    }

    /// Tells the state of this moment, whether it stands still or not.
    func step() {
        self.tell(evenIfStill: true)
    }

    /// Tells the state that something happened, and returns what it wants done.
    func update(_ message: Message) -> [Effect] {
        self.watch.withLock { $0.state.update(message) }
    }

    private func tell(evenIfStill: Bool) {
        self.order.withLock { _ in
            guard evenIfStill || !self.watch.withLock({ $0.standsStill }) else { return }
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

    /// Has the state told at the next point of the grid, unless that is so already or time is moved from here.
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

    /// A point of the grid has come. What else is due at that moment goes first: what was registered before in the first round, a test that
    /// was waiting in the second, and in the third what it does now that its ``wait(for:)`` has ended.
    private func meet(_ point: TimeSource.Instant, round: Int) {
        guard round == 3 else { return self.schedule(at: point, round: round + 1) }
        let now = self.time.now
        self.tell(evenIfStill: false)
        let goesOn = self.watch.withLock { watch in
            watch.isWaiting = now - watch.newsAt < Self.patience
            return watch.isWaiting
        }
        if goesOn { self.schedule(at: MonitorTap.nextStep(after: now)) }
    }

    // MARK: Waiting

    /// Lets time pass. The moment at which it ends is sampled when time goes on from there, or when somebody looks.
    ///
    /// - Throws: `CancellationError` if the task is cancelled.
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

    /// Lets everything happen that can happen without time passing.
    ///
    /// In a simulation that is exactly so. Otherwise tasks run on threads of their own, and nobody can know that they have come to rest:
    /// it is taken to be so when nothing has happened for some milliseconds, for some more if something `isUnderWay` that is known of.
    func settle(isUnderWay: () -> Bool = { false }) async throws {
        guard let manual = self.manual else {
            // A deadline that has come is met when nothing else is left to run.
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

    /// What differs when something has happened.
    private func trace(_ manual: ManualTime) -> [UInt64] {
        [self.container.books().sequence, UInt64(bitPattern: manual.earliestDeadline?.nanoseconds ?? .max)]
            + self.container.poolSamples().map { UInt64($0.leases + $0.idle) }
    }
}
