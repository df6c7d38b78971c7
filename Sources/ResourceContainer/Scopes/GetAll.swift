// Requests for the instances of all bindings of a type.

extension Scope {
    /// Resolves the instances of all bindings of a type, named and unnamed.
    ///
    /// ```swift
    /// try container.bind((any Plugin).self, name: "audit") { AuditPlugin() }
    /// try container.bind((any Plugin).self, name: "metrics") { MetricsPlugin() }
    /// for plugin in try await scope.getAll((any Plugin).self) { await plugin.start() }
    /// ```
    ///
    /// The result is in the order in which the keys were first bound. It includes aliases, and values that a scope provides, and excludes
    /// bindings that take an argument. It is empty if nothing is bound. A closure or initializer receives the instances as ``All``.
    ///
    /// - Throws: ``ResourceError`` of the first instance that cannot be resolved.
    /// - Complexity: O(n) for n bindings of the type.
    public nonisolated(nonsending) func getAll<Value: Sendable>(_ type: Value.Type) async throws -> [Value] {
        try await self.engine.resolveAll(type, in: self, for: ScopeContext.requester(self.engine))
    }

    /// Resolves the instances of all bindings of a type, from synchronous code.
    @available(*, noasync)
    @_disfavoredOverload
    public func getAll<Value: Sendable>(_ type: Value.Type) throws -> [Value] {
        try self.engine.resolveAllSynchronously(type, in: self, for: ScopeContext.requester(self.engine))
    }
}

extension Container {
    /// Resolves the instances of all bindings of a type, for the current scope. See `Scope.getAll(_:)`.
    public nonisolated(nonsending) func getAll<Value: Sendable>(_ type: Value.Type) async throws -> [Value] {
        try await self.here.getAll(type)
    }

    /// Resolves the instances of all bindings of a type, from synchronous code.
    @available(*, noasync)
    @_disfavoredOverload
    public func getAll<Value: Sendable>(_ type: Value.Type) throws -> [Value] {
        try self.here.getAll(type)
    }
}

extension Resolver {
    /// Resolves the instances of all bindings of a type, as dependencies. See `Scope.getAll(_:)`.
    public nonisolated(nonsending) func getAll<Value: Sendable>(_ type: Value.Type) async throws -> [Value] {
        try await self.engine.resolveAll(type, in: self.owner, for: self.requester)
    }

    /// Resolves the instances of all bindings of a type, from synchronous code.
    @available(*, noasync)
    @_disfavoredOverload
    public func getAll<Value: Sendable>(_ type: Value.Type) throws -> [Value] {
        try self.engine.resolveAllSynchronously(type, in: self.owner, for: self.requester)
    }
}

extension Engine {
    nonisolated(nonsending) fileprivate func resolveAll<Value: Sendable>(
        _ type: Value.Type,
        in scope: Scope,
        for requester: ResourceHandle?
    ) async throws -> [Value] {
        var values: [Value] = []
        for name in try self.names(of: type, in: scope, for: requester) {
            values.append(try await self.resolve(ResourceKey(type, name: name), in: scope, for: requester))
        }
        return values
    }

    fileprivate func resolveAllSynchronously<Value: Sendable>(
        _ type: Value.Type,
        in scope: Scope,
        for requester: ResourceHandle?
    ) throws -> [Value] {
        try self.names(of: type, in: scope, for: requester).map { name in
            try self.resolveSynchronously(ResourceKey(type, name: name), in: scope, for: requester)
        }
    }

    private func names<Value: Sendable>(
        of type: Value.Type,
        in scope: Scope,
        for requester: ResourceHandle?
    ) throws(ResourceError) -> [String?] {
        try self.lockedThrowing { registry throws(ResourceError) in
            try registry.namesToResolve(ObjectIdentifier(type), in: scope, for: requester)
        }
    }
}
