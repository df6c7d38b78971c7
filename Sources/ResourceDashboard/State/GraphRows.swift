import ResourceContainer

/// A row of the dependency graph: a resource below one of its dependencies.
struct GraphRow: Hashable, Sendable {
    /// The identity of a row. A resource has a row below each of its dependencies, so the parent distinguishes its rows.
    struct ID: Hashable, Sendable {
        var resource: ResourceID
        var parent: ResourceID?
    }

    var id: ID
    var depth: Int
    /// Whether the dependents are omitted here, because an earlier row of the same resource shows them.
    var isRepeated = false
    var isFolded = false
}

extension Picture {
    /// Returns the live resources as a tree: resources without dependencies are roots, and dependents are below their dependencies.
    /// O(resources and dependencies).
    func graphRows(folded: Set<ResourceID> = []) -> [GraphRow] {
        var rows: [GraphRow] = []
        rows.reserveCapacity(self.active.count)
        var shown: Set<ResourceID> = []
        for root in self.active {
            if self.needing.contains(root), self.resources[root]?.resource.dependencies.contains(where: { self.isActive($0) }) ?? false {
                continue
            }
            guard self.dependents[root] != nil else {
                rows.append(GraphRow(id: .init(resource: root, parent: nil), depth: 0))
                continue
            }
            // Iterative, because a chain of dependencies may be too deep for recursion.
            var waiting = [GraphRow(id: .init(resource: root, parent: nil), depth: 0)]
            while var row = waiting.popLast() {
                let below = self.dependents[row.id.resource] ?? []
                row.isRepeated = !shown.insert(row.id.resource).inserted && !below.isEmpty
                row.isFolded = folded.contains(row.id.resource) && !below.isEmpty
                rows.append(row)
                if row.isRepeated || row.isFolded { continue }
                for dependent in below.reversed() {
                    waiting.append(GraphRow(id: .init(resource: dependent, parent: row.id.resource), depth: row.depth + 1))
                }
            }
        }
        return rows
    }

    private func isActive(_ id: ResourceID) -> Bool {
        self.resources.index(forKey: id) != nil
    }
}
