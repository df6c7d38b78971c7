import ResourceContainer

/// Snapshots, at the beginning of a recording and after a gap.
extension RecordingAudit {
    /// Checks a snapshot in a line of `time` and begins with it.
    init(_ snapshot: ContainerSnapshot, at time: TimeSource.Instant) throws(Impossible) {
        try Plausible.check(snapshot.time, "the time of the snapshot")
        try Plausible.check(snapshot.time <= time, "the snapshot is after the line's time")
        try Plausible.check(time - snapshot.time <= .seconds(60), "the snapshot is long before the line's time")
        try Plausible.check(snapshot.sequence <= UInt64(Plausible.count), "the number of the last event is too large")
        try Plausible.check(count: snapshot.closedScopes, "closed scopes")
        try Plausible.check(snapshot.outcomes, closed: snapshot.closedScopes)
        try Plausible.check(snapshot.books, of: "the container")
        self.totals = Totals(
            sequence: snapshot.sequence,
            books: snapshot.books,
            closedScopes: snapshot.closedScopes,
            outcomes: snapshot.outcomes,
            bindings: snapshot.bindings.count
        )
        self.bindings = snapshot.bindings.map(\.books)
        let latest = snapshot.time + Plausible.lead
        try self.take(snapshot.bindings)
        try self.take(snapshot.scopes, until: latest)
        try self.take(snapshot.resources, until: latest)
        for pool in snapshot.pools { try Plausible.check(pool, until: latest) }
    }

    /// Continues with a snapshot after a gap. Cumulative figures must not have decreased.
    mutating func resume(_ snapshot: ContainerSnapshot, at time: TimeSource.Instant) throws(Impossible) {
        var next = try RecordingAudit(snapshot, at: time)
        let (old, new) = (self.totals, next.totals)
        try Plausible.check(new.sequence >= old.sequence, "the snapshot is older than the lines before it")
        try Plausible.check(new.bindings >= old.bindings, "there are fewer bindings than before")
        try Plausible.check(new.closedScopes >= old.closedScopes, "there are fewer closed scopes than before")
        switch (old.outcomes, new.outcomes) {
        case (let before?, let after?):
            try Plausible.check(after.hasGrown(from: before), "there are fewer outcomes of scopes than before")
        case (nil, nil): break
        case (nil, _?), (_?, nil): throw Impossible("only some of the snapshots have the outcomes of scopes")
        }
        try Plausible.check(new.books.hasGrown(from: old.books), "the books of the container have decreased")
        try Plausible.check(new.closedBooks.hasGrown(from: old.closedBooks), "the books of the closed scopes have decreased")
        next.totals.lastScope = max(new.lastScope, old.lastScope)
        next.totals.lastInstance = max(new.lastInstance, old.lastInstance)
        next.totals.lastOrder = max(new.lastOrder, old.lastOrder)
        self = next
    }

    /// Whether a snapshot agrees with the lines before it, if both include the same events.
    func agrees(with picture: RecordingAudit) -> Bool {
        guard picture.totals.sequence == self.totals.sequence else { return true }
        return self.isSame(picture.totals.books, as: self.totals.books) && picture.totals.closedScopes == self.totals.closedScopes
            && picture.totals.outcomes == self.totals.outcomes
            && picture.bindings.count == self.bindings.count
            && zip(picture.bindings, self.bindings).allSatisfy { self.isSame($0, as: $1) }
            && picture.instances == self.instances && picture.scopes.count == self.scopes.count
            && self.scopes.allSatisfy { picture.scopes[$0]?.isSame(as: $1) ?? false }
    }

    /// Whether the books of a snapshot match the counted ones, with or without the errors of failed acquisitions.
    private func isSame(_ pictured: Books, as counted: Books) -> Bool {
        var counted = counted
        guard (counted.errors - self.leaseErrors...counted.errors).contains(pictured.errors) else { return false }
        counted.errors = pictured.errors
        return pictured == counted
    }

    /// Checks that a partial sum does not exceed the container's books, so that it stays a valid count.
    private func checkParts(_ sum: Books, of what: StaticString) throws(Impossible) {
        let isLess = sum.created <= self.totals.books.created && sum.errors <= self.totals.books.errors
        try Plausible.check(isLess, "the books of the \(what) add up to more than the container's")
    }

    private func take(_ bindings: [BindingSnapshot]) throws(Impossible) {
        var sum = Books()
        for (index, binding) in bindings.enumerated() {
            try Plausible.check(binding.id.rawValue == index, "binding \(index) has the number \(binding.id.rawValue)")
            try Plausible.check(binding.books, of: "binding \(index)")
            sum.add(binding.books)
            try self.checkParts(sum, of: "bindings")
        }
        try Plausible.check(sum == self.totals.books, "the books of the bindings do not add up to the container's")
    }

