import DequeModule
import ResourceContainer

/// A container's state, folded from its events, with statistics that a snapshot does not contain.
///
/// A pure value without a lock or a clock. Any number of feeds read its changes, each at its own position. O(1) per event.
struct MonitorLedger: Sendable {
    /// A scope with its statistics.
    struct ScopeFigures: Sendable {
        var row: ScopeRow
        var lifetimes = DurationStatistics(.perRow)

        /// The row with current statistics.
        var updated: ScopeRow {
            var row = self.row
            row.lifetimes = self.lifetimes.summary
            return row
        }
    }

    /// A binding with its statistics.
    struct BindingFigures: Sendable {
        var row: BindingRow
        var lifetimes = DurationStatistics(.perRow)
        var initialize = DurationStatistics(.perRow)
        var dispose = DurationStatistics(.perRow)
        /// The number of the last change of this row.
        var change: UInt64 = 0
        /// The index of its key in ``MonitorLedger/keys``.
        var key: Int

        /// The row with current statistics.
        var updated: BindingRow {
            var row = self.row
            row.lifetimes = self.lifetimes.summary
            row.initialize = self.initialize.summary
            row.dispose = self.dispose.summary
            return row
        }
    }

    /// The figures of one key, including those of its replaced bindings.
    struct KeyFigures: Sendable {
        /// The indices of its bindings in ``MonitorLedger/bindings``; never empty.
        var bindings: [Int] = []
        var active = 0
        /// The largest number of instances active at once.
        var peak = 0
        /// The growth of its books while events were missed.
        var unseen = Books()

        /// The sum of the books of its bindings.
        func books(in ledger: MonitorLedger) -> Books {
            self.bindings.reduce(into: Books()) { $0 += ledger.bindings[$1].row.binding.books }
        }

        /// The lifetimes of its disposed instances.
        func lifetimes(in ledger: MonitorLedger) -> DurationStatistics {
            var lifetimes = ledger.bindings[self.bindings[0]].lifetimes
            for binding in self.bindings.dropFirst() { lifetimes.merge(ledger.bindings[binding].lifetimes) }
            return lifetimes
        }
    }

    /// The identity of a key: two bindings with the same identity share a key.
    struct KeyIdentity: Hashable, Sendable {
        var type: String
        var name: String?
    }

    /// The numbers of ended resources and of closed scopes that are kept for feeds that are behind.
    static let endedLimit = 4096

    let container: String
    private(set) var sequence: UInt64
    var books: Books
    var bindings: [BindingFigures] = []
    var keys: [KeyFigures] = []
    private var keyPlaces: [KeyIdentity: Int] = [:]
    private var typeNames = TypeNames()
    /// The number of bindings whose display name is assigned.
    private var named = 0
    var scopes = ChangeTable<ScopeID, ScopeFigures>(endedLimit: Self.endedLimit)
    var resources = ChangeTable<ResourceID, ResourceRow>(endedLimit: Self.endedLimit)
    var tags = TagLedger()
    var lifetimes = DurationStatistics(.overall)
    var initialize = DurationStatistics(.overall)
    var dispose = DurationStatistics(.overall)
    var disposeThrew = 0
    /// Whether any resource has ever had a health result.
    var knowsHealth = false
    /// The errors in the books that are failed acquisitions, since the last snapshot.
    var leaseErrors = 0
    var openScopes = 0
    /// The closed scopes by their outcome, without the root.
    var outcomes = ScopeOutcomeCounts()
    var closedScopes: Int { self.outcomes.total }
    var activity: Activity
    private(set) var recentEvents: Deque<ResourceEvent> = []
    /// The number of events applied. Feeds count the ones that they did not receive as missed.
    private(set) var taken: UInt64 = 0
    /// Whether the first snapshot is applied. The contents of the first snapshot do not count as missed.
    private var isBegun = false
    /// The number of the last change.
    var change: UInt64 = 0
    /// The change that replaced all rows.
    private(set) var resetAt: UInt64 = 0

    init(_ snapshot: ContainerSnapshot) {
        self.container = snapshot.container
        self.sequence = snapshot.sequence
        self.books = snapshot.books
        self.activity = Activity(startingAt: snapshot.time)
        self.resynchronize(snapshot)
        self.isBegun = true
        self.tags.begin(outcomes: self.outcomes, books: self.booksOfClosedScopes)
    }

