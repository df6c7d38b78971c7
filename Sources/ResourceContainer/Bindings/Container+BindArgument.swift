extension Container {
    /// Binds `type` to an initializer or closure whose first parameter is an argument of the request. The other parameters are its
    /// dependencies.
    ///
    /// ```swift
    /// try container.bind(Report.self, argument: ReportID.self) { (id: ReportID, database: Database) in Report(id, database) }
    ///
    /// let report = try await scope.get(Report.self, ReportID(7))
    /// ```
    ///
    /// See `Bind.init(_:name:argument:lifecycle:options:override:fileID:line:_:)` for the parameters.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    public func bind<Value: Sendable, Argument: Sendable, each Dependency: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        argument: Argument.Type,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable @concurrent (Argument, repeat each Dependency) async throws -> Value
    ) throws(ResourceError) {
        try self.bind(
            Bind(
                type,
                name: name,
                argument: argument,
                lifecycle: lifecycle,
                options: options,
                override: override,
                fileID: fileID,
                line: line,
                make
            )
        )
    }

    /// Binds `type` to a closure that does not suspend and whose first parameter is an argument of the request.
    ///
    /// See `Bind.init(_:name:argument:lifecycle:options:override:fileID:line:_:)` for the parameters.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    public func bind<Value: Sendable, Argument: Sendable, each Dependency: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        argument: Argument.Type,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable (Argument, repeat each Dependency) throws -> Value
    ) throws(ResourceError) {
        try self.bind(
            Bind(
                type,
                name: name,
                argument: argument,
                lifecycle: lifecycle,
                options: options,
                override: override,
                fileID: fileID,
                line: line,
                make
            )
        )
    }

    /// Binds `type` to a closure that takes an argument of the request and resolves its dependencies through a ``Resolver``.
    ///
    /// See `Bind.init(_:name:argument:lifecycle:options:override:fileID:line:_:)` for the parameters.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    public func bind<Value: Sendable, Argument: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        argument: Argument.Type,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable @concurrent (Resolver, Argument) async throws -> Value
    ) throws(ResourceError) {
        try self.bind(
            Bind(
                type,
                name: name,
                argument: argument,
                lifecycle: lifecycle,
                options: options,
                override: override,
                fileID: fileID,
                line: line,
                make
            )
        )
    }

    /// Binds `type` to a closure that does not suspend, takes an argument of the request, and resolves its dependencies through a
    /// ``Resolver``.
    ///
    /// See `Bind.init(_:name:argument:lifecycle:options:override:fileID:line:_:)` for the parameters.
    ///
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/invalidBinding``.
    public func bind<Value: Sendable, Argument: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        argument: Argument.Type,
        lifecycle: Lifecycle<Value> = .automatic,
        options: BindingOptions = BindingOptions(),
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line,
        _ make: @escaping @Sendable (Resolver, Argument) throws -> Value
    ) throws(ResourceError) {
        try self.bind(
            Bind(
                type,
                name: name,
                argument: argument,
                lifecycle: lifecycle,
                options: options,
                override: override,
                fileID: fileID,
                line: line,
                make
            )
        )
    }
}
