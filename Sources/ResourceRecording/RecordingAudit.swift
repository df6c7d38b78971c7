import ResourceContainer
import ResourceMonitoring

/// The state of a container according to a recording, used to check whether the next line is possible.
///
/// An instance moves through its states in order and in one scope; a scope opens in an open scope and closes when it is empty; events are
/// numbered without gaps. A line that passes keeps all books balanced. A line that fails is damaged, and nothing of it is used. A pure
/// value, O(1) per event.
struct RecordingAudit: Sendable {
    struct Scope: Sendable, Equatable {
        var state: ScopeSnapshot.State
        var parent: ScopeID?
        var openInside = 0
        var books: Books

        /// Whether two descriptions of a scope agree. Errors are ignored: an error reported after an instance's end counts for the
        /// container only, which events do not show.
        func isSame(as other: Scope) -> Bool {
            var other = other
            other.books.errors = self.books.errors
            return self == other
        }
    }

    struct Instance: Sendable, Equatable {
        var binding: BindingID
        var scope: ScopeID
        var state = ResourceState.initializing
        var createdAt: TimeSource.Instant
        var readyAt: TimeSource.Instant?
    }

    /// The figures of the whole container.
    struct Totals: Sendable {
        /// The sequence number of the last event.
        var sequence: UInt64
        var books: Books
        /// The books of the closed scopes.
        var closedBooks = Books()
        var closedScopes: Int
        /// The closed scopes by their outcome; nil if the last snapshot does not contain them.
        var outcomes: ScopeOutcomeCounts?
        var bindings: Int
        /// The largest identities, and the last number in the order of becoming ready.
        var lastScope = ScopeID.root
        var lastInstance = ResourceID(0)
        var lastOrder: UInt64 = 0
    }

    var totals: Totals
    var bindings: [Books]
    var scopes: [ScopeID: Scope] = [:]
    var instances: [ResourceID: Instance] = [:]
    /// The failed acquisitions since the last snapshot. Containers before version 1.1 did not count them as errors.
    var leaseErrors = 0

    /// The approximate memory, in bytes, that a copy takes once the original changes.
    var weight: Int {
        self.scopes.count * (MemoryLayout<Scope>.stride + 16) + self.instances.count * (MemoryLayout<Instance>.stride + 16)
            + self.bindings.count * MemoryLayout<Books>.stride
    }

    // MARK: Inputs

    /// Checks and applies the next input.
    ///
    /// After an error, only ``totals`` are unchanged; the next line to apply must be a snapshot.
    ///
    /// - Parameter unknownEvents: The number of events of kinds added by a newer version, whose sequence numbers are absent.
    mutating func take(_ input: MonitorInput, unknownEvents: Int) throws(Impossible) {
        let before = self.totals
        do throws(Impossible) {
            try self.takeWhole(input, unknownEvents)
        } catch {
            self.totals = before
            throw error
        }
    }

    private mutating func takeWhole(_ input: MonitorInput, _ unknownEvents: Int) throws(Impossible) {
        if let snapshot = input.batch.snapshot {
            let last = self.totals.sequence
            try self.resume(snapshot, at: input.time)
            try Plausible.check(input.batch.missed == self.totals.sequence - last, "the count of missed events does not match the snapshot")
        } else {
            try Plausible.check(input.batch.missed == 0, "events are missed without a snapshot")
        }
        var spare = UInt64(unknownEvents)
        for event in input.batch.events {
            try Plausible.check(event.sequence > self.totals.sequence, "event \(event.sequence) follows event \(self.totals.sequence)")
            let gap = event.sequence - self.totals.sequence - 1
            try Plausible.check(gap <= spare, "event \(event.sequence) follows event \(self.totals.sequence)")
            spare -= gap
            try Plausible.check(event.time.nanoseconds >= 0, "event \(event.sequence) is before the clock's origin")
            try Plausible.check(event.time <= input.time, "event \(event.sequence) is after the line's time")
            self.totals.sequence = event.sequence
            try self.take(event)
        }
        if let samples = input.samples { try Plausible.check(samples, until: input.time) }
    }

