extension Registry {
    /// The next step in closing a scope.
    enum ClosingStep: Sendable {
        /// Close a nested scope first.
        case enter(Scope)
        /// Wait for a nested scope that another run is closing.
        case waitForScope(Scope)
        /// Wait until an initialization ends with success or failure.
        case waitForInitialization(Initialized)
        /// Wait for a dispose that a failed initialization began for one of its parts.
        case waitForDisposal(Promise<Void>)
        /// Dispose an instance, which is already marked as disposing.
        case dispose(Disposal)
        /// Dispose an instance in a separate task while the run continues.
        case disposeApart(Disposal)
        /// The scope is empty and closed.
        case closed(EndedScope)
        /// The scope is already closed because the budget of its close was used up.
        case gone
    }

    /// A closed scope, its report, and the instances to notify.
    struct EndedScope: Sendable {
        let scope: Scope
        let report: DisposeReport
        let watchers: [any ScopeWatching]
    }

    /// Begins to close a scope. The scope and its descendants refuse requests from now on. Returns false if a close has already begun.
    ///
    /// - Parameter outcome: How the scope's body ended, for the event of the close, which also receives it if it has begun and not ended;
    ///   nil if the body did not end, or there is none.
    mutating func beginClosing(
        _ scope: Scope,
        force: Bool,
        budgeted: Bool,
        after outcome: ScopeOutcome? = nil,
        at now: TimeSource.Instant
    ) -> Bool {
        guard self.holds(scope) else { return false }
        guard self.scopes[scope.row].closing == nil else {
            if let outcome { self.scopes[scope.row].closing?.outcome = outcome }
            return false
        }
        // A scope that already refuses requests is inside a closing scope, which may have a budget. A synchronous scope still disposes on
        // its caller's stack, because in a simulation no other thread could do it.
        let inherits = self.scopes[scope.row].state == .closing && !scope.isSynchronous
        let isBudgeted = budgeted || (inherits && self.isInsideBudgeted(scope))
        self.claim(scope, force: force, budgeted: isBudgeted, after: outcome, at: now)
        self.refuse(scope.row, at: now)
        return true
    }

    /// Makes a scope refuse requests because its container was dropped while it was open. No close runs for it.
    mutating func beginDropping(_ row: Int, at now: TimeSource.Instant) {
        self.scopes[row].isDropped = true
        self.claim(self.scopes[row].scope, force: true, budgeted: false, at: now)
        self.refuseAlone(row, at: now)
    }

    private func isInsideBudgeted(_ scope: Scope) -> Bool {
        var around = scope.parent
        while let scope = around {
            if self.scopes[scope.row].closing?.isBudgeted == true { return true }
            around = scope.parent
        }
        return false
    }

    mutating func claim(_ scope: Scope, force: Bool, budgeted: Bool, after outcome: ScopeOutcome? = nil, at now: TimeSource.Instant) {
        self.scopes[scope.row].closing = Closing(isForced: force, isBudgeted: budgeted, since: now, outcome: outcome)
        if budgeted || Self.limit(of: scope) > 1 { self.runApart(scope) }
    }

    /// The maximum number of concurrent disposes of a scope. A synchronous scope is closed on its caller's stack, one dispose at a time.
    static func limit(of scope: Scope) -> Int {
        scope.isSynchronous ? 1 : scope.disposal.limit
    }

    mutating func runApart(_ scope: Scope) {
        self.scopes[scope.row].closing?.isApart = true
        if self.apart[scope.row] == nil { self.apart[scope.row] = Apart(limit: Self.limit(of: scope)) }
    }

    private mutating func refuse(_ row: Int, at now: TimeSource.Instant) {
        self.refuseAlone(row, at: now)
        if self.scopes[row].children.isEmpty { return }
        var pending = Array(self.scopes.backwards(self.scopes[row].children))
        while let row = pending.popLast() {
            pending.append(contentsOf: self.scopes.backwards(self.scopes[row].children))
            self.refuseAlone(row, at: now)
        }
    }

    private mutating func refuseAlone(_ row: Int, at now: TimeSource.Instant) {
        guard self.scopes[row].state == .open else { return }
        self.scopes[row].state = .closing
        let answers = self.scopes[row].scope.cache.withLock { cache in
            var deferredReleases = DeferredReleases()
            cache.close(&deferredReleases)
            return deferredReleases
        }
        self.deferredReleases.add(answers)
        self.log.append(.scopeClosing, scope: self.scopes[row].id, at: now)
    }

