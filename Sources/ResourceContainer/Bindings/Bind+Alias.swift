extension Bind {
    /// Binds `type` to the binding of another type: the same instance under a second type, such as a protocol that it conforms to.
    ///
    /// ```swift
    /// Bind((any Store).self, alias: SQLStore.self)
    /// ```
    ///
    /// An alias owns nothing. Its instance is created, counted and disposed once, under its own key. The compiler cannot check that the
    /// instance is of the type `type`: a request for an alias whose instance is not throws ``ResourceError/Code/notConvertible``.
    ///
    /// - Parameters:
    ///   - type: The type of the key. It may be a protocol type, such as `(any Store).self`.
    ///   - name: Distinguishes bindings of the same type.
    ///   - target: The type of the other key.
    ///   - targetName: The name of the other key; nil for the unnamed binding of its type.
    ///   - override: Whether this binding may replace an existing binding of the same key.
    ///   - fileID: The file of the binding, filled in by the compiler.
    ///   - line: The line of the binding, filled in by the compiler.
    public init<Target: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        alias target: Target.Type,
        named targetName: String? = nil,
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line
    ) {
        let key = ResourceKey(target, name: targetName)
        let terms = BindingTerms<Value>(name, .scoped, .none, BindingOptions(), override, fileID, line)
        self.init(terms, .alias(Redirect(key, as: type)), [DeclaredDependency(key, .direct)])
    }

    /// Binds `type` to the binding of another type, whose instance `convert` converts.
    ///
    /// ```swift
    /// Bind((any Store).self, alias: SQLStore.self) { $0 }
    /// ```
    ///
    /// An alias owns nothing. Its instance is created, counted and disposed once, under its own key.
    public init<Target: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        alias target: Target.Type,
        named targetName: String? = nil,
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        convert: @escaping @Sendable (Target) -> Value
    ) {
        self.init(
            type,
            name: name,
            alias: ResourceKey(target, name: targetName),
            override: override,
            fileID: fileID,
            line: line,
            convert: convert
        )
    }

    /// Binds `type` to the binding of another key, whose instance `convert` converts.
    ///
    /// ```swift
    /// Bind(Database.self, name: "reports", alias: .replica) { $0 }
    /// ```
    ///
    /// An alias owns nothing. Its instance is created, counted and disposed once, under its own key.
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
        self.init(terms, .alias(Redirect(target, convert)), [DeclaredDependency(target, .direct)])
    }
}
