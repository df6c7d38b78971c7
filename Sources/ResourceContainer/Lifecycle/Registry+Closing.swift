extension Registry {
    /// Begins to close a scope: it and every scope below it refuse requests from here on. False if somebody has begun before.
    mutating func beginClosing(_ id: ScopeID, at now: TimeSource.Instant) -> Bool {
        guard self.scopes[id]?.isBeingClosed == false else { return false }
        self.scopes[id]?.isBeingClosed = true
        self.refuse(id, at: now)
        return true
    }

    private mutating func refuse(_ id: ScopeID, at now: TimeSource.Instant) {
        var pending = [id]
        while let id = pending.popLast() {
            guard let record = self.scopes[id] else { continue }
            pending.append(contentsOf: record.children.sorted())
            guard record.state == .open else { continue }
            self.scopes[id]?.state = .closing
            record.scope.cache.withLock { $0.close() }
            self.log.append(.scopeClosing, scope: id, at: now)
        }
    }

    /// The scopes inside `id`, newest first.
    func children(of id: ScopeID) -> [Scope] {
        (self.scopes[id]?.children ?? []).sorted(by: >).compactMap { self.scopes[$0]?.scope }
    }

    /// The instances of `id` that are being made, oldest first.
    func initialising(in id: ScopeID) -> [ResourceRecord] {
        (self.scopes[id]?.owned ?? []).sorted().compactMap { self.resources[$0] }.filter { $0.state == .initialising }
    }

    /// What to wait for until no instance of `id` is being disposed by somebody else: by an initialisation that failed, of its parts.
    mutating func disposals(in id: ScopeID) -> [Promise<Void>] {
        (self.scopes[id]?.owned ?? []).sorted().filter { self.resources[$0]?.state == .disposing }.map { resource in
            let ended = self.resources[resource]?.ended ?? Promise<Void>()
            self.resources[resource]?.ended = ended
            return ended
        }
    }

    /// The instances of `id` that are ready, in the order of their disposal.
    func teardown(of id: ScopeID) -> [ResourceID] {
        let ready = (self.scopes[id]?.owned ?? []).compactMap { self.resources[$0] }.filter { $0.state == .ready }
        return TeardownOrder.plan(ready.map { .init(id: $0.id, readyOrder: $0.readyOrder, dependencies: $0.dependencies) })
    }

    /// A scope is empty and over.
    mutating func closed(_ id: ScopeID, took: Duration, at now: TimeSource.Instant) {
        guard let record = self.scopes.removeValue(forKey: id) else { return }
        if let parent = record.scope.parent { self.scopes[parent.id]?.children.remove(id) }
        self.log.append(
            .scopeClosed(
                disposed: record.books.disposed,
                threw: record.disposeThrew,
                abandoned: record.books.abandoned,
                took: took
            ),
            scope: id,
            at: now
        )
    }
}
