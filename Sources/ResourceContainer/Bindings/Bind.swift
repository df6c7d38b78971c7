// The asynchronous closures are `@concurrent`: with `nonisolated(nonsending)`, Swift 6.3.1 loses the captures of a closure that is passed
// for a function type with a parameter pack. Instances are created outside of the caller's actor in any case.

/// A binding: the key, lifetime and lifecycle of a resource, and the closure that creates its instances.
///
/// A ``Module`` and `Container { … }` are lists of bindings. ``Container/bind(_:)`` adds one binding.
///
/// ```swift
/// let shop = Module {
///     Bind(Database.self, lifetime: .singleton) { Database(path: "shop.sqlite") }
///     Bind(Orders.self, Orders.init)
/// }
/// ```
public struct Bind<Value: Sendable>: Sendable {
    var declaration: BindingDeclaration
    /// The binding of the fallback, if it was given as a closure. See `fallback(_:)`.
    var fallbackDeclaration: BindingDeclaration?

    /// The binding, and that of its fallback.
    var declarations: [BindingDeclaration] {
        [self.declaration] + (self.fallbackDeclaration.map { [$0] } ?? [])
    }

    init(_ terms: BindingTerms<Value>, _ maker: Maker, _ dependencies: [DeclaredDependency]?) {
        self.declaration = BindingDeclaration(Value.self, terms, maker, dependencies)
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
    public init<each Dependency: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        lifetime: Lifetime? = nil,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable @concurrent (repeat each Dependency) async throws -> Value
    ) {
        let terms = BindingTerms(name, lifetime, lifecycle, options, override, fileID, line)
        let lifecycle = terms.lifecycle
        let declared = DeclaredDependencies(repeat ResourceKey((each Dependency).self))
        let hasIndirect = declared.hasIndirect
        self.init(
            terms,
            .asynchronous { resolver in
                let value = try await make(repeat resolver.dependency(ResourceKey((each Dependency).self), mayBeIndirect: hasIndirect))
                return lifecycle.instance(value, for: resolver.requester)
            },
            declared.list
        )
    }

