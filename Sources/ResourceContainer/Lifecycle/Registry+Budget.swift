/// Closing that has to end by a moment.
extension Registry {
    /// The rows of a scope and of the scopes in it, parents before their children. Nothing if the scope is over.
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

    /// From now on no dispose holds up the closing of a scope, which is under way, by blocking its thread; here and below.
    mutating func setBudgeted(_ scope: Scope) {
        for row in self.rows(below: scope) where self.scopes[row].closing != nil {
            self.scopes[row].closing?.isBudgeted = true
            self.runApart(self.scopes[row].scope)
        }
    }

    /// The budget of a closing is nearly used up: whatever is left, here and below, is disposed now. In the order of disposal, but
    /// without waiting for the disposes before.
    mutating func beginRest(of scope: Scope, at now: TimeSource.Instant) -> [Disposal] {
        let rows = self.disposalRows(below: scope)
        let left = rows.reduce(0) { $0 + self.scopes[$1].books.ready }
        if left > 0 { self.log.append(.boxed(.closingHurried(left: left)), scope: scope.id, at: now) }
        let holdUps = rows.flatMap { self.underWay($0) }
        var disposals: [Disposal] = []
        for row in rows {
            self.apart[row, default: Apart(limit: Self.limit(of: self.scopes[row].scope))].begin(Rest(since: now, holdUps: holdUps))
            for handle in self.plan(row) where !self.disposeOnTheSpot(handle, at: now) {
                if let disposal = self.beginDispose(handle, at: now) { disposals.append(disposal) }
            }
        }
        return disposals
    }

    /// The budget of a closing is used up.
    struct Surrender: Sendable {
        /// What was begun only now, so that it is disposed some time.
        var disposals: [Disposal] = []
        var initialisations: [Initialised] = []
        /// The scopes that are over by it, those inside before those around.
        var ended: [EndedScope] = []
    }

    /// Ends the closing of a scope: whatever is under way, here and below, is abandoned.
    ///
    /// - Parameter holders: who holds what of the pools among it.
    mutating func giveUp(
        _ scope: Scope,
        budget: Duration,
        holders: [ResourceID: [PoolSample.Holder]],
        at now: TimeSource.Instant
    ) -> Surrender {
        var surrender = Surrender()
        let rows = self.disposalRows(below: scope)
        for row in rows.reversed() where self.scopes[row].closing == nil {
            self.claim(self.scopes[row].scope, force: true, budgeted: true, at: now)
        }
        surrender.disposals = self.beginRest(of: scope, at: now)
        for row in rows {
            for index in Array(self.resources.backwards(self.scopes[row].owned)) {
                let handle = ResourceHandle(row: index, id: self.resources[index].id)
                let because = self.reason(index, budget: budget, at: now)
                if let promise = self.abandonInitialisation(handle, because: because, at: now) {
                    surrender.initialisations.append(promise)
                } else {
                    self.abandonDispose(handle, budget: budget, because: because, unreturned: holders[handle.id] ?? [], at: now)
                }
            }
            surrender.ended.append(self.closed(row, at: now))
        }
        return surrender
    }

    /// The pools that are being disposed in a scope and in the scopes inside it.
    func poolsBeingDisposed(below scope: Scope) -> [PoolEntry] {
        if self.pools.isEmpty { return [] }
        let rows = Set(self.rows(below: scope))
        return self.pools.filter { entry in
            self.holds(entry.handle) && self.resources[entry.handle.row].state == .disposing
                && rows.contains(self.resources[entry.handle.row].scope)
        }
    }

    /// The rows of a scope and of the scopes in it in the order they are closed: the newest child first, then what is around it.
    private func disposalRows(below scope: Scope) -> [Int] {
        guard self.holds(scope) else { return [] }
        var rows: [Int] = []
        // Each scope twice: first its children are put on top of it.
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

    /// What the closing of a scope waits for at this moment.
    private func underWay(_ row: Int) -> [String] {
        guard self.scopes[row].underWay > 0 else { return [] }
        return self.resources.backwards(self.scopes[row].owned).filter { self.resources[$0].state != .ready }.map { index in
            let step: ResourceEvent.Phase = self.resources[index].state == .initialising ? .initialise : .dispose
            return "the \(step.rawValue) of \(self.name(index))"
        }
    }

    private func name(_ index: Int) -> String {
        "\(self.resources[index].binding.label)\(self.resources[index].id)"
    }

    /// Why an instance is abandoned when the budget of a closing is used up, and what it waited for.
    private func reason(_ index: Int, budget: Duration, at now: TimeSource.Instant) -> String {
        let row = self.resources[index]
        let isMade = row.state == .initialising
        let phase: ResourceEvent.Phase = isMade ? .initialise : .dispose
        var text = "its \(phase.rawValue) did not come back before the closing's budget of \(budget) was used up"
        if isMade {
            let awaited = row.waitsFor.filter { self.holds($0) }.map { self.name($0.row) }
            return awaited.isEmpty ? text : text + "; it waited for \(Self.list(awaited))"
        }
        text += ", and had \(now - row.disposingSince)"
        if let rest = self.apart[row.scope]?.rest, row.disposingSince == rest.since {
            let holdUps = rest.holdUps.filter { $0 != "the dispose of \(self.name(index))" }
            if !holdUps.isEmpty { text += ", because the closing waited for \(Self.list(holdUps))" }
        }
        return text
    }

    private static func list(_ texts: [String]) -> String {
        texts.count > 3 ? "\(texts.prefix(3).joined(separator: ", ")) and \(texts.count - 3) more" : texts.joined(separator: ", ")
    }
}