    private mutating func take(_ event: ResourceEvent) throws(Impossible) {
        if let binding = event.binding, case let isNew = event.kind.isBound {
            let known = self.bindings.count + (isNew ? 1 : 0)
            try Plausible.check((0..<known).contains(binding.rawValue), "event \(event.sequence) has an unknown binding")
        }
        switch event.kind {
        case .bound(let binding):
            try Plausible.check(
                binding.id.rawValue == self.bindings.count,
                "binding \(binding.id.rawValue) follows \(self.bindings.count) others"
            )
            try Plausible.check(binding.books == Books(), "a new binding has instances")
            self.bindings.append(Books())
            self.totals.bindings += 1
        case .rebound(let binding):
            try Plausible.check(binding.id == event.binding, "event \(event.sequence) rebinds another key")
        case .scopeOpened(let scope):
            try Plausible.check(self.scopes.isEmpty || scope.id > self.totals.lastScope, "\(scope.id) is opened twice")
            try self.checkPlace(of: scope, until: event.time)
            if let parent = scope.parent { self.scopes[parent]?.openInside += 1 }
            self.scopes[scope.id] = Scope(state: .open, parent: scope.parent, books: Books())
            self.totals.lastScope = scope.id
        case .scopeClosing:
            try Plausible.check(self.scopes[event.scope]?.state == .open, "\(event.scope) closes but is not open")
            self.scopes[event.scope]?.state = .closing
        case .scopeClosed(let disposed, let threw, let abandoned, let took, let outcome):
            try self.close(event.scope, disposed: disposed, threw: threw, abandoned: abandoned, outcome)
            try Plausible.check(took, "the close of \(event.scope)")
        default:
            try Plausible.check(event.kind)
            try self.takeStep(event)
        }
    }

    private mutating func close(_ id: ScopeID, disposed: Int, threw: Int, abandoned: Int, _ outcome: ScopeOutcome?) throws(Impossible) {
        guard let scope = self.scopes.removeValue(forKey: id), scope.state == .closing else {
            throw Impossible("\(id) is closed but was not closing")
        }
        try Plausible.check(scope.openInside == 0, "\(id) is closed before a scope inside it")
        try Plausible.check(scope.books.active == 0, "\(id) is closed with instances in it")
        let counts = (Int(Int32(clamping: scope.books.disposed)), Int(Int32(clamping: scope.books.abandoned)))
        try Plausible.check(disposed == counts.0, "\(id) reports \(disposed) disposed instances, but had \(counts.0)")
        try Plausible.check(abandoned == counts.1, "\(id) reports \(abandoned) abandoned instances, but had \(counts.1)")
        try Plausible.check((0...disposed).contains(threw), "\(id) reports \(threw) disposes that threw, of \(disposed)")
        if let parent = scope.parent { self.scopes[parent]?.openInside -= 1 }
        if id == .root {
            try Plausible.check(outcome == nil, "the root has the outcome of a body")
        } else {
            self.totals.closedScopes += 1
            self.totals.outcomes?.add(outcome)
        }
        self.totals.closedBooks.add(scope.books)
    }