    /// The instances and promises that an expedited close affects.
    struct Expedite: Sendable {
        var initializations: [Initialized] = []
        /// Instances whose dispose waits for leases.
        var disposing: [AnyInstance] = []
    }

    /// Stops the close of a scope from waiting. In the scope and its descendants, running initializations are abandoned and running
    /// disposes are to be expedited.
    mutating func force(_ scope: Scope, at now: TimeSource.Instant) -> Expedite {
        var expedite = Expedite()
        for row in self.rows(below: scope) {
            self.scopes[row].closing?.isForced = true
            guard self.scopes[row].underWay > 0 else { continue }
            for resource in Array(self.resources.backwards(self.scopes[row].owned)) {
                let handle = ResourceHandle(row: resource, id: self.resources[resource].id)
                if let promise = self.abandonInitialization(handle, at: now) {
                    expedite.initializations.append(promise)
                } else if self.resources[resource].state == .disposing, let instance = self.resources[resource].instance {
                    expedite.disposing.append(instance)
                }
            }
        }
        return expedite
    }

    /// The next step in closing `scope`, after ``beginClosing(_:force:budgeted:at:)`` or the step `enter`.
    mutating func closingStep(_ scope: Scope, at now: TimeSource.Instant) -> ClosingStep {
        guard self.holds(scope) else { return .gone }
        let row = scope.row
        let child = Int(self.scopes[row].children.last)
        if child >= 0 {
            let inner = self.scopes[child].scope
            if self.scopes[child].closing != nil { return .waitForScope(inner) }
            let closing = self.scopes[row].closing
            self.claim(inner, force: closing?.isForced ?? false, budgeted: closing?.isBudgeted ?? false, at: now)
            return .enter(inner)
        }
        if self.scopes[row].closing?.isApart == true { return self.stepApart(row, at: now) }
        if self.scopes[row].underWay > 0, let step = self.stepUnderWay(row, at: now) { return step }
        while let handle = self.nextToDispose(row) {
            if self.disposeOnTheSpot(handle, at: now) { continue }
            if let disposal = self.beginDispose(handle, at: now) { return .dispose(disposal) }
        }
        return .closed(self.closed(row, at: now))
    }

    /// Disposes an instance whose dispose runs no user code. Returns false for other instances.
    mutating func disposeOnTheSpot(_ handle: ResourceHandle, at now: TimeSource.Instant) -> Bool {
        guard self.holds(handle), self.resources[handle.row].state == .ready, let instance = self.resources[handle.row].instance,
            instance.kind == .none || !self.resources[handle.row].isOwned
        else { return false }
        self.resources[handle.row].disposingSince = now
        self.move(handle.row, to: .disposing, at: now, .disposing)
        return self.disposed(handle, error: nil, at: now)
    }

    /// The next step in closing a scope whose disposes run in separate tasks.
    private mutating func stepApart(_ row: Int, at now: TimeSource.Instant) -> ClosingStep {
        if self.apart[row]?.schedule == nil {
            if self.scopes[row].underWay > 0, let step = self.stepUnderWay(row, at: now) { return step }
            self.makeSchedule(row)
        }
        let limit = self.apart[row]?.limit ?? 1
        while self.scopes[row].underWay < limit, let handle = self.nextOfSchedule(row) {
            if self.disposeOnTheSpot(handle, at: now) { continue }
            if let disposal = self.beginDispose(handle, at: now) { return .disposeApart(disposal) }
        }
        guard self.scopes[row].underWay > 0 else { return .closed(self.closed(row, at: now)) }
        let progress = self.apart[row]?.progress ?? Promise<Void>()
        self.apart[row]?.progress = progress
        return .waitForDisposal(progress)
    }

    private mutating func makeSchedule(_ row: Int) {
        let (items, rows) = self.teardownItems(row)
        self.apart[row]?.rows = rows
        self.apart[row]?.schedule = TeardownSchedule(items)
    }

    private mutating func nextOfSchedule(_ row: Int) -> ResourceHandle? {
        guard let id = self.apart[row]?.schedule?.next() else { return nil }
        return self.apart[row]?.rows[id].map { ResourceHandle(row: $0, id: id) }
    }

