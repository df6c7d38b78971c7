// The asynchronous closures are `@concurrent`: with `nonisolated(nonsending)`, Swift 6.3.1 loses the captures of a closure that is
// passed for a function type with a parameter pack. Making runs outside of its caller's actor in any case.
extension Container {
    /// Binds `type` to a way to make it whose parameters are its dependencies: an initialiser, or a closure.
    ///
    /// ```swift
    /// try container.bind(Orders.self, Orders.init)
    /// ```
    ///
    /// Every parameter is resolved by its type when an instance is made. An initialiser with several overloads, with default arguments
    /// (they would be dependencies) or that can return nil takes the closure form.
    ///
    /// - Parameters:
    ///   - type: what the resource is asked for by; it may be a protocol type, `(any Store).self`.
    ///   - name: tells this binding from others of the type.
    ///   - lifetime: how long an instance lives and who shares it.
    ///   - lifecycle: how an instance is initialised and disposed.
    ///   - options: budgets and tags.
    ///   - override: whether this binding may take the place of one that has the same key.
    ///   - make: makes an instance.
    /// - Throws: ``ResourceError/Code/duplicateBinding``.
    public func bind<Value: Sendable, each Dependency: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        lifetime: Lifetime = .scoped,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable @concurrent (repeat each Dependency) async throws -> Value
    ) throws(ResourceError) {
        try self.add(
            type,
            name,
            lifetime,
            options,
            override,
            SourcePlace(file: fileID, line: line),
            .asynchronous { resolver, id in
                let value = try await make(repeat resolver.get((each Dependency).self))
                return Instance(id: id, value: value, lifecycle: lifecycle)
            }
        )
    }

    /// ``bind(_:name:lifetime:lifecycle:options:override:fileID:line:_:)`` with a way to make it that does not suspend: a synchronous scope can use the binding.
    public func bind<Value: Sendable, each Dependency: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        lifetime: Lifetime = .scoped,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable (repeat each Dependency) throws -> Value
    ) throws(ResourceError) {
        try self.add(
            type,
            name,
            lifetime,
            options,
            override,
            SourcePlace(file: fileID, line: line),
            .either(
                asynchronous: { resolver, id in
                    let value = try make(repeat try await resolver.get((each Dependency).self))
                    return Instance(id: id, value: value, lifecycle: lifecycle)
                },
                synchronous: { resolver, id in
                    let value = try make(repeat try resolver.get((each Dependency).self))
                    return Instance(id: id, value: value, lifecycle: lifecycle)
                }
            )
        )
    }

    /// Binds `type` to a way to make it whose dependencies are given as keys: for dependencies that are bound under names.
    ///
    /// ```swift
    /// try container.bind(Report.self, using: ResourceKey(Database.self, name: "primary"), ResourceKey(Cache.self)) { database, cache in
    ///     Report(database, cache)
    /// }
    /// ```
    public func bind<Value: Sendable, First: Sendable, each Dependency: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        lifetime: Lifetime = .scoped,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        using first: ResourceKey<First>,
        _ keys: repeat ResourceKey<each Dependency>,
        fileID: String = #fileID,
        line: UInt = #line,
        make: @escaping @Sendable @concurrent (First, repeat each Dependency) async throws -> Value
    ) throws(ResourceError) {
        try self.add(
            type,
            name,
            lifetime,
            options,
            override,
            SourcePlace(file: fileID, line: line),
            .asynchronous { resolver, id in
                let value = try await make(resolver.get(first), repeat resolver.get(each keys))
                return Instance(id: id, value: value, lifecycle: lifecycle)
            }
        )
    }

    /// Binds `type` to a closure that asks a ``Resolver`` for what it needs; its dependencies are known as they are asked for.
    public func bind<Value: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        lifetime: Lifetime = .scoped,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable @concurrent (Resolver) async throws -> Value
    ) throws(ResourceError) {
        try self.add(
            type,
            name,
            lifetime,
            options,
            override,
            SourcePlace(file: fileID, line: line),
            .asynchronous { resolver, id in
                Instance(id: id, value: try await make(resolver), lifecycle: lifecycle)
            }
        )
    }

    /// The same with a closure that does not suspend: a synchronous scope can use the binding.
    public func bind<Value: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        lifetime: Lifetime = .scoped,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable (Resolver) throws -> Value
    ) throws(ResourceError) {
        let make: @Sendable (Resolver, ResourceID) throws -> AnyInstance = { resolver, id in
            Instance(id: id, value: try make(resolver), lifecycle: lifecycle)
        }
        try self.add(
            type,
            name,
            lifetime,
            options,
            override,
            SourcePlace(file: fileID, line: line),
            .either(asynchronous: make, synchronous: make)
        )
    }

    /// Binds `type` to an instance that exists already. It lives in the root scope: initialised at the first request, disposed when the
    /// container is closed if it was ever initialised.
    ///
    /// - Parameter owned: false for an instance that somebody else looks after: it is never initialised, counted or disposed here.
    public func bind<Value: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        instance: Value,
        owned: Bool = true,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line
    ) throws(ResourceError) {
        let make: @Sendable (Resolver, ResourceID) -> AnyInstance = { _, id in
            Instance(id: id, value: instance, lifecycle: lifecycle)
        }
        let foreign = Instance(id: ResourceID(0), value: instance, lifecycle: .managedSynchronously())
        try self.add(
            type,
            name,
            .singleton,
            options,
            override,
            SourcePlace(file: fileID, line: line),
            owned ? .either(asynchronous: make, synchronous: make) : .foreign(foreign)
        )
    }

    private func add(
        _ type: any Any.Type,
        _ name: String?,
        _ lifetime: Lifetime,
        _ options: BindingOptions,
        _ override: Bool,
        _ place: SourcePlace,
        _ maker: Maker
    ) throws(ResourceError) {
        let now = self.engine.now
        let key = KeyID(type: ObjectIdentifier(type), name: name)
        try self.engine.lockedThrowing { registry throws(ResourceError) in
            try registry.bind(key, override: override, at: now) { id in
                Binding(
                    id: id,
                    key: key,
                    type: typeLabel(type),
                    name: name,
                    lifetime: lifetime,
                    place: place,
                    options: options,
                    maker: maker
                )
            }
        }
    }
}
