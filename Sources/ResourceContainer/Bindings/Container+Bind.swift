// Each form is the initializer of ``Bind`` with the same parameters, where they are described.
extension Container {
    /// Binds `type` to a way to make it whose parameters are its dependencies: an initialiser, or a closure.
    ///
    /// Every parameter is resolved by its type when an instance is made; an optional parameter is nil when nothing is bound for it. An
    /// initialiser with several overloads, with default arguments (they would be dependencies) or that can return nil takes the closure form.
    ///
    /// - Parameters:
    ///   - type: what the resource is asked for by; it may be a protocol type, `(any Store).self`.
    ///   - name: tells this binding from others of the type.
    ///   - lifetime: how long an instance lives and who shares it. Scoped unless said otherwise; one that overrides another takes its.
    ///   - lifecycle: how an instance is initialised and disposed.
    ///   - options: budgets and tags.
    ///   - override: whether this binding may take the place of one that has the same key.
    ///   - fileID: the file it is bound in, filled in by the compiler.
    ///   - line: the line, likewise.
    ///   - make: makes an instance.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    @discardableResult
    public func bind<Value: Sendable, each Dependency: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        lifetime: Lifetime? = nil,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable @concurrent (repeat each Dependency) async throws -> Value
    ) throws(ResourceError) -> BoundKey<Value> {
        try self.add(
            Bind(
                type,
                name: name,
                lifetime: lifetime,
                lifecycle: lifecycle,
                options: options,
                override: override,
                fileID: fileID,
                line: line,
                make
            )
        )
    }

    /// ``bind(_:name:lifetime:lifecycle:options:override:fileID:line:_:)`` with a way to make it that does not suspend: a synchronous scope can use the binding.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    @discardableResult
    public func bind<Value: Sendable, each Dependency: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        lifetime: Lifetime? = nil,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable (repeat each Dependency) throws -> Value
    ) throws(ResourceError) -> BoundKey<Value> {
        try self.add(
            Bind(
                type,
                name: name,
                lifetime: lifetime,
                lifecycle: lifecycle,
                options: options,
                override: override,
                fileID: fileID,
                line: line,
                make
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
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    @discardableResult
    public func bind<Value: Sendable, First: Sendable, each Dependency: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        lifetime: Lifetime? = nil,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        using first: ResourceKey<First>,
        _ keys: repeat ResourceKey<each Dependency>,
        fileID: String = #fileID,
        line: UInt = #line,
        make: @escaping @Sendable @concurrent (First, repeat each Dependency) async throws -> Value
    ) throws(ResourceError) -> BoundKey<Value> {
        try self.add(
            Bind(
                type,
                name: name,
                lifetime: lifetime,
                lifecycle: lifecycle,
                options: options,
                override: override,
                using: first,
                repeat each keys,
                fileID: fileID,
                line: line,
                make: make
            )
        )
    }

    /// The same with a way to make it that does not suspend: a synchronous scope can use the binding.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    @discardableResult
    public func bind<Value: Sendable, First: Sendable, each Dependency: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        lifetime: Lifetime? = nil,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        using first: ResourceKey<First>,
        _ keys: repeat ResourceKey<each Dependency>,
        fileID: String = #fileID,
        line: UInt = #line,
        make: @escaping @Sendable (First, repeat each Dependency) throws -> Value
    ) throws(ResourceError) -> BoundKey<Value> {
        try self.add(
            Bind(
                type,
                name: name,
                lifetime: lifetime,
                lifecycle: lifecycle,
                options: options,
                override: override,
                using: first,
                repeat each keys,
                fileID: fileID,
                line: line,
                make: make
            )
        )
    }

    /// Binds `type` to a closure that asks a ``Resolver`` for what it needs; its dependencies are known as they are asked for.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    @discardableResult
    public func bind<Value: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        lifetime: Lifetime? = nil,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable @concurrent (Resolver) async throws -> Value
    ) throws(ResourceError) -> BoundKey<Value> {
        try self.add(
            Bind(
                type,
                name: name,
                lifetime: lifetime,
                lifecycle: lifecycle,
                options: options,
                override: override,
                fileID: fileID,
                line: line,
                make
            )
        )
    }

    /// The same with a closure that does not suspend: a synchronous scope can use the binding.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    @discardableResult
    public func bind<Value: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        lifetime: Lifetime? = nil,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable (Resolver) throws -> Value
    ) throws(ResourceError) -> BoundKey<Value> {
        try self.add(
            Bind(
                type,
                name: name,
                lifetime: lifetime,
                lifecycle: lifecycle,
                options: options,
                override: override,
                fileID: fileID,
                line: line,
                make
            )
        )
    }

    /// Binds `type` to an instance that exists already. It lives in the root scope, or in that of `overriding`: initialised at the first
    /// request, disposed when the scope is closed if it was ever initialised.
    ///
    /// Some instances are in use without having been initialised, and belong to the container from the time they are bound, whether or not
    /// anybody asks for them: a pool (``SampledPool``), which is sampled, drained and closed and which the first request fills; and an
    /// instance whose lifecycle has nothing to initialise, `.managed(onDispose: …)`, which is disposed.
    ///
    /// `owned` is false for an instance that somebody else looks after: it is never initialised, counted or disposed here.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    @discardableResult
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
    ) throws(ResourceError) -> BoundKey<Value> {
        try self.add(
            Bind(
                type,
                name: name,
                instance: instance,
                owned: owned,
                lifecycle: lifecycle,
                options: options,
                override: override,
                fileID: fileID,
                line: line
            )
        )
    }

    /// Binds `type` to whatever is bound under another key: the same instance under a second name, or under a protocol it conforms to.
    ///
    /// ```swift
    /// try container.bind((any Store).self, alias: ResourceKey(SQLStore.self)) { $0 }
    /// ```
    ///
    /// An alias owns nothing: its instance is made, counted and disposed under its own key, once.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    @discardableResult
    public func bind<Value: Sendable, Target: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        alias target: ResourceKey<Target>,
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        convert: @escaping @Sendable (Target) -> Value
    ) throws(ResourceError) -> BoundKey<Value> {
        try self.add(
            Bind(
                type,
                name: name,
                alias: target,
                override: override,
                fileID: fileID,
                line: line,
                convert: convert
            )
        )
    }

    /// Binds `type` to what `factory` makes of `configuration` (the specification's `create_database_pool(config)`).
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    @discardableResult
    public func bind<Value: Sendable, Configuration: Sendable>(
        _ type: Value.Type = Value.self,
        name: String? = nil,
        lifetime: Lifetime? = nil,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        factory: ResourceFactory<Configuration, Value>,
        configuration: Configuration,
        fileID: String = #fileID,
        line: UInt = #line
    ) throws(ResourceError) -> BoundKey<Value> {
        try self.add(
            Bind(
                type,
                name: name,
                lifetime: lifetime,
                options: options,
                override: override,
                factory: factory,
                configuration: configuration,
                fileID: fileID,
                line: line
            )
        )
    }

    private func add<Value: Sendable>(_ bind: Bind<Value>) throws(ResourceError) -> BoundKey<Value> {
        try self.add([bind.declaration])
        return BoundKey(container: self, key: ResourceKey(name: bind.declaration.key.name))
    }

    /// Adds bindings; all of them, or on an error none. Refused by a container that is closed.
    func add(_ declarations: [BindingDeclaration]) throws(ResourceError) {
        for declaration in declarations { try declaration.options.validate(label: declaration.label, place: declaration.place) }
        if declarations.contains(where: \.options.eager) { self.engine.noteEager() }
        let now = self.engine.now
        let adoptions = try self.engine.lockedThrowing { registry throws(ResourceError) in try registry.bind(declarations, at: now) }
        self.engine.adopt(adoptions)
    }
}

/// A key that was bound a moment ago, and what else can be said of it.
public struct BoundKey<Value: Sendable>: Sendable {
    let container: Container
    /// The key.
    public let key: ResourceKey<Value>

    /// What is used while this cannot be made. See ``Bind/fallback(to:)``.
    @discardableResult
    public func fallback(to key: ResourceKey<Value>) -> BoundKey {
        self.fallback(to: key) { $0 }
    }

    /// ``fallback(to:)`` with a stand-in of another type.
    @discardableResult
    public func fallback<Other: Sendable>(to key: ResourceKey<Other>, _ convert: @escaping @Sendable (Other) -> Value) -> BoundKey {
        self.container.engine.locked { $0.isOver ? nil : $0.binding(self.key.id) }?.fallBack(to: Stand(key, convert))
        return self
    }
}
