import ResourceContainer
import ResourceMonitoring

/// A row of the dependency graph: a resource below one of its dependencies.
struct GraphRow: Hashable, Identifiable, Sendable {
    /// The identity of a row. A resource has a row below each of its dependencies, so the parent distinguishes its rows.
    struct ID: Hashable, Sendable {
        var resource: ResourceID
        var parent: ResourceID?
    }

    var id: ID
    /// The number of ancestors that are shown.
    var depth: Int
    /// Whether an earlier row has the same resource. The dependents are omitted here, because that row shows them.
    var isRepeated = false
    var isFolded = false
    /// Whether no sibling follows.
    var isLast = true
    /// The levels at which a line continues past the row, as bits.
    private(set) var lines: UInt64 = 0

    /// Whether a line continues past the row at a level.
    func hasLine(at level: Int) -> Bool {
        level < 63 && self.lines & (1 << UInt64(level)) != 0
    }
}

extension Picture {
    /// Returns the live resources without live dependencies. Resources of `earlier` are in their earlier order; without any, those with
    /// trouble in their tree are first. O(resources and dependencies).
    func graphRoots(keeping earlier: [ResourceID] = []) -> [ResourceID] {
        let roots = self.active.filter { id in
            guard self.needing.contains(id), let row = self.resources[id] else { return true }
            return !row.resource.dependencies.contains { self.resources.index(forKey: $0) != nil }
        }
        if !earlier.isEmpty { return roots.held(in: earlier) { $0 } }
        let ranks = self.troubleRanks()
        guard !ranks.isEmpty else { return roots }
        return roots.map { (ranks[$0] ?? .max, $0) }.sorted { $0 < $1 }.map(\.1)
    }

    /// Returns the rank of the worst trouble of each resource and its dependents, direct or not; 0 is the worst. Others have none.
    private func troubleRanks() -> [ResourceID: Int] {
        let worst = HealthStanding.degraded.rank
        let troubled = (self.health?.rows ?? []).compactMap { row -> (Int, ResourceID)? in
            let rank = row.affectedBy.isEmpty ? row.standing.rank : min(row.standing.rank, worst)
            return rank <= worst ? (rank, row.resource) : nil
        }
        var ranks: [ResourceID: Int] = [:]
        for (rank, id) in troubled.sorted(by: { $0 < $1 }) {
            var waiting = [id]
            while let next = waiting.popLast() {
                guard ranks[next] == nil, let row = self.resources[next] else { continue }
                ranks[next] = rank
                waiting += row.resource.dependencies
            }
        }
        return ranks
    }

    /// Returns the live resources as a tree: `roots`, and dependents below their dependencies. O(resources and dependencies).
    func graphRows(_ roots: [ResourceID], folded: Set<ResourceID> = []) -> [GraphRow] {
        var rows: [GraphRow] = []
        rows.reserveCapacity(self.active.count)
        var shown: Set<ResourceID> = []
        for root in roots {
            guard self.dependents[root] != nil else {
                rows.append(GraphRow(id: .init(resource: root, parent: nil), depth: 0))
                continue
            }
            // Iterative, because a chain of dependencies may be too deep for recursion.
            var waiting = [GraphRow(id: .init(resource: root, parent: nil), depth: 0)]
            while var row = waiting.popLast() {
                let below = self.dependents[row.id.resource] ?? []
                row.isRepeated = !shown.insert(row.id.resource).inserted
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
}

extension [GraphRow] {
    /// Returns the rows that pass, each below its nearest ancestor that passes. O(n).
    func kept(where passes: (GraphRow) -> Bool) -> [GraphRow] {
        // The depths in the whole tree of the ancestors that pass.
        var above: [Int] = []
        return self.compactMap { row in
            while let last = above.last, last >= row.depth { above.removeLast() }
            guard passes(row) else { return nil }
            var kept = row
            kept.depth = above.count
            above.append(row.depth)
            return kept
        }
    }

    /// Finds the lines that connect the rows. O(n).
    mutating func connect() {
        // The levels at which a later row has a line to its parent.
        var open: UInt64 = 0
        for index in self.indices.reversed() {
            let bit: UInt64 = 1 << UInt64(Swift.min(self[index].depth, 63))
            self[index].connect(isLast: open & bit == 0, lines: open & (bit - 1))
            open = open & (bit - 1) | bit
        }
    }
}

extension GraphRow {
    fileprivate mutating func connect(isLast: Bool, lines: UInt64) {
        self.isLast = isLast
        self.lines = lines
    }
}
