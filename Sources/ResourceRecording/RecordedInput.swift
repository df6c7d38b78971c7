import ResourceContainer
import ResourceMonitoring

/// The body of an `input` line: the changes since the previous line. Absent fields are unchanged, or did not occur.
struct RecordedInput {
    /// The number of missed events, and the snapshot to continue from.
    var missed: UInt64?
    var snapshot: ContainerSnapshot?
    var events: [ResourceEvent]
    var samples: RecordedSamples?
}

/// The samples of a grid point.
struct RecordedSamples: Codable {
    var pools: Changes<PoolSample>?
    /// The changed use counts: pairs of a resource's identity and its count.
    var uses: [UInt64]?
    var slow: Slow?

    struct Slow: Codable {
        var outliving: [OutlivingResource]?
        var forgottenScopes: [ScopeID]?
        var books: Books
        var booksSequence: UInt64
        var health: RecordedHealth?
    }
}

/// The changes of a container's health. A changed row contains only the new results of its history.
struct RecordedHealth: Codable {
    struct Row: Codable, Sendable, Equatable {
        /// The row, with its newest results only.
        var row: HealthRow
        /// The number of results of the previous history that precede them.
        var kept: Int
    }

    var time: TimeSource.Instant
    var verdict: HealthStatus
    var since: TimeSource.Instant
    var causes: [String]
    var transitions: Changes<HealthTransition>?
    var rows: Changes<Row>?
    /// Absent in recordings of version 1.0.
    var isStale: Bool?
    var checkedBy: HealthCheckSource?

    private enum CodingKeys: String, CodingKey {
        case time, verdict, since, causes, transitions, rows, isStale
        case checkedBy = "asker"
    }

    init(_ picture: HealthPicture, after old: HealthPicture?) {
        self.time = picture.time
        self.verdict = picture.verdict
        self.since = picture.since
        self.causes = picture.causes
        self.isStale = picture.isStale ? true : nil
        self.checkedBy = picture.checkedBy
        self.transitions = Changes(from: old?.transitions ?? [], to: picture.transitions)
        let rows = old?.rows ?? []
        // Rows are compared as a whole and written as differences.
        self.rows = Changes(from: rows, to: picture.rows).map { changes in
            Changes<Row>(
                count: changes.count,
                items: changes.items.map { .init(at: $0.at, new: Row($0.new, after: rows.indices.contains($0.at) ? rows[$0.at] : nil)) }
            )
        }
    }

    /// The health after the changes; nil if these are not changes of `old`.
    func picture(after old: HealthPicture?) -> HealthPicture? {
        var rows = old?.rows ?? []
        if let changes = self.rows {
            guard changes.items.allSatisfy({ (0...HealthPicture.historyLimit).contains($0.new.kept) }) else { return nil }
            let whole = changes.items.map { item in
                Changes<HealthRow>.Item(at: item.at, new: item.new.whole(after: rows.indices.contains(item.at) ? rows[item.at] : nil))
            }
            guard let new = Changes<HealthRow>(count: changes.count, items: whole).applied(to: rows) else { return nil }
            rows = new
        }
        var transitions = old?.transitions ?? []
        if let changes = self.transitions {
            guard let new = changes.applied(to: transitions) else { return nil }
            transitions = new
        }
        return HealthPicture(
            time: self.time,
            verdict: self.verdict,
            isStale: self.isStale ?? false,
            since: self.since,
            causes: self.causes,
            transitions: transitions,
            rows: rows,
            checkedBy: self.checkedBy
        )
    }
}

extension RecordedHealth.Row {
    init(_ row: HealthRow, after old: HealthRow?) {
        self.row = row
        self.kept = 0
        guard let old, old.resource == row.resource, let last = old.history.last,
            let index = row.history.lastIndex(of: last), old.history.suffix(index + 1).elementsEqual(row.history.prefix(index + 1))
        else { return }
        self.kept = index + 1
        self.row.history = Array(row.history.dropFirst(index + 1))
    }

    func whole(after old: HealthRow?) -> HealthRow {
        var row = self.row
        row.history = Array((old?.history ?? []).suffix(self.kept)) + row.history
        return row
    }
}

extension Changes {
    init(count: Int, items: [Item]) {
        self.count = count
        self.items = items
    }
}
