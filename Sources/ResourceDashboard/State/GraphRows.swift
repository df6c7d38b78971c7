import ResourceContainer
import ResourceMonitoring

/// A row of the graph: a resource below one that it was made with.
struct GraphRow: Hashable, Sendable {
    /// A resource stands below each that it was made with; below which one tells the rows apart.
    struct ID: Hashable, Sendable {
        var resource: ResourceID
        var parent: ResourceID?
    }

    var id: ID
    var depth: Int
    /// What stands below it is shown elsewhere, above, or is folded away.
    var isRepeated = false
    var isFolded = false
    /// How it is as far as is known: what several answers add up to, or that it stands in for another.
    var status: HealthStatus = .unknown
    /// The ill resources that it depends on, directly or not.
    var affectedBy: [ResourceID] = []
}

extension Picture {
    /// The live resources as a tree: what needs nothing on the left, and below each what was made with it. O(resources and dependencies).
    func graphRows(folded: Set<ResourceID> = []) -> [GraphRow] {
        var dependents: [ResourceID: [ResourceID]] = [:]
        var roots: [ResourceID] = []
        for (id, row) in self.resources.sorted(by: { $0.key < $1.key }) {
            let needs = row.resource.dependencies.filter { self.resources[$0] != nil }
            if needs.isEmpty { roots.append(id) }
            for dependency in needs { dependents[dependency, default: []].append(id) }
        }
        let known = Dictionary(uniqueKeysWithValues: (self.health?.rows ?? []).map { ($0.resource, $0) })
        var rows: [GraphRow] = []
        var shown: Set<ResourceID> = []
        // By hand: a chain of dependencies may be longer than a stack allows.
        var waiting = roots.reversed().map { GraphRow(id: .init(resource: $0, parent: nil), depth: 0) }
        while var row = waiting.popLast() {
            let below = dependents[row.id.resource] ?? []
            row.affectedBy = known[row.id.resource]?.affectedBy ?? []
            row.status = known[row.id.resource]?.status ?? self.resources[row.id.resource]?.resource.health?.status ?? .unknown
            row.isRepeated = !shown.insert(row.id.resource).inserted && !below.isEmpty
            row.isFolded = folded.contains(row.id.resource) && !below.isEmpty
            rows.append(row)
            if row.isRepeated || row.isFolded { continue }
            for dependent in below.reversed() {
                waiting.append(GraphRow(id: .init(resource: dependent, parent: row.id.resource), depth: row.depth + 1))
            }
        }
        return rows
    }
}
