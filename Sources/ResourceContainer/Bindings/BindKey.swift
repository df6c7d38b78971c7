// Bindings under a key, such as a constant. The other forms of ``Bind`` take `name: key.name`.

extension Bind {
    /// Binds `key` to an initializer or closure whose parameters are its dependencies.
    ///
    /// ```swift
    /// Bind(.replica, lifetime: .singleton, Database.init)
    /// ```
    ///
    /// The other parameters are those of the initializer that takes a type and a name.
    public init<each Dependency: Sendable>(
        _ key: ResourceKey<Value>,
        lifetime: Lifetime? = nil,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable @concurrent (repeat each Dependency) async throws -> Value
    ) {
        self.init(
            Value.self,
            name: key.name,
            lifetime: lifetime,
            lifecycle: lifecycle,
            options: options,
            override: override,
            fileID: fileID,
            line: line,
            make
        )
    }

    /// Binds `key` to an initializer or closure that does not suspend, so that a synchronous scope can use the binding.
    public init<each Dependency: Sendable>(
        _ key: ResourceKey<Value>,
        lifetime: Lifetime? = nil,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable (repeat each Dependency) throws -> Value
    ) {
        self.init(
            Value.self,
            name: key.name,
            lifetime: lifetime,
            lifecycle: lifecycle,
            options: options,
            override: override,
            fileID: fileID,
            line: line,
            make
        )
    }

    /// Binds `key` to an existing instance. See ``init(_:name:instance:owned:lifecycle:options:override:fileID:line:)``.
    public init(
        _ key: ResourceKey<Value>,
        instance: Value,
        owned: Bool = true,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line
    ) {
        self.init(
            Value.self,
            name: key.name,
            instance: instance,
            owned: owned,
            lifecycle: lifecycle,
            options: options,
            override: override,
            fileID: fileID,
            line: line
        )
    }
}

extension Container {
    /// Binds `key` to an initializer or closure whose parameters are its dependencies.
    ///
    /// The other parameters are those of the method that takes a type and a name.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    public func bind<Value: Sendable, each Dependency: Sendable>(
        _ key: ResourceKey<Value>,
        lifetime: Lifetime? = nil,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable @concurrent (repeat each Dependency) async throws -> Value
    ) throws(ResourceError) {
        try self.bind(
            Value.self,
            name: key.name,
            lifetime: lifetime,
            lifecycle: lifecycle,
            options: options,
            override: override,
            fileID: fileID,
            line: line,
            make
        )
    }

    /// Binds `key` to an initializer or closure that does not suspend, so that a synchronous scope can use the binding.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    public func bind<Value: Sendable, each Dependency: Sendable>(
        _ key: ResourceKey<Value>,
        lifetime: Lifetime? = nil,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable (repeat each Dependency) throws -> Value
    ) throws(ResourceError) {
        try self.bind(
            Value.self,
            name: key.name,
            lifetime: lifetime,
            lifecycle: lifecycle,
            options: options,
            override: override,
            fileID: fileID,
            line: line,
            make
        )
    }

    /// Binds `key` to an existing instance. See ``bind(_:name:instance:owned:lifecycle:options:override:fileID:line:)``.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    public func bind<Value: Sendable>(
        _ key: ResourceKey<Value>,
        instance: Value,
        owned: Bool = true,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line
    ) throws(ResourceError) {
        try self.bind(
            Value.self,
            name: key.name,
            instance: instance,
            owned: owned,
            lifecycle: lifecycle,
            options: options,
            override: override,
            fileID: fileID,
            line: line
        )
    }
}
