/// Rows named by their number, which is free again when a row is removed; rows can be strung on lists without memory of their own.
///
/// What a dictionary would hash for, this finds by an index, and a table that is filled and emptied over and over allocates nothing.
struct RowTable<Row: TableRow>: Sendable {
    private var rows: ContiguousArray<Row> = []
    private var free: ContiguousArray<Int32> = []
    /// How many rows are in use.
    private(set) var count = 0
    /// With fewer rows than this in use, the table gives memory back.
    private var shrinksBelow = 0

    /// How many rows there is memory for, used or not.
    var capacity: Int {
        self.rows.count
    }

    /// The numbers of the rows in use, ascending.
    var indices: some Sequence<Int> {
        self.rows.indices.lazy.filter { !self.rows[$0].isVacant }
    }

    /// Takes a free number. ``fill(_:with:)`` must follow.
    mutating func claim() -> Int {
        while let index = self.free.popLast() {
            // Numbers of rows that were cut off are still on the list.
            if Int(index) < self.rows.count { return Int(index) }
        }
        self.rows.append(Row())
        return self.rows.count - 1
    }

    mutating func fill(_ index: Int, with row: Row) {
        self.rows[index] = row
        self.count += 1
    }

    /// O(1), but for the times when the table has become mostly empty and is made smaller.
    mutating func remove(_ index: Int) {
        self.rows[index] = Row()
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
        _read { yield self.rows[index] }
        _modify { yield &self.rows[index] }
    }

    /// Whether there is a row in use at `index`.
    func isInUse(_ index: Int) -> Bool {
        index < self.rows.count && !self.rows[index].isVacant
    }

    // MARK: Lists

    /// Puts a row at the end of a list.
    mutating func append(_ index: Int, to list: inout RowList) {
        self[index].links = RowLinks(previous: list.last, next: -1)
        if list.last >= 0 { self[Int(list.last)].links.next = Int32(truncatingIfNeeded: index) }
        list.last = Int32(truncatingIfNeeded: index)
        if list.first < 0 { list.first = list.last }
    }

    /// Takes a row off the list it is on.
    mutating func unlink(_ index: Int, from list: inout RowList) {
        let links = self[index].links
        if links.previous >= 0 { self[Int(links.previous)].links.next = links.next } else { list.first = links.next }
        if links.next >= 0 { self[Int(links.next)].links.previous = links.previous } else { list.last = links.previous }
    }

    /// The rows on a list, last first.
    func backwards(_ list: RowList) -> some Sequence<Int> {
        sequence(state: list.last) { index in
            guard index >= 0 else { return nil as Int? }
            defer { index = self[Int(index)].links.previous }
            return Int(index)
        }
    }
}

/// A row that can be vacant, or in use and on one list.
protocol TableRow: Sendable {
    /// A vacant row.
    init()
    var isVacant: Bool { get }
    var links: RowLinks { get set }
}

/// The neighbours of a row on its list; negative where there is none.
struct RowLinks: Sendable {
    var previous: Int32 = -1
    var next: Int32 = -1
}

/// The ends of a list of rows; negative when it is empty.
struct RowList: Sendable {
    var first: Int32 = -1
    var last: Int32 = -1

    var isEmpty: Bool {
        self.first < 0
    }
}
