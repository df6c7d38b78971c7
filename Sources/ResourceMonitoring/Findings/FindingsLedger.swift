import ResourceContainer

/// Judges what happens: raises findings, keeps them up to date, withdraws them. A pure value: no lock, no clock.
///
/// It is told every event after the picture took it (O(1), and next to nothing for an ordinary one), every sample, and, once a second at
/// most, that time has passed (``scan(_:at:)``): what lasts too long is only seen by looking.
struct FindingsLedger: Sendable {
    private(set) var rules: FindingRules
    var table = FindingTable()
    /// What is remembered of each binding, by its number.
    var bindings: [BindingWatch] = []
    /// Instances whose running step was found to be slow, so that its end is not counted again.
    var slowRunning: Set<ResourceID> = []
    /// The instance that was abandoned last: one that comes back at that very moment had blocked its thread.
    var lastAbandoned: (resource: ResourceID, time: TimeSource.Instant, budget: Duration)?
    /// When the health of a resource changed, of those that it changed of lately.
    var healthChanges: [ResourceID: [TimeSource.Instant]] = [:]
    /// Whether a checker says what counts: then one bad answer is none, and what is found agrees with what it shows.
    var hasChecker = false
    /// Leases that are out, by pool and place, and are suspected or lost.
    var outstanding: [FindingTable.Key: Int] = [:]
    /// The pools that have lent something, as of the last sample: they are in use, whether or not anybody asked the container for them.
    private(set) var lending: Set<ResourceID> = []
    /// When the next look is due although nothing happens; nil if nothing can come of waiting.
    private(set) var nextScan: TimeSource.Instant?

    /// What is remembered of a binding between its events.
    struct BindingWatch: Sendable {
        var failuresInARow = 0
        /// Abandoned steps that have not come back.
        var abandoned = 0
        /// How many instances were begun lately.
        var created = RecentCount()
    }

    /// How often time is looked at, at most.
    static let scanInterval = Duration.seconds(1)

    init(rules: FindingRules) {
        self.rules = rules
    }

    /// Allows what `name` says from here on, and withdraws what stands of it. See ``FindingRules/allow(named:)``.
    mutating func allow(named name: String, at time: TimeSource.Instant) throws(FindingRulesError) {
        try self.rules.allow(named: name)
        let rules = self.rules
        self.table.withdraw(at: time) { key, finding in rules.allows(key.kind, of: finding.subject.label) }
    }

    // MARK: What is told

    /// Takes an event that `picture` has taken already.
    mutating func apply(_ event: ResourceEvent, in picture: MonitorLedger) {
        switch event.kind {
        case .initialising: self.begun(event)
        case .disposing, .scopeOpened, .closingHurried, .noted, .dependencyAdded, .fellBack, .errorReported, .leaseReentrant,
            .faultInjected, .rebound, .droppedOpen:
            break
        case .bound: self.remember(picture)
        case .ready(let took, _, _): self.initialised(event, took: took, in: picture)
        case .initialisationFailed(let text, let took): self.initialisationFailed(event, text, took: took, in: picture)
        case .disposed(let took, _): self.disposed(event, took: took, in: picture)
        case .disposeThrew(let text, let took, _):
            self.disposed(event, took: took, in: picture)
            self.disposeThrew(event, text, in: picture)
        case .abandoned(let phase, let budget): self.abandoned(event, phase, budget: budget, in: picture)
        case .completedLate(let phase, let took): self.completedLate(event, phase, took: took, in: picture)
        case .leaseSlow(let waited): self.leaseSlow(event, waited: waited, in: picture)
        case .leaseTimedOut(let waited, _):
            self.poolExhausted(event, "a borrower gave up after \(waited.brief)", in: picture)
        case .leaseExhausted: self.poolExhausted(event, "a borrower was refused, since nothing was free", in: picture)
        case .leakSuspected(let place, _, let held): self.leaseOut(.leaseHeldTooLong, event, place, held: held, in: picture)
        case .leakWithdrawn(let place, _): self.leaseBack(.leaseHeldTooLong, event, place)
        case .leaseLost(let place, _, let held): self.leaseOut(.leaseLost, event, place, held: held, in: picture)
        case .leaseRecovered(let place, _): self.leaseBack(.leaseLost, event, place)
        case .healthChanged(let before, let result): self.healthChanged(event, from: before, to: result, in: picture)
        case .scopeClosing, .scopeClosed: self.scopeEnds(event.scope, at: event.time)
        }
    }

