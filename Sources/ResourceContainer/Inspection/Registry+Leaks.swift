/// The search for leaks: open scopes that no code references, and disposed instances that some code still references.
extension Registry {
    // MARK: Scopes without references

    /// Returns the open scopes that no body, task, variable, or nested scope references.
    mutating func forgottenScopes() -> [ScopeID] {
        // The candidates are collected first: an iteration retains the rows, and with them a second reference to every scope.
        let candidates = self.scopes.indices.filter { index in
            self.scopes[index].state == .open && self.scopes[index].children.isEmpty && self.scopes[index].id != .root
        }
        return candidates.filter { self.scopes[$0].isForgotten }.map { self.scopes[$0].id }.sorted()
    }

    // MARK: Instances that outlive their dispose

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
