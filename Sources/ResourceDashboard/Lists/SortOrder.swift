/// A column that rows can be sorted by.
package protocol SortColumn: CaseIterable, Hashable, Sendable where AllCases == [Self] {
    var title: String { get }
    /// Whether sorting by the column starts in descending order.
    var startsDescending: Bool { get }
}

/// The value by which a row is sorted: a number, or a text where numbers are equal.
package struct SortKey: Hashable, Comparable, Sendable {
    package var number: Double
    package var text: String

    package init(_ number: Double = 0, _ text: String = "") {
        self.number = number
        self.text = text
    }

    package init(_ text: String) {
        self.init(0, text)
    }

    package static func < (left: SortKey, right: SortKey) -> Bool {
        left.number == right.number ? left.text < right.text : left.number < right.number
    }
}

/// The column and direction by which the rows of a table are sorted.
package struct SortOrder<Column: SortColumn>: Hashable, Sendable {
    package private(set) var column: Column
    package var isDescending: Bool

    package init(_ column: Column) {
        self.column = column
        self.isDescending = column.startsDescending
    }

    package mutating func move(by step: Int) {
        let columns = Column.allCases
        let index = columns.firstIndex(of: self.column) ?? 0
        self = SortOrder(columns[(index + step + columns.count) % columns.count])
    }

    /// Sorts by the column at `index`, or reverses the order if the rows are sorted by it.
    package mutating func choose(_ index: Int) {
        guard Column.allCases.indices.contains(index) else { return }
        let column = Column.allCases[index]
        if column == self.column { self.isDescending.toggle() } else { self = SortOrder(column) }
    }

    package var words: String {
        "sorted by \(self.column.title)\(self.isDescending ? ", descending" : "")"
    }

    /// Returns `rows` sorted by their keys. Rows with equal keys keep their order.
    package func sorted<Row>(_ rows: [Row], key: (Row, Column) -> SortKey) -> [Row] {
        rows.map { (key($0, self.column), $0) }.sorted { self.isDescending ? $0.0 > $1.0 : $0.0 < $1.0 }.map(\.1)
    }
}

extension Array {
    /// Returns the elements in the order of `earlier`, the previous identities, with new elements after them.
    package func held<ID: Hashable>(in earlier: [ID], id: (Element) -> ID) -> [Element] {
        let known = Dictionary(zip(earlier, earlier.indices), uniquingKeysWith: { first, _ in first })
        return self.map { (known[id($0)] ?? .max, $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
