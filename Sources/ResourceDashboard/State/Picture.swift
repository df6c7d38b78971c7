import DequeModule
import ResourceContainer
import ResourceMonitoring

/// A container as the dashboard sees it: monitor updates folded into one picture. All its figures belong to the same moment.
public struct Picture: Sendable {
    /// A sample for the charts.
    struct Sample: Sendable, Hashable {
        var time: TimeSource.Instant
        var active: Int
        var created: Int
        var ended: Int
        var waiting: Int
    }

    /// How long what has ended stays visible.
    static let retention = Duration.seconds(60)
    private static let endedLimit = 500
    /// A minute of samples, four a second.
    static let sampleLimit = 240
    private static let sampleInterval: Int64 = 250_000_000

    private(set) var container = ""
    private(set) var sequence: UInt64 = 0
    private(set) var time = TimeSource.Instant(nanoseconds: 0)
    /// When the first update came; ages of the whole count from there if the root is not known.
    private(set) var begun: TimeSource.Instant?
    private(set) var missed: UInt64 = 0
    private(set) var totals = MonitorTotals()
    private(set) var bindings: [BindingID: BindingRow] = [:]
    private(set) var scopes: [ScopeID: ScopeRow] = [:]
    private(set) var resources: [ResourceID: ResourceRow] = [:]
    private(set) var pools: [PoolSample] = []
    /// The open scopes inside each scope, in opening order.
    private(set) var children: [ScopeID: [ScopeID]] = [:]
    /// The active resources of each scope, in the order of their identity.
    private(set) var resourcesByScope: [ScopeID: [ResourceID]] = [:]
    /// The active resources by identity, those that need others, and what needs each.
    private(set) var active: [ResourceID] = []
    private(set) var needing: Set<ResourceID> = []
    private(set) var dependents: [ResourceID: [ResourceID]] = [:]
    /// What needs attention at the moment, gravest first.
    private(set) var findings: [Finding] = []
    private(set) var withdrawnFindings: [Finding] = []
    private(set) var suppressedFindings = 0
    /// What the health checks add up to; nil if nobody checks.
    private(set) var health: HealthPicture?
    /// The last minutes, second by second.
    private(set) var history: Deque<HistoryPoint> = []
    /// How long acquisitions of each pool waited, in this minute and in the one before.
    private(set) var waits: [ResourceID: WaitWindows] = [:]
    /// What ended within the retention, oldest first.
    private(set) var closedScopes: Deque<ScopeRow> = []
    private(set) var endedResources: Deque<ResourceRow> = []
    /// Those of them that were given up: only they are looked for when a row comes.
    private var abandoned: Set<ResourceID> = []
    /// The lines of the last ten minutes.
    private(set) var events = EventArchive()
    private(set) var samples: Deque<Sample> = []
    /// What is explained at the moment: the last note of a resource whose binding has the tag `notes=caption`, as long as it lives.
    private(set) var caption: Caption?

    struct Caption: Sendable, Hashable {
        var resource: ResourceID
        var text: String
    }

    init() {}

    // MARK: Folding

