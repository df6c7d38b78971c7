import ResourceContainer
import ResourceMonitoring

/// Names, rows and times of items.
extension Picture {
    // MARK: Names

    func scopeName(_ id: ScopeID) -> String {
        if let scope = self.scopes[id] { return scope.scope.name }
        return self.closedScopes[id]?.scope.name ?? "\(id)"
    }

    /// Returns the label of a resource: `Database#12`.
    func label(of id: ResourceID, binding: BindingID? = nil) -> String {
        let binding = binding ?? self.resources[id]?.resource.binding
        return (binding.flatMap { self.bindings[$0]?.binding.label } ?? "") + "\(id)"
    }

    /// Returns the name of a pool, with its number if other pools have the same name.
    func name(of pool: PoolSample) -> String {
        guard let id = pool.resource, self.pools.contains(where: { $0.name == pool.name && $0.resource != id }) else { return pool.name }
        return "\(pool.name)\(id)"
    }

    func typeLabel(_ row: ResourceRow) -> String {
        self.bindings[row.resource.binding]?.binding.label ?? "?"
    }

    /// Returns the path of names from the root to a scope.
    func path(of id: ScopeID) -> String {
        var names: [String] = []
        var next: ScopeID? = id
        while let scope = next.flatMap({ self.scopes[$0] }) {
            names.append(scope.scope.name)
            next = scope.scope.parent
        }
        return names.reversed().joined(separator: " ▸ ")
    }

    // MARK: Rows and times

    /// Returns the row of a resource that is live or ended within the retention time.
    func row(of id: ResourceID) -> ResourceRow? {
        self.resources[id] ?? self.endedResources.last { $0.resource.id == id }
    }

    /// Returns the health of a resource; nil if there is no checker. O(log n).
    func healthRow(of id: ResourceID) -> HealthRow? {
        guard let rows = self.health?.rows else { return nil }
        let index = rows.partitioningIndex { $0.resource >= id }
        return index < rows.count && rows[index].resource == id ? rows[index] : nil
    }

    /// The time since the container was created.
    var uptime: Duration {
        self.time - (self.created ?? self.begun ?? self.time)
    }

    /// Returns the lifetime of an instance so far, or its total lifetime if it has ended.
    func life(of row: ResourceRow) -> Duration {
        (row.endedAt ?? self.time) - (row.resource.readyAt ?? row.resource.createdAt)
    }
}
