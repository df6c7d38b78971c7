import ResourceContainer

/// The health of a container's resources, shared by all its checkers.
///
/// There is one per container. All checkers write to it, running or not, so that all views, exports, and probes agree. It does not keep the
/// container alive.
final class ContainerHealth: Sendable {
    struct State: Sendable {
        var ledger: HealthLedger
        /// The time of the next check of each resource, while a checker runs.
        var next: [ResourceID: TimeSource.Instant] = [:]
        /// The bindings with a checked instance.
        var asked: Set<BindingID> = []
        /// The running checkers and their numbers.
        var runs: [(number: UInt64, checkedBy: HealthCheckSource)] = []
        var lastRun: UInt64 = 0
        /// Whether there is nothing to check. The next round then starts when an event occurs.
        var isResting = false
        /// The start of the last round, while a checker runs.
        var lastRound: TimeSource.Instant?
        /// The time at which the last checker stopped, while none runs.
        var endedAt: TimeSource.Instant?
    }

    let state: Lock<State>
    /// The running checks, including those beyond their deadline. A resource never has two at a time.
    let running = Lock<[ResourceID: Promise<HealthResult>]>([:])

    private init(policy: HealthPolicy, at time: TimeSource.Instant) {
        self.state = Lock(State(ledger: HealthLedger(policy: policy, at: time)))
    }

    /// The health of `container`; nil if it has never had a checker.
    static func of(_ container: Container) -> ContainerHealth? {
        container.companion()
    }

    /// The health of `container`, created with `policy` if there is none yet.
    static func shared(_ container: Container, policy: HealthPolicy) -> ContainerHealth {
        let time = container.environment.time.now
        // Health is a container's only companion. If another type were stored, this checker would keep separate health.
        return container.companion { ContainerHealth(policy: policy, at: time) } ?? ContainerHealth(policy: policy, at: time)
    }

    // MARK: Runs

    /// Registers a checker that starts to run. Returns the number of the run.
    func begin(_ checkedBy: HealthCheckSource, policy: HealthPolicy) -> UInt64 {
        self.state.withLock { state in
            state.lastRun += 1
            state.runs.append((state.lastRun, checkedBy))
            state.endedAt = nil
            if state.governing == state.lastRun { state.ledger.policy = policy }
            return state.lastRun
        }
    }

    /// Removes a run that has ended.
    func end(_ run: UInt64, at now: TimeSource.Instant) {
        self.state.withLock { state in
            state.runs.removeAll { $0.number == run }
            guard state.runs.isEmpty else { return }
            state.next = [:]
            state.asked = []
            state.isResting = false
            state.endedAt = state.lastRound == nil ? nil : now
            state.lastRound = nil
        }
    }

    /// Sets the policy for a single check, unless a checker runs.
    func adopt(_ policy: HealthPolicy) {
        self.state.withLock { state in
            if state.runs.isEmpty { state.ledger.policy = policy }
        }
    }

    /// The resources whose check is running beyond its deadline.
    var late: Set<ResourceID> {
        self.running.withLock { running in Set(running.filter { $0.value.value != nil }.keys) }
    }
}

extension ContainerHealth.State {
    /// The run that performs checks: the application's if it has one, otherwise a dashboard's.
    var governing: UInt64? {
        (self.runs.first { $0.checkedBy == .program } ?? self.runs.first)?.number
    }

    var checkedBy: HealthCheckSource {
        self.runs.contains { $0.checkedBy == .program } ? .program : self.runs.first?.checkedBy ?? .nobody
    }

    /// Applies the active resources at `now`. O(active resources).
    mutating func settle(_ live: [LiveResource], at now: TimeSource.Instant) {
        let interval = self.ledger.policy.interval
        let subjects = live.map { resource in
            // Finding a value's probe costs dynamic casts, so the result is remembered.
            let isKnown = self.ledger.entries[resource.id]?.subject.hasProbe
            let hasProbe = isKnown ?? (!self.ledger.probeless.contains(resource.id) && resource.hasProbe)
            return HealthSubject(resource, hasProbe: hasProbe, interval: interval)
        }
        self.ledger.settle(subjects, at: now)
    }
}

extension LiveResource {
    /// Whether it is ready and has a health check.
    var hasProbe: Bool {
        guard let value = self.value else { return false }
        if case .none = HealthProbe(value) { return false }
        return true
    }
}

// MARK: - The picture

extension ContainerHealth {
    /// The health of `container` and its resources. O(resources and dependencies).
    func picture(of container: Container) -> HealthPicture {
        let now = container.environment.time.now
        let live = container.resources()
        let late = self.late
        return self.state.withLock { state in
            state.settle(live, at: now)
            var affected = AffectedResources(
                dependencies: Dictionary(uniqueKeysWithValues: live.map { ($0.id, $0.dependencies) }),
                ill: Set(state.ledger.entries.filter(\.value.status.isBad).keys)
            )
            let opinion = state.ledger.opinion
            return HealthPicture(
                time: now,
                verdict: state.ledger.verdict,
                isStale: opinion.isStale,
                since: state.ledger.since,
                causes: opinion.causes(at: now),
                transitions: Array(state.ledger.transitions),
                rows: live.map { resource in state.row(of: resource, at: now, late: late, affectedBy: affected.causes(of: resource.id)) },
                checkedBy: state.checkedBy
            )
        }
    }
}

extension ContainerHealth.State {
    fileprivate func row(
        of resource: LiveResource,
        at now: TimeSource.Instant,
        late: Set<ResourceID>,
        affectedBy: [ResourceID]
    ) -> HealthRow {
        let entry = self.ledger.entries[resource.id]
        var row = HealthRow(
            resource: resource.id,
            label: "\(resource.label)\(resource.id)",
            scope: resource.scope,
            isCritical: resource.options.critical,
            status: entry?.status ?? .unknown,
            since: entry?.since ?? now,
            history: entry?.history ?? [],
            transitions: entry?.transitions ?? [],
            interval: resource.options.healthInterval ?? self.ledger.policy.interval,
            nextCheck: self.next[resource.id],
            isLate: late.contains(resource.id) || entry?.isStale == true,
            fallbackFor: resource.fallbackFor,
            affectedBy: affectedBy,
            isStale: entry?.isStale ?? false,
            hasProbe: !self.ledger.probeless.contains(resource.id)
        )
        row.countsAs = entry.flatMap { $0.countsAs(self.ledger.answer(of: resource.binding)) }
        return row
    }
}
