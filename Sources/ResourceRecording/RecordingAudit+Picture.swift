import ResourceContainer

/// Whole pictures: what the telling begins with, and goes on with after something was lost.
extension RecordingAudit {
    /// Begins with a picture that stands in a line of `time`.
    init(_ snapshot: ContainerSnapshot, at time: TimeSource.Instant) throws(Impossible) {
        try Plausible.check(snapshot.time, "the time of the picture")
        try Plausible.check(snapshot.time <= time, "the picture is of a later time than the line")
        try Plausible.check(time - snapshot.time <= .seconds(60), "the picture is of long before the line")
        try Plausible.check(snapshot.sequence <= UInt64(Plausible.count), "the number of the last event is too large")
        try Plausible.check(count: snapshot.closedScopes, "closed scopes")
        try Plausible.check(snapshot.books, of: "the container")
        self.totals = Totals(
            sequence: snapshot.sequence,
            books: snapshot.books,
            closedScopes: snapshot.closedScopes,
            bindings: snapshot.bindings.count
        )
        self.bindings = snapshot.bindings.map(\.books)
        let latest = snapshot.time + Plausible.lead
        try self.take(snapshot.bindings)
        try self.take(snapshot.scopes, until: latest)
        try self.take(snapshot.resources, until: latest)
        for pool in snapshot.pools { try Plausible.check(pool, until: latest) }
    }

    /// Goes on with a picture after something was lost: what only grows has not become less.
    mutating func resume(_ snapshot: ContainerSnapshot, at time: TimeSource.Instant) throws(Impossible) {
        var next = try RecordingAudit(snapshot, at: time)
        let (old, new) = (self.totals, next.totals)
        try Plausible.check(new.sequence >= old.sequence, "the picture is older than what was told before it")
        try Plausible.check(new.bindings >= old.bindings, "bindings are gone that were told before")
        try Plausible.check(new.closedScopes >= old.closedScopes, "fewer scopes are closed than before")
        try Plausible.check(new.books.hasGrown(from: old.books), "the books of the container are less than before")
        try Plausible.check(new.closedBooks.hasGrown(from: old.closedBooks), "the books of the closed scopes are less than before")
        next.totals.lastScope = max(new.lastScope, old.lastScope)
        next.totals.lastInstance = max(new.lastInstance, old.lastInstance)
        next.totals.lastOrder = max(new.lastOrder, old.lastOrder)
        self = next
    }

    /// Whether a picture agrees with what was told, as far as both are of the same event.
    func agrees(with picture: RecordingAudit) -> Bool {
        guard picture.totals.sequence == self.totals.sequence else { return true }
        return self.isSame(picture.totals.books, as: self.totals.books) && picture.totals.closedScopes == self.totals.closedScopes
            && picture.bindings.count == self.bindings.count
            && zip(picture.bindings, self.bindings).allSatisfy { self.isSame($0, as: $1) }
            && picture.instances == self.instances && picture.scopes.count == self.scopes.count
            && self.scopes.allSatisfy { picture.scopes[$0]?.isSame(as: $1) ?? false }
    }

    /// Whether the books of a picture are those that were counted, with the errors of acquisitions or without them.
    private func isSame(_ pictured: Books, as counted: Books) -> Bool {
        var counted = counted
        guard (counted.errors - self.leaseErrors...counted.errors).contains(pictured.errors) else { return false }
        counted.errors = pictured.errors
        return pictured == counted
    }

    /// Sums stay counts while they are made.
    private func checkParts(_ sum: Books, of what: StaticString) throws(Impossible) {
        let isLess = sum.created <= self.totals.books.created && sum.errors <= self.totals.books.errors
        try Plausible.check(isLess, "the books of the \(what) sum up to more than the container's")
    }

    private func take(_ bindings: [BindingSnapshot]) throws(Impossible) {
        var sum = Books()
        for (index, binding) in bindings.enumerated() {
            try Plausible.check(binding.id.rawValue == index, "binding \(index) has the number \(binding.id.rawValue)")
            try Plausible.check(binding.books, of: "binding \(index)")
            sum.add(binding.books)
            try self.checkParts(sum, of: "bindings")
        }
        try Plausible.check(sum == self.totals.books, "the books of the bindings do not sum up to the container's")
    }

