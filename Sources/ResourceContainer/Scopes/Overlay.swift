/// Bindings that override the container's inside one scope; see ``Container/overriding(_:fileID:line:body:)``.
///
/// The scope with the overlay acts as the root: singletons that depend on an overridden key are created again in it and disposed with it.
/// Instances that depend on no overridden key are shared with the outside.
final class Overlay: Sendable {
    let bindings: [KeyID: Binding]
    /// The enclosing overlay; nil if there is none.
    let outer: Overlay?

    init(_ bindings: [Binding], outer: Overlay?) {
        self.bindings = Dictionary(bindings.map { ($0.key, $0) }) { _, last in last }
        self.outer = outer
    }

    /// The bindings of this overlay and of the enclosing ones.
    var all: [Binding] {
        Array(self.bindings.values) + (self.outer?.all ?? [])
    }

    /// Returns the binding of `key` in this or the nearest enclosing overlay; nil if no overlay overrides the key.
    func find(_ key: KeyID) -> Binding? {
        self.bindings[key] ?? self.outer?.find(key)
    }
}

extension Scope {
    /// Where a request in this scope, which is the root or acts as the root, is made: the reason why it resolves no scoped key.
    var whereNoneIsScoped: String {
        self.parent == nil ? "outside of any scope" : "in the scope of an override, which acts as the root"
    }
}

extension Container {
    /// Runs `body` with bindings that override the container's, for tests.
    ///
    /// The overrides apply to requests from the task and its child tasks inside `body`, and to no other task, so tests that override the
    /// same key can run in parallel. Instances that depend on an overridden key are created again and disposed at the end. All other keys,
    /// and all instances outside, are unaffected.
    ///
    /// The scope that `body` receives acts as the root: it resolves singletons, and no scoped key. Scopes opened inside `body` resolve scoped
    /// keys.
    ///
    /// ```swift
    /// try await container.overriding {
    ///     Bind(Mailer.self) { FakeMailer() }
    /// } body: { scope in
    ///     try await placeOrder()          // resolves the fake through the container
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - bindings: The bindings that override the container's.
    ///   - fileID: The file of the caller, for diagnostics.
    ///   - line: The line of the caller, for diagnostics.
    ///   - body: Receives the scope that carries the overrides.
    /// - Returns: The result of `body`.
    /// - Throws: The error of `body`, unchanged; ``ResourceError`` if a binding is invalid or the current scope is closed.
    public nonisolated(nonsending) func overriding<Result>(
        @BindingsBuilder _ bindings: () -> [BindingDeclaration],
        fileID: String = #fileID,
        line: UInt = #line,
        body: nonisolated(nonsending) (Scope) async throws -> Result
    ) async throws -> Result {
        let (parent, opening) = try self.overlay(bindings(), CodeLocation(file: fileID, line: line), isSynchronous: false)
        defer { self.engine.retire(opening.overlay) }
        return try await parent.run(opening, .report, nil, isolation: #isolation, body: body)
    }

    /// Runs a synchronous `body` with bindings that override the container's. See ``overriding(_:fileID:line:body:)``.
    @available(*, noasync)
    @_disfavoredOverload
    public func overriding<Result>(
        @BindingsBuilder _ bindings: () -> [BindingDeclaration],
        fileID: String = #fileID,
        line: UInt = #line,
        body: (Scope) throws -> Result
    ) throws -> Result {
        let (parent, opening) = try self.overlay(bindings(), CodeLocation(file: fileID, line: line), isSynchronous: true)
        defer { self.engine.retire(opening.overlay) }
        return try parent.runSynchronously(opening, .report, nil, body: body)
    }

    private func overlay(
        _ declarations: [BindingDeclaration],
        _ location: CodeLocation,
        isSynchronous: Bool
    ) throws(ResourceError) -> (Scope, ScopeOpening) {
        for declaration in declarations { try declaration.validate() }
        let parent = self.here
        let now = self.engine.now
        let bindings = try self.engine.lockedThrowing { registry throws(ResourceError) in
            guard registry.isOpen(parent) else { throw .closed(parent, refused: "to override bindings in it") }
            var bindings: [Binding] = []
            for declaration in declarations {
                // A binding is before its fallback.
                let main = declaration.fallbackOf.flatMap { key in bindings.last { $0.key == key } }
                let model = main ?? registry.binding(declaration.key, in: parent)
                bindings.append(registry.addBinding(declaration, inheriting: model, isOwn: false, at: now))
            }
            return bindings
        }
        var opening = ScopeOpening(name: "overriding", location: location, isSynchronous: isSynchronous || parent.isSynchronous)
        opening.overlay = Overlay(bindings, outer: parent.overlay)
        return (parent, opening)
    }
}
