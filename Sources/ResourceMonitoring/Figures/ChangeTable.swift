import DequeModule
import ResourceContainer

/// An identity that is a number.
protocol NumberedID: Sendable {
    /// The number of the identity.
    var rawValue: UInt64 { get }
}

extension ScopeID: NumberedID {}

extension ResourceID: NumberedID {}

/// A table of rows by identity, linked in the order of their last change.
///
/// A reader that knows the number of the last change it has seen walks back from the newest row to that number, and visits each changed row
/// once. Ended rows are kept for a while, so that readers see the end; when one is removed, readers that have not seen it must start over
/// (``forgotten``). Every operation is O(1), except for walks.
struct ChangeTable<ID: NumberedID, Row: Sendable>: Sendable {
    /// The place of a row in the order of changes. Apart from the row, which is large, because every event changes two places.
    private struct Link: Sendable {
        var id: ID
        /// The number of the row's last change.
        var change: UInt64
        var older: Int32
        var newer: Int32
        var isUsed = true
    }

    /// The number of ended rows that are kept.
    private let endedLimit: Int
    /// The rows. A removed one is replaced by ``vacant``, because an optional row would be copied at every access.
    private var rowsByIndex: ContiguousArray<Row> = []
    /// The first row of the table, which stands for removed rows.
    private var vacant: Row?
    private var links: ContiguousArray<Link> = []
    private var free: [Int32] = []
    private var indices = NumberIndex()
    private var ended: Deque<(index: Int32, change: UInt64)> = []
    private var oldest: Int32 = -1
    private var newest: Int32 = -1
    /// The latest change of any removed row. A reader that has not seen it has missed a row's end.
    private(set) var forgotten: UInt64 = 0

    init(endedLimit: Int) {
        self.endedLimit = endedLimit
    }

    /// The number of rows, including ended ones.
    var count: Int {
        self.indices.count
    }

    /// The index of a row, for ``subscript(index:)`` and ``touch(_:change:)``; valid until the row is removed.
    func index(of id: ID) -> Int? {
        self.indices.find(id.rawValue)
    }

    subscript(id: ID) -> Row? {
        self.index(of: id).map { self[index: $0] }
    }

    subscript(index index: Int) -> Row {
        @inline(__always) _read { yield self.rowsByIndex[index] }
        @inline(__always) _modify { yield &self.rowsByIndex[index] }
    }

    /// Adds a row with the change number `change`, or replaces the row with this identity.
    mutating func insert(_ row: Row, id: ID, change: UInt64) {
        if let index = self.index(of: id) {
            self[index: index] = row
            self.touch(index, change: change)
            return
        }
        let link = Link(id: id, change: change, older: self.newest, newer: -1)
        let index: Int32
        if let free = self.free.popLast() {
            index = free
            self.rowsByIndex[Int(index)] = row
            self.links[Int(index)] = link
        } else {
            index = Int32(self.links.count)
            self.rowsByIndex.append(row)
            self.links.append(link)
            if self.vacant == nil { self.vacant = row }
        }
        self.indices.insert(index, for: id.rawValue)
        if self.newest >= 0 { self.links[Int(self.newest)].newer = index } else { self.oldest = index }
        self.newest = index
    }

    /// Marks a row as last changed by `change`.
    mutating func touch(_ index: Int, change: UInt64) {
        self.links[index].change = change
        guard Int(self.newest) != index else { return }
        self.unlink(index)
        self.links[index].older = self.newest
        self.links[index].newer = -1
        if self.newest >= 0 { self.links[Int(self.newest)].newer = Int32(index) } else { self.oldest = Int32(index) }
        self.newest = Int32(index)
    }

    /// Marks a row as ended. Call ``touch(_:change:)`` for its last change first.
    mutating func end(_ index: Int) {
        self.ended.append((Int32(index), self.links[index].change))
        while self.ended.count > self.endedLimit { self.removeOldestEnded() }
    }

    private mutating func removeOldestEnded() {
        let (index, change) = self.ended.removeFirst()
        let link = self.links[Int(index)]
        guard link.isUsed else { return }
        // A row that changed after its end goes to the back of the queue.
        guard link.change == change else {
            self.ended.append((index, link.change))
            return
        }
        self.unlink(Int(index))
        self.links[Int(index)].isUsed = false
        if let vacant = self.vacant { self.rowsByIndex[Int(index)] = vacant }
        self.free.append(index)
        self.indices.remove(link.id.rawValue)
        self.forgotten = max(self.forgotten, change)
    }

    private mutating func unlink(_ index: Int) {
        let (older, newer) = (self.links[index].older, self.links[index].newer)
        if older >= 0 { self.links[Int(older)].newer = newer } else { self.oldest = newer }
        if newer >= 0 { self.links[Int(newer)].older = older } else { self.newest = older }
    }

    /// The rows changed after change `seen`, in the order of their last change. O(result).
    func changed(after seen: UInt64) -> [Row] {
        var rows: [Row] = []
        var index = Int(self.newest)
        while index >= 0, self.links[index].change > seen {
            rows.append(self.rowsByIndex[index])
            index = Int(self.links[index].older)
        }
        rows.reverse()
        return rows
    }

    /// Calls `body` with every row, in memory order, without copying the table.
    func visit(_ body: (Row) -> Void) {
        for index in self.links.indices where self.links[index].isUsed { body(self.rowsByIndex[index]) }
    }

    /// All rows, in the order of their last change.
    var rows: [Row] {
        var rows: [Row] = []
        rows.reserveCapacity(self.count)
        var index = Int(self.oldest)
        while index >= 0 {
            rows.append(self.rowsByIndex[index])
            index = Int(self.links[index].newer)
        }
        return rows
    }
}
