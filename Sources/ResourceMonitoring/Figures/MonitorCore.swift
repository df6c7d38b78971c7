import ResourceContainer

/// Everything a monitor knows and decides, without lock, clock or container.
struct MonitorCore: Sendable {
    private(set) var ledger: MonitorLedger
    /// The pools as they stood at the last point of the sampling grid.
    private(set) var pools: [PoolSample] = []
    /// When figures without events were sampled last.
    private(set) var sampledAt: TimeSource.Instant
    /// Events that were lost because the monitor was asked too rarely.
    private(set) var missed: UInt64 = 0
    private var sampledStep: Int64

    /// What is sampled because no event tells of it.
    struct Samples: Sendable {
        var pools: [PoolSample] = []
        var uses: [(resource: ResourceID, uses: Int)] = []
    }

    init(_ snapshot: ContainerSnapshot) {
        self.ledger = MonitorLedger(snapshot)
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
        }
        for event in batch.events { self.ledger.apply(event) }
    }

    /// Lets time pass without events.
    mutating func advance(to time: TimeSource.Instant) {
        self.ledger.activity.advance(to: time)
    }

    /// Whether a point of the sampling grid has passed since the last sample.
    func isSampleDue(at time: TimeSource.Instant) -> Bool {
        Activity.number(of: time) > self.sampledStep
    }

    mutating func sample(_ samples: Samples, at time: TimeSource.Instant) {
        self.sampledStep = Activity.number(of: time)
        self.sampledAt = time
        self.pools = samples.pools
        self.ledger.activity.gauges.pools = samples.pools.lazy.compactMap(PoolPoint.init).prefix(MonitorHistory.poolLimit).map { $0 }
        self.ledger.sample(uses: samples.uses, at: time)
    }
}

extension PoolPoint {
    /// Nil for a pool that is not bound.
    fileprivate init?(_ sample: PoolSample) {
        guard let resource = sample.resource else { return nil }
        self.init(resource: resource, leased: sample.leased, idle: sample.idle, waiting: sample.waiting)
    }
}