    /// Takes what no event tells, at a point of the sampling grid; what is sampled once a second only, right after ``scan(_:at:)``.
    ///
    /// `health` is what the checks add up to at `time`, where there is a checker.
    mutating func sample(_ samples: MonitorSamples, health: HealthPicture? = nil, at time: TimeSource.Instant, in picture: MonitorLedger) {
        for pool in samples.pools { self.judge(pool, at: time, in: picture) }
        let pools = Set(samples.pools.compactMap(\.resource))
        self.lending = Set(samples.pools.lazy.filter { $0.leases > 0 }.compactMap(\.resource))
        // What a pool that is gone has lent can come back to nobody.
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

    /// Looks at what lasts. O(active resources, open scopes, standing findings).
    mutating func scan(_ picture: MonitorLedger, at time: TimeSource.Instant) {
        self.nextScan = nil
        self.table.beginLook()
        self.remember(picture)
        self.scanResources(picture, at: time)
        self.scanScopes(picture, at: time)
        self.scanRates(picture, at: time)
        self.scanHealth(at: time)
        self.judgeBooks(of: picture, at: time)
        self.withdrawQuiet(at: time)
    }

    /// Goes on after events were missed: what is gone from the picture has nothing to be found any more, and what the books say of the
    /// missed is judged as if it had been seen.
    mutating func resynchronise(_ picture: MonitorLedger, after gap: MonitorCore.Gap) {
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

    // MARK: What is used by every rule

    /// Raises a finding unless it is allowed.
    mutating func raise(
        _ key: FindingTable.Key,
        _ severity: Finding.Severity,
        _ subject: Finding.Subject,
        _ evidence: String,
        place: SourcePlace?,
        advice: String,
        again: Int = 1,
        at time: TimeSource.Instant
    ) {
        // Names and texts of others become text for people here.
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
                place: place,
                advice: advice,
                since: time
            )
            finding.count = max(1, again)
            return finding
        }
    }

    /// There is to be a look at `time`, if not before.
    mutating func look(at time: TimeSource.Instant) {
        // A threshold of for ever is never met.
        guard time.nanoseconds < .max else { return }
        self.nextScan = min(self.nextScan ?? time, time)
    }

    /// Withdraws what has not happened for long, of the kinds that happen now and then.
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

    func place(_ id: BindingID?, in picture: MonitorLedger) -> SourcePlace? {
        id.flatMap { picture.binding($0)?.place }
    }
}

extension Finding.Kind {
    /// Whether it happens now and then, and ends by not happening any more.
    fileprivate var isOccasional: Bool {
        switch self {
        case .poolExhausted, .acquireSlow, .initialiseSlow, .disposeSlow: true
        default: false
        }
    }

    /// Whether it is about a pool, and ends with it.
    fileprivate var isOfPool: Bool {
        switch self {
        case .leaseLost, .leaseHeldTooLong, .poolStarved, .poolExhausted, .acquireSlow: true
        default: false
        }
    }
}

extension Duration {
    /// This duration as people write it: `41.2 s`, `812 ms`, `3 min 10 s`.
    var brief: String {
        let nanoseconds = self.wholeNanoseconds
        if nanoseconds < 0 { return "-" + Duration.nanoseconds(Int64(0).subtractingSaturated(nanoseconds)).brief }
        let milliseconds = nanoseconds.addingSaturated(500_000) / 1_000_000
        if nanoseconds < 1_000_000 { return "\(nanoseconds / 1000) µs" }
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        if milliseconds < 120_000 { return "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s" }
        let seconds = milliseconds / 1000
        if seconds < 7200 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
}
