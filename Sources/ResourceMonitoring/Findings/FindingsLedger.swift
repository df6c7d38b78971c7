import ResourceContainer

/// The rules that raise, update, and withdraw findings. A pure value without a lock or a clock.
///
/// It receives every event after the monitor ledger has applied it (O(1) for ordinary events), every sample, and at most once per second a
/// scan (``scan(_:at:)``), which finds conditions that last too long.
struct FindingsLedger: Sendable {
    private(set) var rules: FindingRules
    var table = FindingTable()
    /// The state kept for each binding, by its number.
    var bindings: [BindingWatch] = []
    /// The instances whose running step has been reported as slow, so that its end is not counted again.
    var slowRunning: Set<ResourceID> = []
    /// The last abandoned instance. One that completes at the same instant had blocked its thread.
    var lastAbandoned: (resource: ResourceID, time: TimeSource.Instant, budget: Duration)?
    /// The times of recent health changes, by resource.
    var healthChanges: [ResourceID: [TimeSource.Instant]] = [:]
    /// The scopes whose bodies throw, by the source location that opens them.
    var bodies: [CodeLocation: BodyWatch] = [:]
    /// Whether a health checker exists. Its settled statuses then decide, and a single bad answer raises no finding.
    var hasChecker = false
    /// The numbers of suspected and lost leases, by pool and source location.
    var outstanding: [FindingTable.Key: Int] = [:]
    /// The pools that have granted leases, as of the last sample. They are in use even if no code has resolved them again.
    private(set) var lending: Set<ResourceID> = []
    /// The time of the next scan if nothing happens before; nil if none is needed.
    private(set) var nextScan: TimeSource.Instant?

    /// The state kept for a binding between its events.
    struct BindingWatch: Sendable {
        var failuresInARow = 0
        /// The number of abandoned steps that are still running.
        var abandoned = 0
        /// The number of instances created recently.
        var created = RecentCount()
    }

    /// The shortest time between scans.
    static let scanInterval = Duration.seconds(1)

    init(rules: FindingRules) {
        self.rules = rules
    }

    /// Suppresses findings by name and withdraws active ones. See ``FindingRules/allow(named:)``.
    mutating func allow(named name: String, at time: TimeSource.Instant) throws(FindingRulesError) {
        try self.rules.allow(named: name)
        let rules = self.rules
        self.table.withdraw(at: time) { key, finding in rules.allows(key.kind, of: finding.subject.label) }
    }

    // MARK: Events and samples

    /// Applies an event that `picture` has already applied.
    mutating func apply(_ event: ResourceEvent, in picture: MonitorLedger) {
        switch event.kind {
        case .initializing: self.begun(event)
        case .disposing, .scopeOpened, .closeExpedited, .noted, .dependencyAdded, .fellBack, .errorReported, .leaseReentrant,
            .faultInjected, .rebound, .droppedOpen:
            break
        case .bound: self.remember(picture)
        case .ready(let took, _, _): self.initialized(event, took: took, in: picture)
        case .initializationFailed(let text, let took): self.initializationFailed(event, text, took: took, in: picture)
        case .disposed(let took, _): self.disposed(event, took: took, in: picture)
        case .disposeThrew(let text, let took, _):
            self.disposed(event, took: took, in: picture)
            self.disposeThrew(event, text, in: picture)
        case .abandoned(let phase, let budget): self.abandoned(event, phase, budget: budget, in: picture)
        case .completedLate(let phase, let took): self.completedLate(event, phase, took: took, in: picture)
        case .leaseSlow(let waited): self.leaseSlow(event, waited: waited, in: picture)
        case .leaseTimedOut(let waited, _):
            self.poolExhausted(event, "an acquisition timed out after \(waited.brief)", in: picture)
        case .leaseExhausted: self.poolExhausted(event, "an acquisition was refused: no item was free", in: picture)
        case .leakSuspected(let location, let scope, let held):
            self.leaseOut(.leaseHeldTooLong, event, location, scope, held: held, in: picture)
        case .leakWithdrawn(let location, _): self.leaseBack(.leaseHeldTooLong, event, location)
        case .leaseLost(let location, let scope, let held):
            self.leaseOut(.leaseLost, event, location, scope, held: held, in: picture)
        case .leaseRecovered(let location, _): self.leaseBack(.leaseLost, event, location)
        case .healthChanged(let before, let result): self.healthChanged(event, from: before, to: result, in: picture)
        case .scopeClosing: self.scopeEnds(event.scope, at: event.time)
        case .scopeClosed(_, _, _, _, let outcome):
            self.scopeEnds(event.scope, at: event.time)
            if let outcome { self.bodyEnded(outcome, event, in: picture) }
        }
    }

    /// Applies the samples of a grid point. Slow samples are applied right after ``scan(_:at:)``.
    ///
    /// - Parameter health: The container's health at `time`; nil without a checker.
    mutating func sample(_ samples: MonitorSamples, health: HealthPicture? = nil, at time: TimeSource.Instant, in picture: MonitorLedger) {
        for pool in samples.pools { self.judge(pool, at: time, in: picture) }
        let pools = Set(samples.pools.compactMap(\.resource))
        self.lending = Set(samples.pools.lazy.filter { $0.leases > 0 }.compactMap(\.resource))
        // Leases of a pool that has ended can no longer be returned.
        if !self.outstanding.isEmpty { self.outstanding = self.outstanding.filter { $0.key.resource.map(pools.contains) ?? true } }
        self.table.withdraw(at: time) { key, finding in
            guard let resource = key.resource, finding.kind.isOfPool else { return false }
            return !pools.contains(resource)
        }
        guard let slow = samples.slow else { return }
        self.judge(outliving: slow.outliving, at: time)
        self.judge(forgotten: slow.forgottenScopes, at: time, in: picture)
        if let health { self.judge(health, at: time, in: picture) }
        self.judge(slow.books, sequence: slow.booksSequence, at: time, in: picture)
    }

