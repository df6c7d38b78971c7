// The two commonest forms of ``Bind`` have a shorthand here.
extension Container {
    /// Adds a binding.
    ///
    /// ```swift
    /// try container.bind(Bind((any Store).self, alias: SQLStore.self))
    /// ```
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding`` if the key is bound and the binding does not override it,
    ///   ``ResourceError/Code/invalidBinding``, ``ResourceError/Code/containerClosed``.
    public func bind<Value: Sendable>(_ bind: Bind<Value>) throws(ResourceError) {
        try self.add(bind.declarations)
    }

    /// Binds `type` to an initializer or closure whose parameters are its dependencies.
    ///
    /// Every parameter is resolved by its type when an instance is created. An optional parameter is nil if nothing is bound for its type.
    /// Use the closure form for an initializer that is overloaded, that can return nil, or that has default arguments, which would be
    /// resolved as dependencies.
    ///
    /// - Parameters:
    ///   - type: The type of the key. It may be a protocol type, such as `(any Store).self`.
    ///   - name: Distinguishes bindings of the same type.
    ///   - lifetime: How long an instance lives and which requests share it. By default the lifetime of the binding it overrides, else
    ///     `.singleton` for a pool (``SampledPool``) and `.scoped` for other types.
    ///   - lifecycle: How an instance is initialized and disposed.
    ///   - options: Timeouts, health settings and tags.
    ///   - override: Whether this binding may replace an existing binding of the same key.
    ///   - fileID: The file of the binding, filled in by the compiler.
    ///   - line: The line of the binding, filled in by the compiler.
    ///   - make: Creates an instance.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
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
    ) throws(ResourceError) {
        try self.bind(
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

    /// Binds `type` to an initializer or closure that does not suspend, so that a synchronous scope can use the binding.
    ///
    /// See ``bind(_:name:lifetime:lifecycle:options:override:fileID:line:_:)`` for the parameters.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
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
    ) throws(ResourceError) {
        try self.bind(
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

    /// Binds `type` to an existing instance.
    ///
    /// The instance lives in the root scope. The first request initializes it. The container disposes it when it closes, if it was
    /// initialized.
    ///
    /// Two kinds of instances belong to the container as soon as they are bound, whether or not they are ever requested. A pool
    /// (``SampledPool``) is sampled, drained and closed; its first request fills it. An instance whose lifecycle has no initialize step,
    /// `.managed(onDispose: …)`, is disposed.
    ///
    /// Pass `owned: false` for an instance that other code manages. The container never initializes, counts or disposes it.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
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
        try self.bind(
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

    /// Adds all of the bindings, or none if one of them throws. Throws if the container is closed.
    func add(_ declarations: [BindingDeclaration]) throws(ResourceError) {
        for declaration in declarations { try declaration.validate() }
        if declarations.contains(where: \.options.eager) { self.engine.noteEager() }
        let now = self.engine.now
        let adoptions = try self.engine.lockedThrowing { registry throws(ResourceError) in try registry.bind(declarations, at: now) }
        self.engine.adopt(adoptions)
    }
}
