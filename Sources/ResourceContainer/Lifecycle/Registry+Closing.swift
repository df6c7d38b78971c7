extension Registry {
    /// What the closing of a scope needs next.
    enum ClosingStep: Sendable {
        /// A scope inside is to be closed first.
        case enter(Scope)
        /// Somebody else closes a scope inside: wait for that.
        case waitForScope(Scope)
        /// An instance is being made: wait until it has been, one way or the other.
        case waitForInitialisation(Initialised)
        /// An instance is being disposed by somebody else: by an initialisation that failed, of its parts.
        case waitForDisposal(Promise<Void>)
        /// An instance is to be disposed; it is marked so.
        case dispose(Disposal)
        /// The same, while the run goes on with the next step.
        case disposeApart(Disposal)
        /// The scope is empty, and over.
        case closed(EndedScope)
        /// The scope is over already: its closing had a budget, which is used up.
        case gone
    }

    /// A scope that is over, and who wants to know.
    struct EndedScope: Sendable {
        let scope: Scope
        let report: DisposeReport
        let watchers: [any ScopeWatching]
    }

    /// Begins to close a scope: it and every scope below it refuse requests from here on. False if somebody has begun before.
    mutating func beginClosing(_ scope: Scope, force: Bool, budgeted: Bool, at now: TimeSource.Instant) -> Bool {
        guard self.holds(scope), self.scopes[scope.row].closing == nil else { return false }
        // A scope that refuses requests already is inside one that is being closed, perhaps within a budget. The end of a synchronous scope
        // disposes on its caller's stack all the same: in a simulation no other thread could do it.
        let inherits = self.scopes[scope.row].state == .closing && !scope.isSynchronous
        let isBudgeted = budgeted || (inherits && self.isInsideBudgeted(scope))
        self.claim(scope, force: force, budgeted: isBudgeted, at: now)
        self.refuse(scope.row, at: now)
        return true
    }

    /// A scope that was open when its container was dropped refuses requests from here on, and nobody closes it.
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

    mutating func claim(_ scope: Scope, force: Bool, budgeted: Bool, at now: TimeSource.Instant) {
        self.scopes[scope.row].closing = Closing(isForced: force, isBudgeted: budgeted, since: now)
        if budgeted || Self.limit(of: scope) > 1 { self.runApart(scope) }
    }

    /// How many disposes of a scope may run at the same time. A synchronous scope is closed on its caller's stack, which does not wait.
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
            var leavings = Leavings()
            cache.close(&leavings)
            return leavings
        }
        self.leavings.add(answers)
        self.log.append(.scopeClosing, scope: self.scopes[row].id, at: now)
    }

    /// What hurrying a close leads to.
    struct Hurry: Sendable {
        var initialisations: [Initialised] = []
        /// Instances whose dispose waits for what they have lent.
        var disposing: [AnyInstance] = []
    }

    /// Makes the closing of a scope wait for nothing: here and below, what is being made is abandoned, and what is being disposed is
    /// to be hurried.
    mutating func force(_ scope: Scope, at now: TimeSource.Instant) -> Hurry {
        var hurry = Hurry()
        for row in self.rows(below: scope) {
            self.scopes[row].closing?.isForced = true
            guard self.scopes[row].underWay > 0 else { continue }
            for resource in Array(self.resources.backwards(self.scopes[row].owned)) {
                let handle = ResourceHandle(row: resource, id: self.resources[resource].id)
                if let promise = self.abandonInitialisation(handle, at: now) {
                    hurry.initialisations.append(promise)
                } else if self.resources[resource].state == .disposing, let instance = self.resources[resource].instance {
                    hurry.disposing.append(instance)
                }
            }
        }
        return hurry
    }

    /// The next step in closing `scope`, for which ``beginClosing(_:force:budgeted:at:)`` or `enter` came before.
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

    /// Disposes an instance whose dispose is no user code. False for another.
    mutating func disposeOnTheSpot(_ handle: ResourceHandle, at now: TimeSource.Instant) -> Bool {
        guard self.holds(handle), self.resources[handle.row].state == .ready, let instance = self.resources[handle.row].instance,
            instance.kind == .none || !self.resources[handle.row].isOwned
        else { return false }
        self.resources[handle.row].disposingSince = now
        self.move(handle.row, to: .disposing, at: now, .disposing)
        return self.disposed(handle, error: nil, at: now)
    }

    /// The next step in closing a scope whose disposes run apart.
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

    /// The dispose of an instance came back, and the closing of its scope goes on. Nil if it was abandoned before.
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
            case .initialising:
                return .waitForInitialisation(self.promise(of: resource))
            case .disposing:
                return self.disposal(of: ResourceHandle(row: resource, id: self.resources[resource].id)).map { .waitForDisposal($0) }
            case .ready, .disposed, .initFailed, .abandoned:
                continue
            }
        }
        return nil
    }

    /// What to wait for until the dispose of an instance, which somebody has begun, is over.
    mutating func disposal(of handle: ResourceHandle) -> Promise<Void>? {
        guard self.holds(handle), self.resources[handle.row].state == .disposing else { return nil }
        let ended = self.resources[handle.row].ended ?? Promise<Void>()
        self.resources[handle.row].ended = ended
        return ended
    }

    /// The instance that goes next: the last that became ready, unless edges that came later say otherwise.
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

    /// What is ready in a scope, and in which rows.
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

    /// A scope is empty and over.
    mutating func closed(_ row: Int, at now: TimeSource.Instant) -> EndedScope {
        let (scope, books) = (self.scopes[row].scope, self.scopes[row].books)
        guard let closing = self.scopes[row].closing.take() else { preconditionFailure("only a scope that was closing is closed") }
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
        if scope.parent != nil { self.closedScopes += 1 } else { self.dropCaptures() }
        self.log.append(
            .scopeClosed(
                disposed: Int32(clamping: books.disposed),
                threw: Int32(clamping: closing.threw),
                abandoned: Int32(clamping: books.abandoned),
                took: took
            ),
            scope: scope.id,
            at: now
        )
        return EndedScope(scope: scope, report: report, watchers: self.watchers)
    }
}
