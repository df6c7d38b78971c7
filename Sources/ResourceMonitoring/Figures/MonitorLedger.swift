import DequeModule
import ResourceContainer

/// What a monitor knows: a container's picture, folded from its events one by one, and the statistics that a picture does not hold.
///
/// A pure value: no lock, no clock. Every row that changes is written into a log of changes, which any number of feeds read at their own
/// places; a row that has ended stays until its last change leaves the log. O(1) per event.
struct MonitorLedger: Sendable {
    /// A row of the picture.
    enum RowID: Hashable, Sendable {
        case binding(BindingID)
        case scope(ScopeID)
        case resource(ResourceID)
    }

    /// A row, and the number of the change that touched it last.
    struct Entry<Row: Sendable>: Sendable {
        var row: Row
        var change: UInt64 = 0
    }

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
    }

    /// What became of the scopes of one tag that are closed.
    struct TagFigures: Sendable {
        var scopes = 0
        var books = Books()
        var lifetimes = DurationStatistics(.perRow)
    }

    /// How many changes, and with them ended rows, a feed may be behind.
    static let changeLimit = 16_384
    /// How many tags are told apart; the rest is counted under `other`.
    static let tagLimit = 256

    let container: String
    private(set) var sequence: UInt64
    private(set) var books: Books
    private(set) var bindings: [Entry<BindingFigures>] = []
    private(set) var scopes: [ScopeID: Entry<ScopeFigures>] = [:]
    private(set) var resources: [ResourceID: Entry<ResourceRow>] = [:]
    private(set) var tags: [String: TagFigures] = [:]
    private(set) var lifetimes = DurationStatistics(.overall)
    private(set) var recentEvents: Deque<ResourceEvent> = []
    /// The number of the last change.
    private(set) var change: UInt64 = 0
    private(set) var changes: Deque<RowID> = []
    private var initialise = DurationStatistics(.overall)
    private var dispose = DurationStatistics(.overall)
    private var disposeThrew = 0
    private var openScopes = 0
    private var closedScopes = 0
    private var createdRate: RateWindow
    private var endedRate: RateWindow
    private var eventRate: RateWindow

    init(_ snapshot: ContainerSnapshot) {
        self.container = snapshot.container
        self.sequence = snapshot.sequence
        self.books = snapshot.books
        self.createdRate = RateWindow(startingAt: snapshot.time)
        self.endedRate = RateWindow(startingAt: snapshot.time)
        self.eventRate = RateWindow(startingAt: snapshot.time)
        self.resynchronise(snapshot)
    }

    /// Goes on from a new picture after events were missed: counts are right again, statistics lack what was missed.
    mutating func resynchronise(_ snapshot: ContainerSnapshot) {
        self.sequence = snapshot.sequence
        self.books = snapshot.books
        for (index, binding) in snapshot.bindings.enumerated() {
            if index == self.bindings.count { self.bindings.append(Entry(row: BindingFigures(row: BindingRow(binding: binding)))) }
            self.bindings[index].row.row.binding = binding
        }
        var scopes: [ScopeID: Entry<ScopeFigures>] = [:]
        for scope in snapshot.scopes {
            var entry = self.scopes[scope.id] ?? Entry(row: ScopeFigures(row: ScopeRow(scope: scope)))
            entry.row.row.scope = scope
            scopes[scope.id] = entry
        }
        self.openScopes = scopes.keys.count { $0 != .root }
        self.scopes = scopes
        var resources: [ResourceID: Entry<ResourceRow>] = [:]
        for resource in snapshot.resources {
            var entry = self.resources[resource.id] ?? Entry(row: ResourceRow(resource: resource))
            entry.row.resource = resource
            if let ready = resource.readyAt { entry.row.initialiseTook = ready - resource.createdAt }
            resources[resource.id] = entry
        }
        self.resources = resources
        // Every feed starts anew: a change number that no log entry carries cannot be read past.
        self.change += 1
        self.changes = []
        self.recentEvents = []
    }

    // MARK: Events

    /// Takes the next event.
    mutating func apply(_ event: ResourceEvent) {
        self.sequence = event.sequence
        self.eventRate.count(at: event.time)
        self.recentEvents.append(event)
        if self.recentEvents.count > MonitorUpdate.eventLimit { self.recentEvents.removeFirst() }

        switch event.kind {
        case .bound(let binding):
            self.bindings.append(Entry(row: BindingFigures(row: BindingRow(binding: binding))))
            self.touch(.binding(binding.id))
        case .scopeOpened(let scope):
            self.scopes[scope.id] = Entry(row: ScopeFigures(row: ScopeRow(scope: scope)))
            if scope.id != .root { self.openScopes += 1 }
            self.touch(.scope(scope.id))
        case .scopeClosing:
            self.scopes[event.scope]?.row.row.scope.state = .closing
            self.touch(.scope(event.scope))
        case .scopeClosed(_, let threw, let abandoned, _):
            self.close(event.scope, failed: threw + abandoned, at: event.time)
        case .initialising, .ready, .initialisationFailed, .dependencyAdded, .disposing, .disposed, .disposeThrew, .abandoned,
            .completedLate, .noted,
            .errorReported, .leaseSlow, .leaseTimedOut, .leaseExhausted, .leaseReentrant, .leaseLost, .healthChanged, .leakSuspected,
            .leakWithdrawn, .fellBack:
            self.applyToResource(event)
        }
    }

    private mutating func applyToResource(_ event: ResourceEvent) {
        guard let id = event.resource, let binding = event.binding else { return }
        switch event.kind {
        case .initialising:
            self.createdRate.count(at: event.time)
            let resource = ResourceSnapshot(id: id, binding: binding, scope: event.scope, createdAt: event.time)
            self.resources[id] = Entry(row: ResourceRow(resource: resource))
            self.count(event) { books in
                books.created += 1
                books.initialising += 1
            }
        case .ready(let took, let order, let dependencies):
            self.initialise.record(took)
            self.bindings[binding.rawValue].row.initialise.record(took)
            self.resources[id]?.row.becomeReady(took: took, order: order, dependencies: dependencies, at: event.time)
            self.count(event) { books in
                books.initialising -= 1
                books.ready += 1
            }
        case .initialisationFailed(let text, let took):
            self.endedRate.count(at: event.time)
            self.resources[id]?.row.initialiseTook = took
            self.resources[id]?.row.end(.initFailed, error: text, at: event.time)
            self.count(event) { books in
                books.initialising -= 1
                books.initFailed += 1
                books.errors += 1
            }
        case .dependencyAdded(let dependency):
            self.resources[id]?.row.resource.dependencies.append(dependency)
        case .disposing:
            self.resources[id]?.row.resource.state = .disposing
            self.resources[id]?.row.endedAt = event.time
            self.count(event) { books in
                books.ready -= 1
                books.disposing += 1
            }
        case .disposed(let took, let lived):
            self.recordEnd(event, took: took, lived: lived)
            self.resources[id]?.row.end(.disposed, error: nil, at: event.time)
            self.count(event) { books in
                books.disposing -= 1
                books.disposed += 1
            }
        case .disposeThrew(let text, let took, let lived):
            self.disposeThrew += 1
            self.recordEnd(event, took: took, lived: lived)
            self.resources[id]?.row.end(.disposed, error: text, at: event.time)
            self.resources[id]?.row.disposeThrew = true
            self.count(event) { books in
                books.disposing -= 1
                books.disposed += 1
                books.errors += 1
            }
        case .abandoned(let phase, let budget):
            self.endedRate.count(at: event.time)
            self.resources[id]?.row.end(.abandoned, error: "\(phase.rawValue) did not come back within \(budget)", at: event.time)
            self.count(event) { books in
                switch phase {
                case .initialise: books.initialising -= 1
                case .dispose: books.disposing -= 1
                }
                books.abandoned += 1
                books.errors += 1
            }
        case .errorReported(let text):
            self.resources[id]?.row.errors += 1
            self.resources[id]?.row.lastError = text
            self.count(event) { $0.errors += 1 }
        case .healthChanged(_, let result):
            self.resources[id]?.row.resource.health = result
        case .completedLate, .noted, .leaseSlow, .leaseTimedOut, .leaseExhausted, .leaseReentrant, .leaseLost, .leakSuspected,
            .leakWithdrawn, .fellBack, .bound, .scopeOpened,
            .scopeClosing, .scopeClosed:
            break
        }
        self.touch(.resource(id))
    }

    private mutating func recordEnd(_ event: ResourceEvent, took: Duration, lived: Duration) {
        self.endedRate.count(at: event.time)
        self.dispose.record(took)
        self.lifetimes.record(lived)
        if let binding = event.binding {
            self.bindings[binding.rawValue].row.dispose.record(took)
            self.bindings[binding.rawValue].row.lifetimes.record(lived)
        }
        self.scopes[event.scope]?.row.lifetimes.record(lived)
    }

    /// Changes the books of the container, of the event's binding and of its scope in the same way.
    private mutating func count(_ event: ResourceEvent, _ change: (inout Books) -> Void) {
        change(&self.books)
        if let binding = event.binding {
            change(&self.bindings[binding.rawValue].row.row.binding.books)
            self.touch(.binding(binding))
        }
        self.scopes[event.scope]?.row.row.scope.books.apply(change)
        self.touch(.scope(event.scope))
    }

    private mutating func close(_ id: ScopeID, failed: Int, at time: TimeSource.Instant) {
        guard var figures = self.scopes[id]?.row else { return }
        figures.row.scope.state = .closed
        figures.row.closedAt = time
        figures.row.failedDisposes = failed
        self.scopes[id]?.row = figures
        if id != .root {
            self.openScopes -= 1
            self.closedScopes += 1
        }
        self.touch(.scope(id))

        var tag = figures.row.scope.tag ?? figures.row.scope.name.replacingDigits
        if self.tags[tag] == nil, self.tags.count >= Self.tagLimit { tag = "other" }
        self.tags[tag, default: TagFigures()].add(figures)
    }

    // MARK: Samples

    /// Takes what the container counts without events: how often each of these was asked for.
    mutating func sample(uses: [Int], of ids: [ResourceID], at time: TimeSource.Instant) {
        for (id, uses) in zip(ids, uses) {
            guard let row = self.resources[id]?.row, uses > row.resource.uses else { continue }
            self.resources[id]?.row.resource.uses = uses
            self.resources[id]?.row.lastUsedAt = time
            self.touch(.resource(id))
        }
    }

    /// The figures of the whole container at `time`.
    mutating func totals(at time: TimeSource.Instant) -> MonitorTotals {
        var totals = MonitorTotals(books: self.books)
        totals.lifetimes = self.lifetimes.summary
        totals.initialise = self.initialise.summary
        totals.dispose = self.dispose.summary
        totals.disposeThrew = self.disposeThrew
        totals.openScopes = self.openScopes
        totals.closedScopes = self.closedScopes
        totals.createdPerSecond = self.createdRate.rate(at: time)
        totals.disposedPerSecond = self.endedRate.rate(at: time)
        totals.eventsPerSecond = self.eventRate.rate(at: time)
        return totals
    }

    // MARK: Changes

    private mutating func touch(_ id: RowID) {
        self.change += 1
        switch id {
        case .binding(let id): self.bindings[id.rawValue].change = self.change
        case .scope(let id): self.scopes[id]?.change = self.change
        case .resource(let id): self.resources[id]?.change = self.change
        }
        self.changes.append(id)
        if self.changes.count > Self.changeLimit { self.forget(self.changes.removeFirst()) }
    }

    /// Lets a row go that has ended and whose last change has just left the log.
    private mutating func forget(_ id: RowID) {
        let left = self.change - UInt64(self.changes.count)
        switch id {
        case .binding:
            break
        case .scope(let id):
            if let entry = self.scopes[id], entry.change <= left, entry.row.row.scope.state == .closed { self.scopes[id] = nil }
        case .resource(let id):
            if let entry = self.resources[id], entry.change <= left, !entry.row.resource.state.isActive { self.resources[id] = nil }
        }
    }
}

