extension Scope {
    /// Resolves the value bound under `type` and `name`.
    ///
    /// The first request creates and initializes the instance. Later requests return the same instance, unless the binding is transient. If
    /// several tasks request an instance at the same time, one initialization runs and all of them receive its result. Canceling one waiter
    /// does not affect the others.
    ///
    /// - Parameters:
    ///   - type: The bound type.
    ///   - name: The name of the binding; nil for an unnamed one.
    /// - Returns: The value of the instance.
    /// - Throws: ``ResourceError``; `CancellationError` if the task is canceled while it waits.
    /// - Complexity: O(1), without suspending or allocating, once the scope has resolved the key, at any depth.
    @inlinable
    public nonisolated(nonsending) func get<Value: Sendable>(_ type: Value.Type, name: String? = nil) async throws -> Value {
        try await self.get(ResourceKey(type, name: name))
    }

    /// Resolves the value bound under `key`. See `get(_:name:)`.
    @inlinable
    public nonisolated(nonsending) func get<Value: Sendable>(_ key: ResourceKey<Value>) async throws -> Value {
        if let value = self.known(key) { return value }
        return try await self.getMissing(key)
    }

    /// Resolves the value bound under `type` and `name` from synchronous code.
    ///
    /// Returns an instance that is ready, or one that can be created without suspending. The call blocks only while another thread creates
    /// the instance synchronously. It never blocks on asynchronous work.
    ///
    /// - Parameters:
    ///   - type: The bound type.
    ///   - name: The name of the binding; nil for an unnamed one.
    /// - Returns: The value of the instance.
    /// - Throws: ``ResourceError``: among others ``ResourceError/Code/asynchronousOnly`` if the instance needs asynchronous work, and
    ///   ``ResourceError/Code/initializingElsewhere`` if it is being created asynchronously.
    @inlinable
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable>(_ type: Value.Type, name: String? = nil) throws -> Value {
        try self.get(ResourceKey(type, name: name))
    }

    /// Resolves the value bound under `key` from synchronous code. See `get(_:name:)`.
    @inlinable
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable>(_ key: ResourceKey<Value>) throws -> Value {
        if let value = self.known(key) { return value }
        return try self.getMissingSynchronously(key)
    }

    @usableFromInline
    nonisolated(nonsending) func getMissing<Value: Sendable>(_ key: ResourceKey<Value>) async throws -> Value {
        try await self.engine.resolve(key, in: self, for: ScopeContext.requester(self.engine))
    }

    @usableFromInline
    func getMissingSynchronously<Value: Sendable>(_ key: ResourceKey<Value>) throws -> Value {
        try self.engine.resolveSynchronously(key, in: self, for: ScopeContext.requester(self.engine))
    }
}
