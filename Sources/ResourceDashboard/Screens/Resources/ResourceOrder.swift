import ResourceContainer
import ResourceMonitoring

/// The active resources sorted by a column. Updates move only the changed resources.
struct ResourceOrder: Sendable {
    /// A resource with its sort key, which must not depend on the current time.
    struct Entry: Sendable {
        var number: Double
        var text: String
        var id: ResourceID
    }

    private(set) var sort = SortOrder(ResourceColumn.id)
    private var entries: [Entry] = []
    /// The identities of the entries.
    private(set) var ids: [ResourceID] = []
    private var known: [ResourceID: Entry] = [:]

    init() {}

    /// Sorts all entries. O(n log n).
    init(_ entries: [Entry], by sort: SortOrder<ResourceColumn>) {
        self.sort = sort
        let isDescending = sort.isDescending
        self.entries = entries.sorted { Self.isOrdered($0, before: $1, isDescending) }
        self.ids = self.entries.map(\.id)
        self.known = Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0) })
    }

    func contains(_ id: ResourceID) -> Bool {
        self.known[id] != nil
    }

    /// Applies changes: a resource with its new entry, or with nil if it has ended or does not pass the filter. Returns the resources that
    /// were added. O(m + k log n), where the m entries from the first changed one on are copied.
    mutating func apply(_ changes: [(id: ResourceID, entry: Entry?)]) -> [ResourceID] {
        guard !changes.isEmpty else { return [] }
        var fresh: [ResourceID] = []
        var removed: [Int] = []
        var added: [Entry] = []
        for (id, entry) in changes {
            if let old = self.known[id] { removed.append(self.index(of: old)) } else if entry != nil { fresh.append(id) }
            self.known[id] = entry
            if let entry { added.append(entry) }
        }
        let isDescending = self.sort.isDescending
        removed.sort()
        added.sort { Self.isOrdered($0, before: $1, isDescending) }
        // The index of each added entry among the existing ones.
        let places = added.map { self.index(of: $0) }
        let first = min(removed.first ?? .max, places.first ?? .max)
        guard first < .max else { return fresh }
        let rest = Array(self.entries[first...])
        self.entries.removeSubrange(first...)
        var (next, gone, new) = (0, 0, 0)
        while gone < removed.count || new < added.count {
            let end = min(gone < removed.count ? removed[gone] : .max, new < added.count ? places[new] : .max) - first
            self.entries.append(contentsOf: rest[next..<end])
            next = end
            // An entry inserted at the index of a removed one precedes the entry that follows it.
            if new < added.count, places[new] - first == end {
                self.entries.append(added[new])
                new += 1
            } else {
                next = end + 1
                gone += 1
            }
        }
        self.entries.append(contentsOf: rest[next...])
        self.ids.removeSubrange(first...)
        self.ids.append(contentsOf: self.entries[first...].lazy.map(\.id))
        return fresh
    }

    /// Returns the first index whose entry is not ordered before `entry`.
    private func index(of entry: Entry) -> Int {
        let isDescending = self.sort.isDescending
        return self.entries.partitioningIndex { !Self.isOrdered($0, before: entry, isDescending) }
    }

    private static func isOrdered(_ left: Entry, before right: Entry, _ isDescending: Bool) -> Bool {
        if left.number != right.number { return isDescending ? left.number > right.number : left.number < right.number }
        if left.text != right.text { return isDescending ? left.text > right.text : left.text < right.text }
        return left.id < right.id
    }
}

extension Picture {
    /// Returns the entry of a resource.
    func entry(_ row: ResourceRow, _ column: ResourceColumn) -> ResourceOrder.Entry {
        let key = self.sortKey(row, column)
        return ResourceOrder.Entry(number: key.number, text: key.text, id: row.resource.id)
    }
}
