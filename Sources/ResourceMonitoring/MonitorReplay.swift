import ResourceContainer

/// A monitor of recorded inputs.
///
/// Given the same inputs, it produces the same updates, findings, and report as the live monitor. It is a value type: a copy is a
/// checkpoint.
public struct MonitorReplay: Sendable {
    private var core: MonitorCore
    private var position = MonitorFeed.Position()

    /// Creates a replay that starts from `snapshot`.
    public init(_ snapshot: ContainerSnapshot, rules: FindingRules = FindingRules()) {
        self.core = MonitorCore(snapshot, rules: rules)
    }

    /// The sequence number of the last event included.
    public var sequence: UInt64 { self.core.ledger.sequence }

    /// Applies the next input, which must be consistent with the inputs before it.
    ///
    /// - Complexity: O(events in the input).
    public mutating func take(_ input: MonitorInput) {
        self.core.take(input)
    }

    /// Applies how late an empty task ran in the observed process. From ``Finding/executorStarvedAfter`` on, the finding
    /// ``Finding/Kind/executorStarved`` is raised; below, it is withdrawn.
    package mutating func noteExecutorLag(_ lag: Duration, at time: TimeSource.Instant) {
        self.core.noteExecutorLag(lag, at: time)
    }

    /// Suppresses findings with this name, such as `never-used` or `never-used:Cache*`, and withdraws active ones. It changes this replay
    /// only, not the inputs.
    package mutating func allow(named name: String, at time: TimeSource.Instant) throws(FindingRulesError) {
        try self.core.allow(named: name, at: time)
    }

    /// Returns the changes since the previous update, as of `time`. The first update describes the whole container.
    public mutating func update(at time: TimeSource.Instant) -> MonitorUpdate {
        defer { self.core.forgetTold() }
        return self.core.update(from: &self.position, at: time)
    }

    /// Makes the next update describe the whole container, as the first one does.
    package mutating func beginAgain() {
        self.position = MonitorFeed.Position()
    }

    /// The container's books.
    package var books: Books { self.core.ledger.books }

    /// The number of open scopes, without the root.
    package var openScopes: Int { self.core.ledger.openScopes }

    /// The pools, as last sampled.
    package var pools: [PoolSample] { self.core.pools }

    /// The health of the active resources; nil if none is known.
    package var health: HealthPicture? { self.core.health }

    /// The active findings, one per kind and source location: highest severity first, then newest first. O(subjects).
    package var groupedFindings: [Finding] { self.core.findings.table.active }

    /// The figures at this point of the replay. Pool figures are those of the last sample.
    public var report: MonitorReport {
        MonitorReport(self.core, pools: self.core.pools, external: ExternalFigures())
    }

    /// The active findings, one per subject, in no particular order.
    public var findings: some Collection<Finding> { self.core.findings.table.standing.values }

    /// The growth of each key's books while events were missed. The events themselves are not available.
    public var unseen: [(label: String, books: Books)] {
        self.core.ledger.keys.map { (self.core.ledger.bindings[$0.bindings[0]].row.binding.label, $0.unseen) }
    }

    /// Returns the label of `binding`; nil if the binding is unknown.
    public func label(of binding: BindingID) -> String? {
        self.core.ledger.binding(binding)?.label
    }

    /// Returns the binding label and the age of every active instance that has become ready.
    public func ages(at time: TimeSource.Instant) -> [(label: String, age: Duration)] {
        self.core.ledger.resources.rows.compactMap { row in
            guard row.resource.state.isActive, let ready = row.resource.readyAt else { return nil }
            return self.label(of: row.resource.binding).map { ($0, time - ready) }
        }
    }

    /// The largest number of instances of each key that were active at once.
    public var peaks: [(label: String, active: Int)] {
        self.core.ledger.keys.map { (self.core.ledger.bindings[$0.bindings[0]].row.binding.label, $0.peak) }
    }

    /// The approximate memory, in bytes, that a copy takes once the original changes.
    package var weight: Int {
        let ledger = self.core.ledger
        let resources = ledger.resources.rows.count * (MemoryLayout<ResourceRow>.stride + 48)
        let scopes = ledger.scopes.rows.count * (MemoryLayout<MonitorLedger.ScopeFigures>.stride + 48)
        return 64 << 10 + resources + scopes + ledger.bindings.count * 16 << 10
    }
}
