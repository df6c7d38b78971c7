/// What a resolver closure asks for its dependencies; every answer is recorded as a dependency of what the closure makes.
///
/// Valid while the closure runs. Requests are answered from the scope that will own the new instance, whoever asked for it.
public struct Resolver: Sendable {
    let engine: Engine
    let owner: Scope
    let requester: ResourceID

    /// The container's time, randomness and executor.
    public var environment: ResourceEnvironment {
        self.engine.environment
    }

    /// The dependency bound under `type` and `name`, made if needed.
    public nonisolated(nonsending) func get<Value: Sendable>(_ type: Value.Type, name: String? = nil) async throws -> Value {
        try await self.get(ResourceKey(type, name: name))
    }

    /// The dependency bound under `key`, made if needed.
    public nonisolated(nonsending) func get<Value: Sendable>(_ key: ResourceKey<Value>) async throws -> Value {
        try await self.engine.resolve(key, in: self.owner, for: self.requester)
    }

    /// The dependency bound under `type` and `name`, in a synchronous closure.
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable>(_ type: Value.Type, name: String? = nil) throws -> Value {
        try self.get(ResourceKey(type, name: name))
    }

    /// The dependency bound under `key`, in a synchronous closure.
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable>(_ key: ResourceKey<Value>) throws -> Value {
        try self.engine.resolveSynchronously(key, in: self.owner, for: self.requester)
    }
}
