import DequeModule
import ResourceContainer
import ResourceMonitoring

/// The scopes that closed within the retention time, in the order of their close, found by identity in O(1).
struct ClosedScopes: RandomAccessCollection, Sendable {
    private var rows: Deque<ScopeRow> = []
    /// The number of the newest row of each scope. The rows are numbered from 0, including those that were removed.
    private var numbers: [ScopeID: Int] = [:]
    private var removed = 0

    var startIndex: Int { 0 }
    var endIndex: Int { self.rows.count }

    subscript(index: Int) -> ScopeRow { self.rows[index] }

    /// The newest row of a scope.
    subscript(id: ScopeID) -> ScopeRow? {
        self.numbers[id].map { self.rows[$0 - self.removed] }
    }

    mutating func append(_ row: ScopeRow) {
        self.numbers[row.scope.id] = self.removed + self.rows.count
        self.rows.append(row)
    }

    mutating func removeFirst() {
        let id = self.rows.removeFirst().scope.id
        if self.numbers[id] == self.removed { self.numbers[id] = nil }
        self.removed += 1
    }
}
