// Scopes that provide values. The forms without values are in Scope+Nesting.swift and Container.swift.

extension Scope {
    /// Runs `body` in a new scope that provides values, such as a request and its user.
    ///
    /// ```swift
    /// try container.bindValue(Request.self, in: "request")
    /// try container.bind(Cart.self) { (request: Request) in Cart(of: request.session) }
    ///
    /// try await container.withScope(providing: request) { scope in
    ///     try await scope.get(Cart.self).add(article)
    /// }
    /// ```
    ///
    /// A value resolves like a resource, in the new scope and the scopes inside it, and is injected like one. It is neither initialized nor
    /// disposed nor counted, and the container releases it when the scope begins to close. Every value must be declared by
    /// ``Container/bindValue(_:name:in:override:fileID:line:)`` or `Bind(value:)`. A scope inside that provides a value again creates
    /// its own instances of the resources that depend on it.
    ///
    /// - Parameters:
    ///   - name: The name of the scope; it need not be unique.
    ///   - tag: The tag of the scope. Nil takes the tag that the values are declared for.
    ///   - values: The values, each under its static type. Pass ``Provide`` for another type or a name.
    ///   - disposal: Whether the scope disposes its instances serially or concurrently; nil inherits the order of this scope.
    ///   - policy: Whether a failed dispose is thrown as ``DisposeError`` if the body succeeds.
    ///   - onClose: Receives the report of the close.
    ///   - fileID: The file of the caller, for diagnostics.
    ///   - line: The line of the caller, for diagnostics.
    ///   - body: Receives the scope, which is also the one that `Container.get` uses inside the body.
    /// - Returns: The result of `body`.
    /// - Throws: ``ResourceError/Code/undeclaredValue`` for a value that is not declared, or not for this tag, and the errors of
    ///   ``withScope(_:tag:disposal:policy:onClose:fileID:line:body:)``.
    public nonisolated(nonsending) func withScope<each Value: Sendable, Result>(
        _ name: String = "scope",
        tag: String? = nil,
        providing values: repeat each Value,
        disposal: StepOrder? = nil,
        policy: ClosePolicy = .report,
        onClose: ((DisposeReport) -> Void)? = nil,
        fileID: String = #fileID,
        line: UInt = #line,
        body: nonisolated(nonsending) (Scope) async throws -> Result
    ) async throws -> Result {
        let location = CodeLocation(file: fileID, line: line)
        var opening = ScopeOpening(name: name, tag: tag, location: location, isSynchronous: self.isSynchronous, disposal: disposal)
        opening.values = ProvidedValue.list(repeat each values)
        return try await self.run(opening, policy, onClose, isolation: #isolation, body: body)
    }

    /// Runs a synchronous `body` in a new scope that provides values.
    ///
    /// The parameters and errors are those of the asynchronous `withScope`.
    @available(*, noasync)
    @_disfavoredOverload
    public func withScope<each Value: Sendable, Result>(
        _ name: String = "scope",
        tag: String? = nil,
        providing values: repeat each Value,
        policy: ClosePolicy = .report,
        onClose: ((DisposeReport) -> Void)? = nil,
        fileID: String = #fileID,
        line: UInt = #line,
        body: (Scope) throws -> Result
    ) throws -> Result {
        var opening = ScopeOpening(name: name, tag: tag, location: CodeLocation(file: fileID, line: line), isSynchronous: true)
        opening.values = ProvidedValue.list(repeat each values)
        return try self.runSynchronously(opening, policy, onClose, body: body)
    }

    /// Opens a scope that provides values. The scope stays open until it or an enclosing scope is closed.
    ///
    /// - Parameters:
    ///   - name: The name of the scope; it need not be unique.
    ///   - tag: The tag of the scope. Nil takes the tag that the values are declared for.
    ///   - values: The values, each under its static type. Pass ``Provide`` for another type or a name.
    ///   - disposal: Whether the scope disposes its instances serially or concurrently; nil inherits the order of this scope.
    ///   - fileID: The file of the caller, for diagnostics.
    ///   - line: The line of the caller, for diagnostics.
    /// - Returns: The open scope.
    /// - Throws: ``ResourceError/Code/undeclaredValue`` for a value that is not declared, or not for this tag, and the errors of
    ///   ``openScope(_:tag:disposal:fileID:line:)``.
    public func openScope<each Value: Sendable>(
        _ name: String,
        tag: String? = nil,
        providing values: repeat each Value,
        disposal: StepOrder? = nil,
        fileID: String = #fileID,
        line: UInt = #line
    ) throws(ResourceError) -> Scope {
        let location = CodeLocation(file: fileID, line: line)
        var opening = ScopeOpening(name: name, tag: tag, location: location, isSynchronous: self.isSynchronous, disposal: disposal)
        opening.values = ProvidedValue.list(repeat each values)
        return try self.open(opening)
    }

    /// Opens a scope that provides `values`, and `value` if a declaration of it applies to scopes with this tag.
    package func openScope<Value: Sendable>(
        _ name: String,
        tag: String?,
        offering value: Value,
        providing values: ScopeValues,
        location: CodeLocation
    ) throws(ResourceError) -> Scope {
        var opening = ScopeOpening(name: name, tag: tag, location: location, isSynchronous: self.isSynchronous)
        opening.values = ProvidedValue.list(value)
        opening.values[0].isOffered = true
        opening.values += values.list
        return try self.open(opening)
    }
}

extension Container {
    /// Runs `body` in a new scope that provides values, inside the current scope of this container, or inside the root scope. See
    /// ``Scope/withScope(_:tag:providing:disposal:policy:onClose:fileID:line:body:)``.
    public nonisolated(nonsending) func withScope<each Value: Sendable, Result>(
        _ name: String = "scope",
        tag: String? = nil,
        providing values: repeat each Value,
        disposal: StepOrder? = nil,
        policy: ClosePolicy = .report,
        onClose: ((DisposeReport) -> Void)? = nil,
        fileID: String = #fileID,
        line: UInt = #line,
        body: nonisolated(nonsending) (Scope) async throws -> Result
    ) async throws -> Result {
        try await self.here.withScope(
            name,
            tag: tag,
            providing: repeat each values,
            disposal: disposal,
            policy: policy,
            onClose: onClose,
            fileID: fileID,
            line: line,
            body: body
        )
    }

