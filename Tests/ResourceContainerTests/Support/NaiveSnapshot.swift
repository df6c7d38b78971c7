@testable import ResourceContainer

extension Registry {
    /// The snapshot as one pass over the sorted tables gives it, without pools: what ``SnapshotCopy`` is compared with.
    func naiveSnapshot(at now: TimeSource.Instant) -> ContainerSnapshot {
        var snapshot = ContainerSnapshot(container: self.container, sequence: self.log.sequence, time: now)
        snapshot.books = self.books
        snapshot.closedScopes = self.closedScopes
        snapshot.outcomes = self.outcomes
        snapshot.bindings = self.keys.map { key in
            var shown = key.shown
            shown.type = self.typeNames.name(of: key.path)
            shown.books = key.books
            return shown
        }
        snapshot.scopes = self.scopes.indices.map { index in
            self.scopes[index].scope.rawSnapshot(state: self.scopes[index].state, books: self.scopes[index].books).withCleanTag
        }
        snapshot.scopes.sort { $0.id < $1.id }
        snapshot.resources = self.resources.indices.filter { self.resources[$0].isOwned }.map { index in
            let row = self.resources[index]
            var shown = ResourceSnapshot(id: row.id, binding: row.binding.id, scope: self.scopes[row.scope].id, createdAt: row.createdAt)
            shown.state = row.state
            shown.readyAt = row.instance == nil ? nil : row.readyAt
            shown.readyOrder = row.instance == nil ? nil : row.readyOrder
            shown.dependencies = row.dependencies.map(\.id)
            shown.uses = row.uses
            shown.health = self.health[row.id]
            return shown
        }
        snapshot.resources.sort { $0.id < $1.id }
        return snapshot
    }
}

extension Container {
    /// See ``Registry/naiveSnapshot(at:)``.
    var naiveSnapshot: ContainerSnapshot {
        let now = self.engine.now
        return self.engine.locked { $0.naiveSnapshot(at: now) }
    }
}
