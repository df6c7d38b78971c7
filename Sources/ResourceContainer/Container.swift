/// A set of bindings and the tree of scopes in which their instances live.
///
/// A resource is made and initialised when it is first asked for, shared inside its scope, and disposed when the scope ends, in the right
/// order, whatever happened. Close the container when the program ends: what lives in its root scope is disposed then.
///
/// Keep a reference to the container for as long as it is used; its scopes do not keep it. One that is dropped without having been closed is
/// freed, with everything in it and without a dispose: subscribers are told (``ResourceEvent/Kind/droppedOpen(live:)``), what lived counts as
/// abandoned, and scopes refuse requests from then on.
///
/// ```swift
/// let container = Container()
/// try container.bind(Database.self, lifetime: .singleton) { Database(path: "shop.sqlite") }
/// try container.bind(Orders.self, Orders.init)            // needs a Database, and is given it
/// try await container.withScope("request") { scope in
///     try await scope.get(Orders.self).place(order)
/// }                                                        // Orders is disposed here
/// try await container.close()                              // Database is disposed here
/// ```
public final class Container: Sendable {
    /// The name of the container and of its root scope.
    public let name: String
    /// The outermost scope: singletons live in it.
    public let root: Scope
    /// How it was asked to behave.
    public let options: ContainerOptions
    let engine: Engine

    /// An empty container.
    ///
    /// - Parameters:
    ///   - name: what to call it and its root scope.
    ///   - environment: where it takes time, randomness and an executor from.
    ///   - disposal: whether what a scope owns is disposed one after the other, as it should be where resources rely on each other without
    ///     the container's knowledge, or side by side. Holds for its scopes unless they are opened with another.
    ///   - options: how it behaves.
    ///   - fileID: the file it is made in, filled in by the compiler.
    ///   - line: the line, likewise.
    public init(
        name: String = "app",
        environment: ResourceEnvironment = .system,
        disposal: StepOrder = .serial,
        options: ContainerOptions = ContainerOptions(),
        fileID: String = #fileID,
        line: UInt = #line
    ) {
        let name = name.asName
        self.name = name
        self.options = options
        self.engine = Engine(container: name, environment: environment)
        self.root = self.engine.openRoot(ScopeOpening(name: name, place: SourcePlace(file: fileID, line: line), disposal: disposal))
    }

    /// A container that was not closed is reported to its subscribers, and everything in it is freed without a dispose.
    deinit {
        guard let live = self.engine.drop(), self.options.trapsWhenDroppedOpen else { return }
        preconditionFailure(
            "container \(self.name), made at \(self.root.place), was dropped without having been closed, with \(live) live instances, "
                + "whose disposes do not run: await container.close() before the last reference to it goes"
        )
    }

    /// The container's time, randomness and executor.
    public var environment: ResourceEnvironment {
        self.engine.environment
    }

    /// The scope of this container that the calling task is in, or the root.
    @usableFromInline
    var here: Scope {
        ScopeContext.find(self.engine)?.scope ?? self.root
    }

    // MARK: Getting

    /// The resource bound under `type` and `name`, in the scope of this container that the task is in; outside any, singletons only.
    ///
    /// - Throws: ``ResourceError``, among them ``ResourceError/Code/noScope`` for a scoped key outside any scope.
    @inlinable
    public nonisolated(nonsending) func get<Value: Sendable>(_ type: Value.Type, name: String? = nil) async throws -> Value {
        try await self.get(ResourceKey(type, name: name))
    }

    /// The resource bound under `key`. See `get(_:name:)`.
    @inlinable
    public nonisolated(nonsending) func get<Value: Sendable>(_ key: ResourceKey<Value>) async throws -> Value {
        try await self.here.get(key)
    }

    /// `get(_:name:)` from synchronous code.
    @inlinable
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable>(_ type: Value.Type, name: String? = nil) throws -> Value {
        try self.get(ResourceKey(type, name: name))
    }

    /// `get(_:)` from synchronous code.
    @inlinable
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable>(_ key: ResourceKey<Value>) throws -> Value {
        try self.here.get(key)
    }

    // MARK: Scopes

    /// Runs `body` in a new scope inside the one the task is in, or inside the root. See `Scope.withScope`.
    public nonisolated(nonsending) func withScope<Result>(
        _ name: String = "scope",
        tag: String? = nil,
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
            disposal: disposal,
            policy: policy,
            onClose: onClose,
            fileID: fileID,
            line: line,
            body: body
        )
    }

    /// `withScope` for synchronous code.
    @available(*, noasync)
    @_disfavoredOverload
    public func withScope<Result>(
        _ name: String = "scope",
        tag: String? = nil,
        policy: ClosePolicy = .report,
        onClose: ((DisposeReport) -> Void)? = nil,
        fileID: String = #fileID,
        line: UInt = #line,
        body: (Scope) throws -> Result
    ) throws -> Result {
        try self.here.withScope(name, tag: tag, policy: policy, onClose: onClose, fileID: fileID, line: line, body: body)
    }

    /// Opens a scope inside `parent`, or inside the root, that lives until it is closed.
    public func openScope(
        named name: String,
        tag: String? = nil,
        disposal: StepOrder? = nil,
        parent: Scope? = nil,
        fileID: String = #fileID,
        line: UInt = #line
    ) throws(ResourceError) -> Scope {
        try (parent ?? self.root).openScope(named: name, tag: tag, disposal: disposal, fileID: fileID, line: line)
    }

    /// Makes everything that is bound as an eager singleton. Opening a scope with `withScope` does it too. See ``Scope/start(_:)``.
    ///
    /// - Throws: ``ResourceError/Code/containerClosed``; what making throws.
    public nonisolated(nonsending) func start(_ order: StepOrder = .serial) async throws {
        try await self.root.start(order)
    }

    /// Closes the root scope and everything in the container. See ``Scope/close(_:within:)``.
    @discardableResult
    public nonisolated(nonsending) func close(
        _ mode: CloseMode = .drain,
        within budget: Duration? = nil
    ) async throws(ResourceError) -> DisposeReport {
        try await self.root.close(mode, within: budget)
    }
}