    /// Checks and applies an event of an instance.
    private mutating func takeStep(_ event: ResourceEvent) throws(Impossible) {
        switch event.kind {
        case .initializing:
            guard let id = event.resource, let binding = event.binding else {
                throw Impossible("event \(event.sequence) has no instance")
            }
            try Plausible.check(id > self.totals.lastInstance, "instance \(id) is created twice")
            try Plausible.check(self.scopes[event.scope] != nil, "instance \(id) is created in \(event.scope), which is not open")
            self.totals.lastInstance = id
            self.instances[id] = Instance(binding: binding, scope: event.scope, createdAt: event.time)
            self.count(binding, event.scope) { books in
                books.created += 1
                books.initializing += 1
            }
        case .ready(let took, let order, let dependencies):
            let instance = try self.move(event, from: .initializing, to: .ready)
            try self.check(took, of: event, since: instance.createdAt)
            try Plausible.check(order > self.totals.lastOrder && order <= UInt64(Plausible.count), "the ready order does not increase")
            try Plausible.check(!dependencies.contains { $0 == event.resource }, "an instance depends on itself")
            self.totals.lastOrder = order
        case .dependencyAdded(let dependency): try Plausible.check(dependency != event.resource, "an instance depends on itself")
        case .initializationFailed(_, let took):
            let instance = try self.move(event, from: .initializing, to: .initFailed)
            try self.check(took, of: event, since: instance.createdAt)
        case .disposing: _ = try self.move(event, from: .ready, to: .disposing)
        case .disposed(let took, let lived), .disposeThrew(_, let took, let lived):
            let instance = try self.move(event, from: .disposing, to: .disposed)
            try self.check(took, of: event, since: instance.readyAt ?? instance.createdAt)
            try self.check(lived, of: event, since: instance.readyAt ?? instance.createdAt)
            if case .disposeThrew = event.kind { self.count(instance.binding, instance.scope) { $0.errors += 1 } }
        case .abandoned(.initialize, _): _ = try self.move(event, from: .initializing, to: .abandoned)
        case .abandoned(.dispose, _): _ = try self.move(event, from: .disposing, to: .abandoned)
        case .errorReported, .leaseTimedOut, .leaseExhausted:
            guard let binding = event.binding, let resource = event.resource else { break }
            if case .errorReported = event.kind {} else { self.leaseErrors += 1 }
            // An error of an ended instance counts for no scope, since the scope may have closed.
            let isThere = self.instances[resource] != nil || event.kind.isReported
            self.count(binding, isThere ? event.scope : nil) { $0.errors += 1 }
        default: break
        }
    }

    /// Moves the instance of an event to its next state.
    private mutating func move(_ event: ResourceEvent, from: ResourceState, to: ResourceState) throws(Impossible) -> Instance {
        guard let id = event.resource, var instance = self.instances[id] else {
            throw Impossible("event \(event.sequence) has an unknown instance")
        }
        try Plausible.check(
            instance.binding == event.binding && instance.scope == event.scope,
            "instance \(id) has changed its binding or scope"
        )
        try Plausible.check(instance.state == from, "instance \(id) becomes \(to.rawValue) but is \(instance.state.rawValue)")
        let earliest = instance.readyAt ?? instance.createdAt
        try Plausible.check(event.time + Plausible.lead >= earliest, "instance \(id) becomes \(to.rawValue) before it was \(from.rawValue)")
        instance.state = to
        if to == .ready { instance.readyAt = event.time }
        self.instances[id] = to.isActive ? instance : nil
        self.count(instance.binding, instance.scope) { books in
            books.add(-1, to: from)
            books.add(1, to: to)
            if to == .initFailed || to == .abandoned { books.errors += 1 }
        }
        return instance
    }

    /// Checks that a step or a lifetime is not longer than the instance has existed.
    private func check(_ duration: Duration, of event: ResourceEvent, since: TimeSource.Instant) throws(Impossible) {
        try Plausible.check(
            duration <= event.time - since + Plausible.lead,
            "event \(event.sequence) lasts longer than its instance"
        )
    }

    /// Changes the books of the container, of a binding and of a scope in the same way.
    private mutating func count(_ binding: BindingID, _ scope: ScopeID?, _ change: (inout Books) -> Void) {
        change(&self.totals.books)
        change(&self.bindings[binding.rawValue])
        if let scope, self.scopes[scope] != nil { change(&self.scopes[scope, default: Scope(state: .open, books: Books())].books) }
    }
}

extension ResourceEvent.Kind {
    fileprivate var isReported: Bool {
        if case .errorReported = self { return true }
        return false
    }

    fileprivate var isBound: Bool {
        if case .bound = self { return true }
        return false
    }
}

extension Books {
    fileprivate mutating func add(_ amount: Int, to state: ResourceState) {
        switch state {
        case .initializing: self.initializing += amount
        case .ready: self.ready += amount
        case .disposing: self.disposing += amount
        case .disposed: self.disposed += amount
        case .initFailed: self.initFailed += amount
        case .abandoned: self.abandoned += amount
        }
    }
}
