/// Closing a scope within a budget.
extension Registry {
    /// The rows of a scope and its descendants, parents before their children. Empty if the scope is closed.
    func rows(below scope: Scope) -> [Int] {
        guard self.holds(scope) else { return [] }
        var rows: [Int] = []
        var pending = [scope.row]
        while let row = pending.popLast() {
            rows.append(row)
            pending.append(contentsOf: self.scopes.backwards(self.scopes[row].children))
        }
        return rows
    }

    /// Runs the disposes of a running close in separate tasks, in the scope and its descendants, so that none delays it by blocking its
    /// thread.
    mutating func setBudgeted(_ scope: Scope) {
        for row in self.rows(below: scope) where self.scopes[row].closing != nil {
            self.scopes[row].closing?.isBudgeted = true
            self.runApart(self.scopes[row].scope)
        }
    }

    /// Begins all remaining disposes of a scope and its descendants because the budget is nearly used up. They begin in the order of
    /// disposal, but without waiting for each other.
    mutating func beginRest(of scope: Scope, at now: TimeSource.Instant) -> [Disposal] {
        let rows = self.disposalRows(below: scope)
        let left = rows.reduce(0) { $0 + self.scopes[$1].books.ready }
        if left > 0 { self.log.append(.boxed(.closeExpedited(left: left)), scope: scope.id, at: now) }
        let awaitedSteps = rows.flatMap { self.underWay($0) }
        var disposals: [Disposal] = []
        for row in rows {
            self.apart[row, default: Apart(limit: Self.limit(of: self.scopes[row].scope))].begin(
                Rest(since: now, awaitedSteps: awaitedSteps)
            )
            for handle in self.plan(row) where !self.disposeOnTheSpot(handle, at: now) {
                if let disposal = self.beginDispose(handle, at: now) { disposals.append(disposal) }
            }
        }
        return disposals
    }

    /// The work that remains when a close abandons what it waits for.
    struct AbandonedWork: Sendable {
        /// The disposes that had not begun. They still run, but the close does not wait for them.
        var disposals: [Disposal] = []
        var initializations: [Initialized] = []
        /// The scopes that this closes, descendants first.
        var ended: [EndedScope] = []
    }

    /// Ends the close of a scope. All running steps of the scope and its descendants are abandoned.
    ///
    /// - Parameter holders: The lease holders of the pools that are being disposed.
    mutating func abandonRest(
        _ scope: Scope,
        budget: Duration,
        holders: [ResourceID: [PoolSample.Holder]],
        at now: TimeSource.Instant
    ) -> AbandonedWork {
        var surrender = AbandonedWork()
        let rows = self.disposalRows(below: scope)
        for row in rows.reversed() where self.scopes[row].closing == nil {
            self.claim(self.scopes[row].scope, force: true, budgeted: true, at: now)
        }
        surrender.disposals = self.beginRest(of: scope, at: now)
        for row in rows {
            for index in Array(self.resources.backwards(self.scopes[row].owned)) {
                let handle = ResourceHandle(row: index, id: self.resources[index].id)
                let because = self.reason(index, budget: budget, at: now)
                if let promise = self.abandonInitialization(handle, because: because, at: now) {
                    surrender.initializations.append(promise)
                } else {
                    self.abandonDispose(handle, budget: budget, because: because, unreturned: holders[handle.id] ?? [], at: now)
                }
            }
            surrender.ended.append(self.closed(row, at: now))
        }
        return surrender
    }

    /// The pools that are being disposed in a scope and its descendants.
    func poolsBeingDisposed(below scope: Scope) -> [PoolEntry] {
        if self.pools.isEmpty { return [] }
        let rows = Set(self.rows(below: scope))
        return self.pools.filter { entry in
            self.holds(entry.handle) && self.resources[entry.handle.row].state == .disposing
                && rows.contains(self.resources[entry.handle.row].scope)
        }
    }

    /// The rows of a scope and its descendants in closing order: children before parents, the newest child first.
    private func disposalRows(below scope: Scope) -> [Int] {
        guard self.holds(scope) else { return [] }
        var rows: [Int] = []
        // Each scope is visited twice: the first visit pushes its children on top of it.
        var pending = [(row: scope.row, isExpanded: false)]
        while let next = pending.popLast() {
            if next.isExpanded {
                rows.append(next.row)
            } else {
                pending.append((next.row, true))
                let children = Array(self.scopes.backwards(self.scopes[next.row].children))
                pending.append(contentsOf: children.reversed().map { ($0, false) })
            }
        }
        return rows
    }

    /// The steps that the close of a scope is waiting for, in words.
    private func underWay(_ row: Int) -> [String] {
        guard self.scopes[row].underWay > 0 else { return [] }
        return self.resources.backwards(self.scopes[row].owned).filter { self.resources[$0].state != .ready }.map { index in
            let step: ResourceEvent.Phase = self.resources[index].state == .initializing ? .initialize : .dispose
            return "the \(step.rawValue) of \(self.name(index))"
        }
    }

    private func name(_ index: Int) -> String {
        "\(self.resources[index].binding.label)\(self.resources[index].id)"
    }

    /// The reason why an instance is abandoned when the budget of a close is used up, including the steps that caused the delay.
    private func reason(_ index: Int, budget: Duration, at now: TimeSource.Instant) -> String {
        let row = self.resources[index]
        let isMade = row.state == .initializing
        let phase: ResourceEvent.Phase = isMade ? .initialize : .dispose
        var text = "its \(phase.rawValue) did not return within the close's budget of \(budget)"
        if isMade {
            let awaited = row.waitsFor.filter { self.holds($0) }.map { self.name($0.row) }
            return awaited.isEmpty ? text : text + "; it was waiting for \(Self.list(awaited))"
        }
        text += "; it had \(now - row.disposingSince)"
        if let rest = self.apart[row.scope]?.rest, row.disposingSince == rest.since {
            let awaitedSteps = rest.awaitedSteps.filter { $0 != "the dispose of \(self.name(index))" }
            if !awaitedSteps.isEmpty { text += ", because the close waited for \(Self.list(awaitedSteps))" }
        }
        return text
    }

    private static func list(_ texts: [String]) -> String {
        texts.count > 3 ? "\(texts.prefix(3).joined(separator: ", ")) and \(texts.count - 3) more" : texts.joined(separator: ", ")
    }
}