    /// Records the end of a dispose and returns the next step. Returns nil if the dispose was abandoned before.
    mutating func disposed(
        _ disposal: Disposal,
        error: DisposeFailure?,
        closing scope: Scope,
        at now: TimeSource.Instant
    ) -> ClosingStep? {
        self.disposed(disposal.handle, error: error, at: now) ? self.closingStep(scope, at: now) : nil
    }

    private mutating func stepUnderWay(_ row: Int, at now: TimeSource.Instant) -> ClosingStep? {
        for resource in Array(self.resources.backwards(self.scopes[row].owned)) {
            switch self.resources[resource].state {
            case .initializing:
                return .waitForInitialization(self.promise(of: resource))
            case .disposing:
                return self.disposal(of: ResourceHandle(row: resource, id: self.resources[resource].id)).map { .waitForDisposal($0) }
            case .ready, .disposed, .initFailed, .abandoned:
                continue
            }
        }
        return nil
    }

    /// The promise that is fulfilled when the running dispose of an instance ends.
    mutating func disposal(of handle: ResourceHandle) -> Promise<Void>? {
        guard self.holds(handle), self.resources[handle.row].state == .disposing else { return nil }
        let ended = self.resources[handle.row].ended ?? Promise<Void>()
        self.resources[handle.row].ended = ended
        return ended
    }

    /// The instance to dispose next: the newest ready one, unless later dependencies require another order.
    private mutating func nextToDispose(_ row: Int) -> ResourceHandle? {
        if self.scopes[row].hasLateEdges {
            if self.scopes[row].closing?.plan == nil {
                let plan = self.plan(row)
                self.scopes[row].closing?.plan = plan.reversed()
            }
            return self.scopes[row].closing?.plan?.popLast()
        }
        let last = Int(self.scopes[row].owned.last)
        return last < 0 ? nil : ResourceHandle(row: last, id: self.resources[last].id)
    }

    func plan(_ row: Int) -> [ResourceHandle] {
        let (items, rows) = self.teardownItems(row)
        return TeardownOrder.plan(items).compactMap { id in rows[id].map { ResourceHandle(row: $0, id: id) } }
    }

    /// The ready instances of a scope and their rows.
    private func teardownItems(_ row: Int) -> (items: [TeardownOrder.Item], rows: [ResourceID: Int]) {
        let ready = self.resources.backwards(self.scopes[row].owned).filter { self.resources[$0].state == .ready }
        var rows: [ResourceID: Int] = [:]
        let items = ready.map { index in
            let resource = self.resources[index]
            rows[resource.id] = index
            return TeardownOrder.Item(id: resource.id, readyOrder: resource.readyOrder, dependencies: resource.dependencies.map(\.id))
        }
        return (items, rows)
    }

    /// Closes an empty scope.
    mutating func closed(_ row: Int, at now: TimeSource.Instant) -> EndedScope {
        let (scope, books) = (self.scopes[row].scope, self.scopes[row].books)
        guard let closing = self.scopes[row].closing.take() else { preconditionFailure("only a closing scope is closed") }
        let took = now.nanoseconds(since: closing.since)
        let report = DisposeReport(
            scope: scope.id,
            name: scope.name,
            children: closing.children,
            entries: self.scopes[row].entries,
            took: .nanoseconds(took)
        )
        if let parent = scope.parent {
            var children = self.scopes[parent.row].children
            self.scopes.unlink(row, from: &children)
            self.scopes[parent.row].children = children
            if self.scopes[parent.row].closing != nil { self.scopes[parent.row].closing?.children.append(report) }
        }
        self.scopes.remove(row)
        if !self.apart.isEmpty { self.apart[row] = nil }
        if scope.parent != nil {
            self.closedScopes += 1
            self.outcomes.add(closing.outcome)
        } else {
            self.dropCaptures()
        }
        self.log.append(
            .closed(
                disposed: books.disposed,
                threw: closing.threw,
                abandoned: books.abandoned,
                took: took,
                outcome: closing.outcome
            ),
            scope: scope.id,
            at: now
        )
        return EndedScope(scope: scope, report: report, watchers: self.watchers)
    }
}
