extension Scope {
    /// The resource bound under `type` and `name`: made and initialised at the first request, the same one at every later.
    ///
    /// However many tasks ask at once, one initialisation runs. Cancelling one who waits takes nothing from the others. O(1) once the
    /// scope has been answered, at whatever depth, without suspension and without allocation.
    ///
    /// - Throws: ``ResourceError``; `CancellationError` if the task is cancelled while it waits.
    @inlinable
    public nonisolated(nonsending) func get<Value: Sendable>(_ type: Value.Type, name: String? = nil) async throws -> Value {
        try await self.get(ResourceKey(type, name: name))
    }

    /// The resource bound under `key`. See `get(_:name:)`.
    @inlinable
    public nonisolated(nonsending) func get<Value: Sendable>(_ key: ResourceKey<Value>) async throws -> Value {
        if let value = self.known(key) { return value }
        return try await self.getMissing(key)
    }

    /// The resource bound under `type` and `name`, from synchronous code: it is there already, or it can be made without suspending.
    ///
    /// Never blocks on asynchronous work: a key that needs it is refused with ``ResourceError/Code/asynchronousOnly``, one that is being
    /// made asynchronously with ``ResourceError/Code/initialisingElsewhere``. One that another thread is making synchronously is waited for.
    @inlinable
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable>(_ type: Value.Type, name: String? = nil) throws -> Value {
        try self.get(ResourceKey(type, name: name))
    }

    /// The resource bound under `key`, from synchronous code. See `get(_:name:)`.
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
