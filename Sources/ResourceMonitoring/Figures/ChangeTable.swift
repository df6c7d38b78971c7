import DequeModule

/// The rows of a picture by identity, strung on one list in the order of their last change.
///
/// A reader that knows the number of the last change it has seen walks back from the newest row to that number: it meets every row that
/// changed once, whatever happened between. Rows that have ended stay for a while, so that readers learn of the end; when one is let go,
/// readers that have not seen it start anew (``forgotten``). O(1) for everything but a walk.
struct ChangeTable<ID: Hashable & Sendable, Row: Sendable>: Sendable {
    private struct Slot: Sendable {
        var id: ID
        var row: Row
        /// The number of the change that touched it last.
        var change: UInt64
        var older: Int32
        var newer: Int32
    }

    /// How many rows that have ended are kept.
    private let endedLimit: Int
    private var slots: ContiguousArray<Slot?> = []
    private var free: [Int32] = []
    private var places: [ID: Int32] = [:]
    private var ended: Deque<(place: Int32, change: UInt64)> = []
    private var oldest: Int32 = -1
    private var newest: Int32 = -1
    /// The last change of the rows that were let go: a reader that has not seen it has missed something.
    private(set) var forgotten: UInt64 = 0

    init(endedLimit: Int) {
        self.endedLimit = endedLimit
    }

    /// How many rows there are, the ended ones included.
    var count: Int {
        self.places.count
    }

    /// The place of a row, for ``subscript(place:)`` and ``touch(_:change:)``; valid until it is let go.
    func place(of id: ID) -> Int? {
        self.places[id].map(Int.init)
    }

    subscript(id: ID) -> Row? {
        self.place(of: id).map { self[place: $0] }
    }

    subscript(place place: Int) -> Row {
        // A place stands for a row from its insertion until the table lets it go, and callers do not keep places.
        _read { yield self.slots[place]!.row }
        _modify { yield &self.slots[place]!.row }
    }

    /// Adds a row, changed by `change`, or replaces the one with this identity.
    mutating func insert(_ row: Row, id: ID, change: UInt64) {
        if let place = self.place(of: id) {
            self[place: place] = row
            self.touch(place, change: change)
            return
        }
        let slot = Slot(id: id, row: row, change: change, older: self.newest, newer: -1)
        let place: Int32
        if let vacant = self.free.popLast() {
            place = vacant
            self.slots[Int(place)] = slot
        } else {
            place = Int32(self.slots.count)
            self.slots.append(slot)
        }
        self.places[id] = place
        if self.newest >= 0 { self.slots[Int(self.newest)]!.newer = place } else { self.oldest = place }
        self.newest = place
    }

    /// A row was changed by `change`.
    mutating func touch(_ place: Int, change: UInt64) {
        self.slots[place]!.change = change
        guard Int(self.newest) != place else { return }
        self.unlink(place)
        self.slots[place]!.older = self.newest
        self.slots[place]!.newer = -1
        if self.newest >= 0 { self.slots[Int(self.newest)]!.newer = Int32(place) } else { self.oldest = Int32(place) }
        self.newest = Int32(place)
    }

    /// A row has ended; its last change was just told with ``touch(_:change:)``.
    mutating func end(_ place: Int) {
        self.ended.append((Int32(place), self.slots[place]!.change))
        while self.ended.count > self.endedLimit { self.letGo() }
    }

    private mutating func letGo() {
        let (place, change) = self.ended.removeFirst()
        // One that was touched after its end has a later entry, or is kept for its own sake.
        guard let id = self.slots[Int(place)]?.id, let last = self.slots[Int(place)]?.change else { return }
        guard last == change else {
            self.ended.append((place, last))
            return
        }
        self.unlink(Int(place))
        self.slots[Int(place)] = nil
        self.free.append(place)
        self.places[id] = nil
        self.forgotten = max(self.forgotten, change)
    }

    private mutating func unlink(_ place: Int) {
        let (older, newer) = (self.slots[place]!.older, self.slots[place]!.newer)
        if older >= 0 { self.slots[Int(older)]!.newer = newer } else { self.oldest = newer }
        if newer >= 0 { self.slots[Int(newer)]!.older = older } else { self.newest = older }
    }

    /// The rows changed after change `seen`, in the order of their last change. O(their number).
    func changed(after seen: UInt64) -> [Row] {
        var rows: [Row] = []
        var place = self.newest
        while place >= 0, let slot = self.slots[Int(place)], slot.change > seen {
            rows.append(slot.row)
            place = slot.older
        }
        rows.reverse()
        return rows
    }

    /// Every row, in the order in which they stand in memory. Copies none.
    func visit(_ body: (Row) -> Void) {
        for index in self.slots.indices {
            if let slot = self.slots[index] { body(slot.row) }
        }
    }

    /// All rows, in the order of their last change.
    var rows: [Row] {
        var rows: [Row] = []
        rows.reserveCapacity(self.count)
        var place = self.oldest
        while place >= 0, let slot = self.slots[Int(place)] {
            rows.append(slot.row)
            place = slot.newer
        }
        return rows
    }
}
