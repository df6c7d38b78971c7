// Requests that pass an argument to a binding that declares one.

extension Scope {
    /// Creates an instance of a binding that takes an argument.
    ///
    /// ```swift
    /// try container.bind(Report.self, argument: ReportID.self, Report.init)
    /// let report = try await scope.get(Report.self, ReportID(7))
    /// ```
    ///
    /// Every request creates an instance, also for an equal argument. This scope owns the instance and disposes it when it closes.
    ///
    /// - Parameters:
    ///   - type: The bound type.
    ///   - name: The name of the binding; nil for an unnamed one.
    ///   - argument: The argument, of the type that the binding declares.
    /// - Throws: ``ResourceError``: among others ``ResourceError/Code/unexpectedArgument`` if the binding takes no argument or one of
    ///   another type.
    public nonisolated(nonsending) func get<Value: Sendable, Argument: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        _ argument: Argument
    ) async throws -> Value {
        try await self.get(ResourceKey(type, name: name), argument)
    }

    /// Creates an instance of the binding under `key` with an argument. See `get(_:name:_:)`.
    public nonisolated(nonsending) func get<Value: Sendable, Argument: Sendable>(
        _ key: ResourceKey<Value>,
        _ argument: Argument
    ) async throws -> Value {
        try await self.engine.resolve(
            key,
            in: self,
            for: ScopeContext.requester(self.engine),
            argument: RequestArgument(argument)
        )
    }

    /// Creates an instance with an argument, from synchronous code.
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable, Argument: Sendable>(_ type: Value.Type, name: String? = nil, _ argument: Argument) throws -> Value {
        try self.get(ResourceKey(type, name: name), argument)
    }

    /// Creates an instance of the binding under `key` with an argument, from synchronous code.
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable, Argument: Sendable>(_ key: ResourceKey<Value>, _ argument: Argument) throws -> Value {
        try self.engine.resolveSynchronously(
            key,
            in: self,
            for: ScopeContext.requester(self.engine),
            argument: RequestArgument(argument)
        )
    }
}

extension Container {
    /// Creates an instance of a binding that takes an argument, in the current scope. See `Scope.get(_:name:_:)`.
    public nonisolated(nonsending) func get<Value: Sendable, Argument: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        _ argument: Argument
    ) async throws -> Value {
        try await self.get(ResourceKey(type, name: name), argument)
    }

    /// Creates an instance of the binding under `key` with an argument. See `get(_:name:_:)`.
    public nonisolated(nonsending) func get<Value: Sendable, Argument: Sendable>(
        _ key: ResourceKey<Value>,
        _ argument: Argument
    ) async throws -> Value {
        try await self.here.get(key, argument)
    }

    /// Creates an instance with an argument, from synchronous code.
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable, Argument: Sendable>(_ type: Value.Type, name: String? = nil, _ argument: Argument) throws -> Value {
        try self.get(ResourceKey(type, name: name), argument)
    }

    /// Creates an instance of the binding under `key` with an argument, from synchronous code.
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable, Argument: Sendable>(_ key: ResourceKey<Value>, _ argument: Argument) throws -> Value {
        try self.here.get(key, argument)
    }
}

extension Resolver {
    /// Creates an instance of a binding that takes an argument, as a dependency. See `Scope.get(_:name:_:)`.
    public nonisolated(nonsending) func get<Value: Sendable, Argument: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        _ argument: Argument
    ) async throws -> Value {
        try await self.get(ResourceKey(type, name: name), argument)
    }

    /// Creates an instance of the binding under `key` with an argument. See `get(_:name:_:)`.
    public nonisolated(nonsending) func get<Value: Sendable, Argument: Sendable>(
        _ key: ResourceKey<Value>,
        _ argument: Argument
    ) async throws -> Value {
        try await self.engine.resolve(key, in: self.owner, for: self.requester, argument: RequestArgument(argument))
    }

    /// Creates an instance with an argument, from synchronous code.
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable, Argument: Sendable>(_ type: Value.Type, name: String? = nil, _ argument: Argument) throws -> Value {
        try self.get(ResourceKey(type, name: name), argument)
    }

    /// Creates an instance of the binding under `key` with an argument, from synchronous code.
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable, Argument: Sendable>(_ key: ResourceKey<Value>, _ argument: Argument) throws -> Value {
        try self.engine.resolveSynchronously(key, in: self.owner, for: self.requester, argument: RequestArgument(argument))
    }
}
