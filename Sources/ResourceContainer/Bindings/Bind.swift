// The asynchronous closures are `@concurrent`: with `nonisolated(nonsending)`, Swift 6.3.1 loses the captures of a closure that is
// passed for a function type with a parameter pack. Making runs outside of its caller's actor in any case.

/// A binding written down: what a ``Module`` and `Container { … }` are made of. `container.bind(…)` takes the same arguments.
///
/// ```swift
/// let shop = Module {
///     Bind(Database.self, lifetime: .singleton) { Database(path: "shop.sqlite") }
///     Bind(Orders.self, Orders.init)
/// }
/// ```
public struct Bind<Value: Sendable>: Sendable {
    var declaration: BindingDeclaration

    init(_ terms: BindingTerms<Value>, _ maker: Maker, _ dependencies: [DeclaredDependency]?) {
        self.declaration = BindingDeclaration(Value.self, terms, maker, dependencies)
    }

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
        self.init(
            terms,
            .asynchronous { resolver in
                let value = try await make(repeat resolver.dependency(ResourceKey((each Dependency).self)))
                return lifecycle.instance(value, for: resolver.requester)
            },
            declaredDependencies(repeat ResourceKey((each Dependency).self))
        )
    }

    /// ``init(_:name:lifetime:lifecycle:options:override:fileID:line:_:)`` with a way to make it that does not suspend: a synchronous scope can use the binding.
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
        self.init(
            terms,
            .either(
                asynchronous: { resolver in
                    let value = try make(repeat try await resolver.dependency(ResourceKey((each Dependency).self)))
                    return lifecycle.instance(value, for: resolver.requester)
                },
                synchronous: { resolver in
                    let value = try make(repeat try resolver.dependency(ResourceKey((each Dependency).self)))
                    return lifecycle.instance(value, for: resolver.requester)
                }
            ),
            declaredDependencies(repeat ResourceKey((each Dependency).self))
        )
    }

    /// Binds `type` to a way to make it whose dependencies are given as keys: for dependencies that are bound under names.
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
        self.init(
            terms,
            .asynchronous { resolver in
                let value = try await make(resolver.dependency(first), repeat resolver.dependency(each keys))
                return lifecycle.instance(value, for: resolver.requester)
            },
            declaredDependencies(first, repeat each keys)
        )
    }

    /// The same with a way to make it that does not suspend: a synchronous scope can use the binding.
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
        self.init(
            terms,
            .either(
                asynchronous: { resolver in
                    let value = try make(try await resolver.dependency(first), repeat try await resolver.dependency(each keys))
                    return lifecycle.instance(value, for: resolver.requester)
                },
                synchronous: { resolver in
                    let value = try make(try resolver.dependency(first), repeat try resolver.dependency(each keys))
                    return lifecycle.instance(value, for: resolver.requester)
                }
            ),
            declaredDependencies(first, repeat each keys)
        )
    }

    /// Binds `type` to a closure that asks a ``Resolver`` for what it needs; its dependencies are known as they are asked for.
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

    /// The same with a closure that does not suspend: a synchronous scope can use the binding.
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

    /// Binds `type` to an instance that exists already. It lives in the root scope, or in that of `overriding`: initialised at the first
    /// request, disposed when the scope is closed if it was ever initialised.
    ///
    /// Some instances are in use without having been initialised, and belong to the container from the time they are bound, whether or not
    /// anybody asks for them: a pool (``SampledPool``), which is sampled, drained and closed and which the first request fills; and an
    /// instance whose lifecycle has nothing to initialise, `.managed(onDispose: …)`, which is disposed.
    ///
    /// `owned` is false for an instance that somebody else looks after: it is never initialised, counted or disposed here.
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
        if lifecycle.onlyDisposes || instance is any SampledPool {
            self.declaration.adopted = AdoptedInstance(
                instance: { lifecycle.instance(instance, for: $0) },
                isInitialisedLater: !lifecycle.onlyDisposes
            )
        }
    }

    /// Binds `type` to whatever is bound under another key: the same instance under a second name, or under a protocol it conforms to.
    ///
    /// ```swift
    /// Bind((any Store).self, alias: ResourceKey(SQLStore.self)) { $0 }
    /// ```
    ///
    /// An alias owns nothing: its instance is made, counted and disposed under its own key, once.
    public init<Target: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        alias target: ResourceKey<Target>,
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        convert: @escaping @Sendable (Target) -> Value
    ) {
        let terms = BindingTerms<Value>(name, .scoped, .none, BindingOptions(), override, fileID, line)
        self.init(terms, .alias(Stand(target, convert)), [DeclaredDependency(target)])
    }

    /// Binds `type` to what `factory` makes of `configuration` (the specification's `create_database_pool(config)`).
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

    // MARK: Falling back

    /// What is used while this cannot be made: a request whose initialisation fails or times out is answered from `key` (the
    /// specification's graceful degradation).
    ///
    /// The stand-in is made when it is needed, and shows as degraded while it stands in. A scope keeps its answer; the next scope tries
    /// this binding again. Only failures of making count: a cycle, a missing binding or a closed scope is still an error.
    public func fallback(to key: ResourceKey<Value>) -> Bind {
        self.fallback(to: key) { $0 }
    }

    /// ``fallback(to:)`` with a stand-in of another type.
    public func fallback<Other: Sendable>(to key: ResourceKey<Other>, _ convert: @escaping @Sendable (Other) -> Value) -> Bind {
        var bind = self
        bind.declaration.fallback = Stand(key, convert)
        return bind
    }
}

/// The keys of a parameter pack, one by one.
private func declaredDependencies<each Dependency: Sendable>(
    _ keys: repeat ResourceKey<each Dependency>
) -> [DeclaredDependency] {
    var dependencies: [DeclaredDependency] = []
    repeat dependencies.append(DeclaredDependency(each keys))
    return dependencies
}