    /// Takes an update. Without `keepsEvents` its events become no lines: the picture is shown with lines that are kept elsewhere.
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
        for row in update.scopes { self.insert(row) }
        for row in update.resources { self.insert(row) }
        // Lines are made while what they name is still here.
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
        if update.isReset { self.history = [] }
        self.history.append(contentsOf: update.history)
        while self.history.count > MonitorHistory.limit { self.history.removeFirst() }
        self.sample(update)
    }

    /// Keeps one sample for each quarter of a second, whatever the rate of the updates: where none came nothing had changed.
    private mutating func sample(_ update: MonitorUpdate) {
        let slot = update.time.nanoseconds / Self.sampleInterval
        if let last = self.samples.last {
            let passed = slot - last.time.nanoseconds / Self.sampleInterval
            if passed <= 0 { self.samples.removeLast() }
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

    // MARK: Kept pictures

    /// The picture as it is kept to go back to: its lines are kept elsewhere.
    func withoutEvents() -> Picture {
        self.with(EventArchive())
    }

    /// The same picture with other lines.
    func with(_ events: EventArchive) -> Picture {
        var picture = self
        picture.events = events
        return picture
    }

    /// Lets go of the lines before a number.
    mutating func forgetEvents(before number: Int) {
        self.events.forget(before: number)
    }

    /// About how much memory a kept picture takes without its lines, in bytes.
    var weight: Int {
        (self.resources.count + self.endedResources.count) * Weight.resource + (self.scopes.count + self.closedScopes.count) * Weight.scope
            + self.samples.count * MemoryLayout<Sample>.stride + self.history.count * MemoryLayout<HistoryPoint>.stride + self.bindings
            .count * Weight.binding
    }

    /// Whether `update` begins the picture of another container than this one: a scenario was changed.
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

    /// Keeps what has ended. What was given up may end once more, when it comes back after all: then it takes its own place.
    private mutating func end(_ row: ResourceRow) {
        let id = row.resource.id
        let known = self.abandoned.remove(id) == nil ? nil : self.endedResources.lastIndex { $0.resource.id == id }
        if let known { self.endedResources[known] = row } else { self.endedResources.append(row) }
        if row.resource.state == .abandoned { self.abandoned.insert(id) }
    }

    /// Adds a line that is not an event of the container.
    mutating func note(_ note: EventLine.Note) {
        self.events.append(EventLine(sequence: self.sequence, time: self.time, note))
    }

    /// Adds the line of a gap before the events that follow it.
    private mutating func noteGap(_ update: MonitorUpdate) {
        let note = EventLine.Note(
            source: "monitor",
            level: .warn,
            what: "gap",
            who: "-",
            message: "\(Format.count(Int(clamping: update.missed))) events missed: their lines are not shown, all counts are right"
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

    // MARK: Names

    func scopeName(_ id: ScopeID) -> String {
        if let scope = self.scopes[id] { return scope.scope.name }
        return self.closedScopes.last { $0.scope.id == id }?.scope.name ?? "\(id)"
    }

    /// `Database#12`.
    func label(of id: ResourceID, binding: BindingID? = nil) -> String {
        let binding = binding ?? self.resources[id]?.resource.binding
        return (binding.flatMap { self.bindings[$0]?.binding.label } ?? "") + "\(id)"
    }

    /// What a pool is called: its name, with its number where others have that name too.
    func name(of pool: PoolSample) -> String {
        guard let id = pool.resource, self.pools.contains(where: { $0.name == pool.name && $0.resource != id }) else { return pool.name }
        return "\(pool.name)\(id)"
    }

    func typeLabel(_ row: ResourceRow) -> String {
        self.bindings[row.resource.binding]?.binding.label ?? "?"
    }

    /// The names from the root to the scope.
    func path(of id: ScopeID) -> String {
        var names: [String] = []
        var next: ScopeID? = id
        while let scope = next.flatMap({ self.scopes[$0] }) {
            names.append(scope.scope.name)
            next = scope.scope.parent
        }
        return names.reversed().joined(separator: " ▸ ")
    }

    // MARK: Relations

    /// A resource that lives, or ended lately.
    func row(of id: ResourceID) -> ResourceRow? {
        self.resources[id] ?? self.endedResources.last { $0.resource.id == id }
    }

    /// What is held to be the health of a resource, where somebody checks. O(log n).
    func healthRow(of id: ResourceID) -> HealthRow? {
        guard let rows = self.health?.rows else { return nil }
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].resource < id { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && rows[low].resource == id ? rows[low] : nil
    }

    /// How long the container has been there.
    var uptime: Duration {
        self.time - (self.scopes[.root]?.scope.openedAt ?? self.begun ?? self.time)
    }

    /// How long an instance has lived, or had lived when it ended.
    func life(of row: ResourceRow) -> Duration {
        (row.endedAt ?? self.time) - (row.resource.readyAt ?? row.resource.createdAt)
    }
}

extension Array where Element: Comparable {
    /// Inserts an element at its place among ascending ones. O(log n) where it is the greatest, as new identities are.
    fileprivate mutating func insertSorted(_ element: Element) {
        self.insert(element, at: self.place(of: element))
    }

    /// Removes an element from ascending ones.
    fileprivate mutating func removeSorted(_ element: Element) {
        let place = self.place(of: element)
        if place < self.count, self[place] == element { self.remove(at: place) }
    }

    private func place(of element: Element) -> Int {
        var (low, high) = (0, self.count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < element { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
