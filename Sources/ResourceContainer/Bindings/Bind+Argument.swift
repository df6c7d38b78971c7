// The asynchronous closures are `@concurrent` for the reason given in Bind.swift.

extension Bind {
    /// Binds `type` to an initializer or closure whose first parameter is an argument of the request. The other parameters are its
    /// dependencies.
    ///
    /// ```swift
    /// Bind(Report.self, argument: ReportID.self) { (id: ReportID, database: Database) in Report(id, database) }
    ///
    /// let report = try await scope.get(Report.self, ReportID(7))
    /// ```
    ///
    /// The lifetime is ``Lifetime/transient``: every request creates an instance, which the requesting scope owns. Instances are not shared
    /// by their argument. To share one instance for each argument, bind a ``KeyedResourcePool`` or a cache with the lifetime that fits.
    ///
    /// A binding with an argument cannot be a parameter of another binding, which has no argument to pass; ``Container/validate()`` reports
    /// that. A closure passes one through its ``Resolver``.
    ///
    /// - Parameters:
    ///   - type: The type of the key. It may be a protocol type, such as `(any Store).self`.
    ///   - name: Distinguishes bindings of the same type.
    ///   - argument: The type of the argument. Requests must pass a value of this type.
    ///   - lifecycle: How an instance is initialized and disposed.
    ///   - options: Timeouts, health settings and tags.
    ///   - override: Whether this binding may replace an existing binding of the same key.
    ///   - fileID: The file of the binding, filled in by the compiler.
    ///   - line: The line of the binding, filled in by the compiler.
    ///   - make: Creates an instance.
    public init<Argument: Sendable, each Dependency: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        argument: Argument.Type,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable @concurrent (Argument, repeat each Dependency) async throws -> Value
    ) {
        let terms = BindingTerms(name, .transient, lifecycle, options, override, fileID, line)
        let lifecycle = terms.lifecycle
        let declared = DeclaredDependencies(repeat ResourceKey((each Dependency).self))
        let hasIndirect = declared.hasIndirect
        let parameter = Parameter(argument) { argument in
            .asynchronous { resolver in
                let value = try await make(
                    argument,
                    repeat resolver.dependency(ResourceKey((each Dependency).self), mayBeIndirect: hasIndirect)
                )
                return lifecycle.instance(value, for: resolver.requester)
            }
        }
        self.init(terms, .parameterized(parameter), declared.list)
    }

    /// Binds `type` to a closure that does not suspend and whose first parameter is an argument of the request. A synchronous scope can use
    /// the binding.
    public init<Argument: Sendable, each Dependency: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        argument: Argument.Type,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable (Argument, repeat each Dependency) throws -> Value
    ) {
        let terms = BindingTerms(name, .transient, lifecycle, options, override, fileID, line)
        let lifecycle = terms.lifecycle
        let declared = DeclaredDependencies(repeat ResourceKey((each Dependency).self))
        let hasIndirect = declared.hasIndirect
        let parameter = Parameter(argument) { argument in
            .either(
                asynchronous: { resolver in
                    let value = try make(
                        argument,
                        repeat try await resolver.dependency(ResourceKey((each Dependency).self), mayBeIndirect: hasIndirect)
                    )
                    return lifecycle.instance(value, for: resolver.requester)
                },
                synchronous: { resolver in
                    let value = try make(
                        argument,
                        repeat try resolver.dependency(ResourceKey((each Dependency).self), mayBeIndirect: hasIndirect)
                    )
                    return lifecycle.instance(value, for: resolver.requester)
                }
            )
        }
        self.init(terms, .parameterized(parameter), declared.list)
    }

    /// Binds `type` to a closure that takes an argument of the request and resolves its dependencies through a ``Resolver``.
    ///
    /// ```swift
    /// Bind(Report.self, argument: ReportID.self) { resolver, id in Report(id, try await resolver.get(Database.self)) }
    /// ```
    public init<Argument: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        argument: Argument.Type,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable @concurrent (Resolver, Argument) async throws -> Value
    ) {
        let terms = BindingTerms(name, .transient, lifecycle, options, override, fileID, line)
        let lifecycle = terms.lifecycle
        let parameter = Parameter(argument) { argument in
            .asynchronous { resolver in lifecycle.instance(try await make(resolver, argument), for: resolver.requester) }
        }
        self.init(terms, .parameterized(parameter), nil)
    }

    /// Binds `type` to a closure that does not suspend, takes an argument of the request, and resolves its dependencies through a
    /// ``Resolver``. A synchronous scope can use the binding.
    public init<Argument: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        argument: Argument.Type,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable (Resolver, Argument) throws -> Value
    ) {
        let terms = BindingTerms(name, .transient, lifecycle, options, override, fileID, line)
        let lifecycle = terms.lifecycle
        let parameter = Parameter(argument) { argument in
            let makeInstance: @Sendable (Resolver) throws -> AnyInstance = { resolver in
                lifecycle.instance(try make(resolver, argument), for: resolver.requester)
            }
            return .either(asynchronous: makeInstance, synchronous: makeInstance)
        }
        self.init(terms, .parameterized(parameter), nil)
    }
}
