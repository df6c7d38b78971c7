import ResourceContainer
import ResourceMonitoring

/// What the lines of a recording have told so far, as far as it is needed to see whether the next one can be true.
///
/// An instance goes from one state to the next that there is, in the scope that it was begun in; a scope is opened in one that is open,
/// and closed when nothing is left in it; events are numbered without a gap. A line that passes keeps all books balanced. A line that does
/// not pass is damaged, and nothing of it is used. A pure value, O(1) per event.
struct RecordingAudit: Sendable {
    struct Scope: Sendable, Equatable {
        var state: ScopeSnapshot.State
        var parent: ScopeID?
        var openInside = 0
        var books: Books

        /// Whether these are two tellings of one scope. An error that is reported of an instance after its end counts for the container
        /// only, and events do not tell that.
        func isSame(as other: Scope) -> Bool {
            var other = other
            other.books.errors = self.books.errors
            return self == other
        }
    }

    struct Instance: Sendable, Equatable {
        var binding: BindingID
        var scope: ScopeID
        var state = ResourceState.initialising
        var createdAt: TimeSource.Instant
        var readyAt: TimeSource.Instant?
    }

    /// What is known of the whole.
    struct Totals: Sendable {
        /// The number of the last event.
        var sequence: UInt64
        var books: Books
        /// The books of the scopes that are closed.
        var closedBooks = Books()
        var closedScopes: Int
        var bindings: Int
        /// The greatest identities and the last place in the order of becoming ready that were told.
        var lastScope = ScopeID.root
        var lastInstance = ResourceID(0)
        var lastOrder: UInt64 = 0
    }

    var totals: Totals
    var bindings: [Books]
    var scopes: [ScopeID: Scope] = [:]
    var instances: [ResourceID: Instance] = [:]
    /// Acquisitions that ran out of time or were refused since the last picture: containers before version 1.1 did not count them as errors.
    var leaseErrors = 0

    /// Roughly how many bytes a copy takes once the original goes on.
    var weight: Int {
        self.scopes.count * (MemoryLayout<Scope>.stride + 16) + self.instances.count * (MemoryLayout<Instance>.stride + 16)
            + self.bindings.count * MemoryLayout<Books>.stride
    }

    // MARK: Inputs

