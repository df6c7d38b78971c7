import ResourceContainer

/// A monitor that turns a container's events into figures, findings, and history.
///
/// A monitor reads events only when it is used: by ``report()``, by a feed, or by ``run()``. In between it costs nothing. A monitor that
/// reads too rarely misses events; its counts stay exact, because it resumes from a snapshot, but its statistics lack the missed events.
/// Figures without events, such as pool figures and use counts, are sampled on a 250 ms grid of the container's time.
public final class ResourceMonitor: Sendable {
    private let container: Container
    private let state: Lock<State>
    private let urgency = Urgency()
    /// The health checker that users of this monitor check with; nil if none was passed.
    public let health: HealthChecker?

    private struct State: Sendable {
        var tap: MonitorTap
        var core: MonitorCore
        var external = ExternalFigures()
        /// The time at which ``ResourceMonitor/run()`` is to continue after its sleep; nil while it does not sleep.
        var wakeTime: TimeSource.Instant?

        /// Notes how late the sleeping task is at `now`, if it should run already.
        mutating func noteLag(at now: TimeSource.Instant) {
            if let wakeTime, now >= wakeTime { self.core.executorLag = now - wakeTime }
        }
    }

    /// Creates a monitor of `container`, starting from its current state.
    ///
    /// - Parameters:
    ///   - container: The container to monitor.
    ///   - rules: The thresholds for findings.
    ///   - health: The health checker that users of this monitor, such as a dashboard, check with. Updates and reports include the
    ///     container's known health in any case, regardless of the checker that determined it.
    public init(_ container: Container, rules: FindingRules = FindingRules(), health: HealthChecker? = nil) {
        self.health = health
        self.container = container
        let tap = MonitorTap(container)
        self.state = Lock(State(tap: tap, core: MonitorCore(tap.snapshot, rules: rules)))
    }

    // MARK: Reading

    /// Returns the current figures of the container and its pools.
    ///
    /// - Complexity: O(events since the last read, keys, open scopes, pools, and finding subjects).
    public func report() -> MonitorReport {
        let (pools, due) = (self.container.poolSamples(), self.duePools)
        return self.state.withLock { state in
            state.noteLag(at: self.catchUp(&state, due))
            return MonitorReport(state.core, pools: pools, external: state.external)
        }
    }

    /// Reads all pending events without returning anything.
    ///
    /// - Complexity: O(events since the last read).
    public func refresh() {
        let due = self.duePools
        self.state.withLock { _ = self.catchUp(&$0, due) }
    }

    /// Returns the active findings, one per kind and source location: highest severity first, then newest first.
    public func findings() -> [Finding] {
        let due = self.duePools
        return self.state.withLock { state in
            self.catchUp(&state, due)
            return state.core.findings.table.active
        }
    }

    /// Returns the active findings in the order of ``findings()``, and the recently withdrawn findings, most recent last.
    ///
    /// Up to 100 withdrawn findings are kept.
    public func allFindings() -> (standing: [Finding], withdrawn: [Finding]) {
        let due = self.duePools
        return self.state.withLock { state in
            self.catchUp(&state, due)
            return (state.core.findings.table.active, state.core.findings.table.withdrawn)
        }
    }

    /// Suppresses findings named `name`, such as `never-used` or `never-used:Cache*`, and withdraws active ones.
    ///
    /// - Throws: ``FindingRulesError`` if `name` is not a finding kind, or is `books-unbalanced`. The error lists the valid names.
    public func allow(named name: String) throws(FindingRulesError) {
        let now = self.time.now
        let due = self.duePools
        try self.state.withLock { state throws(FindingRulesError) in
            self.catchUp(&state, due)
            try state.core.allow(named: name, at: now)
        }
    }

    /// The container's time source.
    public var time: TimeSource {
        self.container.environment.time
    }

    /// Returns the last ten minutes, one point per second.
    public func history() -> MonitorHistory {
        let due = self.duePools
        return self.state.withLock { state in
            self.catchUp(&state, due)
            return state.core.history
        }
    }

    /// Returns a feed for a consumer that polls at its own pace.
    public func feed() -> MonitorFeed {
        MonitorFeed(self)
    }

    /// Returns a stream of updates for one consumer.
    ///
    /// While events occur, the stream yields at most `rate` updates per second. Without events it yields one update per second, so that
    /// displayed ages advance. An update is created when the consumer awaits it; a consumer that does not iterate costs nothing. The stream
    /// ends when the consumer's task is canceled, and after the update that includes the close of the container.
    ///
    /// - Parameter rate: The largest number of updates per second; values below 1 count as 1.
    public func updates(rate: Int = 4) -> AsyncStream<MonitorUpdate> {
        let feed = self.feed()
        let time = self.container.environment.time
        let interval = Duration.nanoseconds(1_000_000_000 / Int64(max(1, rate)))
        // A separate subscription to wait on: another consumer may have drained the monitor's.
        let bell = self.container.subscribe()
        let last = Lock<(time: TimeSource.Instant, urgency: UInt64)?>(nil)
        let isOver = Lock(false)
        return AsyncStream {
            if isOver.withLock({ $0 }) { return nil }
            if let last = last.withLock({ $0 }) {
                if !feed.isBehind { await self.somethingHappens(bell, before: last.time + .seconds(1), orRaisedAbove: last.urgency) }
                if time.now < last.time + interval { await self.pause(until: last.time + interval, unlessRaisedAbove: last.urgency) }
            }
            if Task.isCancelled { return nil }
            last.withLock { $0 = (time.now, self.urgency.count) }
            bell.skip()
            // The next update includes all events up to here, so it is the last one.
            if bell.isOver { isOver.withLock { $0 = true } }
            return feed.next()
        }
    }

