import ResourceContainer
import ResourceMonitoring

/// The body of an `input` line: what changed since the line before. What is absent is as it was, or did not happen.
struct RecordedInput: Encodable {
    /// Events that nobody saw, and the picture to go on from.
    var missed: UInt64?
    var snapshot: ContainerSnapshot?
    var events: [RecordedEvent]?
    var samples: RecordedSamples?
}

/// What was sampled at a point of the grid.
struct RecordedSamples: Codable {
    var pools: Changes<PoolSample>?
    /// How often resources were asked for: pairs of identity and count, of those that changed.
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

/// What the health checks add up to; a row comes with what was added to its history.
struct RecordedHealth: Codable {
    struct Row: Codable, Sendable, Equatable {
        /// With the newest results only.
        var row: HealthRow
        /// How many results of its history before stand in front of them.
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
    var asker: HealthAsker?

    init(_ picture: HealthPicture, after old: HealthPicture?) {
        self.time = picture.time
        self.verdict = picture.verdict
        self.since = picture.since
        self.causes = picture.causes
        self.isStale = picture.isStale ? true : nil
        self.asker = picture.asker
        self.transitions = Changes(from: old?.transitions ?? [], to: picture.transitions)
        let rows = old?.rows ?? []
        // Compared as they are, told as what was added.
        self.rows = Changes(from: rows, to: picture.rows).map { changes in
            Changes<Row>(
                count: changes.count,
                items: changes.items.map { .init(at: $0.at, new: Row($0.new, after: rows.indices.contains($0.at) ? rows[$0.at] : nil)) }
            )
        }
    }

    /// The picture, if these are changes of `old`.
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
            asker: self.asker
        )
    }
}

extension RecordedHealth.Row {
    init(_ row: HealthRow, after old: HealthRow?) {
        self.row = row
        self.kept = 0
        guard let old, old.resource == row.resource, let last = old.history.last,
            let place = row.history.lastIndex(of: last), old.history.suffix(place + 1).elementsEqual(row.history.prefix(place + 1))
        else { return }
        self.kept = place + 1
        self.row.history = Array(row.history.dropFirst(place + 1))
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
