import DequeModule
import ResourceContainer
import ResourceMonitoring

/// The history of the last ten minutes: packed updates, and a complete picture about once a minute from which to replay them.
///
/// Updates that are removed at the old end are folded into a base picture, so that the oldest moment can be shown in full. The timeline and
/// its event lines together take at most `limit` bytes, in addition to the base picture, and reach equally far back.
struct Timeline: Sendable {
    static let span = EventArchive.span
    /// The interval between complete pictures, and the largest size of one, in bytes.
    private static let pictureInterval = Duration.seconds(60)
    private static let pictureLimit = 1 << 20

    private struct Entry: Sendable {
        /// The update without its rows, events and health.
        var update: MonitorUpdate
        var rows: PackedRows
        var health: PackedHealth?
        /// The picture after the update, without its events; nil for most entries.
        var picture: Picture?
        /// The number after the last event line of the picture after the update.
        var lineEnd: Int
        var weight: Int
    }

    /// The largest size of the entries and of the event lines, in bytes.
    private(set) var limit: Int
    /// The picture before the first entry, without its events.
    private var base = Picture()
    private var entries: Deque<Entry> = []
    /// The number of the first entry.
    private var first = 0
    private var common = PackedRows.Common()
    /// The approximate size of the entries, in bytes.
    private(set) var weight = 0
    private var lastPicture: TimeSource.Instant?
    /// The number after the last event line before the first entry.
    private var baseLineEnd = 0

    /// Creates an empty timeline of at most `limit` bytes.
    init(limit: Int = EventArchive.limit) {
        self.limit = limit
    }

    /// The numbers of the moments that can be shown. Every update adds one, and numbers are never reused.
    var moments: Range<Int> {
        self.first..<self.first + self.entries.count
    }

    /// The time between the oldest and the newest moment.
    var depth: Duration {
        guard let first = self.entries.first, let last = self.entries.last else { return .zero }
        return last.update.time - first.update.time
    }

    func time(of moment: Int) -> TimeSource.Instant {
        self.entries[moment - self.first].update.time
    }

    /// Appends an update that `picture` has already folded, and removes event lines from the picture that are older than the timeline.
    ///
    /// Updates of another container belong in a separate timeline.
    mutating func append(_ update: MonitorUpdate, _ picture: inout Picture) {
        let rows = PackedRows(update, &self.common)
        var update = update
        let health = update.health.map { PackedHealth($0, after: self.entries.last?.health) }
        (update.events, update.resources, update.scopes, update.bindings, update.health) = ([], [], [], [], nil)
        if let last = self.entries.last?.update { update.shareUnchanged(with: last) }
        let weight = update.weight(since: self.entries.last?.update) + rows.weight + (health?.weight ?? 0)
        var entry = Entry(update: update, rows: rows, health: health, lineEnd: picture.events.endIndex, weight: weight)
        let isDue = self.lastPicture.map { update.time - $0 >= Self.pictureInterval } ?? true
        if isDue, case let weight = picture.weight, weight <= Self.pictureLimit {
            entry.picture = picture.withoutEvents()
            entry.weight += weight
            self.lastPicture = update.time
        }
        self.weight += entry.weight
        self.entries.append(entry)
        self.trim(&picture)
    }

    /// Changes the limit, which is also that of the newest picture's event lines. Of the oldest moments, those beyond it are removed, with the
    /// event lines from before them.
    mutating func setLimit(_ limit: Int, _ picture: inout Picture) {
        self.limit = limit
        picture.limitEvents(limit)
        self.trim(&picture)
    }

    /// Removes the oldest moments that are beyond the limits.
    private mutating func trim(_ picture: inout Picture) {
        while let oldest = self.entries.first, let newest = self.entries.last, self.entries.count > 1,
            self.weight + picture.events.weight > self.limit || newest.update.time - oldest.update.time > Self.span
        {
            self.forgetOldest()
            picture.forgetEvents(before: self.baseLineEnd)
        }
    }

    private mutating func forgetOldest() {
        let oldest = self.entries.removeFirst()
        self.first += 1
        self.weight -= oldest.weight
        self.baseLineEnd = oldest.lineEnd
        self.base.fold(self.update(of: oldest), keepsEvents: false)
    }

    private func update(of entry: Entry) -> MonitorUpdate {
        var update = entry.update
        entry.rows.unpack(into: &update, self.common)
        update.health = entry.health?.unpacked
        return update
    }

