extension Registry {
    /// The numbers of rows that a copy for a snapshot needs memory for.
    var snapshotSize: SnapshotCopy.Size {
        SnapshotCopy.Size(
            bindings: self.keys.count,
            scopes: self.scopes.count,
            resources: self.resources.count,
            dependencies: self.dependencyCount
        )
    }

    /// Copies what a snapshot after the last event shows. O(rows), without an allocation if `copy` was created for this number of rows.
    ///
    /// Values are copied explicitly. A copy that shared the tables would make the next writer copy them under the lock, and a copy with
    /// references to scopes or instances would keep them alive, so that they look like leaks.
    func copyForSnapshot(into copy: inout SnapshotCopy, at now: TimeSource.Instant) {
        copy.head.container = self.container
        copy.head.sequence = self.log.sequence
        copy.head.time = now
        copy.head.books = self.books
        copy.head.closedScopes = self.closedScopes
        copy.head.outcomes = self.outcomes
        for pool in self.pools { copy.pools.append(pool) }
        for index in self.keys.indices {
            var shown = self.keys[index].shown
            shown.type = self.typeNames.name(of: self.keys[index].path)
            shown.books = self.keys[index].books
            copy.head.bindings.append(shown)
        }
        copy.scopeRows = self.scopes.capacity
        for index in 0..<self.scopes.capacity where self.scopes.isInUse(index) {
            let shown = self.scopes[index].scope.rawSnapshot(state: self.scopes[index].state, books: self.scopes[index].books)
            copy.scopes.append(SnapshotCopy.ScopeRow(row: index, shown: shown))
        }
        for index in 0..<self.resources.capacity where self.resources.isInUse(index) && self.resources[index].isOwned {
            self.copyResource(index, into: &copy)
        }
        if !self.health.isEmpty { copy.health = self.health.map { ($0.key, $0.value) } }
    }

    /// Copies the row of an instance. It reads single fields, because a copy of a row retains every reference in it.
    private func copyResource(_ index: Int, into copy: inout SnapshotCopy) {
        let dependencies = self.resources[index].dependencies.count
        copy.resources.append(
            SnapshotCopy.ResourceRow(
                id: self.resources[index].id,
                createdAt: self.resources[index].createdAt,
                readyAt: self.resources[index].readyAt,
                readyOrder: self.resources[index].readyOrder,
                uses: self.resources[index].uses,
                firstDependency: copy.dependencies.count,
                dependencies: Int32(truncatingIfNeeded: dependencies),
                binding: Int32(truncatingIfNeeded: self.resources[index].bindingID.rawValue),
                scope: Int32(truncatingIfNeeded: self.resources[index].scope),
                state: self.resources[index].state,
                hasInstance: self.resources[index].instance != nil
            )
        )
        for position in 0..<dependencies { copy.dependencies.append(self.resources[index].dependencies[position].id) }
    }
}
