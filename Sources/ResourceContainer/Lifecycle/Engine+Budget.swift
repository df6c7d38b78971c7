/// Closing a scope within a budget, even if disposes block.
///
/// A close with a budget waits for nothing on the caller's thread or in the cooperative pool, because all of these threads may be blocked.
/// Disposes run on threads of the library, and the deadline thread ends the wait.
extension Engine {
    /// Starts to close a scope that must be closed after `budget`. If a close is already running, it gets this budget as well; the shortest
    /// budget counts.
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
        let run = ClosingRun(of: ScopeStack(scope))
        ScopeContext.$current.withValue(run) {
            self.environment.startApart {
                if mode.isForced { self.expedite(scope, at: self.now) }
                if isFirst { await self.close(run) }
            }
        }
    }

    /// Starts the remaining disposes when the budget is nearly used up, and ends the close when it is used up.
    private func watch(_ scope: Scope, _ budget: Duration, since: TimeSource.Instant) {
        let time = self.environment.time
        let pools = ExpeditedPools()
        let rest = time.schedule(at: since + (budget - Self.reserve(of: budget))) {
            ScopeContext.$current.withValue(ScopeContext(scope: scope, activity: .closing)) {
                _ = self.environment.startApart { self.disposeRest(of: scope, pools) }
            }
        }
        let end = time.schedule(at: since + budget) { self.abandonRest(scope, budget, pools) }
        scope.cache.withLock { $0.reportPromise() }.whenFulfilled {
            rest.cancel()
            end.cancel()
        }
    }

    /// The part of a budget reserved for disposes that have not begun: one tenth, but at most half a second.
    private static func reserve(of budget: Duration) -> Duration {
        min(budget / 10, .milliseconds(500))
    }

    private func disposeRest(of scope: Scope, _ pools: ExpeditedPools) {
        let now = self.now
        self.expedite(scope, at: now)
        for disposal in self.locked({ $0.beginRest(of: scope, at: now) }) { self.disposeApart(disposal) }
        for entry in self.locked({ $0.poolsBeingDisposed(below: scope) }) {
            if let pool = entry.pool as? any PoolWithHub { pools.add(pool.hub, entry.handle.id) }
        }
    }

    /// Abandons what is left when the budget is used up. It runs on the deadline thread and therefore must not run user code.
    private func abandonRest(_ scope: Scope, _ budget: Duration, _ pools: ExpeditedPools) {
        let now = self.now
        let holders = pools.holders
        let surrender = self.locked { $0.abandonRest(scope, budget: budget, holders: holders, at: now) }
        for promise in surrender.initializations { promise.fulfill(.failure(.abandoned(scope))) }
        for ended in surrender.ended { self.tell(ended) }
        if surrender.ended.isEmpty { return }
        ScopeContext.$current.withValue(ScopeContext(scope: scope, activity: .closing)) {
            self.environment.startApart {
                for disposal in surrender.disposals { self.disposeApart(disposal) }
                for ended in surrender.ended { self.notifyWatchers(ended) }
            }
        }
    }
}

/// A pool of the library, which can name its holders without running user code.
private protocol PoolWithHub {
    var hub: PoolHub { get }
}

extension ResourcePool: PoolWithHub {}

extension KeyedResourcePool: PoolWithHub {}

/// The pools whose dispose was running when the budget was nearly used up.
private final class ExpeditedPools: Sendable {
    private let hubs = Lock<[ResourceID: PoolHub]>([:])

    func add(_ hub: PoolHub, _ id: ResourceID) {
        self.hubs.withLock { $0[id] = hub }
    }

    var holders: [ResourceID: [PoolSample.Holder]] {
        self.hubs.withLock { $0 }.mapValues { $0.sample().holders }
    }
}
