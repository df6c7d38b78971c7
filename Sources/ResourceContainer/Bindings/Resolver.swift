/// Resolves the dependencies of an instance that a closure creates. Every resolved resource is recorded as a dependency of the new
/// instance.
///
/// A resolver is valid while its closure runs. It resolves in the scope that will own the new instance, whichever scope requested the
/// instance.
public struct Resolver: Sendable {
    let engine: Engine
    let owner: Scope
    let requester: ResourceHandle

    /// The container's time, randomness and executor.
    public var environment: ResourceEnvironment {
        self.engine.environment
    }

    /// Resolves the dependency bound under `type` and `name`, creating an instance if none exists.
    ///
    /// - Throws: ``ResourceError``.
    public nonisolated(nonsending) func get<Value: Sendable>(_ type: Value.Type, name: String? = nil) async throws -> Value {
        try await self.get(ResourceKey(type, name: name))
    }

    /// Resolves the dependency bound under `key`, creating an instance if none exists.
    ///
    /// - Throws: ``ResourceError``.
    public nonisolated(nonsending) func get<Value: Sendable>(_ key: ResourceKey<Value>) async throws -> Value {
        try await self.engine.resolve(key, in: self.owner, for: self.requester)
    }

    /// Resolves the dependency bound under `type` and `name` in a synchronous closure.
    ///
    /// - Throws: ``ResourceError``.
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable>(_ type: Value.Type, name: String? = nil) throws -> Value {
        try self.get(ResourceKey(type, name: name))
    }

    /// Resolves the dependency bound under `key` in a synchronous closure.
    ///
    /// - Throws: ``ResourceError``.
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable>(_ key: ResourceKey<Value>) throws -> Value {
        try self.engine.resolveSynchronously(key, in: self.owner, for: self.requester)
    }
}
