/// The state of a list: its rows, the selected row by identity, the order, the filter and the scroll position.
///
/// The selection stays on its item while rows are added, removed and reordered. Until the user selects a row, the first is selected.
package struct ListState<Row: Identifiable & Sendable, Column: SortColumn>: ListStatus where Row.ID: Sendable {
    package private(set) var rows: [Row] = []
    package private(set) var total = 0
    package private(set) var matches = 0
    private(set) var cursor = Cursor<Row.ID>()
    /// The index of the selected row. It is found once for each change, because a frame reads it often and a search is O(n).
    package private(set) var selectedIndex: Int?
    package private(set) var sort: SortOrder<Column>?
    package private(set) var filter = FilterField()
    package private(set) var top: Int?
    package let fields: [Filter.Field]

    /// Creates an empty list that is sorted by `column`.
    package init(sortedBy column: Column, fields: [Filter.Field]) {
        self.sort = SortOrder(column)
        self.fields = fields
    }

    /// Creates an empty list whose rows have a fixed order.
    package init(fields: [Filter.Field]) where Column == Unsorted {
        self.fields = fields
    }

    package var count: Int { self.rows.count }

    /// The identity of the selected row, or of the first if none was selected.
    package var selectedID: Row.ID? { self.cursor.selected ?? self.rows.first?.id }

    /// The selected row; nil if it is not among the rows.
    package var selected: Row? {
        self.selectedIndex.map { self.rows[$0] }
    }

    package var sorting: (column: Int, isDescending: Bool)? {
        self.sort.flatMap { sort in Column.allCases.firstIndex(of: sort.column).map { ($0, sort.isDescending) } }
    }

    package var sortWords: String? { self.sort?.words }

    /// Shows `rows`, filtered and in order. Rows with equal keys keep their order in `rows`.
    ///
    /// - Parameters:
    ///   - rows: All rows.
    ///   - holdsOrder: Whether rows that are already shown keep their order, with new rows after them.
    ///   - passes: Whether a row passes a filter. It is not called without a filter.
    ///   - key: The sort key of a row for a column. It is not called for a list with a fixed order.
    package mutating func show(
        _ rows: [Row],
        holdsOrder: Bool = false,
        passes: (Row, Filter) -> Bool,
        key: (Row, Column) -> SortKey = { _, _ in SortKey() }
    ) {
        self.cursor.remember(at: self.selectedIndex)
        self.total = rows.count
        let filter = self.filter.filter
        let passing = filter.isEmpty ? rows : rows.filter { passes($0, filter) }
        self.matches = passing.count
        if holdsOrder, self.sort != nil {
            self.rows = passing.held(in: self.rows.map(\.id), id: \.id)
        } else {
            self.rows = self.sort?.sorted(passing, key: key) ?? passing
        }
        self.locate()
    }

    /// Shows `rows`, which are filtered and in order. Rows of a tree that do not match may be among them.
    ///
    /// - Parameters:
    ///   - matches: The number of rows that match the filter.
    ///   - total: The number of rows before the filter.
    package mutating func show(filtered rows: [Row], matches: Int, of total: Int) {
        self.cursor.remember(at: self.selectedIndex)
        self.rows = rows
        self.matches = matches
        self.total = total
        self.locate()
    }

    /// Selects the row with an identity, which may be added later.
    package mutating func select(_ id: Row.ID?) {
        self.cursor.selected = id
        self.top = nil
        self.locate()
    }

    package mutating func perform(_ action: ListAction) {
        let ids = self.rows.lazy.map(\.id)
        switch action {
        case .move(let step):
            self.top = nil
            self.cursor.move(by: step, in: ids)
        case .moveToEnd(let first):
            self.top = nil
            self.cursor.jump(toFirst: first, in: ids)
        case .cycle(let step):
            self.top = nil
            self.cursor.cycle(by: step, in: ids)
        case .select(let index): if self.rows.indices.contains(index) { self.cursor.selected = self.rows[index].id }
        case .scroll(let index): self.top = index
        case .sort(let index): self.sort?.choose(index)
        case .sortNext(let step): self.sort?.move(by: step)
        case .reverse: self.sort?.isDescending.toggle()
        case .filter(let text):
            self.top = nil
            self.filter.set(text, fields: self.fields)
        }
        self.locate()
    }

    /// Forgets the selection, because the rows are of another container.
    package mutating func reset() {
        self.cursor = Cursor()
        self.top = nil
        self.locate()
    }

    private mutating func locate() {
        guard let id = self.selectedID else { return self.selectedIndex = nil }
        if let index = self.selectedIndex, self.rows.indices.contains(index), self.rows[index].id == id { return }
        self.selectedIndex = self.rows.firstIndex { $0.id == id }
    }
}

/// The columns of a list whose rows have a fixed order: none.
package enum Unsorted: SortColumn {
    package var title: String {
        switch self {}
    }

    package var startsDescending: Bool {
        switch self {}
    }
}
