import ResourceContainer

/// Everything a monitor knows and decides, without lock, clock or container.
struct MonitorCore: Sendable {
    private(set) var ledger: MonitorLedger
    private(set) var findings: FindingsLedger
    /// The pools as they stood at the last point of the sampling grid.
    private(set) var pools: [PoolSample] = []
    /// What the health checks add up to, of the resources that are alive; nil if there never was a checker. This is the one that every update,
    /// report and finding goes by.
    private(set) var health: HealthPicture?
    /// The same as it was sampled last, up to a second ago.
    private var sampledHealth: HealthPicture?
    /// When figures without events were sampled last.
    private(set) var sampledAt: TimeSource.Instant
    /// Events that were lost because the monitor was asked too rarely.
    private(set) var missed: UInt64 = 0

    /// What it was told last is of this moment.
    private var toldAt: TimeSource.Instant

    /// What was known before events were missed, and the time in which they were.
    struct Gap: Sendable {
        /// The books of the bindings that were known.
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

    /// The last ten minutes.
    var history: MonitorHistory {
        var history = MonitorHistory()
        history.points = self.ledger.activity.points(after: nil)
        return history
    }

    /// Lets go of the events: the one feed there is was told of them.
    mutating func forgetTold() {
        self.ledger.forgetTold()
    }

    /// Takes what it is told.
    mutating func take(_ input: MonitorInput) {
        self.apply(input.batch)
        self.toldAt = input.time
        self.ledger.activity.advance(to: input.time)
        if let slow = input.samples?.slow { self.sampledHealth = slow.health }
        if input.samples?.slow != nil || input.batch.snapshot != nil || !input.batch.events.isEmpty { self.settleHealth(at: input.time) }
        if let samples = input.samples { self.sample(samples, at: input.time) }
    }

    private mutating func settleHealth(at time: TimeSource.Instant) {
        self.health = self.sampledHealth?.settled(for: self.ledger, at: time) ?? HealthPicture(said: self.ledger, at: time)
    }

    private mutating func apply(_ batch: EventBatch) {
        if let snapshot = batch.snapshot {
            self.missed.addSaturated(batch.missed)
            let before = Gap(books: self.ledger.bindings.map(\.row.binding.books), since: self.toldAt, until: snapshot.time)
            self.ledger.resynchronise(snapshot, missed: batch.missed)
            self.findings.resynchronise(self.ledger, after: before)
        }
        for event in batch.events {
            self.ledger.apply(event)
            self.findings.apply(event, in: self.ledger)
        }
    }

    /// See ``FindingsLedger/allow(named:at:)``.
    mutating func allow(named name: String, at time: TimeSource.Instant) throws(FindingRulesError) {
        try self.findings.allow(named: name, at: time)
    }

    private mutating func sample(_ samples: MonitorSamples, at time: TimeSource.Instant) {
        self.sampledAt = time
        self.pools = samples.pools
        self.ledger.activity.gauges.pools = samples.pools.lazy.compactMap(PoolPoint.init).prefix(MonitorHistory.poolLimit).map { $0 }
        self.ledger.sample(uses: samples.uses, at: time)
        if samples.slow != nil { self.findings.scan(self.ledger, at: time) }
        self.findings.sample(samples, health: self.sampledHealth == nil ? nil : self.health, at: time, in: self.ledger)
    }
}

extension PoolPoint {
    /// Nil for a pool that is not bound.
    fileprivate init?(_ sample: PoolSample) {
        guard let resource = sample.resource else { return nil }
        self.init(resource: resource, leased: sample.leased, idle: sample.idle, waiting: sample.waiting)
    }
}
