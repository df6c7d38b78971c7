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
        /// How long its binding's disposes took on average; nil if there was none.
        var expected: Duration?
    }

    /// The scope and, before it, the scopes inside it, newest first.
    var scopes: [ScopeID] = []
    /// In the order of disposal.
    var steps: [Step] = []
    /// Resources that are still being made, and are waited for.
    var initialising: [ResourceID] = []
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
        for id in TeardownOrder.plan(items) {
            guard let row = picture.resources[id] else { continue }
            let dispose = picture.bindings[row.resource.binding]?.dispose
            self.steps.append(
                Step(
                    resource: id,
                    label: picture.label(of: id),
                    scope: scope,
                    scopeName: picture.scopeName(scope),
                    expected: dispose.flatMap { $0.count > 0 ? $0.average : nil }
                )
            )
        }
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

    /// How long the steps take in sum, as far as earlier disposes tell.
    var expected: String {
        let known = self.steps.compactMap(\.expected)
        if known.isEmpty, !self.steps.isEmpty { return "not known" }
        let unknown = self.steps.count - known.count
        return Format.duration(known.reduce(.zero, +)) + (unknown > 0 ? " and \(unknown) not known" : "")
    }
}
