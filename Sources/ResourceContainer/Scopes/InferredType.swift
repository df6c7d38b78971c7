// Requests whose type follows from the context: `let database: Database = try await scope.get()`.

extension Scope {
    /// Resolves the value whose type the context requires.
    ///
    /// ```swift
    /// let database: Database = try await scope.get()
    /// let replica: Database = try await scope.get(name: "replica")
    /// ```
    ///
    /// See `get(_:name:)` for the rest.
    ///
    /// - Parameter name: The name of the binding; nil for an unnamed one.
    @inlinable
    public nonisolated(nonsending) func get<Value: Sendable>(name: String? = nil) async throws -> Value {
        try await self.get(ResourceKey(name: name))
    }

    /// Resolves the value whose type the context requires, from synchronous code.
    @inlinable
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable>(name: String? = nil) throws -> Value {
        try self.get(ResourceKey(name: name))
    }
}

extension Container {
    /// Resolves the value whose type the context requires, for the current scope. See `Scope.get(name:)`.
    @inlinable
    public nonisolated(nonsending) func get<Value: Sendable>(name: String? = nil) async throws -> Value {
        try await self.get(ResourceKey(name: name))
    }

    /// Resolves the value whose type the context requires, from synchronous code.
    @inlinable
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable>(name: String? = nil) throws -> Value {
        try self.get(ResourceKey(name: name))
    }
}

extension Resolver {
    /// Resolves the dependency whose type the context requires. See `Scope.get(name:)`.
    public nonisolated(nonsending) func get<Value: Sendable>(name: String? = nil) async throws -> Value {
        try await self.get(ResourceKey(name: name))
    }

    /// Resolves the dependency whose type the context requires, in a synchronous closure.
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable>(name: String? = nil) throws -> Value {
        try self.get(ResourceKey(name: name))
    }
}
