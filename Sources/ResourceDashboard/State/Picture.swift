import DequeModule
import ResourceContainer
import ResourceMonitoring

/// A container as the dashboard shows it: monitor updates folded into one consistent state. All figures are of the same moment.
public struct Picture: Sendable {
    /// A sample for the charts.
    struct Sample: Sendable, Hashable {
        var time: TimeSource.Instant
        var active: Int
        var created: Int
        var ended: Int
        var waiting: Int
    }

    /// The time for which ended items stay visible.
    static let retention = Duration.seconds(60)
    private static let endedLimit = 500
    /// The number of samples in a minute, at four a second.
    static let sampleLimit = 240
    static let sampleInterval: Int64 = 250_000_000

    private(set) var container = ""
    private(set) var sequence: UInt64 = 0
    private(set) var time = TimeSource.Instant(nanoseconds: 0)
    /// The time of the first update. Ages start there if the root scope is unknown.
    private(set) var begun: TimeSource.Instant?
    /// The creation of the container, which stays known after its root scope is closed; nil until the root scope is known.
    private(set) var created: TimeSource.Instant?
    private(set) var missed: UInt64 = 0
    private(set) var totals = MonitorTotals()
    private(set) var bindings: [BindingID: BindingRow] = [:]
    private(set) var scopes: [ScopeID: ScopeRow] = [:]
    private(set) var resources: [ResourceID: ResourceRow] = [:]
    private(set) var pools: [PoolSample] = []
    /// The open child scopes of each scope, in opening order.
    private(set) var children: [ScopeID: [ScopeID]] = [:]
    /// The active resources of each scope, in the order of their identity.
    private(set) var resourcesByScope: [ScopeID: [ResourceID]] = [:]
    /// The active resources in the order of their identity, those with dependencies, and the dependents of each.
    private(set) var active: [ResourceID] = []
    private(set) var needing: Set<ResourceID> = []
    private(set) var dependents: [ResourceID: [ResourceID]] = [:]
    /// The active findings, most severe first.
    private(set) var findings: [Finding] = []
    private(set) var withdrawnFindings: [Finding] = []
    private(set) var suppressedFindings = 0
    /// The results of the health checks; nil if there is no checker.
    private(set) var health: HealthPicture?
    /// The figures of the last minutes, one point a second.
    private(set) var history: Deque<HistoryPoint> = []
    /// The time that acquisitions of each pool waited, in the current minute and in the previous one.
    private(set) var waits: [ResourceID: WaitWindows] = [:]
    /// The items that ended within the retention time, oldest first.
    private(set) var closedScopes = ClosedScopes()
    private(set) var endedResources: Deque<ResourceRow> = []
    /// The abandoned ones among the ended resources, which may still end.
    private var abandoned: Set<ResourceID> = []
    /// The event lines of the last ten minutes.
    private(set) var events = EventArchive()
    private(set) var samples: Deque<Sample> = []
    /// The current caption: the last note of a live resource whose binding has the tag `notes=caption`.
    private(set) var caption: Caption?

    struct Caption: Sendable, Hashable {
        var resource: ResourceID
        var text: String
    }

    init() {}

    // MARK: Folding

    /// Folds an update. Without `keepsEvents`, its events are not added as lines, because the lines are stored elsewhere.
    mutating func fold(_ update: MonitorUpdate, keepsEvents: Bool = true) {
        self.container = update.container
        self.sequence = update.sequence
        self.time = update.time
        if self.begun == nil { self.begun = update.time }
        self.missed.addSaturated(update.missed)
        self.totals = update.totals
        self.pools = update.pools
        if update.isReset {
            self.bindings = [:]
            self.scopes = [:]
            self.resources = [:]
            self.children = [:]
            self.resourcesByScope = [:]
            self.active = []
            self.needing = []
            self.dependents = [:]
        }
        for row in update.bindings { self.bindings[row.binding.id] = row }
        for row in update.scopes {
            if row.scope.id == .root { self.created = row.scope.openedAt }
            self.insert(row)
        }
        for row in update.resources { self.insert(row) }
        // Lines are made while the items that they name still exist.
        if keepsEvents {
            if update.missed > 0 { self.noteGap(update) }
            for event in update.events { self.events.append(EventLine(event, self)) }
        }
        for event in update.events { self.explain(event) }
        for row in update.scopes where row.scope.state == .closed {
            self.remove(row)
            self.closedScopes.append(row)
        }
        for row in update.resources where !row.resource.state.isActive {
            self.remove(row)
            self.end(row)
        }
        self.forget()
        self.findings = update.findings
        self.withdrawnFindings = update.withdrawnFindings
        self.suppressedFindings = update.suppressedFindings
        self.health = update.health
        self.foldWaits(update)
        self.foldHistory(update)
        self.sample(update)
    }

