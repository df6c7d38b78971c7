/// An action of the user on a list.
package enum ListAction: Sendable {
    /// Moves the selection by a number of rows.
    case move(by: Int)
    /// Selects the first or the last row.
    case moveToEnd(first: Bool)
    /// Selects the next or the previous row, with wrapping.
    case cycle(by: Int)
    /// Selects the row at an index.
    case select(Int)
    /// Shows the rows from an index on, without a change of the selection. The number of rows means the end of the list.
    case scroll(to: Int)
    /// Sorts by the column at an index, or reverses the order if the rows are sorted by it.
    case sort(by: Int)
    /// Sorts by another column, relative to the present one.
    case sortNext(by: Int)
    /// Reverses the order.
    case reverse
    /// Replaces the text of the filter.
    case filter(TextField)
}

/// The properties of a list that do not depend on the type of its rows.
package protocol ListStatus: Sendable {
    /// The number of rows that are shown.
    var count: Int { get }
    /// The number of rows that match the filter. Rows that are shown only because of rows below them do not count.
    var matches: Int { get }
    /// The number of rows before the filter.
    var total: Int { get }
    /// The index of the selected row; nil if no row is selected.
    var selectedIndex: Int? { get }
    /// The index of the first visible row that the wheel or the scroll bar chose; nil if the selection determines it.
    var top: Int? { get }
    /// The filter.
    var filter: FilterField { get }
    /// The fields that a filter of this list may name.
    var fields: [Filter.Field] { get }
    /// The index of the column by which the rows are sorted, and the direction; nil if the rows have a fixed order.
    var sorting: (column: Int, isDescending: Bool)? { get }
    /// The order in words; nil if the rows have a fixed order.
    var sortWords: String? { get }
    /// Returns the visible rows in `height` rows of the screen.
    func window(height: Int) -> Range<Int>
}

extension ListStatus {
    package var matches: Int { self.count }

    /// Whether the rows can be sorted.
    package var isSortable: Bool { self.sorting != nil }

    /// Returns the visible rows in `height` rows of the screen. They contain the selected row unless the user scrolled away from it.
    package func window(height: Int) -> Range<Int> {
        guard height > 0, self.count > 0 else { return 0..<0 }
        let wanted = self.top ?? (self.selectedIndex ?? 0) - height * 2 / 3
        let top = max(0, min(wanted, self.count - height))
        return top..<min(self.count, top + height)
    }
}