    /// Continues from a new snapshot after events were missed. Counts become exact again; statistics lack the missed events. The growth of
    /// the books counts for rates and history, spread evenly over the gap.
    mutating func resynchronize(_ snapshot: ContainerSnapshot, missed: UInt64 = 0) {
        var counts = ActivityCounts()
        counts.created = max(0, snapshot.books.created.subtractingSaturated(self.books.created))
        counts.ended = max(0, snapshot.books.ended.subtractingSaturated(self.books.ended))
        counts.errors = max(0, snapshot.books.errors.subtractingSaturated(self.books.errors))
        counts.events = Int(clamping: missed)
        self.activity.makeUp(counts, until: snapshot.time)
        self.sequence = snapshot.sequence
        self.books = snapshot.books
        self.leaseErrors = 0
        // A separate change that no feed has seen, so that every feed starts over.
        self.change += 1
        self.resetAt = self.change
        for (index, binding) in snapshot.bindings.enumerated() {
            let isNew = index == self.bindings.count
            if isNew { self.add(binding) }
            if self.isBegun {
                let key = self.bindings[index].key
                self.keys[key].unseen += binding.books
                if !isNew { self.keys[key].unseen -= self.bindings[index].row.binding.books }
            }
            self.bindings[index].row.binding = binding
            self.bindings[index].change = self.change
        }
        self.named = 0
        self.nameBindings()
        for index in self.keys.indices {
            self.keys[index].active = self.keys[index].bindings.reduce(0) { $0.addingSaturated(self.bindings[$1].row.binding.books.active) }
            self.keys[index].peak = max(self.keys[index].peak, self.keys[index].active)
        }
        let before = (scopes: self.scopes, resources: self.resources)
        self.scopes = ChangeTable(endedLimit: Self.endedLimit)
        for scope in snapshot.scopes {
            var figures = before.scopes[scope.id] ?? ScopeFigures(row: ScopeRow(scope: scope))
            figures.row.scope = scope
            self.scopes.insert(figures, id: scope.id, change: self.change)
        }
        self.openScopes = snapshot.scopes.count { $0.id != .root }
        self.outcomes = snapshot.outcomes ?? self.outcomes.grown(to: snapshot.closedScopes)
        self.resources = ChangeTable(endedLimit: Self.endedLimit)
        for resource in snapshot.resources {
            var row = before.resources[resource.id] ?? ResourceRow(resource: resource)
            row.resource = resource
            if let ready = resource.readyAt { row.initializeTook = ready - resource.createdAt }
            if resource.health != nil { self.knowsHealth = true }
            self.resources.insert(row, id: resource.id, change: self.change)
        }
        self.tags.settle(outcomes: self.outcomes, books: self.booksOfClosedScopes)
        self.recentEvents = []
        self.noteGauges()
    }

    /// Drops the kept events after the only feed has received them.
    mutating func forgetTold() {
        self.recentEvents = []
    }

    /// The books of the closed scopes: the container's books minus those of the open scopes.
    private var booksOfClosedScopes: Books {
        var books = self.books
        for figures in self.scopes.rows where figures.row.scope.state != .closed { books -= figures.row.scope.books }
        return books
    }

