extension Registry {
    /// The picture after the last event; pools are added by the engine, which may not ask them under its lock.
    func snapshot(at now: TimeSource.Instant) -> ContainerSnapshot {
        var snapshot = ContainerSnapshot(container: self.container, sequence: self.log.sequence, time: now)
        snapshot.books = self.books
        snapshot.bindings = self.bindings.map { $0.snapshot(books: self.bindingBooks[$0.id.rawValue]) }
        snapshot.scopes = self.scopes.keys.sorted().compactMap { id in
            self.scopes[id].map { $0.scope.snapshot(state: $0.state, books: $0.books) }
        }
        snapshot.resources = self.resources.keys.sorted().compactMap { self.resources[$0]?.snapshot }
        return snapshot
    }

    /// The pools that are ready.
    var pools: [(resource: ResourceID, pool: any SampledPool)] {
        self.resources.keys.sorted().compactMap { id in
            guard let record = self.resources[id], record.state != .initialising, let pool = record.instance?.pool else { return nil }
            return (id, pool)
        }
    }
}

extension Registry.ResourceRecord {
    var snapshot: ResourceSnapshot {
        var snapshot = ResourceSnapshot(id: self.id, binding: self.binding.id, scope: self.scope, createdAt: self.createdAt)
        snapshot.state = self.state
        snapshot.readyAt = self.readyAt
        snapshot.readyOrder = self.readyAt == nil ? nil : self.readyOrder
        snapshot.dependencies = self.dependencies
        snapshot.uses = self.instance?.uses.load(ordering: .relaxed) ?? 0
        snapshot.health = self.health
        return snapshot
    }
}