    /// Binds `type` to an initializer or closure that does not suspend, so that a synchronous scope can use the binding.
    ///
    /// See ``init(_:name:lifetime:lifecycle:options:override:fileID:line:_:)`` for the parameters.
    public init<each Dependency: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        lifetime: Lifetime? = nil,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable (repeat each Dependency) throws -> Value
    ) {
        let terms = BindingTerms(name, lifetime, lifecycle, options, override, fileID, line)
        let lifecycle = terms.lifecycle
        let declared = DeclaredDependencies(repeat ResourceKey((each Dependency).self))
        let hasIndirect = declared.hasIndirect
        self.init(
            terms,
            .either(
                asynchronous: { resolver in
                    let value = try make(
                        repeat try await resolver.dependency(ResourceKey((each Dependency).self), mayBeIndirect: hasIndirect)
                    )
                    return lifecycle.instance(value, for: resolver.requester)
                },
                synchronous: { resolver in
                    let value = try make(repeat try resolver.dependency(ResourceKey((each Dependency).self), mayBeIndirect: hasIndirect))
                    return lifecycle.instance(value, for: resolver.requester)
                }
            ),
            declared.list
        )
    }

    /// Binds `type` to a closure whose dependencies are given as keys. Use it for dependencies that are bound under names.
    ///
    /// ```swift
    /// Bind(Report.self, using: ResourceKey(Database.self, name: "primary"), ResourceKey(Cache.self)) { database, cache in
    ///     Report(database, cache)
    /// }
    /// ```
    public init<First: Sendable, each Dependency: Sendable>(
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
    ) {
        let terms = BindingTerms(name, lifetime, lifecycle, options, override, fileID, line)
        let lifecycle = terms.lifecycle
        let declared = DeclaredDependencies(first, repeat each keys)
        let hasIndirect = declared.hasIndirect
        self.init(
            terms,
            .asynchronous { resolver in
                let value = try await make(
                    resolver.dependency(first, mayBeIndirect: hasIndirect),
                    repeat resolver.dependency(each keys, mayBeIndirect: hasIndirect)
                )
                return lifecycle.instance(value, for: resolver.requester)
            },
            declared.list
        )
    }

    /// Binds `type` to a closure that does not suspend and whose dependencies are given as keys. A synchronous scope can use the binding.
    public init<First: Sendable, each Dependency: Sendable>(
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
    ) {
        let terms = BindingTerms(name, lifetime, lifecycle, options, override, fileID, line)
        let lifecycle = terms.lifecycle
        let declared = DeclaredDependencies(first, repeat each keys)
        let hasIndirect = declared.hasIndirect
        self.init(
            terms,
            .either(
                asynchronous: { resolver in
                    let value = try make(
                        try await resolver.dependency(first, mayBeIndirect: hasIndirect),
                        repeat try await resolver.dependency(each keys, mayBeIndirect: hasIndirect)
                    )
                    return lifecycle.instance(value, for: resolver.requester)
                },
                synchronous: { resolver in
                    let value = try make(
                        try resolver.dependency(first, mayBeIndirect: hasIndirect),
                        repeat try resolver.dependency(each keys, mayBeIndirect: hasIndirect)
                    )
                    return lifecycle.instance(value, for: resolver.requester)
                }
            ),
            declared.list
        )
    }

    /// Binds `type` to a closure that resolves its dependencies through a ``Resolver``.
    ///
    /// The container learns the dependencies when the closure runs. ``Container/validate()`` cannot analyze such a binding.
    public init(
        _ type: Value.Type,
        name: String? = nil,
        lifetime: Lifetime? = nil,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable @concurrent (Resolver) async throws -> Value
    ) {
        let terms = BindingTerms(name, lifetime, lifecycle, options, override, fileID, line)
        let lifecycle = terms.lifecycle
        self.init(terms, .asynchronous { resolver in lifecycle.instance(try await make(resolver), for: resolver.requester) }, nil)
    }

    /// Binds `type` to a closure that does not suspend and resolves its dependencies through a ``Resolver``. A synchronous scope can use
    /// the binding.
    public init(
        _ type: Value.Type,
        name: String? = nil,
        lifetime: Lifetime? = nil,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable (Resolver) throws -> Value
    ) {
        let terms = BindingTerms(name, lifetime, lifecycle, options, override, fileID, line)
        let lifecycle = terms.lifecycle
        let makeInstance: @Sendable (Resolver) throws -> AnyInstance = { resolver in
            lifecycle.instance(try make(resolver), for: resolver.requester)
        }
        self.init(terms, .either(asynchronous: makeInstance, synchronous: makeInstance), nil)
    }

    /// Binds `type` to an existing instance.
    ///
    /// The instance lives in the root scope, or in the scope that was opened with the binding as an override. The first request initializes
    /// it. The scope disposes it when it closes, if it was initialized.
    ///
    /// Two kinds of instances belong to the container as soon as they are bound, whether or not they are ever requested. A pool
    /// (``SampledPool``) is sampled, drained and closed; its first request fills it. An instance whose lifecycle has no initialize step,
    /// `.managed(onDispose: …)`, is disposed.
    ///
    /// Pass `owned: false` for an instance that other code manages. The container never initializes, counts or disposes it.
    public init(
        _ type: Value.Type,
        name: String? = nil,
        instance: Value,
        owned: Bool = true,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line
    ) {
        var options = options
        options.owned = owned
        let terms = BindingTerms(name, .singleton, lifecycle, options, override, fileID, line)
        let lifecycle = terms.lifecycle
        let makeInstance: @Sendable (Resolver) -> AnyInstance = { resolver in lifecycle.instance(instance, for: resolver.requester) }
        self.init(terms, .either(asynchronous: makeInstance, synchronous: makeInstance), [])
        guard owned else { return }
        if Swift.type(of: instance as Any) is AnyClass { self.declaration.provided = ObjectIdentifier(instance as AnyObject) }
        if lifecycle.onlyDisposes || sampledPool(of: instance) != nil {
            self.declaration.adopted = AdoptedInstance(
                instance: { lifecycle.instance(instance, for: $0) },
                isInitializedLater: !lifecycle.onlyDisposes
            )
        }
    }

    /// Binds `type` to the instances that `factory` creates from `configuration`.
    public init<Configuration: Sendable>(
        _ type: Value.Type = Value.self,
        name: String? = nil,
        lifetime: Lifetime? = nil,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        factory: ResourceFactory<Configuration, Value>,
        configuration: Configuration,
        fileID: String = #fileID,
        line: UInt = #line
    ) {
        let terms = BindingTerms(name, lifetime, factory.lifecycle, options, override, fileID, line)
        let lifecycle = terms.lifecycle
        self.init(terms, factory.maker(configuration, lifecycle), [])
    }
}
