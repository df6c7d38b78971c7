/// A resource that lives in a container at the moment (the specification's `get_all_resources`).
public struct LiveResource: Sendable {
    /// Its identity.
    public let id: ResourceID
    /// The binding it was made by.
    public let binding: BindingID
    /// The label of the binding, such as `Database(primary)`.
    public let label: String
    /// The scope that owns it.
    public let scope: ScopeID
    /// Where it stands.
    public let state: ResourceState
    /// What its binding says of it.
    public let options: BindingOptions
    /// The active instances that it was made with.
    public let dependencies: [ResourceID]
    /// The label of the binding that it stands in for, if it does.
    public let standsInFor: String?
    /// The instance itself, once it is ready.
    public let value: (any Sendable)?
    let handle: ResourceHandle
}

/// An instance that was disposed and is still referenced by somebody; see ``BindingOptions/trackOutliving``.
public struct OutlivingResource: Sendable, Hashable, Codable {
    /// Its identity.
    public let resource: ResourceID
    /// The label of its binding.
    public let label: String
    /// The name of the scope it lived in.
    public let scope: String
    /// Where it was bound.
    public let place: SourcePlace
    /// When it was disposed.
    public let since: TimeSource.Instant
}

extension Container {
    /// The active resources, in the order they were begun. O(n log n).
    public func resources() -> [LiveResource] {
        self.engine.locked { registry in
            registry.active.map { index in
                let row = registry.resources[index]
                let label = registry.label(of: row.binding)
                return (row, label, registry.scopes[row.scope].id, index, registry.standIns[row.id]?.label)
            }
        }.map { row, label, scope, index, standsInFor in
            LiveResource(
                id: row.id,
                binding: row.binding.id,
                label: label,
                scope: scope,
                state: row.state,
                options: row.binding.options,
                dependencies: row.dependencies.map(\.id),
                standsInFor: standsInFor,
                value: row.instance?.erased,
                handle: ResourceHandle(row: index, id: row.id)
            )
        }
    }

    /// The instances that were disposed and are still referenced, of the bindings that ask for it. O(instances disposed of these and alive).
    public func outliving() -> [OutlivingResource] {
        self.engine.locked { registry in
            registry.forgetGone()
            return registry.outliving.map {
                OutlivingResource(resource: $0.resource, label: $0.label, scope: $0.scope, place: $0.place, since: $0.since)
            }
        }
    }

    /// The open scopes that nobody refers to any more: no body, no task in one, no variable, no scope inside. Nobody will close them, unless
    /// somebody looks them up by their identity (``scope(_:)``). That the task that opened a scope has ended cannot be seen from outside of
    /// it; that it left nothing to close the scope with can. O(open scopes).
    public func forgottenScopes() -> [ScopeID] {
        self.engine.locked { $0.forgottenScopes() }
    }

    /// The counts of the whole container, and the number of the last event that they include. O(1).
    public func books() -> (sequence: UInt64, books: Books) {
        self.engine.locked { ($0.log.sequence, $0.books) }
    }

    /// Everything the container holds at this moment. O(n log n).
    public func snapshot() -> ContainerSnapshot {
        self.engine.snapshot()
    }

    /// A picture and the events that follow it, without a gap. Any number of subscribers; none of them slows the container.
    public func subscribe() -> EventSubscription {
        EventSubscription(engine: self.engine)
    }

    /// The figures of the pools at this moment.
    public func poolSamples() -> [PoolSample] {
        self.engine.poolSamples()
    }

    /// How often active resources were asked for: of those in `limit` rows of the container's table from row `cursor` on. `cursor` is moved
    /// on, and to 0 behind the last row, so that repeated calls come round to all of them. O(limit).
    public func uses(from cursor: inout Int, limit: Int) -> [(resource: ResourceID, uses: Int)] {
        let start = cursor
        let (uses, next) = self.engine.locked { registry in
            let rows = registry.resources.capacity
            let first = min(max(0, start), rows)
            let end = first + min(max(0, limit), rows - first)
            let uses = (first..<end).compactMap { row in
                registry.resources.isInUse(row) ? (registry.resources[row].id, registry.resources[row].uses) : nil
            }
            return (uses, end < rows ? end : 0)
        }
        cursor = next
        return uses
    }

    /// The open scope with this identity. O(scopes).
    public func scope(_ id: ScopeID) -> Scope? {
        self.engine.locked { registry in
            guard let row = registry.scope(id), row.state == .open else { return nil }
            return row.scope
        }
    }

    /// Gets the resource of a binding in a scope, both by identity: for tools that do not know its type.
    public nonisolated(nonsending) func get(_ binding: BindingID, in scope: ScopeID) async throws -> ResourceID {
        guard let scope = self.scope(scope) else {
            if scope == .root { throw ResourceError.closed(self.root, refused: "a request for \(binding)") }
            throw ResourceError(.unknownScope, "there is no open \(scope) in \(self.name): it may have closed meanwhile")
        }
        guard let key = self.engine.locked({ $0.key(binding) }) else {
            throw ResourceError(.unknownBinding, scope: scope.name, "there is no \(binding) in \(self.name)")
        }
        let query = Engine.Query(key: key.key, asker: scope, requester: ScopeContext.requester(self.engine))
        return try await self.engine.instance(query, label: key.shown.label).handle.id
    }

    /// Stores the answer of a health check with its resource; an event tells it if it differs from the answer before. Returns the answer as
    /// it counts - a resource that stands in for another is degraded at best - or nil if the resource is gone.
    @discardableResult
    public func recordHealth(_ result: HealthResult, of resource: LiveResource) -> HealthResult? {
        let now = self.engine.now
        // A result can be changed after it was made.
        var result = result
        result.message = result.message?.asSentence
        result.probe = result.probe.asName
        return self.engine.locked { [result] in $0.recordHealth(result, of: resource.handle, at: now) }
    }
}