    /// Applies the next event. O(1).
    ///
    /// - Parameter isKept: Whether feeds can receive the event. False for an event of a batch whose later events fill ``recentEvents``.
    mutating func apply(_ event: ResourceEvent, isKept: Bool = true) {
        self.activity.advance(to: event.time)
        self.activity.count { $0.events.addSaturated(1) }
        self.sequence = event.sequence
        self.change += 1
        self.taken += 1
        if isKept {
            if self.recentEvents.count >= MonitorUpdate.eventLimit { self.recentEvents.removeFirst() }
            self.recentEvents.append(event)
        }

        switch event.kind {
        case .bound(let binding):
            self.add(binding)
            self.nameBindings()
        case .rebound(let binding):
            guard self.bindings.indices.contains(binding.id.rawValue) else { break }
            // The key has a new binding and keeps its figures.
            let books = self.bindings[binding.id.rawValue].row.binding.books
            self.bindings[binding.id.rawValue].row.binding = binding
            self.bindings[binding.id.rawValue].row.binding.books = books
            self.bindings[binding.id.rawValue].change = self.change
            self.nameBindings()
        case .scopeOpened(let scope):
            if scope.id != .root, self.scopes[scope.id]?.row.scope.state ?? .closed == .closed { self.openScopes += 1 }
            self.scopes.insert(ScopeFigures(row: ScopeRow(scope: scope)), id: scope.id, change: self.change)
        case .scopeClosing:
            guard let index = self.scopes.index(of: event.scope), self.scopes[index: index].row.scope.state == .open else { break }
            self.scopes[index: index].row.scope.state = .closing
            self.scopes.touch(index, change: self.change)
        case .scopeClosed(_, let threw, let abandoned, _, let outcome):
            self.close(event.scope, failed: threw.addingSaturated(abandoned), outcome, at: event.time)
        default:
            self.applyToResource(event)
        }
        self.noteGauges()
    }

    private mutating func close(_ id: ScopeID, failed: Int, _ outcome: ScopeOutcome?, at time: TimeSource.Instant) {
        // A damaged recording may close a scope twice; the second close is not counted.
        guard let index = self.scopes.index(of: id), self.scopes[index: index].row.scope.state != .closed else { return }
        self.scopes[index: index].row.scope.state = .closed
        self.scopes[index: index].row.closedAt = time
        self.scopes[index: index].row.failedDisposes = failed
        self.scopes[index: index].row.outcome = outcome
        self.scopes.touch(index, change: self.change)
        if id != .root {
            self.openScopes -= 1
            self.outcomes.add(outcome)
        }
        self.tags.add(self.scopes[index: index].row, lifetimes: self.scopes[index: index].lifetimes)
        self.scopes.end(index)
    }

    private mutating func noteGauges() {
        self.activity.gauges.active = self.books.active
        self.activity.gauges.openScopes = self.openScopes
    }

    // MARK: Keys

    /// Adds a binding, and the key it is bound under if that is new.
    private mutating func add(_ binding: BindingSnapshot) {
        let identity = KeyIdentity(type: binding.path ?? binding.type, name: binding.name)
        let key = self.keyPlaces[identity] ?? self.keys.count
        if key == self.keys.count {
            self.keyPlaces[identity] = key
            self.keys.append(KeyFigures())
        }
        self.keys[key].bindings.append(self.bindings.count)
        self.bindings.append(BindingFigures(row: BindingRow(binding: binding), change: self.change, key: key))
    }

    /// Gives every binding's type the shortest unambiguous name. A new type may change the names of earlier ones.
    private mutating func nameBindings() {
        let first = self.named
        self.named = self.bindings.count
        var isChanged = false
        for figures in self.bindings[first...] {
            if let path = figures.row.binding.path, self.typeNames.insert(path) { isChanged = true }
        }
        for index in (isChanged ? 0 : first)..<self.bindings.count {
            guard let path = self.bindings[index].row.binding.path else { continue }
            let name = self.typeNames.name(of: path)
            guard self.bindings[index].row.binding.type != name else { continue }
            self.bindings[index].row.binding.type = name
            self.bindings[index].change = self.change
        }
    }

    // MARK: Samples

    /// Applies sampled use counts.
    mutating func sample(uses: [MonitorSamples.Uses], at time: TimeSource.Instant) {
        let change = self.change + 1
        for sample in uses {
            guard let index = self.resources.index(of: sample.resource), sample.uses > self.resources[index: index].resource.uses else {
                continue
            }
            self.change = change
            self.resources[index: index].resource.uses = sample.uses
            self.resources[index: index].lastUsedAt = time
            self.resources.touch(index, change: self.change)
        }
    }

    /// The figures of the whole container.
    var totals: MonitorTotals {
        var totals = MonitorTotals(books: self.books)
        totals.lifetimes = self.lifetimes.summary
        totals.initialize = self.initialize.summary
        totals.dispose = self.dispose.summary
        totals.disposeThrew = self.disposeThrew
        totals.openScopes = self.openScopes
        totals.closedScopes = self.closedScopes
        totals.outcomes = self.outcomes
        totals.rates = self.activity.rates
        return totals
    }
}
