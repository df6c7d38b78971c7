/// The selected row of a list, by identity: it stays on its item while rows come, go and change their order.
struct Cursor<ID: Hashable & Sendable>: Sendable {
    /// The selected row; nil before the cursor was moved.
    var selected: ID?
    /// Where the selected row stood last: the cursor goes on from there when the row has gone.
    private var place = 0

    init() {}

    /// Remembers where the selected row stands. Call before the rows change.
    mutating func remember(in rows: some RandomAccessCollection<ID>) {
        if let selected, let place = rows.firstIndex(of: selected) { self.place = rows.distance(from: rows.startIndex, to: place) }
    }

    mutating func move(by step: Int, in rows: some RandomAccessCollection<ID>) {
        guard !rows.isEmpty else { return self.selected = nil }
        guard let selected else { return self.selected = step > 0 ? rows.first : rows.last }
        // What followed a row that has gone now stands in its place, so the first step down is already made.
        let known = rows.firstIndex(of: selected).map { rows.distance(from: rows.startIndex, to: $0) }
        let place = known ?? (step > 0 ? self.place - 1 : self.place)
        self.selected = rows[rows.index(rows.startIndex, offsetBy: min(max(0, place + step), rows.count - 1))]
    }

    /// Moves round and round; false if there is no row.
    mutating func cycle(by step: Int, in rows: some RandomAccessCollection<ID>) -> Bool {
        guard !rows.isEmpty else { return false }
        guard let place = self.selected.flatMap({ rows.firstIndex(of: $0) }).map({ rows.distance(from: rows.startIndex, to: $0) }) else {
            self.selected = step > 0 ? rows.first : rows.last
            return true
        }
        self.selected = rows[rows.index(rows.startIndex, offsetBy: (place + step + rows.count) % rows.count)]
        return true
    }

    mutating func jump(toFirst: Bool, in rows: some RandomAccessCollection<ID>) {
        self.selected = toFirst ? rows.first : rows.last
    }
}
