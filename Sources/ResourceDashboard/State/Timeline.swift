import DequeModule
import ResourceContainer
import ResourceMonitoring

/// The last minutes, to look back into: the updates as they came, and now and then a whole picture to begin from.
///
/// What is forgotten at the old end is folded into one picture, so that the oldest moment can be shown in full however long ago what is in
/// it was told. Ten minutes or 16 MiB of updates and pictures, whichever is less, beside that oldest picture.
struct Timeline: Sendable {
    static let span = Duration.seconds(600)
    static let limit = 16 << 20
    /// How far whole pictures stand apart, and how large they may be.
    private static let pictureInterval = Duration.seconds(60)
    private static let pictureLimit = 1 << 20

    private struct Entry: Sendable {
        var update: MonitorUpdate
        /// The picture after the update.
        var picture: Picture?
        var weight: Int
    }

    /// The picture before the first entry.
    private var base = Picture()
    private var entries: Deque<Entry> = []
    /// The number of the first entry.
    private var first = 0
    /// About how much memory the entries take, in bytes.
    private(set) var weight = 0
    private var lastPicture: TimeSource.Instant?

    /// The moments that can be shown, by number: one more for each update, for ever.
    var moments: Range<Int> {
        self.first..<self.first + self.entries.count
    }

    func time(of moment: Int) -> TimeSource.Instant {
        self.entries[moment - self.first].update.time
    }

    /// Adds an update, which `picture` has taken already. Updates of another container are to be added to a timeline of their own.
    mutating func append(_ update: MonitorUpdate, _ picture: Picture) {
        var update = update
        if let last = self.entries.last?.update { update.shareUnchanged(with: last) }
        update.trim()
        var entry = Entry(update: update, weight: update.weight(since: self.entries.last?.update))
        let isDue = self.lastPicture.map { update.time - $0 >= Self.pictureInterval } ?? true
        if isDue, case let kept = picture.kept(), case let weight = kept.weight, weight <= Self.pictureLimit {
            entry.picture = kept
            entry.weight += weight
            self.lastPicture = update.time
        }
        self.weight += entry.weight
        self.entries.append(entry)
        while let oldest = self.entries.first, self.entries.count > 1,
            self.weight > Self.limit || update.time - oldest.update.time > Self.span
        {
            self.entries.removeFirst()
            self.first += 1
            self.weight -= oldest.weight
            self.base.fold(oldest.update)
            self.base.forgetOldEvents()
        }
    }

    /// The picture of a moment. O(updates since the last whole picture).
    func picture(of moment: Int) -> Picture {
        let index = min(max(0, moment - self.first), self.entries.count - 1)
        guard index >= 0 else { return self.base }
        let start = self.entries[...index].lastIndex { $0.picture != nil }
        var picture = start.flatMap { self.entries[$0].picture } ?? self.base
        for entry in self.entries[(start.map { $0 + 1 } ?? 0)..<(index + 1)] { picture.fold(entry.update) }
        return picture
    }

    /// The last moment not later than `time`; the first one if all are later. O(log n).
    func moment(at time: TimeSource.Instant) -> Int {
        var (low, high) = (0, self.entries.count)
        while low < high {
            let middle = (low + high) / 2
            if self.entries[middle].update.time <= time { low = middle + 1 } else { high = middle }
        }
        return self.first + max(0, low - 1)
    }

    /// The first moment after `moment` in which `isWanted` is true of an event; nil if there is none.
    func moment(after moment: Int, where isWanted: (ResourceEvent) -> Bool) -> Int? {
        let index = max(0, moment + 1 - self.first)
        guard index < self.entries.count else { return nil }
        return self.entries[index...].firstIndex { $0.update.events.contains(where: isWanted) }.map { $0 + self.first }
    }
}

/// About how many bytes a row takes, with what it refers to.
enum Weight {
    static let resource = MemoryLayout<ResourceRow>.stride + 64
    static let scope = MemoryLayout<ScopeRow>.stride + 96
    static let binding = MemoryLayout<BindingRow>.stride + 128
    static let event = MemoryLayout<EventLine>.stride + 32
    static let finding = MemoryLayout<Finding>.stride + 160
    static let healthRow = MemoryLayout<HealthRow>.stride + 32
    static let healthResult = MemoryLayout<HealthResult>.stride + 32
    static let buckets = DurationBuckets.count * 4
    static let borrower = MemoryLayout<PoolSample.Holder>.stride
}

extension PoolSample {
    /// Takes the times that are as they were from an earlier sample, so that they are kept once.
    fileprivate mutating func shareUnchanged(with last: PoolSample) {
        if self.waits == last.waits { self.waits = last.waits }
        if self.holds == last.holds { self.holds = last.holds }
        if self.creations == last.creations { self.creations = last.creations }
    }

    /// How many of its three kinds of times are others than in an earlier sample.
    fileprivate func bucketsChanged(since last: PoolSample?) -> Int {
        guard let last else { return 3 }
        return [self.waits != last.waits, self.holds != last.holds, self.creations != last.creations].count { $0 }
    }
}

extension MonitorUpdate {
    /// Takes the lists that are as they were from the update before, so that they are kept once.
    fileprivate mutating func shareUnchanged(with last: MonitorUpdate) {
        if self.pools == last.pools {
            self.pools = last.pools
        } else if self.pools.count == last.pools.count {
            for index in self.pools.indices { self.pools[index].shareUnchanged(with: last.pools[index]) }
        }
        if self.findings == last.findings { self.findings = last.findings }
        if self.withdrawnFindings == last.withdrawnFindings { self.withdrawnFindings = last.withdrawnFindings }
        if self.health == last.health { self.health = last.health }
    }

    /// About how much memory it takes beside the update before, in bytes.
    fileprivate func weight(since last: MonitorUpdate?) -> Int {
        var weight =
            MemoryLayout<MonitorUpdate>.stride + self.bindings.count * Weight.binding + self.scopes.count * Weight.scope
            + self.resources.count * Weight.resource + self.events.count * (MemoryLayout<ResourceEvent>.stride + 64)
            + self.history.count * MemoryLayout<HistoryPoint>.stride
        if self.pools != last?.pools {
            let before = last?.pools.count == self.pools.count ? last?.pools : nil
            for (index, pool) in self.pools.enumerated() {
                weight += MemoryLayout<PoolSample>.stride + (pool.holders.count + pool.waiters.count) * Weight.borrower
                weight += pool.bucketsChanged(since: before?[index]) * Weight.buckets
            }
        }
        if self.findings != last?.findings { weight += self.findings.count * Weight.finding }
        if self.withdrawnFindings != last?.withdrawnFindings { weight += self.withdrawnFindings.count * Weight.finding }
        if self.health != last?.health {
            let before = last?.health?.rows ?? []
            for (index, row) in (self.health?.rows ?? []).enumerated() {
                let isShared = before.indices.contains(index) && before[index].history == row.history
                weight += Weight.healthRow + (isShared ? 0 : row.history.count * Weight.healthResult)
            }
        }
        // Half as much again for strings, and for what an allocation takes beyond what is in it.
        return weight * 3 / 2
    }

    /// Lets go of the room that lists have for more than is in them.
    fileprivate mutating func trim() {
        self.events = self.events.withUnsafeBufferPointer(Array.init)
        self.resources = self.resources.withUnsafeBufferPointer(Array.init)
        self.scopes = self.scopes.withUnsafeBufferPointer(Array.init)
        self.bindings = self.bindings.withUnsafeBufferPointer(Array.init)
    }
}
