extension Registry {
    /// The picture after the last event; pools are added by the engine, which may not ask them under its lock.
    func snapshot(at now: TimeSource.Instant) -> ContainerSnapshot {
        var snapshot = ContainerSnapshot(container: self.container, sequence: self.log.sequence, time: now)
        snapshot.books = self.books
        snapshot.closedScopes = self.closedScopes
        snapshot.bindings = self.keys.map { key in
            var shown = key.shown
            shown.type = self.typeNames.name(of: key.path)
            shown.books = key.books
            return shown
        }
        snapshot.scopes = self.scopes.indices.map { index in
            self.scopes[index].scope.snapshot(state: self.scopes[index].state, books: self.scopes[index].books)
        }
        snapshot.scopes.sort { $0.id < $1.id }
        snapshot.resources = self.active.map { self.snapshot(of: $0) }
        return snapshot
    }

    /// The rows of the instances that are counted, in the order they were begun.
    var active: [Int] {
        self.resources.indices.filter { self.resources[$0].isOwned }.sorted { self.resources[$0].id < self.resources[$1].id }
    }

    private func snapshot(of index: Int) -> ResourceSnapshot {
        let row = self.resources[index]
        let scope = self.scopes[row.scope].id
        var snapshot = ResourceSnapshot(id: row.id, binding: row.binding.id, scope: scope, createdAt: row.createdAt)
        snapshot.state = row.state
        snapshot.readyAt = row.instance == nil ? nil : row.readyAt
        snapshot.readyOrder = row.instance == nil ? nil : row.readyOrder
        snapshot.dependencies = row.dependencies.map(\.id)
        snapshot.uses = row.uses
        snapshot.health = self.health[row.id]
        return snapshot
    }

    // MARK: Eager bindings

    /// The eager bindings that a scope which is opened is to make, in the order they were bound.
    func eager(for scope: Scope) -> [Binding] {
        let bindings = self.currentBindings + (scope.overlay?.all ?? [])
        return bindings.sorted { $0.word < $1.word }.filter { binding in
            guard binding.options.eager, self.binding(binding.key, in: scope) === binding else { return false }
            let owner = try? self.owner(of: binding, for: scope)
            guard let owner, self.scopes[owner.row].shared.find(binding.word) == nil else { return false }
            return binding.lifetime == .singleton || owner === scope
        }
    }

    // MARK: Leaks

    /// The open scopes that nobody refers to any more. What a body, a task in it, a variable or a scope inside refers to is not among them.
    mutating func forgottenScopes() -> [ScopeID] {
        // Listed first: a sequence that is under way holds the rows, and with them a second reference to every scope.
        let candidates = self.scopes.indices.filter { index in
            self.scopes[index].state == .open && self.scopes[index].children.isEmpty && self.scopes[index].id != .root
        }
        return candidates.filter { self.scopes[$0].isForgotten }.map { self.scopes[$0].id }.sorted()
    }

    // MARK: Outliving

    /// An instance that was disposed, and may still be referenced.
    struct OutlivingEntry: Sendable {
        let resource: ResourceID
        let label: String
        let scope: String
        let place: SourcePlace
        let since: TimeSource.Instant
        let observer: OutlivingObserver
    }

    mutating func watchOutliving(_ row: ResourceRow, at now: TimeSource.Instant) {
        guard row.binding.options.trackOutliving, let observer = row.instance?.observer else { return }
        self.outliving.append(
            OutlivingEntry(
                resource: row.id,
                label: self.label(of: row.binding),
                scope: self.scopes[row.scope].scope.name,
                place: row.binding.place,
                since: now,
                observer: observer
            )
        )
        // Every now and then those that are gone are dropped, so that the list stays as long as there is something to tell.
        if self.outliving.count.nonzeroBitCount == 1 { self.forgetGone() }
    }

    /// Drops the instances that are not referenced any more. To look is to hold for a moment, and nobody's last reference may go in here.
    mutating func forgetGone() {
        var alive = self.outliving
        alive.removeAll { entry in
            guard let object = entry.observer.object else { return true }
            self.leavings.add(object)
            return false
        }
        self.outliving = alive
    }
}
