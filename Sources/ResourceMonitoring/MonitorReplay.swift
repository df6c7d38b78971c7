import ResourceContainer

/// A monitor of what was recorded: told the same inputs, it gives the same updates, findings and report as the one that watched.
///
/// A value: a copy is a place to come back to.
public struct MonitorReplay: Sendable {
    private var core: MonitorCore
    private var place = MonitorFeed.Place()

    /// A monitor that knows a container's picture.
    public init(_ snapshot: ContainerSnapshot, rules: FindingRules = FindingRules()) {
        self.core = MonitorCore(snapshot, rules: rules)
    }

    /// The number of the last event that is included.
    public var sequence: UInt64 { self.core.ledger.sequence }

    /// Takes what the monitor was told next, which has to be what a container can tell. O(events).
    public mutating func take(_ input: MonitorInput) {
        self.core.take(input)
    }

    /// What changed since the last update, as of `time`; the first one is a whole picture.
    public mutating func update(at time: TimeSource.Instant) -> MonitorUpdate {
        defer { self.core.forgetTold() }
        return self.core.update(from: &self.place, at: time)
    }

    /// The figures under the specification's names.
    public var report: MonitorReport {
        MonitorReport(self.core, pools: self.core.pools, external: ExternalFigures())
    }

    /// What stands to be looked at, a finding of one subject each and in no particular order.
    public var findings: some Collection<Finding> { self.core.findings.table.standing.values }

    /// By what the books of every key grew while events were missed: nothing else is known of it.
    public var unseen: [(label: String, books: Books)] {
        self.core.ledger.keys.map { (self.core.ledger.bindings[$0.bindings[0]].row.binding.label, $0.unseen) }
    }

    /// The name of a binding that is known.
    public func label(of binding: BindingID) -> String? {
        self.core.ledger.binding(binding)?.label
    }

    /// The binding and the age of every instance that is ready.
    public func ages(at time: TimeSource.Instant) -> [(label: String, age: Duration)] {
        self.core.ledger.resources.rows.compactMap { row in
            guard row.resource.state.isActive, let ready = row.resource.readyAt else { return nil }
            return self.label(of: row.resource.binding).map { ($0, time - ready) }
        }
    }

    /// How many resources of each key were alive at once, at most.
    public var peaks: [(label: String, active: Int)] {
        self.core.ledger.keys.map { (self.core.ledger.bindings[$0.bindings[0]].row.binding.label, $0.peak) }
    }

    /// Roughly how many bytes a copy takes once the original goes on.
    public var weight: Int {
        let ledger = self.core.ledger
        let resources = ledger.resources.rows.count * (MemoryLayout<ResourceRow>.stride + 48)
        let scopes = ledger.scopes.rows.count * (MemoryLayout<MonitorLedger.ScopeFigures>.stride + 48)
        return 64 << 10 + resources + scopes + ledger.bindings.count * 16 << 10
    }
}