extension ResourceRow {
    fileprivate mutating func becomeReady(took: Duration, order: UInt64, dependencies: [ResourceID], at time: TimeSource.Instant) {
        self.initialiseTook = took
        self.resource.state = .ready
        self.resource.readyAt = time
        self.resource.readyOrder = order
        self.resource.dependencies = dependencies
    }

    fileprivate mutating func end(_ state: ResourceState, error: String?, at time: TimeSource.Instant) {
        self.resource.state = state
        if self.endedAt == nil { self.endedAt = time }
        if let error {
            self.errors += 1
            self.lastError = error
        }
    }
}

extension MonitorLedger.TagFigures {
    fileprivate mutating func add(_ figures: MonitorLedger.ScopeFigures) {
        let books = figures.row.scope.books
        self.scopes += 1
        self.books.created += books.created
        self.books.disposed += books.disposed
        self.books.initFailed += books.initFailed
        self.books.abandoned += books.abandoned
        self.books.errors += books.errors
        self.lifetimes.merge(figures.lifetimes)
    }
}

extension Books {
    fileprivate mutating func apply(_ change: (inout Books) -> Void) {
        change(&self)
    }
}

extension String {
    /// The name with every run of digits replaced by `*`, so that `req-431` and `req-432` count as one kind.
    fileprivate var replacingDigits: String {
        var result = ""
        var inDigits = false
        for character in self {
            if character.isASCII, character.isNumber {
                if !inDigits { result.append("*") }
                inDigits = true
            } else {
                result.append(character)
                inDigits = false
            }
        }
        return result
    }
}
