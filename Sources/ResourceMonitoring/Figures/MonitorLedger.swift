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
        /// How many of its instances were alive at once, at most.
        var peak = 0
    }

    /// How many resources, and how many scopes, that have ended are kept for feeds that are behind.
    static let endedLimit = 4096

    let container: String
    private(set) var sequence: UInt64
    var books: Books
    var bindings: [BindingFigures] = []
    var scopes = ChangeTable<ScopeID, ScopeFigures>(endedLimit: Self.endedLimit)
    var resources = ChangeTable<ResourceID, ResourceRow>(endedLimit: Self.endedLimit)
    var tags = TagLedger()
    var lifetimes = DurationStatistics(.overall)
    var initialise = DurationStatistics(.overall)
    var dispose = DurationStatistics(.overall)
    var disposeThrew = 0
    /// Whether the health of any resource was ever told.
    var knowsHealth = false
    var openScopes = 0
    var closedScopes = 0
    var activity: Activity
    private(set) var recentEvents: Deque<ResourceEvent> = []
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
        self.tags.begin(closed: snapshot.closedScopes, books: self.booksOfClosedScopes)
    }

    /// Goes on from a new picture after events were missed: counts are right again, statistics lack what was missed.
    mutating func resynchronise(_ snapshot: ContainerSnapshot) {
        self.activity.advance(to: snapshot.time)
        self.sequence = snapshot.sequence
        self.books = snapshot.books
        // A change of its own, which no feed has seen: all of them start anew.
        self.change += 1
        self.resetAt = self.change
        for (index, binding) in snapshot.bindings.enumerated() {
            if index == self.bindings.count { self.bindings.append(BindingFigures(row: BindingRow(binding: binding))) }
            self.bindings[index].row.binding = binding
            self.bindings[index].change = self.change
            self.bindings[index].peak = max(self.bindings[index].peak, binding.books.active)
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
        self.activity.count { $0.events += 1 }
        self.sequence = event.sequence
        self.change += 1
        self.recentEvents.append(event)
        if self.recentEvents.count > MonitorUpdate.eventLimit { self.recentEvents.removeFirst() }

        switch event.kind {
        case .bound(let binding):
            self.bindings.append(BindingFigures(row: BindingRow(binding: binding), change: self.change))
        case .rebound(let binding):
            guard self.bindings.indices.contains(binding.id.rawValue) else { break }
            // The key has another binding, and its figures go on.
            let books = self.bindings[binding.id.rawValue].row.binding.books
            self.bindings[binding.id.rawValue].row.binding = binding
            self.bindings[binding.id.rawValue].row.binding.books = books
            self.bindings[binding.id.rawValue].change = self.change
        case .scopeOpened(let scope):
            self.scopes.insert(ScopeFigures(row: ScopeRow(scope: scope)), id: scope.id, change: self.change)
            if scope.id != .root { self.openScopes += 1 }
        case .scopeClosing:
            guard let place = self.scopes.place(of: event.scope) else { break }
            self.scopes[place: place].row.scope.state = .closing
            self.scopes.touch(place, change: self.change)
        case .scopeClosed(_, let threw, let abandoned, _):
            self.close(event.scope, failed: threw + abandoned, at: event.time)
        default:
            self.applyToResource(event)
        }
        self.noteGauges()
    }

    private mutating func close(_ id: ScopeID, failed: Int, at time: TimeSource.Instant) {
        guard let place = self.scopes.place(of: id) else { return }
        self.scopes[place: place].row.scope.state = .closed
        self.scopes[place: place].row.closedAt = time
        self.scopes[place: place].row.failedDisposes = failed
        self.scopes.touch(place, change: self.change)
        if id != .root {
            self.openScopes -= 1
            self.closedScopes += 1
        }
        self.tags.add(self.scopes[place: place])
        self.scopes.end(place)
    }

    private mutating func noteGauges() {
        self.activity.gauges.active = self.books.active
        self.activity.gauges.openScopes = self.openScopes
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
