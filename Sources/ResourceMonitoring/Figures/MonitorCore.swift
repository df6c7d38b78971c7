import ResourceContainer

/// Everything a monitor knows and decides, without lock, clock or container.
struct MonitorCore: Sendable {
    private(set) var ledger: MonitorLedger
    private(set) var findings: FindingsLedger
    /// The pools as they stood at the last point of the sampling grid.
    private(set) var pools: [PoolSample] = []
    /// What the health checks add up to, as of the last second, where there is a checker.
    private(set) var health: HealthPicture?
    /// When figures without events were sampled last.
    private(set) var sampledAt: TimeSource.Instant
    /// Events that were lost because the monitor was asked too rarely.
    private(set) var missed: UInt64 = 0
    private var sampledStep: Int64

    /// What is sampled because no event tells of it.
    struct Samples: Sendable {
        var pools: [PoolSample] = []
        var uses: [(resource: ResourceID, uses: Int)] = []
        /// What costs more, and is sampled once a second.
        var slow: Slow?

        struct Slow: Sendable {
            var outliving: [OutlivingResource]
            var forgottenScopes: [ScopeID]
            /// The container's own books, and the event they are of.
            var books: Books
            var booksSequence: UInt64
            /// What the health checks add up to, where there is a checker.
            var health: HealthPicture?
        }
    }

    init(_ snapshot: ContainerSnapshot, rules: FindingRules) {
        self.ledger = MonitorLedger(snapshot)
        self.findings = FindingsLedger(rules: rules)
        self.sampledAt = snapshot.time
        self.sampledStep = Activity.number(of: snapshot.time) - 1
    }

    /// The last ten minutes.
    var history: MonitorHistory {
        var history = MonitorHistory()
        history.points = self.ledger.activity.points(after: nil)
        return history
    }

    /// Takes everything that happened since the last batch.
    mutating func apply(_ batch: EventBatch) {
        if let snapshot = batch.snapshot {
            self.missed += batch.missed
            self.ledger.resynchronise(snapshot)
            self.findings.resynchronise(self.ledger, at: snapshot.time)
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

    /// Lets time pass without events.
    mutating func advance(to time: TimeSource.Instant) {
        self.ledger.activity.advance(to: time)
    }

    /// Whether what is looked at once a second is due.
    func isScanDue(at time: TimeSource.Instant) -> Bool {
        self.findings.isScanDue(at: time)
    }

    /// Whether a point of the sampling grid has passed since the last sample.
    func isSampleDue(at time: TimeSource.Instant) -> Bool {
        Activity.number(of: time) > self.sampledStep
    }

    mutating func sample(_ samples: Samples, at time: TimeSource.Instant) {
        self.sampledStep = Activity.number(of: time)
        self.sampledAt = time
        self.pools = samples.pools
        if let slow = samples.slow { self.health = slow.health }
        self.ledger.activity.gauges.pools = samples.pools.lazy.compactMap(PoolPoint.init).prefix(MonitorHistory.poolLimit).map { $0 }
        self.ledger.sample(uses: samples.uses, at: time)
        let isScanDue = self.findings.isScanDue(at: time)
        if isScanDue { self.findings.scan(self.ledger, at: time) }
        self.findings.sample(samples, at: time, in: self.ledger)
    }
}

extension PoolPoint {
    /// Nil for a pool that is not bound.
    fileprivate init?(_ sample: PoolSample) {
        guard let resource = sample.resource else { return nil }
        self.init(resource: resource, leased: sample.leased, idle: sample.idle, waiting: sample.waiting)
    }
}
