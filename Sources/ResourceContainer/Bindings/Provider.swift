/// Resolves a resource when it is needed, as a parameter of a binding's closure or initializer.
///
/// ```swift
/// try container.bind(Exports.self) { (archive: Provider<Archive>) in Exports(archive) }
///
/// try await archive.get().store(file)         // creates the archive if this is the first request
/// ```
///
/// A provider resolves in the scope that owns the instance it was injected into, as a parameter of the type `Value` would be. The instance
/// that it returns is recorded as a dependency and is disposed after its user. A provider is not an instance: it is neither counted nor
/// disposed, and it keeps neither the scope nor the container open. Two resources that need each other can be created if one of them takes
/// a provider of the other and uses it later.
///
/// A provider of a transient resource creates a new instance for every call. A parameter of the type `Provider<Archive>?` is nil if nothing is
/// bound; `Archive` itself must not be optional.
public struct Provider<Value: Sendable>: Sendable {
    private let key: ResourceKey<Value>
    private let engine: Engine
    private let row: Int
    private let id: ScopeID
    private let scopeName: String
    private let requester: ResourceHandle?

    init(_ key: ResourceKey<Value>, in scope: Scope, for requester: ResourceHandle?) {
        self.key = key
        self.engine = scope.engine
        self.row = scope.row
        self.id = scope.id
        self.scopeName = scope.name
        self.requester = requester
    }

    /// Resolves the instance, creating it if none exists.
    ///
    /// - Throws: ``ResourceError``; ``ResourceError/Code/scopeClosed`` once the scope of the provider is closed.
    public nonisolated(nonsending) func get() async throws -> Value {
        let maker = ScopeContext.requester(self.engine)
        return try await self.engine.resolve(self.key, in: try self.scope(), for: self.requester ?? maker, waiting: maker)
    }

    /// Resolves the instance from synchronous code.
    ///
    /// - Throws: ``ResourceError``; ``ResourceError/Code/scopeClosed`` once the scope of the provider is closed.
    @available(*, noasync)
    @_disfavoredOverload
    public func get() throws -> Value {
        let maker = ScopeContext.requester(self.engine)
        return try self.engine.resolveSynchronously(self.key, in: try self.scope(), for: self.requester ?? maker, waiting: maker)
    }

    /// The scope, which the provider does not retain: a provider in an instance of the scope must not keep the scope alive.
    private func scope() throws(ResourceError) -> Scope {
        let scope = self.engine.locked { registry in
            registry.scopes.isInUse(self.row) && registry.scopes[self.row].id == self.id ? registry.scopes[self.row].scope : nil
        }
        if let scope { return scope }
        throw ResourceError(
            .scopeClosed,
            key: self.key.label,
            scope: self.scopeName,
            "scope \(self.scopeName) is closed, and a provider of \(self.key.label) resolves in it: use the provider while its scope is open"
        )
    }
}

extension Provider: IndirectDependency {
    static func declared(name: String?) -> DeclaredDependency {
        DeclaredDependency(ResourceKey(Value.self, name: name), .provider)
    }

    static func isBound(name: String?, _ resolver: Resolver) -> Bool {
        resolver.engine.isBound(ResourceKey(Value.self, name: name).id, in: resolver.owner)
    }

    nonisolated(nonsending) static func make(name: String?, _ resolver: Resolver) async throws -> Provider {
        try Self.makeSynchronously(name: name, resolver)
    }

    static func makeSynchronously(name: String?, _ resolver: Resolver) throws -> Provider {
        resolver.provider(of: ResourceKey(name: name))
    }
}

extension Resolver {
    /// Returns a provider of the dependency bound under `type` and `name`, which resolves it for the new instance when it is needed.
    public func provider<Value: Sendable>(of type: Value.Type, name: String? = nil) -> Provider<Value> {
        self.provider(of: ResourceKey(type, name: name))
    }

    /// Returns a provider of the dependency bound under `key`. See ``provider(of:name:)``.
    public func provider<Value: Sendable>(of key: ResourceKey<Value>) -> Provider<Value> {
        self.engine.locked { $0.noteProvider(of: key.id, for: self.requester, in: self.owner) }
        return Provider(key, in: self.owner, for: self.requester)
    }
}

extension Scope {
    /// Returns a provider that resolves the value bound under `type` and `name` in this scope when it is needed.
    public func provider<Value: Sendable>(of type: Value.Type, name: String? = nil) -> Provider<Value> {
        self.provider(of: ResourceKey(type, name: name))
    }

    /// Returns a provider that resolves the value bound under `key` in this scope when it is needed.
    public func provider<Value: Sendable>(of key: ResourceKey<Value>) -> Provider<Value> {
        Provider(key, in: self, for: nil)
    }
}