    /// Stores one sample for each quarter of a second, at any rate of updates. A quarter without an update repeats the last sample.
    private mutating func sample(_ update: MonitorUpdate) {
        if let last = self.samples.last {
            let passed = Self.slot(of: update.time) - Self.slot(of: last.time)
            // The first update of a quarter counts, so that the samples do not depend on how often the source is asked.
            if passed <= 0 { return }
            for _ in 0..<min(max(0, passed - 1), Int64(Self.sampleLimit)) { self.samples.append(last) }
        }
        self.samples.append(
            Sample(
                time: update.time,
                active: update.totals.books.active,
                created: update.totals.books.created,
                ended: update.totals.books.created.subtractingSaturated(update.totals.books.active),
                waiting: update.pools.reduce(0) { $0.addingSaturated($1.waiting) }
            )
        )
        while self.samples.count > Self.sampleLimit { self.samples.removeFirst() }
    }

    /// The quarter of a second that an instant is in.
    static func slot(of instant: TimeSource.Instant) -> Int64 {
        instant.nanoseconds / Self.sampleInterval
    }

    /// Appends the points of the last seconds. A monitor that began after a lost connection does not have the seconds before it. They stay
    /// as they were. A second that no monitor has repeats the point before it, without activity.
    private mutating func foldHistory(_ update: MonitorUpdate) {
        if update.isReset, let first = update.history.first?.second {
            while let last = self.history.last, last.second >= first { self.history.removeLast() }
        }
        for point in update.history {
            if var filling = self.history.last {
                (filling.counts, filling.pools) = (ActivityCounts(), [])
                let missing = min(point.second.subtractingSaturated(filling.second) - 1, Int64(MonitorHistory.limit))
                for offset in stride(from: missing, to: 0, by: -1) {
                    filling.second = point.second &- offset
                    self.history.append(filling)
                }
            }
            self.history.append(point)
        }
        while self.history.count > MonitorHistory.limit { self.history.removeFirst() }
    }

    private mutating func foldWaits(_ update: MonitorUpdate) {
        var waits: [ResourceID: WaitWindows] = [:]
        for pool in update.pools {
            guard let id = pool.resource else { continue }
            var windows = self.waits[id] ?? WaitWindows()
            windows.take(pool.waits, at: update.sampledAt)
            waits[id] = windows
        }
        self.waits = waits
    }

    // MARK: Stored pictures

    /// Returns the picture for storage in a timeline, without its event lines.
    func withoutEvents() -> Picture {
        self.with(EventArchive())
    }

    /// Returns the picture with other event lines.
    func with(_ events: EventArchive) -> Picture {
        var picture = self
        picture.events = events
        return picture
    }

    /// Removes the event lines before a number.
    mutating func forgetEvents(before number: Int) {
        self.events.forget(before: number)
    }

    /// The approximate size of a stored picture without event lines, in bytes.
    var weight: Int {
        (self.resources.count + self.endedResources.count) * Weight.resource + (self.scopes.count + self.closedScopes.count) * Weight.scope
            + self.samples.count * MemoryLayout<Sample>.stride + self.history.count * MemoryLayout<HistoryPoint>.stride + self.bindings
            .count * Weight.binding
    }

    /// Whether `update` is of another container than this picture, because the scenario was changed.
    func isOther(_ update: MonitorUpdate) -> Bool {
        guard update.isReset, self.begun != nil else { return false }
        if update.time < self.time { return true }
        let root = update.scopes.first { $0.scope.parent == nil }?.scope
        return root.map { $0.openedAt != self.scopes[$0.id]?.scope.openedAt } ?? false
    }

    // MARK: Rows

