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
    /// A health check slower than this shows it as degraded.
    public let degradedAfter: Duration?
    /// The instance itself, once it is ready.
    public let value: (any Sendable)?
}

extension Container {
    /// The active resources, in the order they were begun. O(n log n).
    public func resources() -> [LiveResource] {
        self.engine.locked { registry in
            registry.resources.keys.sorted().compactMap { registry.resources[$0] }
        }.map { record in
            LiveResource(
                id: record.id,
                binding: record.binding.id,
                label: record.binding.label,
                scope: record.scope,
                state: record.state,
                degradedAfter: record.binding.options.degradedAfter,
                value: record.instance?.erased
            )
        }
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

    /// How often each of these resources was asked for; 0 for one that is no longer active. O(n).
    public func uses(of resources: [ResourceID]) -> [Int] {
        self.engine.locked { registry in
            resources.map { registry.resources[$0]?.instance?.uses.load(ordering: .relaxed) ?? 0 }
        }
    }

    /// The open scope with this identity.
    public func scope(_ id: ScopeID) -> Scope? {
        self.engine.locked { registry in
            guard let record = registry.scopes[id], record.state == .open else { return nil }
            return record.scope
        }
    }

    /// Gets the resource of a binding in a scope, both by identity: for tools that do not know its type.
    public nonisolated(nonsending) func get(_ binding: BindingID, in scope: ScopeID) async throws -> ResourceID {
        guard let scope = self.scope(scope) else {
            throw ResourceError(.unknownScope, "there is no open \(scope) in \(self.name): it may have closed meanwhile")
        }
        guard let binding = self.engine.locked({ $0.bindings.indices.contains(binding.rawValue) ? $0.bindings[binding.rawValue] : nil })
        else {
            throw ResourceError(.unknownBinding, scope: scope.name, "there is no \(binding) in \(self.name)")
        }
        return try await self.engine.resolve(binding, in: scope, for: ScopeContext.requester(self.engine)).id
    }

    /// Stores the answer of a health check with its resource; an event tells it if it differs from the answer before.
    public func recordHealth(_ result: HealthResult, of resource: ResourceID) {
        let now = self.engine.now
        self.engine.locked { $0.recordHealth(result, of: resource, at: now) }
    }
}
