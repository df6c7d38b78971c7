extension Registry {
    /// The handling of an instance whose initialization returned.
    enum Arrival: Sendable {
        /// The instance is ready. Fulfill the promise of the waiting requests, if any.
        case ready(Initialized?)
        /// The instance was abandoned. Dispose it, and the transients created for it.
        case late(parts: [ResourceHandle])
        /// The initialization exceeded its timeout, but blocked the thread so that its deadline did not run. Dispose the instance and fail
        /// the waiting requests.
        case overdue(Initialized, parts: [ResourceHandle])
    }

    /// Records a successful initialization of `handle`.
    mutating func initialized(_ handle: ResourceHandle, _ instance: AnyInstance, at now: TimeSource.Instant) -> Arrival {
        guard self.holds(handle) else {
            let parts = self.parts(of: handle)
            self.comeLate(handle.id, at: now)
            return .late(parts: parts)
        }
        let row = handle.row
        if now - self.resources[row].createdAt >= self.resources[row].binding.initializeTimeout {
            let parts = self.parts(of: handle)
            if let promise = self.abandonInitialization(handle, because: self.overran(row, .initialize, at: now), at: now) {
                self.comeLate(handle.id, at: now)
                return .overdue(promise, parts: parts)
            }
        }
        let order = self.markReady(row)
        self.resources[row].instance = instance
        self.resources[row].readyAt = now
        self.resources[row].readyOrder = order
        if !self.fallbackUses.isEmpty { self.endFallbackUse(for: self.resources[row].word) }
        if !self.failing.isEmpty { self.forgetFailures(of: self.resources[row].word) }
        if let contextual = instance.contextual, let pool = sampledPool(of: contextual) {
            self.pools.append(PoolEntry(handle: handle, pool: pool))
            if let watcher = pool as? any ScopeWatching { self.watchers.append(watcher) }
        }
        let promise = self.resources[row].initialized
        self.resources[row].initialized = nil
        self.move(
            row,
            to: .ready,
            at: now,
            .ready(
                took: now.nanoseconds(since: self.resources[row].createdAt),
                order: order,
                dependencies: self.resources[row].dependencies
            )
        )
        return .ready(promise)
    }

    /// Records a failed initialization of `handle`. Returns the promise of the waiting requests, if any.
    mutating func initializationFailed(_ handle: ResourceHandle, _ error: ResourceError, at now: TimeSource.Instant) -> Initialized? {
        guard self.holds(handle) else {
            self.comeLate(handle.id, at: now)
            return nil
        }
        let promise = self.resources[handle.row].initialized
        let took = now - self.resources[handle.row].createdAt
        self.reportEntry(handle.row, .neverInitialized, took: .zero, error: error.reason)
        self.noteFailure(of: handle.row, error, hangs: false, at: now)
        self.move(handle.row, to: .initFailed, at: now, .boxed(.initializationFailed(error.reason, took: took)))
        return promise
    }

    /// Abandons a running initialization. Returns the promise of the waiting requests, or nil if the initialization has returned.
    ///
    /// - Parameter reason: The text for the close report. By default it states that the step did not return within its budget.
    mutating func abandonInitialization(
        _ handle: ResourceHandle,
        because reason: String? = nil,
        at now: TimeSource.Instant
    ) -> Initialized? {
        guard self.holds(handle), self.resources[handle.row].state == .initializing else { return nil }
        let promise = self.promise(of: handle.row)
        let row = self.resources[handle.row]
        self.abandon(handle.row, .initialize, since: row.createdAt, budget: row.binding.initializeTimeout, because: reason, at: now)
        return promise
    }

    /// Abandons an initialization that timed out, and counts it as a failure. Returns the promise of the waiting requests, or nil if it has
    /// returned.
    mutating func initializationTimedOut(_ handle: ResourceHandle, _ error: ResourceError, at now: TimeSource.Instant) -> Initialized? {
        guard self.holds(handle), self.resources[handle.row].state == .initializing else { return nil }
        self.noteFailure(of: handle.row, error, hangs: true, at: now)
        return self.abandonInitialization(handle, at: now)
    }

    /// The transients that were created only for `handle`, transitively. They are disposed if its initialization fails. Dependents first,
    /// newest first.
    func parts(of handle: ResourceHandle) -> [ResourceHandle] {
        var parts: [ResourceHandle] = []
        // An explicit stack, because a chain of parts can be longer than the thread's stack allows.
        var open = self.holds(handle) ? self.resources[handle.row].dependencies : self.abandoned[handle.id]?.dependencies ?? []
        while let part = open.popLast() {
            guard self.holds(part), self.resources[part.row].binding.lifetime == .transient, self.resources[part.row].state == .ready else {
                continue
            }
            parts.append(part)
            open.append(contentsOf: self.resources[part.row].dependencies)
        }
        return parts
    }

    // MARK: Disposing

    /// The dispose of one instance.
    struct Disposal: Sendable {
        let handle: ResourceHandle
        let binding: Binding
        let scope: Scope
        let instance: AnyInstance
        let since: TimeSource.Instant
        /// Whether to dispose without waiting for its leases.
        let isForced: Bool
        /// Whether it runs on its own thread, so that blocking that thread does not delay the close.
        let isBudgeted: Bool

        var deadline: TimeSource.Instant {
            self.since + self.binding.disposeTimeout
        }

        /// Whether the dispose cannot suspend. An injected fault may suspend, and is applied without suspending in a synchronous scope, which
        /// cannot wait.
        var isSynchronous: Bool {
            self.instance.kind == .synchronous && (self.binding.faults == nil || self.scope.isSynchronous)
        }
    }

    /// Begins to dispose a ready instance. Returns nil if it is not ready.
    mutating func beginDispose(_ handle: ResourceHandle, at now: TimeSource.Instant) -> Disposal? {
        guard self.holds(handle), self.resources[handle.row].state == .ready else { return nil }
        self.resources[handle.row].disposingSince = now
        self.move(handle.row, to: .disposing, at: now, .disposing)
        guard let instance = self.resources[handle.row].instance else { preconditionFailure("a ready instance has a value") }
        let scope = self.resources[handle.row].scope
        return Disposal(
            handle: handle,
            binding: self.resources[handle.row].binding,
            scope: self.scopes[scope].scope,
            instance: instance,
            since: now,
            isForced: self.scopes[scope].closing?.isForced ?? false,
            isBudgeted: self.scopes[scope].closing?.isBudgeted ?? false
        )
    }

    /// Records that the dispose of an instance returned or threw. Returns false if it was abandoned before.
    mutating func disposed(_ handle: ResourceHandle, error: DisposeFailure?, at now: TimeSource.Instant) -> Bool {
        guard self.holds(handle) else {
            self.comeLate(handle.id, at: now)
            return false
        }
        let since = self.resources[handle.row].disposingSince
        let isOverdue = now - since >= self.resources[handle.row].binding.disposeTimeout
        if isOverdue, error == nil {
            self.disposedOverdue(handle, at: now)
            return true
        }
        // A closure that calls a method of the registry would copy the registry.
        var text = error?.text
        if let thrown = text, isOverdue { text = "\(thrown); \(self.overran(handle.row, .dispose, at: now))" }
        let took = now.nanoseconds(since: since)
        let lived = since.nanoseconds(since: self.resources[handle.row].readyAt)
        self.reportEntry(
            handle.row,
            error == nil ? .disposed : .threw,
            took: .nanoseconds(took),
            error: text,
            unreturned: error?.unreturned ?? []
        )
        if self.resources[handle.row].binding.options.trackOutliving { self.watchOutliving(self.resources[handle.row], at: now) }
        if let text {
            self.scopes[self.resources[handle.row].scope].closing?.threw += 1
            self.move(
                handle.row,
                to: .disposed,
                at: now,
                .boxed(.disposeThrew(text, took: .nanoseconds(took), lived: .nanoseconds(lived)))
            )
        } else {
            self.move(handle.row, to: .disposed, at: now, .disposed(took: took, lived: lived))
        }
        return true
    }

    /// Records a dispose that exceeded its timeout, but blocked the thread so that its deadline did not run.
    private mutating func disposedOverdue(_ handle: ResourceHandle, at now: TimeSource.Instant) {
        let row = self.resources[handle.row]
        if row.binding.options.trackOutliving { self.watchOutliving(row, at: now) }
        let reason = self.overran(handle.row, .dispose, at: now)
        self.abandon(handle.row, .dispose, since: row.disposingSince, budget: row.binding.disposeTimeout, because: reason, at: now)
        self.comeLate(handle.id, at: now)
    }

    private func overran(_ row: Int, _ phase: ResourceEvent.Phase, at now: TimeSource.Instant) -> String {
        let (binding, isMade) = (self.resources[row].binding, phase == .initialize)
        let took = now - (isMade ? self.resources[row].createdAt : self.resources[row].disposingSince)
        return "its \(phase.rawValue) returned after \(took), beyond its budget of "
            + "\(isMade ? binding.initializeTimeout : binding.disposeTimeout)"
    }

    /// Abandons a dispose because the budget of the close is used up.
    mutating func abandonDispose(
        _ handle: ResourceHandle,
        budget: Duration,
        because reason: String,
        unreturned: [PoolSample.Holder],
        at now: TimeSource.Instant
    ) {
        guard self.holds(handle), self.resources[handle.row].state == .disposing else { return }
        let since = self.resources[handle.row].disposingSince
        self.abandon(handle.row, .dispose, since: since, budget: budget, because: reason, unreturned: unreturned, at: now)
    }

    /// Abandons a dispose that timed out. Returns false if it has returned.
    mutating func disposeTimedOut(_ handle: ResourceHandle, at now: TimeSource.Instant) -> Bool {
        guard self.holds(handle), self.resources[handle.row].state == .disposing else { return false }
        let row = self.resources[handle.row]
        self.abandon(handle.row, .dispose, since: row.disposingSince, budget: row.binding.disposeTimeout, at: now)
        return true
    }

    mutating func abandon(
        _ index: Int,
        _ phase: ResourceEvent.Phase,
        since: TimeSource.Instant,
        budget: Duration,
        because reason: String? = nil,
        unreturned: [PoolSample.Holder] = [],
        mayComeBack: Bool = true,
        at now: TimeSource.Instant
    ) {
        let row = self.resources[index]
        if mayComeBack {
            self.abandoned[row.id] = Abandonment(
                binding: row.binding.id,
                word: row.binding.word,
                scope: self.scopes[row.scope].id,
                since: since,
                phase: phase,
                dependencies: row.dependencies
            )
        }
        let took = phase == .dispose ? now - since : .zero
        let text = reason ?? "its \(phase.rawValue) did not return within \(min(budget, now - since))"
        self.reportEntry(index, .abandoned, took: took, error: text, unreturned: unreturned)
        // A budget of zero is reserved for a dropped container.
        let reported = self.isDropped ? budget : max(budget, .nanoseconds(1))
        self.move(index, to: .abandoned, at: now, .boxed(.abandoned(phase, budget: reported)))
    }

    private mutating func comeLate(_ id: ResourceID, at now: TimeSource.Instant) {
        guard let abandonment = self.abandoned.removeValue(forKey: id) else { return }
        if abandonment.phase == .initialize { self.tryAgain(abandonment.word, at: now) }
        self.log.append(
            .boxed(.completedLate(abandonment.phase, took: now - abandonment.since)),
            scope: abandonment.scope,
            resource: id,
            binding: abandonment.binding,
            at: now
        )
    }

    /// Adds the outcome of an instance to the report of its closing scope. Does nothing while the scope is open.
    private mutating func reportEntry(
        _ row: Int,
        _ outcome: DisposeReport.Outcome,
        took: Duration,
        error: String?,
        unreturned: [PoolSample.Holder] = []
    ) {
        let scope = self.resources[row].scope
        guard self.scopes[scope].state != .open, self.resources[row].isOwned else { return }
        let label = self.currentLabel(self.resources[row].bindingID)
        self.scopes[scope].entries.append(
            DisposeReport.Entry(
                order: self.scopes[scope].entries.count + 1,
                resource: self.resources[row].id,
                label: label,
                outcome: outcome,
                took: took,
                error: error,
                unreturned: unreturned
            )
        )
    }

    // MARK: Reports about instances

    /// Records an event that an instance reported or that was detected about it.
    mutating func record(
        _ kind: ResourceEvent.Kind,
        _ handle: ResourceHandle,
        binding: BindingID,
        scope: ScopeID,
        at now: TimeSource.Instant
    ) {
        if kind.isError {
            if self.holds(handle) {
                self.count(binding: binding, scope: self.resources[handle.row].scope) { $0.errors += 1 }
            } else {
                self.books.errors += 1
                self.keys[binding.rawValue].books.errors += 1
            }
        }
        self.log.append(.boxed(kind), scope: scope, resource: handle.id, binding: binding, at: now)
    }

    /// Records the result of a health check. Appends an event only if the status changes.
    @discardableResult
    mutating func recordHealth(_ result: HealthResult, of handle: ResourceHandle, at now: TimeSource.Instant) -> HealthResult? {
        guard self.holds(handle) else { return nil }
        let row = self.resources[handle.row]
        let before = self.health[handle.id]?.status ?? .unknown
        let result = self.fallbackUses[handle.id].map { $0.shown(in: result) } ?? result
        self.health[handle.id] = result
        guard before != result.status else { return result }
        self.log.append(
            .boxed(.healthChanged(from: before, to: result)),
            scope: self.scopes[row.scope].id,
            resource: handle.id,
            binding: row.binding.id,
            at: now
        )
        return result
    }

    /// The instance converted to the type of an alias. Stores `converted` unless another request stored a conversion first.
    mutating func alias(_ instance: AnyInstance, as binding: Binding, _ converted: AnyInstance?) -> AnyInstance? {
        guard self.holds(instance.handle) else { return converted }
        let row = instance.handle.row
        if let known = self.resources[row].aliases.first(where: { $0.binding == binding.word }) { return known.instance }
        if let converted { self.resources[row].aliases.append((binding.word, converted)) }
        return converted
    }
}

/// The error that a dispose threw, in stored form.
struct DisposeFailure: Sendable {
    let text: String
    let unreturned: [PoolSample.Holder]

    init(_ error: any Error) {
        self.text = UserCode.text(of: error)
        self.unreturned = (error as? any UnreturnedError)?.unreturned ?? []
    }
}