    private mutating func take(_ scopes: [ScopeSnapshot], until latest: TimeSource.Instant) throws(Impossible) {
        var sum = Books()
        for scope in scopes {
            let id = scope.id
            try Plausible.check(self.scopes.isEmpty || id > self.totals.lastScope, "\(id) is repeated or out of order")
            try Plausible.check(scope.state != .closed, "\(id) is closed, but a snapshot contains only open scopes")
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
            "the active instances of the scopes do not add up to the container's"
        )
        self.totals.closedBooks = self.totals.books
        self.totals.closedBooks.created -= sum.created
        self.totals.closedBooks.initializing = 0
        self.totals.closedBooks.ready = 0
        self.totals.closedBooks.disposing = 0
        self.totals.closedBooks.disposed -= sum.disposed
        self.totals.closedBooks.initFailed -= sum.initFailed
        self.totals.closedBooks.abandoned -= sum.abandoned
        self.totals.closedBooks.errors -= sum.errors
        try Plausible.check(self.totals.closedBooks, of: "the closed scopes")
    }

    /// Checks that a scope is the root, or is inside a scope that is not closed.
    func checkPlace(of scope: ScopeSnapshot, until latest: TimeSource.Instant) throws(Impossible) {
        try Plausible.check(scope.openedAt, "the start of \(scope.id)")
        try Plausible.check(scope.openedAt <= latest, "\(scope.id) is opened after the line's time")
        for value in scope.values ?? [] {
            try Plausible.check(self.bindings.indices.contains(value.rawValue), "\(scope.id) provides a value of an unknown binding")
        }
        guard let parent = scope.parent else {
            return try Plausible.check(scope.id == .root, "\(scope.id) has no parent but is not the root")
        }
        try Plausible.check(scope.id != .root, "the root is inside another scope")
        try Plausible.check(self.scopes[parent] != nil, "\(scope.id) is inside \(parent), which is not open")
    }

    private mutating func take(_ resources: [ResourceSnapshot], until latest: TimeSource.Instant) throws(Impossible) {
        var (ofBindings, ofScopes) = ([BindingID: Books](), [ScopeID: Books]())
        for resource in resources {
            let id = resource.id
            try Plausible.check(id > self.totals.lastInstance, "instance \(id) is repeated or out of order")
            try Plausible.check(
                self.bindings.indices.contains(resource.binding.rawValue),
                "instance \(id) has an unknown binding"
            )
            try Plausible.check(self.scopes[resource.scope] != nil, "instance \(id) is in \(resource.scope), which is not open")
            try Plausible.check(resource.createdAt, "the start of instance \(id)")
            try Plausible.check(resource.createdAt <= latest, "instance \(id) is created after the line's time")
            try Plausible.check(count: resource.uses, "the uses of instance \(id)")
            try Plausible.check(!resource.dependencies.contains(id), "instance \(id) depends on itself")
            if let result = resource.health { try Plausible.check(result) }
            switch resource.state {
            case .initializing:
                try Plausible.check(resource.readyAt == nil && resource.readyOrder == nil, "instance \(id) is initializing but was ready")
                ofBindings[resource.binding, default: Books()].initializing += 1
                ofScopes[resource.scope, default: Books()].initializing += 1
            case .ready, .disposing:
                guard let readyAt = resource.readyAt, let order = resource.readyOrder else {
                    throw Impossible("instance \(id) is \(resource.state.rawValue) but never became ready")
                }
                try Plausible.check(
                    readyAt + Plausible.lead >= resource.createdAt && readyAt <= latest,
                    "instance \(id) became ready at an impossible time"
                )
                try Plausible.check(order <= UInt64(Plausible.count), "the order of instance \(id) is too large")
                self.totals.lastOrder = max(self.totals.lastOrder, order)
                let isReady = resource.state == .ready ? 1 : 0
                ofBindings[resource.binding, default: Books()].ready += isReady
                ofBindings[resource.binding, default: Books()].disposing += 1 - isReady
                ofScopes[resource.scope, default: Books()].ready += isReady
                ofScopes[resource.scope, default: Books()].disposing += 1 - isReady
            case .disposed, .initFailed, .abandoned:
                throw Impossible("instance \(id) is \(resource.state.rawValue), but a snapshot contains only active instances")
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
            throw Impossible("the instances of binding \(index) do not match its books")
        }
        for (id, scope) in self.scopes where ofScopes[id, default: Books()].activeStates != scope.books.activeStates {
            throw Impossible("the instances in \(id) do not match its books")
        }
    }
}
