/// Bindings that hold inside one scope instead of the container's: what ``Container/overriding(_:fileID:line:body:)`` lays over it.
///
/// The scope that carries an overlay stands in for the root: singletons that touch an overridden key are made in it, anew, and end with
/// it. What is ready outside and touches none is shared.
final class Overlay: Sendable {
    let bindings: [KeyID: Binding]
    /// The overlay around it.
    let outer: Overlay?

    init(_ bindings: [Binding], outer: Overlay?) {
        self.bindings = Dictionary(bindings.map { ($0.key, $0) }) { _, last in last }
        self.outer = outer
    }

    /// The bindings in here and in the overlays around.
    var all: [Binding] {
        Array(self.bindings.values) + (self.outer?.all ?? [])
    }

    /// The binding of `key` in here or in an overlay around; nil if the container's holds.
    func find(_ key: KeyID) -> Binding? {
        self.bindings[key] ?? self.outer?.find(key)
    }
}

extension Container {
    /// Runs `body` with other bindings in place of the container's: for tests.
    ///
    /// ```swift
    /// try await container.overriding {
    ///     Bind(Mailer.self) { FakeMailer() }
    /// } body: { scope in
    ///     try await placeOrder()          // uses the container as always, and gets the fake
    /// }
    /// ```
    ///
    /// Holds for what the task and its children ask for in `body`, and for nobody else: tests that override the same key run side by
    /// side. Whatever depends on an overridden key is made anew and disposed at the end; every other key, and every instance outside, is
    /// as it was.
    public nonisolated(nonsending) func overriding<Result>(
        @BindingsBuilder _ bindings: () -> [BindingDeclaration],
        fileID: String = #fileID,
        line: UInt = #line,
        body: nonisolated(nonsending) (Scope) async throws -> Result
    ) async throws -> Result {
        let (parent, opening) = try self.overlay(bindings(), SourcePlace(file: fileID, line: line), isSynchronous: false)
        defer { self.engine.retire(opening.overlay) }
        return try await parent.run(opening, .report, nil, isolation: #isolation, body: body)
    }

    /// ``overriding(_:fileID:line:body:)`` for synchronous code.
    @available(*, noasync)
    @_disfavoredOverload
    public func overriding<Result>(
        @BindingsBuilder _ bindings: () -> [BindingDeclaration],
        fileID: String = #fileID,
        line: UInt = #line,
        body: (Scope) throws -> Result
    ) throws -> Result {
        let (parent, opening) = try self.overlay(bindings(), SourcePlace(file: fileID, line: line), isSynchronous: true)
        defer { self.engine.retire(opening.overlay) }
        return try parent.runSynchronously(opening, .report, nil, body: body)
    }

    private func overlay(
        _ declarations: [BindingDeclaration],
        _ place: SourcePlace,
        isSynchronous: Bool
    ) throws(ResourceError) -> (Scope, ScopeOpening) {
        for declaration in declarations { try declaration.options.validate(label: declaration.label, place: declaration.place) }
        let parent = self.here
        let now = self.engine.now
        let bindings = try self.engine.lockedThrowing { registry throws(ResourceError) in
            guard registry.isOpen(parent) else { throw .closed(parent, refused: "to override bindings in it") }
            return declarations.map { registry.addBinding($0, insteadOf: registry.binding($0.key, in: parent), isOwn: false, at: now) }
        }
        var opening = ScopeOpening(name: "overriding", place: place, isSynchronous: isSynchronous || parent.isSynchronous)
        opening.overlay = Overlay(bindings, outer: parent.overlay)
        return (parent, opening)
    }
}
