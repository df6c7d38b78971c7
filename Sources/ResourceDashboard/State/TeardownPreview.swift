import ResourceContainer
import ResourceMonitoring

/// The resources that would be disposed, in order, if a scope were closed now.
struct TeardownPreview: Sendable, Hashable {
    /// The disposal of one resource.
    struct Step: Sendable, Hashable {
        var resource: ResourceID
        var label: String
        var scope: ScopeID
        var scopeName: String
        /// The position in the order, from 1. Resources with the same number may be disposed concurrently.
        var stage: Int
        /// The average duration of the binding's disposals; nil if there was none.
        var expected: Duration?
    }

    /// The scope, preceded by the scopes inside it, newest first.
    var scopes: [ScopeID] = []
    /// The steps in the order of disposal.
    var steps: [Step] = []
    /// The resources that are initializing, for which the close waits.
    var initializing: [ResourceID] = []
    /// The expected duration of the teardown. Resources without a known duration count as zero.
    private(set) var expectedTime = Duration.zero
    /// The greatest number of resources that a scope may dispose concurrently, over these scopes; 1 if none may.
    private(set) var limit = 1
    /// The number of active leases in these scopes, by the pool's name.
    var leases: [String: Int] = [:]

    /// Creates the preview for `scope`.
    init(_ scope: ScopeID, _ picture: Picture) {
        let resources = picture.resourcesByScope
        for scope in Self.scopesInClosingOrder(scope, picture) { self.add(scope, picture, resources) }
        let inside = Set(self.scopes)
        for pool in picture.pools {
            let out = pool.holders.count { $0.scope.map(inside.contains) ?? false }
            if out > 0 { self.leases[pool.name, default: 0] += out }
        }
    }

    /// A scope and the scopes in it: each after those inside it, newer ones first.
    private static func scopesInClosingOrder(_ scope: ScopeID, _ picture: Picture) -> [ScopeID] {
        // The reverse of the order from the outside to the inside, with a list in place of recursion: scopes can be nested deeply.
        var (scopes, pending): ([ScopeID], [ScopeID]) = ([], [scope])
        while let next = pending.popLast() {
            scopes.append(next)
            pending.append(contentsOf: (picture.children[next] ?? []).reversed())
        }
        return scopes.reversed()
    }

    private mutating func add(_ scope: ScopeID, _ picture: Picture, _ resources: [ScopeID: [ResourceID]]) {
        self.scopes.append(scope)
        let rows = (resources[scope] ?? []).compactMap { picture.resources[$0]?.resource }
        self.initializing += rows.filter { $0.state == .initializing }.map(\.id)
        let items = rows.filter { $0.state == .ready }
            .map { TeardownOrder.Item(id: $0.id, readyOrder: $0.readyOrder ?? 0, dependencies: $0.dependencies) }
        let order = picture.scopes[scope]?.scope.disposal ?? .serial
        let stages = order.isSerial ? TeardownOrder.plan(items).map { [$0] } : TeardownOrder.stages(items)
        self.limit = max(self.limit, order.limit)
        self.expectedTime += Self.expected(items, atOnce: order.limit) { Self.expected($0, picture) ?? .zero }
        var stage = self.steps.last?.stage ?? 0
        for resources in stages {
            stage += 1
            for id in resources where picture.resources[id] != nil {
                self.steps.append(
                    Step(
                        resource: id,
                        label: picture.label(of: id),
                        scope: scope,
                        scopeName: picture.scopeName(scope),
                        stage: stage,
                        expected: Self.expected(id, picture)
                    )
                )
            }
        }
    }

    private static func expected(_ id: ResourceID, _ picture: Picture) -> Duration? {
        guard let row = picture.resources[id], let dispose = picture.bindings[row.resource.binding]?.dispose else { return nil }
        return dispose.count > 0 ? dispose.average : nil
    }

    /// Returns the time to dispose all of `items`, at most `limit` at a time, if each takes the time that `duration` returns.
    private static func expected(_ items: [TeardownOrder.Item], atOnce limit: Int, _ duration: (ResourceID) -> Duration) -> Duration {
        var schedule = TeardownSchedule(items)
        var running: [(id: ResourceID, end: Duration)] = []
        var now = Duration.zero
        while true {
            while running.count < limit, let id = schedule.next() { running.append((id, now + duration(id))) }
            guard let next = running.indices.min(by: { running[$0].end < running[$1].end }) else { return now }
            let ended = running.remove(at: next)
            now = ended.end
            schedule.ended(ended.id)
        }
    }

    /// Whether some resources may be disposed concurrently.
    var isSideBySide: Bool {
        (self.steps.last?.stage ?? 0) < self.steps.count
    }

    /// Returns the number of resources in a scope and the scopes inside it, counted up to `limit`.
    static func count(inside scope: ScopeID, _ picture: Picture, limit: Int) -> Int {
        var (count, waiting) = (0, [scope])
        while count < limit, let next = waiting.popLast() {
            count += picture.resourcesByScope[next]?.count ?? 0
            waiting += picture.children[next] ?? []
        }
        return min(count, limit)
    }

    /// The expected duration as text, based on earlier disposals.
    var expected: String {
        let unknown = self.steps.count { $0.expected == nil }
        if unknown > 0, unknown == self.steps.count { return "unknown" }
        return Format.duration(self.expectedTime) + (unknown > 0 ? " and \(unknown) unknown" : "")
    }
}
