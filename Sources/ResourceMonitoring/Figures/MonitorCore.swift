import ResourceContainer

/// The state and the logic of a monitor: a pure value without a lock, a clock, or a container.
struct MonitorCore: Sendable {
    private(set) var ledger: MonitorLedger
    private(set) var findings: FindingsLedger
    /// The pools as sampled at the last grid point.
    private(set) var pools: [PoolSample] = []
    /// The health of the active resources, used by every update, report, and finding; nil if no health is known.
    private(set) var health: HealthPicture?
    /// The last health sample, up to one second old.
    private var sampledHealth: HealthPicture?
    /// The time of the last sample.
    private(set) var sampledAt: TimeSource.Instant
    /// The number of events missed because the monitor read too rarely.
    private(set) var missed: UInt64 = 0
    /// How late a task of the process last ran; nil if it was not measured.
    var executorLag: Duration?

    /// The time of the last input.
    private var toldAt: TimeSource.Instant

    /// A period whose events were missed, and the books before it.
    struct Gap: Sendable {
        /// The books of the known bindings before the gap.
        var books: [Books]
        var since: TimeSource.Instant
        var until: TimeSource.Instant
    }

    init(_ snapshot: ContainerSnapshot, rules: FindingRules) {
        self.toldAt = snapshot.time
        self.ledger = MonitorLedger(snapshot)
        self.findings = FindingsLedger(rules: rules)
        self.sampledAt = snapshot.time
    }

    /// The last ten minutes, one point per second.
    var history: MonitorHistory {
        var history = MonitorHistory()
        history.points = self.ledger.activity.points(after: nil)
        return history
    }

    /// Drops the kept events after the only feed has received them.
    mutating func forgetTold() {
        self.ledger.forgetTold()
    }

    /// Applies an input.
    mutating func take(_ input: MonitorInput) {
        self.apply(input.batch)
        self.toldAt = input.time
        self.ledger.activity.advance(to: input.time)
        if let slow = input.samples?.slow { self.sampledHealth = slow.health }
        if input.samples?.slow != nil || input.batch.snapshot != nil || !input.batch.events.isEmpty { self.settleHealth(at: input.time) }
        if let samples = input.samples { self.sample(samples, at: input.time) }
    }

    private mutating func settleHealth(at time: TimeSource.Instant) {
        self.health = self.sampledHealth?.settled(for: self.ledger, at: time) ?? HealthPicture(single: self.ledger, at: time)
    }

    private mutating func apply(_ batch: EventBatch) {
        if let snapshot = batch.snapshot {
            self.missed.addSaturated(batch.missed)
            let before = Gap(books: self.ledger.bindings.map(\.row.binding.books), since: self.toldAt, until: snapshot.time)
            self.ledger.resynchronize(snapshot, missed: batch.missed)
            self.findings.resynchronize(self.ledger, after: before)
        }
        let firstKept = batch.events.count - MonitorUpdate.eventLimit
        for (index, event) in batch.events.enumerated() {
            self.ledger.apply(event, isKept: index >= firstKept)
            self.findings.apply(event, in: self.ledger)
        }
    }

    /// See ``FindingsLedger/allow(named:at:)``.
    mutating func allow(named name: String, at time: TimeSource.Instant) throws(FindingRulesError) {
        try self.findings.allow(named: name, at: time)
    }

    /// See ``MonitorReplay/noteExecutorLag(_:at:)``.
    mutating func noteExecutorLag(_ lag: Duration, at time: TimeSource.Instant) {
        self.executorLag = lag
        self.findings.judge(executorLag: lag, at: time, in: self.ledger)
    }

    private mutating func sample(_ samples: MonitorSamples, at time: TimeSource.Instant) {
        self.sampledAt = time
        self.pools = samples.pools
        self.ledger.activity.gauges.pools = samples.pools.lazy.compactMap(PoolPoint.init).prefix(MonitorHistory.poolLimit).map { $0 }
        self.ledger.sample(uses: samples.uses, at: time)
        if samples.slow != nil { self.findings.scan(self.ledger, at: time) }
        self.findings.sample(samples, health: self.sampledHealth == nil ? nil : self.health, at: time, in: self.ledger)
    }

    /// The update that moves a consumer from `position` to the present.
    func update(from position: inout MonitorFeed.Position, at time: TimeSource.Instant) -> MonitorUpdate {
        let ledger = self.ledger
        let oldest = max(ledger.resetAt, ledger.scopes.forgotten, ledger.resources.forgotten)
        let seen = position.change.flatMap { $0 >= oldest ? $0 : nil }
        let events = ledger.recentEvents.filter { $0.sequence > position.sequence }
        // Two causes of missed events: the monitor did not receive them, or it no longer keeps them.
        let lost = self.missed.subtractingSaturated(position.missed)
        let dropped = ledger.taken.subtractingSaturated(position.taken).subtractingSaturated(UInt64(events.count))
        var update = MonitorUpdate(
            sequence: ledger.sequence,
            time: time,
            isReset: seen == nil,
            missed: position.change == nil ? 0 : lost.addingSaturated(dropped),
            container: ledger.container,
            totals: ledger.totals
        )
        update.sampledAt = self.sampledAt
        update.pools = self.pools
        update.health = self.health
        update.findings = self.findings.table.active
        update.withdrawnFindings = self.findings.table.withdrawn
        update.suppressedFindings = self.findings.table.suppressed
        if let seen {
            update.bindings = ledger.bindings.filter { $0.change > seen }.map(\.updated)
            update.scopes = ledger.scopes.changed(after: seen).map(\.updated)
            update.resources = ledger.resources.changed(after: seen)
        } else {
            update.bindings = ledger.bindings.map(\.updated)
            update.scopes = ledger.scopes.rows.filter { $0.row.scope.state != .closed }.map(\.updated).sorted { $0.scope.id < $1.scope.id }
            update.resources = ledger.resources.rows.filter(\.resource.state.isActive).sorted { $0.resource.id < $1.resource.id }
        }
        update.history = ledger.activity.points(after: seen == nil ? nil : position.second)
        update.events = Array(events)
        position.change = ledger.change
        position.sequence = ledger.sequence
        position.missed = self.missed
        position.taken = ledger.taken
        position.second = ledger.activity.points.last?.second ?? position.second
        return update
    }
}

extension PoolPoint {
    /// Returns nil for a pool that is not bound in a container.
    fileprivate init?(_ sample: PoolSample) {
        guard let resource = sample.resource else { return nil }
        self.init(resource: resource, leased: sample.leased, idle: sample.idle, waiting: sample.waiting)
    }
}
