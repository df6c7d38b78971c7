import ResourceContainer
import ResourceMonitoring

/// A column that rows can be sorted by.
protocol SortColumn: CaseIterable, RawRepresentable, Hashable, Sendable where RawValue == Int, AllCases == [Self] {
    var title: String { get }
    /// Whether sorting by the column starts in descending order.
    var startsDescending: Bool { get }
}

/// The column and direction by which the rows of a table are sorted.
struct SortOrder<Column: SortColumn>: Hashable, Sendable {
    private(set) var column: Column
    var isDescending: Bool

    init(_ column: Column) {
        self.column = column
        self.isDescending = column.startsDescending
    }

    mutating func move(by step: Int) {
        let columns = Column.allCases
        let index = columns.firstIndex(of: self.column) ?? 0
        self = SortOrder(columns[(index + step + columns.count) % columns.count])
    }

    /// Returns the title of `column`, with an arrow if the rows are sorted by it.
    func title(_ column: Column, _ glyphs: GlyphSet) -> String {
        column == self.column ? "\(column.title)\(glyphs[self.isDescending ? .down : .up])" : column.title
    }

    var words: String {
        "sorted by \(self.column.title)\(self.isDescending ? ", descending" : "")"
    }

    /// Returns `rows` sorted by their keys, and by identity where keys are equal.
    func sorted<Row, ID: Comparable>(_ rows: [Row], id: (Row) -> ID, key: (Row, Column) -> (Double, String)) -> [Row] {
        rows.map { (key($0, self.column), id($0), $0) }.sorted { left, right in
            if left.0 == right.0 { return left.1 < right.1 }
            return self.isDescending ? left.0 > right.0 : left.0 < right.0
        }.map(\.2)
    }
}

extension Array {
    /// Returns the elements in the order of `places`, the previous identities, with new elements after them by identity.
    func held<ID: Hashable & Comparable>(in places: [ID], id: (Element) -> ID) -> [Element] {
        let known = Dictionary(zip(places, places.indices), uniquingKeysWith: { first, _ in first })
        return self.map { (known[id($0)] ?? .max, id($0), $0) }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    }
}

/// A column of the pool table that rows can be sorted by.
enum PoolColumn: Int, SortColumn {
    case name, pressure, leased, idle, waiting, p95, timedOut, leaked

    var title: String {
        switch self {
        case .name: "NAME"
        case .pressure: "PRESSURE"
        case .leased: "ACT"
        case .idle: "IDLE"
        case .waiting: "WAIT"
        case .p95: "p95"
        case .timedOut: "TMO"
        case .leaked: "LEAK"
        }
    }

    var startsDescending: Bool {
        self != .name
    }

    func key(_ pool: PoolSample) -> (Double, String) {
        switch self {
        case .name: (0, pool.name)
        case .pressure: (Double(pool.leased + pool.waiting) / Double(max(1, pool.maximum)), "")
        case .leased: (Double(pool.leased), "")
        case .idle: (Double(pool.idle), "")
        case .waiting: (Double(pool.waiting), "")
        case .p95: (Double(pool.waits.quantile(0.95).wholeNanoseconds), "")
        case .timedOut: (Double(pool.timedOut), "")
        case .leaked: (Double(pool.leaked), "")
        }
    }
}

/// A column of the health table that rows can be sorted by.
enum HealthColumn: Int, SortColumn {
    case status, resource, scope, since, latency

    var title: String {
        switch self {
        case .status: "STATUS"
        case .resource: "RESOURCE"
        case .scope: "SCOPE"
        case .since: "SINCE"
        case .latency: "TOOK"
        }
    }

    var startsDescending: Bool {
        self == .latency
    }
}