    /// Takes an input that follows. `unknownEvents` is how many of its events are of kinds that only a newer version knows: their numbers
    /// are missing. After an error only ``totals`` are as they were: a picture has to come next.
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
            let told = self.totals.sequence
            try self.resume(snapshot, at: input.time)
            try Plausible.check(input.batch.missed == self.totals.sequence - told, "the number of missed events is not that of the picture")
        } else {
            try Plausible.check(input.batch.missed == 0, "events are missed, and there is no picture to go on from")
        }
        var spare = UInt64(unknownEvents)
        for event in input.batch.events {
            try Plausible.check(event.sequence > self.totals.sequence, "event \(event.sequence) follows event \(self.totals.sequence)")
            let gap = event.sequence - self.totals.sequence - 1
            try Plausible.check(gap <= spare, "event \(event.sequence) follows event \(self.totals.sequence)")
            spare -= gap
            try Plausible.check(event.time.nanoseconds >= 0, "event \(event.sequence) is of before the clock's origin")
            try Plausible.check(event.time <= input.time, "event \(event.sequence) is of a later time than the line")
            self.totals.sequence = event.sequence
            try self.take(event)
        }
        if let samples = input.samples { try Plausible.check(samples, until: input.time) }
    }

    private mutating func take(_ event: ResourceEvent) throws(Impossible) {
        if let binding = event.binding, case let isNew = event.kind.isBound {
            let known = self.bindings.count + (isNew ? 1 : 0)
            try Plausible.check((0..<known).contains(binding.rawValue), "event \(event.sequence) is of a binding that is not there")
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
            try Plausible.check(binding.id == event.binding, "event \(event.sequence) binds another key than it is of")
        case .scopeOpened(let scope):
            try Plausible.check(self.scopes.isEmpty || scope.id > self.totals.lastScope, "\(scope.id) is opened twice")
            try self.checkPlace(of: scope, until: event.time)
            if let parent = scope.parent { self.scopes[parent]?.openInside += 1 }
            self.scopes[scope.id] = Scope(state: .open, parent: scope.parent, books: Books())
            self.totals.lastScope = scope.id
        case .scopeClosing:
            try Plausible.check(self.scopes[event.scope]?.state == .open, "\(event.scope) closes, and is not open")
            self.scopes[event.scope]?.state = .closing
        case .scopeClosed(let disposed, let threw, let abandoned, let took):
            try self.close(event.scope, disposed: disposed, threw: threw, abandoned: abandoned)
            try Plausible.check(took, "the closing of \(event.scope)")
        default:
            try Plausible.check(event.kind)
            try self.takeStep(event)
        }
    }

    private mutating func close(_ id: ScopeID, disposed: Int, threw: Int, abandoned: Int) throws(Impossible) {
        guard let scope = self.scopes.removeValue(forKey: id), scope.state == .closing else {
            throw Impossible("\(id) is closed, and was not closing")
        }
        try Plausible.check(scope.openInside == 0, "\(id) is closed before what is inside it")
        try Plausible.check(scope.books.active == 0, "\(id) is closed with instances in it")
        let counts = (Int(Int32(clamping: scope.books.disposed)), Int(Int32(clamping: scope.books.abandoned)))
        try Plausible.check(disposed == counts.0, "\(id) tells of \(disposed) disposed instances, and there were \(counts.0)")
        try Plausible.check(abandoned == counts.1, "\(id) tells of \(abandoned) abandoned instances, and there were \(counts.1)")
        try Plausible.check((0...disposed).contains(threw), "\(id) tells of \(threw) disposes that threw, of \(disposed)")
        if let parent = scope.parent { self.scopes[parent]?.openInside -= 1 }
        if id != .root { self.totals.closedScopes += 1 }
        self.totals.closedBooks.add(scope.books)
    }

    /// An event about an instance.
    private mutating func takeStep(_ event: ResourceEvent) throws(Impossible) {
        switch event.kind {
        case .initialising:
            guard let id = event.resource, let binding = event.binding else {
                throw Impossible("event \(event.sequence) begins no instance")
            }
            try Plausible.check(id > self.totals.lastInstance, "instance \(id) is begun twice")
            try Plausible.check(self.scopes[event.scope] != nil, "instance \(id) is begun in \(event.scope), which is not open")
            self.totals.lastInstance = id
            self.instances[id] = Instance(binding: binding, scope: event.scope, createdAt: event.time)
            self.count(binding, event.scope) { books in
                books.created += 1
                books.initialising += 1
            }
        case .ready(let took, let order, let dependencies):
            let instance = try self.move(event, from: .initialising, to: .ready)
            try self.check(took, of: event, since: instance.createdAt)
            try Plausible.check(order > self.totals.lastOrder && order <= UInt64(Plausible.count), "the order of becoming ready goes back")
            try Plausible.check(!dependencies.contains { $0 == event.resource }, "an instance needs itself")
            self.totals.lastOrder = order
        case .dependencyAdded(let dependency): try Plausible.check(dependency != event.resource, "an instance needs itself")
        case .initialisationFailed(_, let took):
            let instance = try self.move(event, from: .initialising, to: .initFailed)
            try self.check(took, of: event, since: instance.createdAt)
        case .disposing: _ = try self.move(event, from: .ready, to: .disposing)
        case .disposed(let took, let lived), .disposeThrew(_, let took, let lived):
            let instance = try self.move(event, from: .disposing, to: .disposed)
            try self.check(took, of: event, since: instance.readyAt ?? instance.createdAt)
            try self.check(lived, of: event, since: instance.readyAt ?? instance.createdAt)
            if case .disposeThrew = event.kind { self.count(instance.binding, instance.scope) { $0.errors += 1 } }
        case .abandoned(.initialise, _): _ = try self.move(event, from: .initialising, to: .abandoned)
        case .abandoned(.dispose, _): _ = try self.move(event, from: .disposing, to: .abandoned)
        case .errorReported, .leaseTimedOut, .leaseExhausted:
            guard let binding = event.binding, let resource = event.resource else { break }
            if case .errorReported = event.kind {} else { self.leaseErrors += 1 }
            // What is said of an instance that is gone counts for no scope: its scope may be gone as well.
            let isThere = self.instances[resource] != nil || event.kind.isReported
            self.count(binding, isThere ? event.scope : nil) { $0.errors += 1 }
        default: break
        }
    }

    /// Moves the instance of an event from one state to the next.
    private mutating func move(_ event: ResourceEvent, from: ResourceState, to: ResourceState) throws(Impossible) -> Instance {
        guard let id = event.resource, var instance = self.instances[id] else {
            throw Impossible("event \(event.sequence) is about an instance that is not there")
        }
        try Plausible.check(
            instance.binding == event.binding && instance.scope == event.scope,
            "instance \(id) is of another binding, or in another scope, than it was"
        )
        try Plausible.check(instance.state == from, "instance \(id) becomes \(to.rawValue), and is \(instance.state.rawValue)")
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

    /// A step, or a life, is not longer than the instance is there.
    private func check(_ duration: Duration, of event: ResourceEvent, since: TimeSource.Instant) throws(Impossible) {
        try Plausible.check(
            duration <= event.time - since + Plausible.lead,
            "event \(event.sequence) lasts longer than its instance is there"
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
        case .initialising: self.initialising += amount
        case .ready: self.ready += amount
        case .disposing: self.disposing += amount
        case .disposed: self.disposed += amount
        case .initFailed: self.initFailed += amount
        case .abandoned: self.abandoned += amount
        }
    }
}
