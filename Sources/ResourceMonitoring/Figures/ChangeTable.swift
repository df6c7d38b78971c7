import DequeModule

/// A table of rows by identity, linked in the order of their last change.
///
/// A reader that knows the number of the last change it has seen walks back from the newest row to that number, and visits each changed row
/// once. Ended rows are kept for a while, so that readers see the end; when one is removed, readers that have not seen it must start over
/// (``forgotten``). Every operation is O(1), except for walks.
struct ChangeTable<ID: Hashable & Sendable, Row: Sendable>: Sendable {
    private struct Slot: Sendable {
        var id: ID
        var row: Row
        /// The number of the row's last change.
        var change: UInt64
        var older: Int32
        var newer: Int32
    }

    /// The number of ended rows that are kept.
    private let endedLimit: Int
    private var slots: ContiguousArray<Slot?> = []
    private var free: [Int32] = []
    private var indices: [ID: Int32] = [:]
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
        self.indices[id].map(Int.init)
    }

    subscript(id: ID) -> Row? {
        self.index(of: id).map { self[index: $0] }
    }

    subscript(index index: Int) -> Row {
        // The slot is filled from the row's insertion until its removal, and callers do not keep indices.
        _read { yield self.slots[index]!.row }
        _modify { yield &self.slots[index]!.row }
    }

    /// Adds a row with the change number `change`, or replaces the row with this identity.
    mutating func insert(_ row: Row, id: ID, change: UInt64) {
        if let index = self.index(of: id) {
            self[index: index] = row
            self.touch(index, change: change)
            return
        }
        let slot = Slot(id: id, row: row, change: change, older: self.newest, newer: -1)
        let index: Int32
        if let vacant = self.free.popLast() {
            index = vacant
            self.slots[Int(index)] = slot
        } else {
            index = Int32(self.slots.count)
            self.slots.append(slot)
        }
        self.indices[id] = index
        if self.newest >= 0 { self.slots[Int(self.newest)]!.newer = index } else { self.oldest = index }
        self.newest = index
    }

    /// Marks a row as last changed by `change`.
    mutating func touch(_ index: Int, change: UInt64) {
        self.slots[index]!.change = change
        guard Int(self.newest) != index else { return }
        self.unlink(index)
        self.slots[index]!.older = self.newest
        self.slots[index]!.newer = -1
        if self.newest >= 0 { self.slots[Int(self.newest)]!.newer = Int32(index) } else { self.oldest = Int32(index) }
        self.newest = Int32(index)
    }

    /// Marks a row as ended. Call ``touch(_:change:)`` for its last change first.
    mutating func end(_ index: Int) {
        self.ended.append((Int32(index), self.slots[index]!.change))
        while self.ended.count > self.endedLimit { self.removeOldestEnded() }
    }

    private mutating func removeOldestEnded() {
        let (index, change) = self.ended.removeFirst()
        // A row that changed after its end goes to the back of the queue.
        guard let id = self.slots[Int(index)]?.id, let last = self.slots[Int(index)]?.change else { return }
        guard last == change else {
            self.ended.append((index, last))
            return
        }
        self.unlink(Int(index))
        self.slots[Int(index)] = nil
        self.free.append(index)
        self.indices[id] = nil
        self.forgotten = max(self.forgotten, change)
    }

    private mutating func unlink(_ index: Int) {
        let (older, newer) = (self.slots[index]!.older, self.slots[index]!.newer)
        if older >= 0 { self.slots[Int(older)]!.newer = newer } else { self.oldest = newer }
        if newer >= 0 { self.slots[Int(newer)]!.older = older } else { self.newest = older }
    }

    /// The rows changed after change `seen`, in the order of their last change. O(result).
    func changed(after seen: UInt64) -> [Row] {
        var rows: [Row] = []
        var index = self.newest
        while index >= 0, let slot = self.slots[Int(index)], slot.change > seen {
            rows.append(slot.row)
            index = slot.older
        }
        rows.reverse()
        return rows
    }

    /// Calls `body` with every row, in memory order, without copying the table.
    func visit(_ body: (Row) -> Void) {
        for index in self.slots.indices {
            if let slot = self.slots[index] { body(slot.row) }
        }
    }

    /// All rows, in the order of their last change.
    var rows: [Row] {
        var rows: [Row] = []
        rows.reserveCapacity(self.count)
        var index = self.oldest
        while index >= 0, let slot = self.slots[Int(index)] {
            rows.append(slot.row)
            index = slot.newer
        }
        return rows
    }
}
