import ResourceContainer

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
}

extension Picture {
    /// The live resources as a tree: what needs nothing on the left, and below each what was made with it. O(resources and dependencies).
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
            // By hand: a chain of dependencies may be longer than a stack allows.
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
