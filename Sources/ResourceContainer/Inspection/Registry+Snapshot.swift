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
}
