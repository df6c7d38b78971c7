/// Closing that has to end by a moment, whatever the disposes do.
///
/// Nothing that the closing waits for runs on the caller's thread or on the cooperative pool, all of whose threads may be blocked: disposes
/// run on threads of the library, and the thread of the deadlines ends the wait.
extension Engine {
    /// Begins to close a scope that is over after `budget`. Closing that is under way is given this budget as well; the shortest counts.
    func startClosing(_ scope: Scope, _ mode: CloseMode, within budget: Duration) {
        let now = self.now
        let budget = max(.zero, budget)
        let isFirst = self.locked { registry in
            if registry.beginClosing(scope, force: mode.isForced, budgeted: true, at: now) { return true }
            registry.setBudgeted(scope)
            return false
        }
        self.environment.schedulePoint()
        self.watch(scope, budget, since: now)
        guard isFirst || mode.isForced else { return }
        ScopeContext.$current.withValue(ScopeContext(scope: scope, activity: .closing)) {
            self.environment.startApart {
                if mode.isForced { self.hurry(scope, at: self.now) }
                guard isFirst else { return }
                let run = ClosingRun()
                run.leave()
                await self.run(run, [scope], nil)
            }
        }
    }

    /// Begins what is left when the budget is nearly used up, and ends the closing when it is.
    private func watch(_ scope: Scope, _ budget: Duration, since: TimeSource.Instant) {
        let time = self.environment.time
        let pools = HurriedPools()
        let rest = time.schedule(at: since + (budget - Self.reserve(of: budget))) {
            ScopeContext.$current.withValue(ScopeContext(scope: scope, activity: .closing)) {
                self.environment.startApart { self.disposeRest(of: scope, pools) }
            }
        }
        let end = time.schedule(at: since + budget) { self.giveUp(scope, budget, pools) }
        scope.cache.withLock { $0.reportPromise() }.whenFulfilled {
            rest.cancel()
            end.cancel()
        }
    }

    /// What is kept of a budget for the disposes that have not begun: a tenth, and half a second at most.
    private static func reserve(of budget: Duration) -> Duration {
        min(budget / 10, .milliseconds(500))
    }

    private func disposeRest(of scope: Scope, _ pools: HurriedPools) {
        let now = self.now
        self.hurry(scope, at: now)
        for disposal in self.locked({ $0.beginRest(of: scope, at: now) }) { self.disposeApart(disposal) }
        for entry in self.locked({ $0.poolsBeingDisposed(below: scope) }) {
            if let pool = entry.pool as? any PoolWithHub { pools.add(pool.hub, entry.handle.id) }
        }
    }

    /// Runs on the thread of the deadlines, and so runs no user code.
    private func giveUp(_ scope: Scope, _ budget: Duration, _ pools: HurriedPools) {
        let now = self.now
        let holders = pools.holders
        let surrender = self.locked { $0.giveUp(scope, budget: budget, holders: holders, at: now) }
        for promise in surrender.initialisations { promise.fulfil(.failure(.abandoned(scope))) }
        for ended in surrender.ended { self.tell(ended) }
        if surrender.ended.isEmpty { return }
        ScopeContext.$current.withValue(ScopeContext(scope: scope, activity: .closing)) {
            self.environment.startApart {
                for disposal in surrender.disposals { self.disposeApart(disposal) }
                for ended in surrender.ended { self.tellWatchers(ended) }
            }
        }
    }
}

/// A pool of the library, which names its holders without running user code.
private protocol PoolWithHub {
    var hub: PoolHub { get }
}

extension ResourcePool: PoolWithHub {}

extension KeyedResourcePool: PoolWithHub {}

/// The pools whose dispose was under way when the budget of a closing was nearly used up.
private final class HurriedPools: Sendable {
    private let hubs = Lock<[ResourceID: PoolHub]>([:])

    func add(_ hub: PoolHub, _ id: ResourceID) {
        self.hubs.withLock { $0[id] = hub }
    }

    var holders: [ResourceID: [PoolSample.Holder]] {
        self.hubs.withLock { $0 }.mapValues { $0.sample().holders }
    }
}
