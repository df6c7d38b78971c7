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

    // MARK: Parameters

    /// Resolves a parameter like ``get(_:)``, except that an optional parameter is nil if nothing is bound for it.
    nonisolated(nonsending) func dependency<Value: Sendable>(_ key: ResourceKey<Value>) async throws -> Value {
        do {
            return try await self.get(key)
        } catch let error as ResourceError where error.code == .notBound && error.key == key.label {
            guard let optional = Value.self as? any OptionalDependency.Type else { throw error }
            let wrapped = KeyID(type: optional.wrappedType, name: key.name)
            guard self.engine.isBound(wrapped, in: self.owner) else { return try Self.value(optional.make(nil), or: error) }
            let instance = try await self.engine.instance(
                Engine.Query(key: wrapped, requestingScope: self.owner, requester: self.requester),
                label: key.label
            )
            return try Self.value(optional.make(instance.erased), or: error)
        }
    }

    /// Resolves a parameter in a synchronous closure. See ``dependency(_:)``.
    @available(*, noasync)
    @_disfavoredOverload
    func dependency<Value: Sendable>(_ key: ResourceKey<Value>) throws -> Value {
        do {
            return try self.engine.resolveSynchronously(key, in: self.owner, for: self.requester)
        } catch let error as ResourceError where error.code == .notBound && error.key == key.label {
            guard let optional = Value.self as? any OptionalDependency.Type else { throw error }
            let wrapped = KeyID(type: optional.wrappedType, name: key.name)
            guard self.engine.isBound(wrapped, in: self.owner) else { return try Self.value(optional.make(nil), or: error) }
            let instance = try self.engine.instanceSynchronously(
                Engine.Query(key: wrapped, requestingScope: self.owner, requester: self.requester),
                label: key.label
            )
            return try Self.value(optional.make(instance.erased), or: error)
        }
    }

    private static func value<Value>(_ value: Any, or error: ResourceError) throws(ResourceError) -> Value {
        guard let value = value as? Value else { throw error }
        return value
    }
}

/// An optional parameter, for which a binding may be missing. The conformance of `Optional` is unconditional because a type is tested for
/// it at run time.
protocol OptionalDependency {
    static var wrappedType: ObjectIdentifier { get }
    static func make(_ value: (any Sendable)?) -> Any
}

extension Optional: OptionalDependency {
    static var wrappedType: ObjectIdentifier {
        ObjectIdentifier(Wrapped.self)
    }

    static func make(_ value: (any Sendable)?) -> Any {
        value.flatMap { $0 as? Wrapped } as Any
    }
}