    private mutating func take(_ scopes: [ScopeSnapshot], until latest: TimeSource.Instant) throws(Impossible) {
        var sum = Books()
        for scope in scopes {
            let id = scope.id
            try Plausible.check(self.scopes.isEmpty || id > self.totals.lastScope, "\(id) stands twice, or out of order")
            try Plausible.check(scope.state != .closed, "\(id) is closed, and a picture holds what is open")
            try self.checkPlace(of: scope, until: latest)
            try Plausible.check(scope.books, of: "\(id)")
            sum.add(scope.books)
            try self.checkParts(sum, of: "scopes")
            self.scopes[id] = Scope(state: scope.state, parent: scope.parent, books: scope.books)
            if let parent = scope.parent { self.scopes[parent]?.openInside += 1 }
            self.totals.lastScope = id
        }
        try Plausible.check(
            sum.activeStates == self.totals.books.activeStates,
            "the active instances of the scopes are not those of the container"
        )
        self.totals.closedBooks = self.totals.books
        self.totals.closedBooks.created -= sum.created
        self.totals.closedBooks.initialising = 0
        self.totals.closedBooks.ready = 0
        self.totals.closedBooks.disposing = 0
        self.totals.closedBooks.disposed -= sum.disposed
        self.totals.closedBooks.initFailed -= sum.initFailed
        self.totals.closedBooks.abandoned -= sum.abandoned
        self.totals.closedBooks.errors -= sum.errors
        try Plausible.check(self.totals.closedBooks, of: "the closed scopes")
    }

    /// A scope is the root, or is inside one that is not closed.
    func checkPlace(of scope: ScopeSnapshot, until latest: TimeSource.Instant) throws(Impossible) {
        try Plausible.check(scope.openedAt, "\(scope.id) is opened")
        try Plausible.check(scope.openedAt <= latest, "\(scope.id) is opened later than it is told")
        guard let parent = scope.parent else {
            return try Plausible.check(scope.id == .root, "\(scope.id) is inside no other and is not the root")
        }
        try Plausible.check(scope.id != .root, "the root is inside another scope")
        try Plausible.check(self.scopes[parent] != nil, "\(scope.id) is inside \(parent), which is not open")
    }

    private mutating func take(_ resources: [ResourceSnapshot], until latest: TimeSource.Instant) throws(Impossible) {
        var (ofBindings, ofScopes) = ([BindingID: Books](), [ScopeID: Books]())
        for resource in resources {
            let id = resource.id
            try Plausible.check(id > self.totals.lastInstance, "instance \(id) stands twice, or out of order")
            try Plausible.check(
                self.bindings.indices.contains(resource.binding.rawValue),
                "instance \(id) is of a binding that is not there"
            )
            try Plausible.check(self.scopes[resource.scope] != nil, "instance \(id) is in \(resource.scope), which is not open")
            try Plausible.check(resource.createdAt, "instance \(id) is begun")
            try Plausible.check(resource.createdAt <= latest, "instance \(id) is begun later than it is told")
            try Plausible.check(count: resource.uses, "the uses of instance \(id)")
            try Plausible.check(!resource.dependencies.contains(id), "instance \(id) needs itself")
            if let result = resource.health { try Plausible.check(result) }
            switch resource.state {
            case .initialising:
                try Plausible.check(resource.readyAt == nil && resource.readyOrder == nil, "instance \(id) is being made and is ready")
                ofBindings[resource.binding, default: Books()].initialising += 1
                ofScopes[resource.scope, default: Books()].initialising += 1
            case .ready, .disposing:
                guard let readyAt = resource.readyAt, let order = resource.readyOrder else {
                    throw Impossible("instance \(id) is \(resource.state.rawValue) and never became ready")
                }
                try Plausible.check(
                    readyAt + Plausible.lead >= resource.createdAt && readyAt <= latest,
                    "instance \(id) became ready when it cannot have"
                )
                try Plausible.check(order <= UInt64(Plausible.count), "the order of instance \(id) is too large")
                self.totals.lastOrder = max(self.totals.lastOrder, order)
                let isReady = resource.state == .ready ? 1 : 0
                ofBindings[resource.binding, default: Books()].ready += isReady
                ofBindings[resource.binding, default: Books()].disposing += 1 - isReady
                ofScopes[resource.scope, default: Books()].ready += isReady
                ofScopes[resource.scope, default: Books()].disposing += 1 - isReady
            case .disposed, .initFailed, .abandoned:
                throw Impossible("instance \(id) is \(resource.state.rawValue), and a picture holds what is active")
            }
            self.instances[id] = Instance(
                binding: resource.binding,
                scope: resource.scope,
                state: resource.state,
                createdAt: resource.createdAt,
                readyAt: resource.readyAt
            )
            self.totals.lastInstance = id
        }
        for index in self.bindings.indices
        where ofBindings[BindingID(index), default: Books()].activeStates != self.bindings[index].activeStates {
            throw Impossible("the instances of binding \(index) are not those that its books count")
        }
        for (id, scope) in self.scopes where ofScopes[id, default: Books()].activeStates != scope.books.activeStates {
            throw Impossible("the instances in \(id) are not those that its books count")
        }
    }
}
