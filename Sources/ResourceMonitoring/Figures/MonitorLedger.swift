import DequeModule
import ResourceContainer

/// What a monitor knows: a container's picture, folded from its events one by one, and the statistics that a picture does not hold.
///
/// A pure value: no lock, no clock. Any number of feeds read what changed, each at its own place. O(1) per event.
struct MonitorLedger: Sendable {
    /// A scope with its statistics.
    struct ScopeFigures: Sendable {
        var row: ScopeRow
        var lifetimes = DurationStatistics(.perRow)
    }

    /// A binding with its statistics.
    struct BindingFigures: Sendable {
        var row: BindingRow
        var lifetimes = DurationStatistics(.perRow)
        var initialise = DurationStatistics(.perRow)
        var dispose = DurationStatistics(.perRow)
        /// The number of the change that touched it last.
        var change: UInt64 = 0
        /// The key it was bound under, as a place in ``MonitorLedger/keys``.
        var key: Int
    }

    /// What is bound under one key, by one binding or by several: those that were replaced by a later one count with it.
    struct KeyFigures: Sendable {
        /// The bindings, as places in ``MonitorLedger/bindings``; never empty.
        var bindings: [Int] = []
        var active = 0
        /// How many instances were alive at once, at most.
        var peak = 0
        /// By what its books grew while events were missed.
        var unseen = Books()

        /// What became of all its instances.
        func books(in ledger: MonitorLedger) -> Books {
            self.bindings.reduce(into: Books()) { $0 += ledger.bindings[$1].row.binding.books }
        }

        /// How long its instances had lived.
        func lifetimes(in ledger: MonitorLedger) -> DurationStatistics {
            var lifetimes = ledger.bindings[self.bindings[0]].lifetimes
            for binding in self.bindings.dropFirst() { lifetimes.merge(ledger.bindings[binding].lifetimes) }
            return lifetimes
        }
    }

    /// What makes two bindings of one key.
    struct KeyIdentity: Hashable, Sendable {
        var type: String
        var name: String?
    }

    /// How many resources, and how many scopes, that have ended are kept for feeds that are behind.
    static let endedLimit = 4096

    let container: String
    private(set) var sequence: UInt64
    var books: Books
    var bindings: [BindingFigures] = []
    var keys: [KeyFigures] = []
    private var keyPlaces: [KeyIdentity: Int] = [:]
    private var typeNames = TypeNames()
    /// How many of the bindings have their name.
    private var named = 0
    var scopes = ChangeTable<ScopeID, ScopeFigures>(endedLimit: Self.endedLimit)
    var resources = ChangeTable<ResourceID, ResourceRow>(endedLimit: Self.endedLimit)
    var tags = TagLedger()
    var lifetimes = DurationStatistics(.overall)
    var initialise = DurationStatistics(.overall)
    var dispose = DurationStatistics(.overall)
    var disposeThrew = 0
    /// Whether the health of any resource was ever told.
    var knowsHealth = false
    /// Of the errors in the books, those that pools told since the last picture.
    var leaseErrors = 0
    var openScopes = 0
    var closedScopes = 0
    var activity: Activity
    private(set) var recentEvents: Deque<ResourceEvent> = []
    /// How many events were taken: what a feed was not given of them, it has missed.
    private(set) var taken: UInt64 = 0
    /// Whether there was a picture already: what is in the first one was not missed.
    private var isBegun = false
    /// The number of the last change.
    var change: UInt64 = 0
    /// The change with which everything began anew.
    private(set) var resetAt: UInt64 = 0

    init(_ snapshot: ContainerSnapshot) {
        self.container = snapshot.container
        self.sequence = snapshot.sequence
        self.books = snapshot.books
        self.activity = Activity(startingAt: snapshot.time)
        self.resynchronise(snapshot)
        self.isBegun = true
        self.tags.begin(closed: snapshot.closedScopes, books: self.booksOfClosedScopes)
    }

