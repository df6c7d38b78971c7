/// The cursor of a list. It selects a row by identity, so that the selection stays on its item while rows are added, removed and reordered.
struct Cursor<ID: Hashable & Sendable>: Sendable {
    /// The selected row; nil until the cursor is moved. Until then, lists show the first row as selected.
    var selected: ID?
    /// The last known index of the selected row, from which the cursor continues when the row is removed.
    private var index = 0

    init() {}

    /// Records the index of the selected row. Call it before the rows change.
    mutating func remember(in rows: some RandomAccessCollection<ID>) {
        if let selected, let index = rows.firstIndex(of: selected) { self.index = rows.distance(from: rows.startIndex, to: index) }
    }

    /// Records the index of the selected row; nil if it is not among the rows.
    mutating func remember(at index: Int?) {
        if self.selected != nil, let index { self.index = index }
    }

    /// Moves by a number of rows, and not beyond the first and the last one. Until a row is selected, the cursor is on the first.
    mutating func move(by step: Int, in rows: some RandomAccessCollection<ID>) {
        guard let selected = self.selected ?? rows.first, !rows.isEmpty else { return self.selected = nil }
        // The row after a removed one has moved to its index, so that the first step down needs no movement.
        let known = rows.firstIndex(of: selected).map { rows.distance(from: rows.startIndex, to: $0) }
        let index = known ?? (step > 0 ? self.index - 1 : self.index)
        self.selected = rows[rows.index(rows.startIndex, offsetBy: min(max(0, index + step), rows.count - 1))]
    }

    /// Moves with wrapping. Until a row is selected, the cursor is on the first. From a row that is not among the rows, it moves to the
    /// first or to the last one.
    mutating func cycle(by step: Int, in rows: some RandomAccessCollection<ID>) {
        guard let selected = self.selected ?? rows.first, !rows.isEmpty else { return }
        guard let index = rows.firstIndex(of: selected).map({ rows.distance(from: rows.startIndex, to: $0) }) else {
            return self.selected = step > 0 ? rows.first : rows.last
        }
        self.selected = rows[rows.index(rows.startIndex, offsetBy: (index + step + rows.count) % rows.count)]
    }

    mutating func jump(toFirst: Bool, in rows: some RandomAccessCollection<ID>) {
        self.selected = toFirst ? rows.first : rows.last
    }
}