    /// Keeps figures, history, and findings current while no consumer reads.
    ///
    /// The method reads events and samples at each point of the 250 ms grid at which something has happened, and sleeps otherwise. One run
    /// per monitor is enough. The delay of its wake-ups is ``MonitorReport/executorLag``. It returns when its task is canceled, or when the container is closed and its last events are read.
    public func run() async {
        let bell = self.container.subscribe()
        let time = self.container.environment.time
        while !Task.isCancelled {
            bell.skip()
            let isOver = bell.isOver
            self.refresh()
            if isOver { return }
            let (step, scan) = (Activity.nextStep(after: time.now), self.state.withLock { $0.core.findings.nextScan })
            self.state.withLock { $0.wakeTime = step }
            try? await time.sleep(until: step)
            let now = time.now
            self.state.withLock { state in
                state.noteLag(at: now)
                state.wakeTime = nil
            }
            await self.somethingHappens(bell, before: scan.map { max($0, step) })
        }
    }

    /// Makes the next update of every consumer available immediately, regardless of its rate.
    ///
    /// Use it after a user action whose effect must show at once.
    public func expedite() {
        self.urgency.raise()
    }

    private func pause(until moment: TimeSource.Instant, unlessRaisedAbove count: UInt64) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [urgency] in await urgency.raised(above: count) }
            group.addTask { [container] in try? await container.environment.time.sleep(until: moment) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Returns when an event or a lease occurs, when `moment` is reached, or when ``expedite()`` is called.
    private func somethingHappens(
        _ bell: EventSubscription,
        before moment: TimeSource.Instant?,
        orRaisedAbove count: UInt64 = .max
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await bell.next() }
            if count < .max { group.addTask { [urgency] in await urgency.raised(above: count) } }
            if let moment { group.addTask { [container] in try? await container.environment.time.sleep(until: moment) } }
            await group.next()
            group.cancelAll()
        }
    }

    func update(_ position: inout MonitorFeed.Position) -> MonitorUpdate {
        let before = position
        let due = self.duePools
        let (after, update) = self.state.withLock { state in
            let now = self.catchUp(&state, due)
            var position = before
            let update = state.core.update(from: &position, at: now)
            return (position, update)
        }
        position = after
        return update
    }

    /// The number of pools and source locations with suspected or lost leases.
    var outstandingLeases: Int {
        let due = self.duePools
        return self.state.withLock { state in
            self.catchUp(&state, due)
            return state.core.findings.outstanding.count
        }
    }

    func isAhead(of position: MonitorFeed.Position) -> Bool {
        self.state.withLock { $0.core.ledger.change != position.change }
    }

    /// Reads pending events and, if a grid point has passed, samples. Returns the moment up to which the core is current.
    @discardableResult
    private func catchUp(_ state: inout State, _ due: [PoolSample]?) -> TimeSource.Instant {
        let input = state.tap.next(pools: due)
        state.core.take(input)
        return input.time
    }

    /// The pool samples, if the next read needs them. They are read before the lock is taken because a pool may be application code.
    private var duePools: [PoolSample]? {
        self.state.withLock { $0.tap.isDue } ? self.container.poolSamples() : nil
    }

    // MARK: Resources outside the container

    /// Counts the creation of a resource outside the container, in ``MonitorReport/external``. The books do not include it.
    public func trackCreation() {
        self.state.withLock { $0.external.created += 1 }
    }

    /// Counts the disposal of a resource outside the container.
    ///
    /// - Parameter lived: The resource's lifetime; nil leaves the lifetime figures unchanged.
    public func trackDisposal(lived: Duration? = nil) {
        self.state.withLock { state in
            state.external.disposed += 1
            if let lived { state.external.lifetimes.record(lived) }
        }
    }

    /// Counts an error of a resource outside the container.
    public func trackError(_ error: any Error) {
        let text = UserCode.text(of: error)
        self.state.withLock { state in
            state.external.errors += 1
            state.external.lastError = text
        }
    }
}

/// The counts that the application adds for resources outside the container.
struct ExternalFigures: Sendable {
    var created = 0
    var disposed = 0
    var errors = 0
    var lastError: String?
    var lifetimes = DurationStatistics(.perRow)
}
