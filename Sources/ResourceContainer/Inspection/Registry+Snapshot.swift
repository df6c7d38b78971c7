extension Registry {
    /// Returns a snapshot after the last event. The engine adds the pools, because it must not call them under its lock.
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

    /// The rows of the counted instances, in the order of their creation.
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

    /// Returns the eager bindings that a new scope initializes, in binding order.
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

    /// Returns the open scopes that no body, task, variable, or nested scope references.
    mutating func forgottenScopes() -> [ScopeID] {
        // The candidates are collected first: an iteration retains the rows, and with them a second reference to every scope.
        let candidates = self.scopes.indices.filter { index in
            self.scopes[index].state == .open && self.scopes[index].children.isEmpty && self.scopes[index].id != .root
        }
        return candidates.filter { self.scopes[$0].isForgotten }.map { self.scopes[$0].id }.sorted()
    }

    // MARK: Outliving

    /// A disposed instance that may still be referenced.
    struct OutlivingEntry: Sendable {
        let resource: ResourceID
        let label: String
        let scope: String
        let location: CodeLocation
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
                location: row.binding.location,
                since: now,
                observer: observer
            )
        )
        // Whenever the count reaches a power of two, freed instances are removed, so that the list does not grow without bound.
        if self.outliving.count.nonzeroBitCount == 1 { self.forgetGone() }
    }

    /// Removes the instances that are no longer referenced.
    ///
    /// Reading a weak reference retains the object for a moment, and the last reference must not be released under the registry's lock. The
    /// objects therefore go to `deferredReleases`.
    mutating func forgetGone() {
        var alive = self.outliving
        alive.removeAll { entry in
            guard let object = entry.observer.object else { return true }
            self.deferredReleases.add(object)
            return false
        }
        self.outliving = alive
    }
}
