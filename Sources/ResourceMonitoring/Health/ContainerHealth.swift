import ResourceContainer

/// What is known of the health of a container's resources.
///
/// There is one for each container, and all its checkers write to it: whoever asks, with a checker that runs or by hand, every view, export
/// and probe tells the same. It does not keep the container alive.
final class ContainerHealth: Sendable {
    struct State: Sendable {
        var ledger: HealthLedger
        /// When each resource is asked next, while a checker runs.
        var next: [ResourceID: TimeSource.Instant] = [:]
        /// The bindings of which an instance was asked.
        var asked: Set<BindingID> = []
        /// The checkers that run, and their numbers.
        var runs: [(number: UInt64, asker: HealthAsker)] = []
        var lastRun: UInt64 = 0
        /// Whether there is nothing to be asked: the next round begins when something happens.
        var isResting = false
        /// When the last round began, while a checker runs.
        var lastRound: TimeSource.Instant?
        /// When the last checker stopped, while none runs.
        var endedAt: TimeSource.Instant?
    }

    let state: Lock<State>
    /// The resources whose check has not come back, past its deadline or not: none is asked twice at a time.
    let running = Lock<[ResourceID: Promise<HealthResult>]>([:])

    private init(policy: HealthPolicy, at time: TimeSource.Instant) {
        self.state = Lock(State(ledger: HealthLedger(policy: policy, at: time)))
    }

    /// What is known of `container`; nil if it never had a checker.
    static func of(_ container: Container) -> ContainerHealth? {
        container.companion()
    }

    /// What is known of `container`, for a checker that goes by `policy`.
    static func shared(_ container: Container, policy: HealthPolicy) -> ContainerHealth {
        let time = container.environment.time.now
        // Health is the only thing that is kept with a container; were it another one, this checker would be alone with what it knows.
        return container.companion { ContainerHealth(policy: policy, at: time) } ?? ContainerHealth(policy: policy, at: time)
    }

    // MARK: Who asks

    /// A checker begins to run; returns the number of the run.
    func begin(_ asker: HealthAsker, policy: HealthPolicy) -> UInt64 {
        self.state.withLock { state in
            state.lastRun += 1
            state.runs.append((state.lastRun, asker))
            state.endedAt = nil
            if state.governing == state.lastRun { state.ledger.policy = policy }
            return state.lastRun
        }
    }

    /// A run has ended.
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

    /// A checker asks by hand: where none runs, it says how answers are judged.
    func adopt(_ policy: HealthPolicy) {
        self.state.withLock { state in
            if state.runs.isEmpty { state.ledger.policy = policy }
        }
    }

    /// The resources whose check is out beyond its deadline.
    var late: Set<ResourceID> {
        self.running.withLock { running in Set(running.filter { $0.value.value != nil }.keys) }
    }
}

extension ContainerHealth.State {
    /// The run that asks: the program's, if it has one; a dashboard's own checker steps back for it.
    var governing: UInt64? {
        (self.runs.first { $0.asker == .program } ?? self.runs.first)?.number
    }

    var asker: HealthAsker {
        self.runs.contains { $0.asker == .program } ? .program : self.runs.first?.asker ?? .nobody
    }

    /// Takes what lives at `now`. O(live).
    mutating func settle(_ live: [LiveResource], at now: TimeSource.Instant) {
        let interval = self.ledger.policy.interval
        let subjects = live.map { resource in
            // Looking whether a value can be asked costs more than remembering.
            let isKnown = self.ledger.entries[resource.id]?.subject.hasProbe
            let hasProbe = isKnown ?? (!self.ledger.probeless.contains(resource.id) && resource.hasProbe)
            return HealthSubject(resource, hasProbe: hasProbe, interval: interval)
        }
        self.ledger.settle(subjects, at: now)
    }
}

extension LiveResource {
    /// Whether it is ready and has anything to be asked.
    var hasProbe: Bool {
        guard let value = self.value else { return false }
        if case .none = HealthProbe(value) { return false }
        return true
    }
}

// MARK: - The picture

extension ContainerHealth {
    /// The health of every resource of `container` and of the whole. O(resources and dependencies).
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
                asker: state.asker
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
            standsInFor: resource.standsInFor,
            affectedBy: affectedBy,
            isStale: entry?.isStale ?? false,
            hasProbe: !self.ledger.probeless.contains(resource.id)
        )
        row.countsAs = entry.flatMap { $0.countsAs(self.ledger.answer(of: resource.binding)) }
        return row
    }
}
