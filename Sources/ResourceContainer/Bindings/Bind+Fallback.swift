extension Bind {
    /// Names the fallback of this binding: if creating an instance fails or times out, the request resolves `key` instead.
    ///
    /// The fallback is created when it is first needed and is reported as degraded while it is in use. A scope keeps the instance it
    /// received; the next scope tries this binding again. Only failures to create an instance use the fallback: a cycle, a missing binding
    /// and a closed scope remain errors.
    public func fallback(to key: ResourceKey<Value>) -> Bind {
        self.fallback(to: key) { $0 }
    }

    /// Names a fallback of another type, which `convert` converts. See ``fallback(to:)``.
    public func fallback<Other: Sendable>(to key: ResourceKey<Other>, _ convert: @escaping @Sendable (Other) -> Value) -> Bind {
        self.redirected(Redirect(key, convert))
    }

    /// Names a fallback by its type, such as a type that conforms to the protocol of this binding. See ``fallback(to:)``.
    ///
    /// ```swift
    /// Bind((any Store).self, SQLStore.init).fallback(to: MemoryStore.self)
    /// ```
    ///
    /// The compiler cannot check that the fallback is of the bound type: a request that receives a fallback which is not throws
    /// ``ResourceError/Code/notConvertible``.
    ///
    /// - Parameters:
    ///   - type: The type of the fallback's key.
    ///   - name: The name of the fallback's key; nil for the unnamed binding of its type.
    public func fallback<Other: Sendable>(to type: Other.Type, name: String? = nil) -> Bind {
        self.redirected(Redirect(ResourceKey(type, name: name), as: Value.self))
    }

    /// Names a fallback by its type, and the closure that converts it. See ``fallback(to:)``.
    public func fallback<Other: Sendable>(
        to type: Other.Type,
        name: String? = nil,
        _ convert: @escaping @Sendable (Other) -> Value
    ) -> Bind {
        self.redirected(Redirect(ResourceKey(type, name: name), convert))
    }

    /// Creates the fallback with a closure whose parameters are its dependencies. See ``fallback(to:)``.
    ///
    /// ```swift
    /// Bind((any Store).self, SQLStore.init).fallback { MemoryStore() }
    /// ```
    ///
    /// The fallback is a separate binding with the lifetime and the options of this one. Its name is `fallback`, or that of this
    /// binding followed by ` fallback`: `Store(fallback)`, `Store(primary fallback)`.
    public func fallback<each Dependency: Sendable>(
        _ make: @escaping @Sendable @concurrent (repeat each Dependency) async throws -> Value
    ) -> Bind {
        let (name, options, location) = self.fallbackTerms
        return self.withFallback(
            Bind(
                Value.self,
                name: name,
                options: options,
                override: self.declaration.override,
                fileID: location.file,
                line: location.line,
                make
            )
        )
    }

    /// Creates the fallback with a closure that does not suspend, so that a synchronous scope can use it.
    public func fallback<each Dependency: Sendable>(
        _ make: @escaping @Sendable (repeat each Dependency) throws -> Value
    ) -> Bind {
        let (name, options, location) = self.fallbackTerms
        return self.withFallback(
            Bind(
                Value.self,
                name: name,
                options: options,
                override: self.declaration.override,
                fileID: location.file,
                line: location.line,
                make
            )
        )
    }

    private var fallbackTerms: (name: String, options: BindingOptions, location: CodeLocation) {
        var options = self.declaration.options
        options.eager = false
        return (self.declaration.key.name.map { "\($0) fallback" } ?? "fallback", options, self.declaration.location)
    }

    private func withFallback(_ other: Bind) -> Bind {
        var bind = self.redirected(Redirect(ResourceKey(Value.self, name: other.declaration.key.name)) { (value: Value) in value })
        bind.fallbackDeclaration = other.declaration
        bind.fallbackDeclaration?.fallbackOf = self.declaration.key
        return bind
    }

    private func redirected(_ redirect: Redirect) -> Bind {
        var bind = self
        bind.declaration.fallback = redirect
        bind.fallbackDeclaration = nil
        return bind
    }
}