    private mutating func insert(_ row: ScopeRow) {
        if self.scopes.updateValue(row, forKey: row.scope.id) == nil, let parent = row.scope.parent {
            self.children[parent, default: []].insertSorted(row.scope.id)
        }
    }

    private mutating func insert(_ row: ResourceRow) {
        let id = row.resource.id
        let before = self.resources.updateValue(row, forKey: id)
        if before == nil {
            self.resourcesByScope[row.resource.scope, default: []].insertSorted(id)
            self.active.insertSorted(id)
        }
        let known = before?.resource.dependencies ?? []
        guard known != row.resource.dependencies else { return }
        self.needing.insert(id)
        for dependency in row.resource.dependencies where !known.contains(dependency) {
            self.dependents[dependency, default: []].insertSorted(id)
        }
    }

    private mutating func remove(_ row: ScopeRow) {
        self.scopes[row.scope.id] = nil
        self.children[row.scope.id] = nil
        if let parent = row.scope.parent { self.children[parent]?.removeSorted(row.scope.id) }
    }

    private mutating func remove(_ row: ResourceRow) {
        let id = row.resource.id
        if self.caption?.resource == id { self.caption = nil }
        if let gone = self.resources.removeValue(forKey: id) {
            self.active.removeSorted(id)
            self.needing.remove(id)
            for dependency in gone.resource.dependencies {
                self.dependents[dependency]?.removeSorted(id)
                if self.dependents[dependency]?.isEmpty == true { self.dependents[dependency] = nil }
            }
        }
        self.resourcesByScope[row.resource.scope]?.removeSorted(row.resource.id)
        if self.resourcesByScope[row.resource.scope]?.isEmpty == true { self.resourcesByScope[row.resource.scope] = nil }
    }

    /// Stores a resource that has ended. An abandoned one that ends later replaces its earlier row.
    private mutating func end(_ row: ResourceRow) {
        let id = row.resource.id
        let known = self.abandoned.remove(id) == nil ? nil : self.endedResources.lastIndex { $0.resource.id == id }
        if let known { self.endedResources[known] = row } else { self.endedResources.append(row) }
        if row.resource.state == .abandoned { self.abandoned.insert(id) }
    }

    /// Appends a note.
    mutating func note(_ note: EventLine.Note) {
        self.events.append(EventLine(sequence: self.sequence, time: self.time, note))
    }

    /// Appends a note about missed events, before the events that follow them.
    private mutating func noteGap(_ update: MonitorUpdate) {
        let note = EventLine.Note(
            source: "monitor",
            level: .warn,
            what: "gap",
            who: "-",
            message: "\(Format.count(Int(clamping: update.missed))) events missed: their lines are not shown; all counts are exact"
        )
        let next = update.events.first?.sequence ?? update.sequence &+ 1
        self.events.append(EventLine(sequence: next &- 1, time: self.time, note))
    }

    private mutating func explain(_ event: ResourceEvent) {
        guard case .noted(let text) = event.kind, let resource = event.resource, let binding = event.binding,
            self.bindings[binding]?.binding.tags["notes"] == "caption"
        else { return }
        self.caption = Caption(resource: resource, text: text)
    }

    private mutating func forget() {
        while let first = self.closedScopes.first,
            self.closedScopes.count > Self.endedLimit || self.time - (first.closedAt ?? self.time) > Self.retention
        {
            self.closedScopes.removeFirst()
        }
        while let first = self.endedResources.first,
            self.endedResources.count > Self.endedLimit || self.time - (first.endedAt ?? self.time) > Self.retention
        {
            self.abandoned.remove(first.resource.id)
            self.endedResources.removeFirst()
        }
    }
}

extension Array where Element: Comparable {
    /// Inserts an element into a sorted array. O(log n) if it is the greatest, as new identities are.
    fileprivate mutating func insertSorted(_ element: Element) {
        self.insert(element, at: self.index(of: element))
    }

    /// Removes an element from a sorted array.
    fileprivate mutating func removeSorted(_ element: Element) {
        let index = self.index(of: element)
        if index < self.count, self[index] == element { self.remove(at: index) }
    }

    private func index(of element: Element) -> Int {
        self.partitioningIndex { $0 >= element }
    }
}