    /// Goes on from a new picture after events were missed: counts are right again, statistics lack what was missed. What the books say
    /// of the missed counts for rates and history, spread evenly over the time in which it was missed.
    mutating func resynchronise(_ snapshot: ContainerSnapshot, missed: UInt64 = 0) {
        var counts = ActivityCounts()
        counts.created = max(0, snapshot.books.created.subtractingSaturated(self.books.created))
        counts.ended = max(0, snapshot.books.ended.subtractingSaturated(self.books.ended))
        counts.errors = max(0, snapshot.books.errors.subtractingSaturated(self.books.errors))
        counts.events = Int(clamping: missed)
        self.activity.makeUp(counts, until: snapshot.time)
        self.sequence = snapshot.sequence
        self.books = snapshot.books
        self.leaseErrors = 0
        // A change of its own, which no feed has seen: all of them start anew.
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
        self.closedScopes = snapshot.closedScopes
        self.resources = ChangeTable(endedLimit: Self.endedLimit)
        for resource in snapshot.resources {
            var row = before.resources[resource.id] ?? ResourceRow(resource: resource)
            row.resource = resource
            if let ready = resource.readyAt { row.initialiseTook = ready - resource.createdAt }
            if resource.health != nil { self.knowsHealth = true }
            self.resources.insert(row, id: resource.id, change: self.change)
        }
        self.tags.settle(closed: self.closedScopes, books: self.booksOfClosedScopes)
        self.recentEvents = []
        self.noteGauges()
    }

    /// Lets go of the events: the one feed there is was told of them.
    mutating func forgetTold() {
        self.recentEvents = []
    }

    /// What the books say of scopes that are closed: everything without what the open ones own.
    private var booksOfClosedScopes: Books {
        var books = self.books
        for figures in self.scopes.rows where figures.row.scope.state != .closed { books -= figures.row.scope.books }
        return books
    }

    /// Takes the next event. O(1).
    mutating func apply(_ event: ResourceEvent) {
        self.activity.advance(to: event.time)
        self.activity.count { $0.events.addSaturated(1) }
        self.sequence = event.sequence
        self.change += 1
        self.taken += 1
        self.recentEvents.append(event)
        if self.recentEvents.count > MonitorUpdate.eventLimit { self.recentEvents.removeFirst() }

        switch event.kind {
        case .bound(let binding):
            self.add(binding)
            self.nameBindings()
        case .rebound(let binding):
            guard self.bindings.indices.contains(binding.id.rawValue) else { break }
            // The key has another binding, and its figures go on.
            let books = self.bindings[binding.id.rawValue].row.binding.books
            self.bindings[binding.id.rawValue].row.binding = binding
            self.bindings[binding.id.rawValue].row.binding.books = books
            self.bindings[binding.id.rawValue].change = self.change
            self.nameBindings()
        case .scopeOpened(let scope):
            if scope.id != .root, self.scopes[scope.id]?.row.scope.state ?? .closed == .closed { self.openScopes += 1 }
            self.scopes.insert(ScopeFigures(row: ScopeRow(scope: scope)), id: scope.id, change: self.change)
        case .scopeClosing:
            guard let place = self.scopes.place(of: event.scope), self.scopes[place: place].row.scope.state == .open else { break }
            self.scopes[place: place].row.scope.state = .closing
            self.scopes.touch(place, change: self.change)
        case .scopeClosed(_, let threw, let abandoned, _):
            self.close(event.scope, failed: threw.addingSaturated(abandoned), at: event.time)
        default:
            self.applyToResource(event)
        }
        self.noteGauges()
    }

    private mutating func close(_ id: ScopeID, failed: Int, at time: TimeSource.Instant) {
        // A scope closes once: what a damaged recording says more often is not counted again.
        guard let place = self.scopes.place(of: id), self.scopes[place: place].row.scope.state != .closed else { return }
        self.scopes[place: place].row.scope.state = .closed
        self.scopes[place: place].row.closedAt = time
        self.scopes[place: place].row.failedDisposes = failed
        self.scopes.touch(place, change: self.change)
        if id != .root {
            self.openScopes -= 1
            self.closedScopes.addSaturated(1)
        }
        self.tags.add(self.scopes[place: place])
        self.scopes.end(place)
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

    /// Calls the type of every binding by the name that tells it from the others; a new type may change the names of earlier ones.
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

    /// Takes what the container counts without events: how often resources were asked for.
    mutating func sample(uses: [MonitorSamples.Uses], at time: TimeSource.Instant) {
        let change = self.change + 1
        for sample in uses {
            guard let place = self.resources.place(of: sample.resource), sample.uses > self.resources[place: place].resource.uses else {
                continue
            }
            self.change = change
            self.resources[place: place].resource.uses = sample.uses
            self.resources[place: place].lastUsedAt = time
            self.resources.touch(place, change: self.change)
        }
    }

    /// The figures of the whole container at the time it was advanced to.
    var totals: MonitorTotals {
        var totals = MonitorTotals(books: self.books)
        totals.lifetimes = self.lifetimes.summary
        totals.initialise = self.initialise.summary
        totals.dispose = self.dispose.summary
        totals.disposeThrew = self.disposeThrew
        totals.openScopes = self.openScopes
        totals.closedScopes = self.closedScopes
        totals.rates = self.activity.rates
        return totals
    }
}