    /// Runs `body` in a new scope that provides values, from synchronous code.
    @available(*, noasync)
    @_disfavoredOverload
    public func withScope<each Value: Sendable, Result>(
        _ name: String = "scope",
        tag: String? = nil,
        providing values: repeat each Value,
        policy: ClosePolicy = .report,
        onClose: ((DisposeReport) -> Void)? = nil,
        fileID: String = #fileID,
        line: UInt = #line,
        body: (Scope) throws -> Result
    ) throws -> Result {
        try self.here.withScope(
            name,
            tag: tag,
            providing: repeat each values,
            policy: policy,
            onClose: onClose,
            fileID: fileID,
            line: line,
            body: body
        )
    }

    /// Runs `body` in a new scope that provides values, inside the root scope, independent of the scope in which the calling task runs. See
    /// ``withDetachedScope(_:tag:disposal:policy:onClose:fileID:line:body:)`` and
    /// ``Scope/withScope(_:tag:providing:disposal:policy:onClose:fileID:line:body:)``.
    public nonisolated(nonsending) func withDetachedScope<each Value: Sendable, Result>(
        _ name: String = "scope",
        tag: String? = nil,
        providing values: repeat each Value,
        disposal: StepOrder? = nil,
        policy: ClosePolicy = .report,
        onClose: ((DisposeReport) -> Void)? = nil,
        fileID: String = #fileID,
        line: UInt = #line,
        body: nonisolated(nonsending) (Scope) async throws -> Result
    ) async throws -> Result {
        try await self.root.withScope(
            name,
            tag: tag,
            providing: repeat each values,
            disposal: disposal,
            policy: policy,
            onClose: onClose,
            fileID: fileID,
            line: line,
            body: body
        )
    }

    /// Runs `body` in a new scope that provides values, inside the root scope, from synchronous code. See
    /// ``withDetachedScope(_:tag:providing:disposal:policy:onClose:fileID:line:body:)``.
    @available(*, noasync)
    @_disfavoredOverload
    public func withDetachedScope<each Value: Sendable, Result>(
        _ name: String = "scope",
        tag: String? = nil,
        providing values: repeat each Value,
        policy: ClosePolicy = .report,
        onClose: ((DisposeReport) -> Void)? = nil,
        fileID: String = #fileID,
        line: UInt = #line,
        body: (Scope) throws -> Result
    ) throws -> Result {
        try self.root.withScope(
            name,
            tag: tag,
            providing: repeat each values,
            policy: policy,
            onClose: onClose,
            fileID: fileID,
            line: line,
            body: body
        )
    }

    /// Opens a scope that provides `values`, and `value` if a declaration of it applies to scopes with this tag.
    ///
    /// For libraries that have a value for every scope, such as the request of a server, which programs need not declare. The scope is inside
    /// the current scope of this container, or inside the root scope.
    package func openScope<Value: Sendable>(
        _ name: String,
        tag: String?,
        offering value: Value,
        providing values: ScopeValues,
        location: CodeLocation
    ) throws(ResourceError) -> Scope {
        try self.here.openScope(name, tag: tag, offering: value, providing: values, location: location)
    }

    /// Opens a scope that provides values and stays open until it or an enclosing scope is closed.
    ///
    /// - Parameters:
    ///   - name: The name of the scope; it need not be unique.
    ///   - parent: The enclosing scope. Nil is the current scope of this container, or the root scope outside any scope.
    ///   - tag: The tag of the scope. Nil takes the tag that the values are declared for.
    ///   - values: The values, each under its static type. Pass ``Provide`` for another type or a name.
    ///   - disposal: Whether the scope disposes its instances serially or concurrently; nil inherits the order of the enclosing scope.
    ///   - fileID: The file of the caller, for diagnostics.
    ///   - line: The line of the caller, for diagnostics.
    /// - Throws: ``ResourceError/Code/undeclaredValue`` for a value that is not declared, or not for this tag, and the errors of
    ///   ``openScope(_:in:tag:disposal:fileID:line:)``.
    public func openScope<each Value: Sendable>(
        _ name: String,
        in parent: Scope? = nil,
        tag: String? = nil,
        providing values: repeat each Value,
        disposal: StepOrder? = nil,
        fileID: String = #fileID,
        line: UInt = #line
    ) throws(ResourceError) -> Scope {
        try (parent ?? self.here).openScope(
            name,
            tag: tag,
            providing: repeat each values,
            disposal: disposal,
            fileID: fileID,
            line: line
        )
    }
}
