extension Bind {
    /// Declares a value that scopes provide, such as the request that a scope handles.
    ///
    /// ```swift
    /// Bind(value: Request.self, in: "request")
    /// ```
    ///
    /// See ``Container/bindValue(_:name:in:override:fileID:line:)``.
    public init(
        value type: Value.Type,
        name: String? = nil,
        in tag: String? = nil,
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line
    ) {
        let lifetime: Lifetime = tag.map { .tagged($0) } ?? .scoped
        self.init(BindingTerms(name, lifetime, .none, BindingOptions(), override, fileID, line), .value, [])
    }
}

extension Container {
    /// Declares a value that scopes provide, such as the request that a scope handles.
    ///
    /// By the declaration, ``validate()`` knows that the type resolves in such scopes, and only there: a singleton that depends on the value is
    /// a captive dependency. Requests resolve the value of the nearest scope that provides it, and throw
    /// ``ResourceError/Code/missingValue`` if there is none. An optional parameter is nil in that case.
    ///
    /// - Parameters:
    ///   - type: The type of the value. It may be a protocol type, such as `(any Principal).self`; provide it by ``Provide`` then.
    ///   - name: Distinguishes values of the same type.
    ///   - tag: The tag of the scopes that may provide the value. Nil allows every scope.
    ///   - override: Whether this declaration may replace an existing binding of the same key.
    ///   - fileID: The file of the declaration, filled in by the compiler.
    ///   - line: The line of the declaration, filled in by the compiler.
    /// - Throws: ``ResourceError/Code/duplicateBinding``, ``ResourceError/Code/containerClosed``.
    public func bindValue<Value: Sendable>(
        _ type: Value.Type,
        name: String? = nil,
        in tag: String? = nil,
        override: Bool = false,
        fileID: String = #fileID,
        line: UInt = #line
    ) throws(ResourceError) {
        try self.bind(Bind(value: type, name: name, in: tag, override: override, fileID: fileID, line: line))
    }
}
