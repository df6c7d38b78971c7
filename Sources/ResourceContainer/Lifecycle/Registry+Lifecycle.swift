extension Registry {
    /// What is to be done with an instance whose initialisation came back.
    enum Arrival: Sendable {
        /// It is ready: answer those who wait.
        case ready(Promise<Result<AnyInstance, ResourceError>>)
        /// It was abandoned meanwhile and nobody will ever see it: dispose it, and the parts made only for it.
        case late(parts: [ResourceID])
    }

    /// The initialisation of `id` succeeded.
    mutating func initialised(_ id: ResourceID, _ instance: AnyInstance, at now: TimeSource.Instant) -> Arrival {
        guard let record = self.resources[id] else {
            let parts = self.parts(of: id)
            self.comeLate(id, at: now)
            return .late(parts: parts)
        }
        let order = self.nextReadyOrder()
        self.resources[id]?.instance = instance
        self.resources[id]?.readyAt = now
        self.resources[id]?.readyOrder = order
        self.move(id, to: .ready, at: now, .ready(took: now - record.createdAt, order: order, dependencies: record.dependencies))
        return .ready(record.initialised)
    }

    /// The initialisation of `id` threw. Returns whom to tell, or nil if it was abandoned meanwhile.
    mutating func initialisationFailed(
        _ id: ResourceID,
        _ error: ResourceError,
        at now: TimeSource.Instant
    ) -> Promise<Result<AnyInstance, ResourceError>>? {
        guard let record = self.resources[id] else {
            self.comeLate(id, at: now)
            return nil
        }
        self.move(id, to: .initFailed, at: now, .initialisationFailed(error.reason, took: now - record.createdAt))
        return record.initialised
    }

    /// The budget of an initialisation is used up. Returns whom to tell, or nil if it has come back.
    mutating func initialisationTimedOut(_ id: ResourceID, at now: TimeSource.Instant) -> Promise<Result<AnyInstance, ResourceError>>? {
        guard let record = self.resources[id], record.state == .initialising else { return nil }
        self.abandon(record, .initialise, since: record.createdAt, at: now)
        return record.initialised
    }

    /// The transients that were made only for `id`, and for those: they go when its initialisation fails. Dependents first, newest first.
    func parts(of id: ResourceID) -> [ResourceID] {
        let dependencies = self.resources[id]?.dependencies ?? self.abandoned[id]?.dependencies ?? []
        return dependencies.reversed().flatMap { dependency -> [ResourceID] in
            guard let record = self.resources[dependency], record.binding.lifetime == .transient, record.state == .ready else { return [] }
            return [dependency] + self.parts(of: dependency)
        }
    }

    /// Begins the dispose of an instance that is ready; nil if it is not.
    mutating func beginDispose(_ id: ResourceID, at now: TimeSource.Instant) -> ResourceRecord? {
        guard let record = self.resources[id], record.state == .ready else { return nil }
        self.resources[id]?.disposingSince = now
        self.move(id, to: .disposing, at: now, .disposing)
        return self.resources[id]
    }

    /// The dispose of an instance came back, in time or not, with an error or without.
    /// False if it was abandoned before.
    mutating func disposed(_ id: ResourceID, error: String?, at now: TimeSource.Instant) -> Bool {
        guard let record = self.resources[id], let since = record.disposingSince else {
            self.comeLate(id, at: now)
            return false
        }
        let lived = since - (record.readyAt ?? since)
        if let error {
            self.scopes[record.scope]?.disposeThrew += 1
            self.move(id, to: .disposed, at: now, .disposeThrew(error, took: now - since, lived: lived))
        } else {
            self.move(id, to: .disposed, at: now, .disposed(took: now - since, lived: lived))
        }
        return true
    }

    /// The budget of a dispose is used up. False if it came back before.
    mutating func disposeTimedOut(_ id: ResourceID, at now: TimeSource.Instant) -> Bool {
        guard let record = self.resources[id], let since = record.disposingSince else { return false }
        self.abandon(record, .dispose, since: since, at: now)
        return true
    }

    private mutating func abandon(
        _ record: ResourceRecord,
        _ phase: ResourceEvent.Phase,
        since: TimeSource.Instant,
        at now: TimeSource.Instant
    ) {
        let options = record.binding.options
        self.abandoned[record.id] = Abandonment(
            binding: record.binding.id,
            scope: record.scope,
            since: since,
            phase: phase,
            dependencies: record.dependencies
        )
        let budget = phase == .initialise ? options.initializeTimeout : options.disposeTimeout
        self.move(record.id, to: .abandoned, at: now, .abandoned(phase, budget: budget))
    }

    private mutating func comeLate(_ id: ResourceID, at now: TimeSource.Instant) {
        guard let abandonment = self.abandoned.removeValue(forKey: id) else { return }
        self.log.append(
            .completedLate(abandonment.phase, took: now - abandonment.since),
            scope: abandonment.scope,
            resource: id,
            binding: abandonment.binding,
            at: now
        )
    }

    /// Something an instance said of itself, or something that was found out about it.
    mutating func record(_ kind: ResourceEvent.Kind, resource: ResourceID, binding: BindingID, scope: ScopeID, at now: TimeSource.Instant) {
        if case .errorReported = kind { self.count(binding: binding, scope: scope) { $0.errors += 1 } }
        self.log.append(kind, scope: scope, resource: resource, binding: binding, at: now)
    }

    /// The answer of a health check; an event only where it differs from the answer before.
    mutating func recordHealth(_ result: HealthResult, of id: ResourceID, at now: TimeSource.Instant) {
        guard let record = self.resources[id] else { return }
        let before = record.health?.status ?? .unknown
        self.resources[id]?.health = result
        guard before != result.status else { return }
        self.log.append(.healthChanged(from: before, to: result), scope: record.scope, resource: id, binding: record.binding.id, at: now)
    }
}