    /// Checks lasting conditions. O(active resources, open scopes, and active findings).
    mutating func scan(_ picture: MonitorLedger, at time: TimeSource.Instant) {
        self.nextScan = nil
        self.table.beginLook()
        self.remember(picture)
        self.scanResources(picture, at: time)
        self.scanScopes(picture, at: time)
        self.scanErrors(picture, at: time)
        self.scanBodies(at: time)
        self.scanCreations(picture, at: time)
        self.scanHealth(at: time)
        self.judgeBooks(of: picture, at: time)
        self.withdrawQuiet(at: time)
    }

    /// Continues after missed events: withdraws the findings of subjects that have ended, and applies the growth of the books as if the
    /// events had been received.
    mutating func resynchronize(_ picture: MonitorLedger, after gap: MonitorCore.Gap) {
        let time = gap.until
        self.remember(picture)
        for index in self.bindings.indices { self.judgeGap(of: index, gap, in: picture) }
        self.slowRunning = self.slowRunning.filter { picture.resource($0) != nil }
        self.healthChanges = self.healthChanges.filter { picture.resource($0.key) != nil }
        self.outstanding = self.outstanding.filter { $0.key.resource.map { picture.resource($0) != nil } ?? true }
        self.table.withdraw(at: time) { key, finding in
            if let resource = key.resource, finding.kind != .outlivedScope { return picture.resource(resource) == nil }
            return key.scope.map { picture.scope($0) == nil } ?? false
        }
    }

    private mutating func begun(_ event: ResourceEvent) {
        guard let binding = event.binding, self.bindings.indices.contains(binding.rawValue) else { return }
        self.bindings[binding.rawValue].created.add(1, at: event.time)
    }

    private mutating func remember(_ picture: MonitorLedger) {
        while self.bindings.count < picture.bindings.count { self.bindings.append(BindingWatch()) }
    }

    // MARK: Helpers of all rules

    /// Raises a finding unless it is suppressed.
    mutating func raise(
        _ key: FindingTable.Key,
        _ severity: Finding.Severity,
        _ subject: Finding.Subject,
        _ evidence: String,
        location: CodeLocation?,
        advice: String,
        again: Int = 1,
        at time: TimeSource.Instant
    ) {
        // Application names and messages are cleaned for display.
        var subject = subject
        subject.label = subject.label.asName
        let evidence = evidence.asSentence
        if self.rules.allows(key.kind, of: subject.label) { return }
        self.table.raise(key, at: time, again: again, evidence: evidence) { id in
            var finding = Finding(
                id: id,
                kind: key.kind,
                severity: severity,
                subject: subject,
                evidence: evidence,
                location: location,
                advice: advice,
                since: time
            )
            finding.count = max(1, again)
            return finding
        }
    }

    /// Schedules a scan at `time`, unless an earlier one is scheduled.
    mutating func look(at time: TimeSource.Instant) {
        // An infinite threshold is never reached.
        guard time.nanoseconds < .max else { return }
        self.nextScan = min(self.nextScan ?? time, time)
    }

    /// Withdraws occasional findings that have not occurred for ``FindingRules/quietAfter``.
    private mutating func withdrawQuiet(at time: TimeSource.Instant) {
        let quiet = self.rules.quietAfter
        self.table.withdraw(at: time) { _, finding in finding.kind.isOccasional && finding.lastSeen + quiet <= time }
        if let oldest = self.table.standing.values.lazy.filter({ $0.kind.isOccasional }).map(\.lastSeen).min() {
            self.look(at: oldest + quiet)
        }
    }

    func subject(_ id: BindingID, in picture: MonitorLedger) -> Finding.Subject {
        Finding.Subject(label: picture.binding(id)?.label ?? "\(id)", binding: id)
    }

    func subject(_ event: ResourceEvent, in picture: MonitorLedger) -> Finding.Subject {
        let label = event.binding.flatMap { picture.binding($0)?.label } ?? "resource"
        return Finding.Subject(
            label: label + (event.resource.map { "\($0)" } ?? ""),
            binding: event.binding,
            scope: event.scope,
            resource: event.resource
        )
    }

    /// The trace of a scope, as the end of an evidence; empty if the scope has none or is no longer known.
    func trace(of scope: ScopeID?, in picture: MonitorLedger) -> String {
        scope.flatMap { picture.scope($0)?.traceID }.map { ", trace \($0)" } ?? ""
    }

    func location(_ id: BindingID?, in picture: MonitorLedger) -> CodeLocation? {
        id.flatMap { picture.binding($0)?.location }
    }
}

extension Finding.Kind {
    /// Whether the kind is occasional: it is withdrawn after a time without another occurrence.
    fileprivate var isOccasional: Bool {
        switch self {
        case .poolExhausted, .acquireSlow, .initializeSlow, .disposeSlow: true
        default: false
        }
    }

    /// Whether the kind is about a pool and is withdrawn when the pool ends.
    fileprivate var isOfPool: Bool {
        switch self {
        case .leaseLost, .leaseHeldTooLong, .poolStarved, .poolExhausted, .acquireSlow: true
        default: false
        }
    }
}
