import ResourceContainer
import ResourceMonitoring

/// What would be disposed, in which order, if a scope were closed now: a dry run on the picture.
struct TeardownPreview: Sendable, Hashable {
    /// One resource.
    struct Step: Sendable, Hashable {
        var resource: ResourceID
        var label: String
        var scope: ScopeID
        var scopeName: String
        /// Its number in the order, from 1. Resources of the same number may be disposed side by side.
        var stage: Int
        /// How long its binding's disposes took on average; nil if there was none.
        var expected: Duration?
    }

    /// The scope and, before it, the scopes inside it, newest first.
    var scopes: [ScopeID] = []
    /// In the order of disposal.
    var steps: [Step] = []
    /// Resources that are still being made, and are waited for.
    var initialising: [ResourceID] = []
    /// How long it takes until all are disposed, with nothing for those of which no dispose is known.
    private(set) var expectedTime = Duration.zero
    /// How many resources of a scope may be disposed side by side, where that is more than one: the most of the scopes here.
    private(set) var limit = 1
    /// Leases that are out in these scopes, by the pool's name.
    var leases: [String: Int] = [:]

    /// The preview for `scope`.
    init(_ scope: ScopeID, _ picture: Picture) {
        let (children, resources) = (picture.children, picture.resourcesByScope)
        self.add(scope, picture, children, resources)
        let inside = Set(self.scopes)
        for pool in picture.pools {
            let out = pool.holders.count { $0.scope.map(inside.contains) ?? false }
            if out > 0 { self.leases[pool.name, default: 0] += out }
        }
    }

    private mutating func add(
        _ scope: ScopeID,
        _ picture: Picture,
        _ children: [ScopeID: [ScopeID]],
        _ resources: [ScopeID: [ResourceID]]
    ) {
        for child in (children[scope] ?? []).reversed() { self.add(child, picture, children, resources) }
        self.scopes.append(scope)
        let rows = (resources[scope] ?? []).compactMap { picture.resources[$0]?.resource }
        self.initialising += rows.filter { $0.state == .initialising }.map(\.id)
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

    /// How long it takes until all of `items` are disposed, so many at a time, if each takes what `duration` says.
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

    /// Whether some resources may be disposed side by side.
    var isSideBySide: Bool {
        (self.steps.last?.stage ?? 0) < self.steps.count
    }

    /// How many resources are in a scope and the scopes inside it, counted up to `limit`.
    static func count(inside scope: ScopeID, _ picture: Picture, limit: Int) -> Int {
        var (count, waiting) = (0, [scope])
        while count < limit, let next = waiting.popLast() {
            count += picture.resourcesByScope[next]?.count ?? 0
            waiting += picture.children[next] ?? []
        }
        return min(count, limit)
    }

    /// How long all of it is expected to take, as far as earlier disposes tell.
    var expected: String {
        let unknown = self.steps.count { $0.expected == nil }
        if unknown > 0, unknown == self.steps.count { return "not known" }
        return Format.duration(self.expectedTime) + (unknown > 0 ? " and \(unknown) not known" : "")
    }
}
