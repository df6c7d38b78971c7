import ResourceContainer

/// Watches a container: keeps its figures, answers for them in a report, and feeds them to those who show them.
///
/// It reads the container's events when it is asked - by ``report()``, by a feed, by ``run()`` - and costs nothing in between. Asked too
/// rarely, it misses events; the counts are right all the same, only the statistics lack what was missed. What no event tells - the
/// figures of pools, how often resources are used - is sampled on a grid of 250 ms of the container's time.
public final class ResourceMonitor: Sendable {
    private let container: Container
    private let state: Lock<State>
    private let urgency = Urgency()
    /// The checker that those who watch by it ask with; nil if it was given none.
    public let health: HealthChecker?

    private struct State: Sendable {
        var tap: MonitorTap
        var core: MonitorCore
        var external = ExternalFigures()
    }

    /// A monitor of `container`, from now on.
    ///
    /// - Parameters:
    ///   - container: what it watches.
    ///   - rules: what it judges by.
    ///   - health: the checker that those who watch by it ask with. Its updates and reports carry what is known of the container's health
    ///     in any case, whichever checker asked for it.
    public init(_ container: Container, rules: FindingRules = FindingRules(), health: HealthChecker? = nil) {
        self.health = health
        self.container = container
        let tap = MonitorTap(container)
        self.state = Lock(State(tap: tap, core: MonitorCore(tap.snapshot, rules: rules)))
    }

    // MARK: Asking

    /// The figures of this moment under the specification's names; those of pools, too.
    public func report() -> MonitorReport {
        let (pools, due) = (self.container.poolSamples(), self.duePools)
        return self.state.withLock { state in
            self.catchUp(&state, due)
            return MonitorReport(state.core, pools: pools, external: state.external)
        }
    }

    /// Takes in what has happened until now, without an answer. O(events since the last time).
    public func refresh() {
        let due = self.duePools
        self.state.withLock { _ = self.catchUp(&$0, due) }
    }

    /// What stands to be looked at, one finding for each kind and place in the code: the worst first, among equals the newest.
    public func findings() -> [Finding] {
        let due = self.duePools
        return self.state.withLock { state in
            self.catchUp(&state, due)
            return state.core.findings.table.active
        }
    }

    /// What stands to be looked at, as ``findings()`` tells it, and what was withdrawn lately, the last one last.
    public func allFindings() -> (standing: [Finding], withdrawn: [Finding]) {
        let due = self.duePools
        return self.state.withLock { state in
            self.catchUp(&state, due)
            return (state.core.findings.table.active, state.core.findings.table.withdrawn)
        }
    }

    /// Finds no more of what `name` says - `never-used`, or `never-used:Cache*` - and withdraws what stands of it. Throws for a name that no
    /// kind has, and says which there are.
    public func allow(named name: String) throws(FindingRulesError) {
        let now = self.time.now
        let due = self.duePools
        try self.state.withLock { state throws(FindingRulesError) in
            self.catchUp(&state, due)
            try state.core.allow(named: name, at: now)
        }
    }

    /// The time of the container that is watched.
    public var time: TimeSource {
        self.container.environment.time
    }

    /// The last ten minutes, second by second.
    public func history() -> MonitorHistory {
        let due = self.duePools
        return self.state.withLock { state in
            self.catchUp(&state, due)
            return state.core.history
        }
    }

    /// A consumer of its own for whoever makes their own rhythm.
    public func feed() -> MonitorFeed {
        MonitorFeed(self)
    }

    /// Updates for one consumer: when something happened, at most `rate` a second; when nothing does, one a second, so that ages go on.
    ///
    /// An update is made when the consumer asks; one that does not ask costs nothing and wakes nothing. Ends with the consumer's task, and
    /// after the update that tells of the end of a container that is closed.
    public func updates(rate: Int = 4) -> AsyncStream<MonitorUpdate> {
        let feed = self.feed()
        let time = self.container.environment.time
        let interval = Duration.nanoseconds(1_000_000_000 / Int64(max(1, rate)))
        // A place of its own to wait at: another consumer may have drained the monitor's.
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
            // Everything up to here is in the update that follows, which so is the last.
            if bell.isOver { isOver.withLock { $0 = true } }
            return feed.next()
        }
    }

    /// Keeps the figures fresh while nobody asks: takes events and samples at every point of the grid at which something has happened, and
    /// sleeps while nothing does. Ends with its task, and when the container is closed and the last events are taken. For charts, findings and
    /// whoever looks later; one run of it is enough.
    public func run() async {
        let bell = self.container.subscribe()
        let time = self.container.environment.time
        while !Task.isCancelled {
            bell.skip()
            let isOver = bell.isOver
            self.refresh()
            if isOver { return }
            let (step, look) = (Activity.nextStep(after: time.now), self.state.withLock { $0.core.findings.nextScan })
            try? await time.sleep(until: step)
            await self.somethingHappens(bell, before: look.map { max($0, step) })
        }
    }

    /// Lets the next update of every consumer come at once, whatever its rate: for when a person has done something and looks for it.
    public func hurry() {
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

    /// Returns when there is an event or a lease, at `moment` at the latest, or when somebody hurries.
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

    func update(_ place: inout MonitorFeed.Place) -> MonitorUpdate {
        let before = place
        let due = self.duePools
        let (after, update) = self.state.withLock { state in
            let now = self.catchUp(&state, due)
            var place = before
            let update = state.core.update(from: &place, at: now)
            return (place, update)
        }
        place = after
        return update
    }

    /// How many entries there are of leases that are suspected or lost, by pool and place.
    var outstandingLeases: Int {
        let due = self.duePools
        return self.state.withLock { state in
            self.catchUp(&state, due)
            return state.core.findings.outstanding.count
        }
    }

    func isAhead(of place: MonitorFeed.Place) -> Bool {
        self.state.withLock { $0.core.ledger.change != place.change }
    }

    /// Takes what has happened and, if a point of the grid has passed, samples. Returns the moment it has caught up to.
    @discardableResult
    private func catchUp(_ state: inout State, _ due: [PoolSample]?) -> TimeSource.Instant {
        let input = state.tap.next(pools: due)
        state.core.take(input)
        return input.time
    }

    /// The figures of the pools if the next draw is to have them, asked before the lock is taken: a pool of the user's own may do what it
    /// likes.
    private var duePools: [PoolSample]? {
        self.state.withLock { $0.tap.isDue } ? self.container.poolSamples() : nil
    }

    // MARK: Things outside of the container

    /// Counts something that was made outside of any container, in the group `external`; the books do not include it.
    public func trackCreation() {
        self.state.withLock { $0.external.created += 1 }
    }

    /// Counts something outside that was disposed, and how long it had lived.
    public func trackDisposal(lived: Duration? = nil) {
        self.state.withLock { state in
            state.external.disposed += 1
            if let lived { state.external.lifetimes.record(lived) }
        }
    }

    /// Counts an error of something outside.
    public func trackError(_ error: any Error) {
        let text = UserCode.text(of: error)
        self.state.withLock { state in
            state.external.errors += 1
            state.external.lastError = text
        }
    }
}

/// What was counted by hand.
struct ExternalFigures: Sendable {
    var created = 0
    var disposed = 0
    var errors = 0
    var lastError: String?
    var lifetimes = DurationStatistics(.perRow)
}
