/// A table of rows identified by their index, with a free list; rows can be linked into intrusive lists.
///
/// A lookup is an array access instead of a hash, and a table that is filled and emptied repeatedly allocates nothing.
struct RowTable<Row: TableRow>: Sendable {
    private var rows: ContiguousArray<Row> = []
    private var free: ContiguousArray<Int32> = []
    /// The number of rows in use.
    private(set) var count = 0
    /// The table releases memory when fewer rows than this are in use.
    private var shrinksBelow = 0

    /// The number of allocated rows, in use or not.
    var capacity: Int {
        self.rows.count
    }

    /// The indices of the rows in use, ascending.
    var indices: some Sequence<Int> {
        self.rows.indices.lazy.filter { !self.rows[$0].isVacant }
    }

    /// Reserves a free index. ``occupy(_:_:)`` must follow.
    mutating func claim() -> Int {
        while let index = self.free.popLast() {
            // The free list may contain indices of rows that ``shrink()`` removed.
            if Int(index) < self.rows.count { return Int(index) }
        }
        self.rows.append(Row())
        return self.rows.count - 1
    }

    /// Calls `fill` with the vacant row of a reserved index. Filling a row in place saves the copy of a whole row.
    @inline(__always)
    mutating func occupy(_ index: Int, _ fill: (inout Row) -> Void) {
        fill(&self.rows[index])
        self.count += 1
    }

    /// Vacates a row. O(1) amortized: a table that has become mostly empty is compacted.
    mutating func remove(_ index: Int) {
        self.rows[index].vacate()
        self.free.append(Int32(truncatingIfNeeded: index))
        self.count -= 1
        if self.count < self.shrinksBelow { self.shrink() }
        if self.rows.count >= 1024, self.shrinksBelow == 0 { self.shrinksBelow = self.rows.count / 8 }
    }

    private mutating func shrink() {
        while self.rows.last?.isVacant == true { self.rows.removeLast() }
        self.rows = ContiguousArray(self.rows.map { $0 })
        self.free = ContiguousArray(self.rows.indices.filter { self.rows[$0].isVacant }.reversed().map { Int32(truncatingIfNeeded: $0) })
        self.shrinksBelow = self.count < 128 ? 0 : self.count / 2
    }

    /// The row in use at `index`.
    subscript(index: Int) -> Row {
        // Inlined, because the coroutine of an access that is not inlined allocates memory.
        @inline(__always) _read { yield self.rows[index] }
        @inline(__always) _modify { yield &self.rows[index] }
    }

    /// Whether there is a row in use at `index`.
    func isInUse(_ index: Int) -> Bool {
        index < self.rows.count && !self.rows[index].isVacant
    }

    // MARK: Lists

    /// Appends a row to a list.
    mutating func append(_ index: Int, to list: inout RowList) {
        self[index].links = RowLinks(previous: list.last, next: -1)
        if list.last >= 0 { self[Int(list.last)].links.next = Int32(truncatingIfNeeded: index) }
        list.last = Int32(truncatingIfNeeded: index)
        if list.first < 0 { list.first = list.last }
    }

    /// Removes a row from its list.
    mutating func unlink(_ index: Int, from list: inout RowList) {
        let links = self[index].links
        if links.previous >= 0 { self[Int(links.previous)].links.next = links.next } else { list.first = links.next }
        if links.next >= 0 { self[Int(links.next)].links.previous = links.previous } else { list.last = links.previous }
    }

    /// The rows of a list, last first.
    func backwards(_ list: RowList) -> some Sequence<Int> {
        sequence(state: list.last) { index in
            guard index >= 0 else { return nil as Int? }
            defer { index = self[Int(index)].links.previous }
            return Int(index)
        }
    }
}

/// A table row: vacant, or in use and on at most one list.
protocol TableRow: Sendable {
    /// Creates a vacant row.
    init()
    var isVacant: Bool { get }
    var links: RowLinks { get set }
    /// Makes the row equal to a new one.
    mutating func vacate()
}

/// The neighbors of a row in its list; negative where there is none.
struct RowLinks: Sendable {
    var previous: Int32 = -1
    var next: Int32 = -1
}

/// The ends of a list of rows; negative if the list is empty.
struct RowList: Sendable {
    var first: Int32 = -1
    var last: Int32 = -1

    var isEmpty: Bool {
        self.first < 0
    }
}
