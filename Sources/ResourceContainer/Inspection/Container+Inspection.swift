/// An active instance of a container, with its value. ``Container/resources()`` returns one for each active instance.
///
/// It retains the value, so do not keep it longer than needed.
public struct LiveResource: Sendable {
    /// The instance's identity.
    public let id: ResourceID
    /// The binding that created the instance.
    public let binding: BindingID
    /// The label of the binding, such as `Database(primary)`.
    public let label: String
    /// The scope that owns the instance.
    public let scope: ScopeID
    /// The stage of the instance's life.
    public let state: ResourceState
    /// The options of its binding.
    public let options: BindingOptions
    /// The active instances that it depends on.
    public let dependencies: [ResourceID]
    /// The label of the binding that the instance is the fallback for; nil if it is not a fallback.
    public let fallbackFor: String?
    /// The value of the instance; nil until it is ready.
    public let value: (any Sendable)?
    let handle: ResourceHandle
}

/// A disposed instance that is still referenced. Reported for bindings that set ``BindingOptions/trackOutliving``.
public struct OutlivingResource: Sendable, Hashable, Codable {
    /// The instance's identity.
    public let resource: ResourceID
    /// The label of its binding.
    public let label: String
    /// The name of the scope that owned the instance.
    public let scope: String
    /// The source location of its binding.
    public let location: CodeLocation
    /// The time at which the instance was disposed, on the container's time source.
    public let since: TimeSource.Instant

    /// The names in recordings, as version 1.0 of the format wrote them.
    private enum CodingKeys: String, CodingKey {
        case resource, label, scope
        case location = "place"
        case since
    }
}

extension Container {
    /// Returns the active instances, in the order of their creation. O(n log n).
    public func resources() -> [LiveResource] {
        let rows = self.engine.locked { registry in
            registry.resources.indices.filter { registry.resources[$0].isOwned }.map { index in
                let row = registry.resources[index]
                let label = registry.label(of: row.binding)
                return (row, label, registry.scopes[row.scope].id, index, registry.fallbackUses[row.id]?.label)
            }
        }
        return rows.sorted { $0.0.id < $1.0.id }.map { row, label, scope, index, fallbackFor in
            LiveResource(
                id: row.id,
                binding: row.binding.id,
                label: label,
                scope: scope,
                state: row.state,
                options: row.binding.options,
                dependencies: row.dependencies.map(\.id),
                fallbackFor: fallbackFor,
                value: row.instance?.erased,
                handle: ResourceHandle(row: index, id: row.id)
            )
        }
    }

    /// Returns the disposed instances that are still referenced, for bindings with ``BindingOptions/trackOutliving``. O(tracked instances).
    public func outliving() -> [OutlivingResource] {
        self.engine.locked { registry in
            registry.forgetGone()
            return registry.outliving.map {
                OutlivingResource(resource: $0.resource, label: $0.label, scope: $0.scope, location: $0.location, since: $0.since)
            }
        }
    }

    /// Returns the open scopes that no body, task, variable, or nested scope references. O(open scopes).
    ///
    /// Such a scope is leaked: no reference is left to close it with, except by looking it up with ``scope(_:)``. The container cannot
    /// observe that the task that opened a scope has ended.
    public func forgottenScopes() -> [ScopeID] {
        self.engine.locked { $0.forgottenScopes() }
    }

    /// Returns the counts of the container, and the number of the last event that they include. O(1).
    public func books() -> (sequence: UInt64, books: Books) {
        self.engine.locked { ($0.log.sequence, $0.books) }
    }

    /// Returns a consistent copy of the container's state. O(n log n).
    public func snapshot() -> ContainerSnapshot {
        self.engine.snapshot()
    }

    /// Subscribes to the container: a snapshot, and every event that follows it.
    ///
    /// The number of subscribers is not limited, and a slow subscriber does not block the container.
    public func subscribe() -> EventSubscription {
        EventSubscription(engine: self.engine)
    }

    /// Subscribes to the container after a snapshot that was taken of it earlier; nil if events after it are no longer kept. O(1).
    package func subscribe(continuing snapshot: ContainerSnapshot) -> EventSubscription? {
        EventSubscription(continuing: snapshot, of: self.engine)
    }

    /// Subscribes to the container without a snapshot, for consumers that only wait for something to happen. O(1).
    ///
    /// The ``EventSubscription/snapshot`` has the container's name, the number of the last event, and the time, but no rows.
    package func subscribeWithoutSnapshot() -> EventSubscription {
        EventSubscription(withoutSnapshotOf: self.engine)
    }

    /// Returns a sample of each pool in the container.
    public func poolSamples() -> [PoolSample] {
        self.engine.poolSamples()
    }

    /// Returns the use counts of the active instances in the next `limit` rows of the container's table. O(limit).
    ///
    /// Repeated calls with the same cursor visit all rows in turn.
    ///
    /// - Parameters:
    ///   - cursor: The first row to read. The call advances it, and resets it to 0 after the last row.
    ///   - limit: The number of rows to read.
    /// - Returns: The identity of each active instance, and how often it was resolved or leased.
    package func uses(from cursor: inout Int, limit: Int) -> [(resource: ResourceID, uses: Int)] {
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

    /// Returns the open scope with this identity; nil if there is none. O(scopes).
    public func scope(_ id: ScopeID) -> Scope? {
        self.engine.locked { registry in
            guard let row = registry.scope(id), row.state == .open else { return nil }
            return row.scope
        }
    }

    /// Resolves a binding in a scope by identity, for tools that do not know its type.
    ///
    /// - Parameters:
    ///   - binding: The identity of the binding.
    ///   - scope: The identity of the requesting scope.
    /// - Returns: The identity of the instance.
    /// - Throws: ``ResourceError``: ``ResourceError/Code/unknownScope`` or ``ResourceError/Code/unknownBinding`` for an identity that the
    ///   container does not know, ``ResourceError/Code/notAnInstance`` for a value of a scope,
    ///   ``ResourceError/Code/missingArgument`` for a binding that takes an argument, and the errors of `get`.
    public nonisolated(nonsending) func resolve(_ binding: BindingID, in scope: ScopeID) async throws -> ResourceID {
        guard let scope = self.scope(scope) else {
            if scope == .root { throw ResourceError.closed(self.root, refused: "a request for \(binding)") }
            throw ResourceError(.unknownScope, "container \(self.name) has no open \(scope): it may have closed")
        }
        guard let key = self.engine.locked({ $0.key(binding) }) else {
            throw ResourceError(.unknownBinding, scope: scope.name, "container \(self.name) has no \(binding)")
        }
        let query = Engine.Query(key: key.key, requestingScope: scope, requester: ScopeContext.requester(self.engine))
        let id = try await self.engine.instance(query, text: key.text).handle.id
        guard id != ResourceHandle.none.id else {
            throw ResourceError(
                .notAnInstance,
                key: key.shown.label,
                scope: scope.name,
                "\(key.shown.label) is a value that a scope provides, and has no instance: get it by its type"
            )
        }
        return id
    }

    /// Stores the result of a health check with its instance, and emits an event if it differs from the previous result.
    ///
    /// - Returns: The result as it counts, where a fallback instance is degraded at best; nil if the instance is no longer active.
    @discardableResult
    public func recordHealth(_ result: HealthResult, of resource: LiveResource) -> HealthResult? {
        let now = self.engine.now
        // The texts of a result are mutable, so they are cleaned again here.
        var result = result
        result.message = result.message?.asSentence
        result.probe = result.probe.asName
        return self.engine.locked { [result] in $0.recordHealth(result, of: resource.handle, at: now) }
    }
}
