import ResourceContainer
import ResourceMonitoring

/// The active resources in the order of a column. What changes is moved to its place; the rest is not looked at.
struct ResourceOrder: Sendable {
    /// A resource with what it is sorted by. That must not depend on the time: a life is told by its beginning.
    struct Entry: Sendable {
        var number: Double
        var text: String
        var id: ResourceID
    }

    private(set) var sort = SortOrder(ResourceColumn.id)
    private var entries: [Entry] = []
    private var known: [ResourceID: Entry] = [:]

    init() {}

    /// All of them anew. O(n log n).
    init(_ entries: [Entry], by sort: SortOrder<ResourceColumn>) {
        self.sort = sort
        let isDescending = sort.isDescending
        self.entries = entries.sorted { Self.stands($0, before: $1, isDescending) }
        self.known = Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0) })
    }

    var ids: [ResourceID] {
        self.entries.map(\.id)
    }

    func contains(_ id: ResourceID) -> Bool {
        self.known[id] != nil
    }

    /// Takes what has changed: a resource with its new entry, or without one if it has gone or does not pass. Returns those that are new.
    /// O(n + k log n), where n is but copying.
    mutating func apply(_ changes: [(id: ResourceID, entry: Entry?)]) -> [ResourceID] {
        guard !changes.isEmpty else { return [] }
        var fresh: [ResourceID] = []
        var removed: [Int] = []
        var added: [Entry] = []
        for (id, entry) in changes {
            if let old = self.known[id] { removed.append(self.place(of: old)) } else if entry != nil { fresh.append(id) }
            self.known[id] = entry
            if let entry { added.append(entry) }
        }
        let isDescending = self.sort.isDescending
        removed.sort()
        added.sort { Self.stands($0, before: $1, isDescending) }
        // Where each of the added goes among those that were there.
        let places = added.map { self.place(of: $0) }
        var result: [Entry] = []
        result.reserveCapacity(self.entries.count + added.count)
        var (next, gone, new) = (0, 0, 0)
        while gone < removed.count || new < added.count {
            let end = min(gone < removed.count ? removed[gone] : .max, new < added.count ? places[new] : .max)
            result.append(contentsOf: self.entries[next..<end])
            next = end
            // One that is put where another goes stands before what follows that.
            if new < added.count, places[new] == end {
                result.append(added[new])
                new += 1
            } else {
                next = end + 1
                gone += 1
            }
        }
        result.append(contentsOf: self.entries[next...])
        self.entries = result
        return fresh
    }

    /// The first place whose entry does not stand before this one.
    private func place(of entry: Entry) -> Int {
        let isDescending = self.sort.isDescending
        var (low, high) = (0, self.entries.count)
        while low < high {
            let middle = (low + high) / 2
            if Self.stands(self.entries[middle], before: entry, isDescending) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func stands(_ left: Entry, before right: Entry, _ isDescending: Bool) -> Bool {
        if left.number != right.number { return isDescending ? left.number > right.number : left.number < right.number }
        if left.text != right.text { return isDescending ? left.text > right.text : left.text < right.text }
        return left.id < right.id
    }
}

extension Picture {
    /// What a resource is sorted by.
    func entry(_ row: ResourceRow, _ column: ResourceColumn) -> ResourceOrder.Entry {
        let (number, text) = self.sortKey(row, column)
        return ResourceOrder.Entry(number: number, text: text, id: row.resource.id)
    }
}