    /// Returns the picture of a moment, with the lines of `events` up to it. O(updates since the last complete picture).
    func picture(of moment: Int, _ events: EventArchive) -> Picture {
        let index = min(max(0, moment - self.first), self.entries.count - 1)
        guard index >= 0 else { return self.base }
        let start = self.entries[...index].lastIndex { $0.picture != nil }
        var picture = start.flatMap { self.entries[$0].picture } ?? self.base
        for entry in self.entries[(start.map { $0 + 1 } ?? 0)..<(index + 1)] {
            picture.fold(self.update(of: entry), keepsEvents: false)
        }
        return picture.with(events.prefix(upTo: self.entries[index].lineEnd))
    }

    /// Returns the first moment whose picture has the event line with a number; nil if there is none. O(log n).
    func moment(ofLine number: Int) -> Int? {
        let index = self.entries.partitioningIndex { $0.lineEnd > number }
        return index < self.entries.endIndex ? self.first + index : nil
    }

    /// Returns the number after the last event line of a moment's picture, or of the first one that is kept if the moment is not.
    func lineEnd(of moment: Int) -> Int {
        moment < self.first ? self.baseLineEnd : self.entries[moment - self.first].lineEnd
    }

    /// Returns the last moment not later than `time`, or the first moment if all are later. O(log n).
    func moment(at time: TimeSource.Instant) -> Int {
        self.first + max(0, self.entries.partitioningIndex { $0.update.time > time } - 1)
    }
}

extension Picture {
    /// Changes the largest size of the event lines, in bytes. It holds from the next line on.
    fileprivate mutating func limitEvents(_ limit: Int) {
        var events = self.events
        events.limit = limit
        self = self.with(events)
    }
}

/// The approximate sizes of rows with the values they refer to, in bytes.
enum Weight {
    static let resource = MemoryLayout<ResourceRow>.stride + 64
    static let scope = MemoryLayout<ScopeRow>.stride + 96
    static let binding = MemoryLayout<BindingRow>.stride + 128
    static let event = MemoryLayout<EventLine>.stride + 96
    static let finding = MemoryLayout<Finding>.stride + 160
    static let healthRow = MemoryLayout<HealthRow>.stride + 32
    static let healthResult = MemoryLayout<HealthResult>.stride + 32
    static let buckets = DurationBuckets.count * 4
    static let requester = MemoryLayout<PoolSample.Holder>.stride
}

extension PoolSample {
    /// Shares the durations that equal those of an earlier sample, so that they are stored once.
    fileprivate mutating func shareUnchanged(with last: PoolSample) {
        if self.waits == last.waits { self.waits = last.waits }
        if self.holds == last.holds { self.holds = last.holds }
        if self.creations == last.creations { self.creations = last.creations }
    }

    /// Returns how many of the three kinds of durations differ from those of an earlier sample.
    fileprivate func bucketsChanged(since last: PoolSample?) -> Int {
        guard let last else { return 3 }
        return [self.waits != last.waits, self.holds != last.holds, self.creations != last.creations].count { $0 }
    }
}

extension MonitorUpdate {
    /// Shares the lists that equal those of the previous update, so that they are stored once.
    fileprivate mutating func shareUnchanged(with last: MonitorUpdate) {
        if self.pools == last.pools {
            self.pools = last.pools
        } else if self.pools.count == last.pools.count {
            for index in self.pools.indices { self.pools[index].shareUnchanged(with: last.pools[index]) }
        }
        if self.findings == last.findings { self.findings = last.findings }
        if self.withdrawnFindings == last.withdrawnFindings { self.withdrawnFindings = last.withdrawnFindings }
    }

    /// Returns the approximate memory that the update takes in addition to the previous one, in bytes.
    fileprivate func weight(since last: MonitorUpdate?) -> Int {
        var weight =
            MemoryLayout<MonitorUpdate>.stride + self.history.count * MemoryLayout<HistoryPoint>.stride
        if self.pools != last?.pools {
            let before = last?.pools.count == self.pools.count ? last?.pools : nil
            for (index, pool) in self.pools.enumerated() {
                weight += MemoryLayout<PoolSample>.stride + (pool.holders.count + pool.waiters.count) * Weight.requester
                weight += pool.bucketsChanged(since: before?[index]) * Weight.buckets
            }
        }
        if self.findings != last?.findings { weight += self.findings.count * Weight.finding }
        if self.withdrawnFindings != last?.withdrawnFindings { weight += self.withdrawnFindings.count * Weight.finding }
        return weight
    }
}
