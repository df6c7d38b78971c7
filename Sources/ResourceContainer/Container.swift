/// A set of bindings and the tree of scopes in which their instances live.
///
/// The container creates and initializes a resource on the first request, shares it inside its scope, and disposes it when the scope closes:
/// dependents before their dependencies, the rest newest first. Close the container at the end of the program to dispose the instances of its
/// root scope.
///
/// Keep a reference to the container while it is used; its scopes do not retain it. A container that is dropped without being closed is freed
/// with its instances, and no dispose runs. Its subscribers receive ``ResourceEvent/Kind/droppedOpen(live:)``, its live instances count as
/// abandoned, and its scopes refuse further requests.
///
/// ```swift
/// let container = Container()
/// try container.bind(Database.self, lifetime: .singleton) { Database(path: "shop.sqlite") }
/// try container.bind(Orders.self, Orders.init)            // the container passes the Database
/// try await container.withScope("request") { scope in
///     try await scope.get(Orders.self).place(order)
/// }                                                        // disposes Orders
/// try await container.close()                              // disposes Database
/// ```
public final class Container: Sendable {
    /// The name of the container and of its root scope.
    public let name: String
    /// The root scope, which owns the singletons.
    public let root: Scope
    /// The options that the container was created with.
    public let options: ContainerOptions
    let engine: Engine

    /// Creates a container without bindings.
    ///
    /// - Parameters:
    ///   - name: The name of the container and of its root scope.
    ///   - environment: The source of time, randomness, and the executor for the container's tasks.
    ///   - disposal: Whether scopes dispose their instances serially or concurrently. Serial disposal also respects dependencies that the
    ///     container does not know. A scope can override the order.
    ///   - options: The container's behavior.
    ///   - fileID: The file of the caller, for diagnostics.
    ///   - line: The line of the caller, for diagnostics.
    public init(
        _ name: String = "app",
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
        self.root = self.engine.openRoot(ScopeOpening(name: name, location: CodeLocation(file: fileID, line: line), disposal: disposal))
    }

    /// Reports a container that was not closed to its subscribers, and frees its instances without disposing them.
    deinit {
        guard let live = self.engine.drop(), self.options.trapsWhenDroppedOpen else { return }
        preconditionFailure(
            "container \(self.name), created at \(self.root.location), was dropped without being closed. Its \(live) live instances are not "
                + "disposed. Await container.close() before the last reference to the container is released."
        )
    }

    /// The source of the container's time, randomness, and executor.
    public var environment: ResourceEnvironment {
        self.engine.environment
    }

    /// The scope of this container in which the calling task runs; the root scope outside any scope.
    @usableFromInline
    var here: Scope {
        ScopeContext.find(self.engine)?.scope ?? self.root
    }

    // MARK: Getting

    /// Returns the instance bound under `type` and `name` for the current scope of this container. Outside any scope, only singletons resolve.
    ///
    /// - Throws: ``ResourceError``; ``ResourceError/Code/noScope`` for a scoped key outside any scope.
    @inlinable
    public nonisolated(nonsending) func get<Value: Sendable>(_ type: Value.Type, name: String? = nil) async throws -> Value {
        try await self.get(ResourceKey(type, name: name))
    }

    /// Returns the instance bound under `key`. See `get(_:name:)`.
    @inlinable
    public nonisolated(nonsending) func get<Value: Sendable>(_ key: ResourceKey<Value>) async throws -> Value {
        try await self.here.get(key)
    }

    /// Returns the instance bound under `type` and `name`, from synchronous code.
    @inlinable
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable>(_ type: Value.Type, name: String? = nil) throws -> Value {
        try self.get(ResourceKey(type, name: name))
    }

    /// Returns the instance bound under `key`, from synchronous code.
    @inlinable
    @available(*, noasync)
    @_disfavoredOverload
    public func get<Value: Sendable>(_ key: ResourceKey<Value>) throws -> Value {
        try self.here.get(key)
    }

    // MARK: Scopes

    /// Runs `body` in a new scope inside the current scope of this container, or inside the root scope. See ``Scope/withScope(_:tag:disposal:policy:onClose:fileID:line:body:)``.
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
        // Not by the method of the scope, which would be another asynchronous call.
        let (here, location) = (self.here, CodeLocation(file: fileID, line: line))
        let opening = ScopeOpening(name: name, tag: tag, location: location, isSynchronous: here.isSynchronous, disposal: disposal)
        return try await here.run(opening, policy, onClose, isolation: #isolation, body: body)
    }

    /// Runs `body` in a new scope, from synchronous code.
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

    /// Runs `body` in a new scope inside the root scope, independent of the scope in which the calling task runs.
    ///
    /// A task inherits the scope in which it is started, and that scope may close before the task ends. Work that outlives a request
    /// therefore runs in a detached scope. Equivalent to `container.root.withScope`:
    /// ``Scope/withScope(_:tag:disposal:policy:onClose:fileID:line:body:)`` describes the parameters.
    ///
    /// ```swift
    /// try await container.withScope("request") { request in
    ///     let order = try await request.get(Orders.self).place()
    ///     Task {
    ///         try await container.withDetachedScope("receipt") { scope in
    ///             try await scope.get(Mailer.self).send(order.receipt)
    ///         }
    ///     }
    /// }                                                        // does not wait for the receipt
    /// ```
    ///
    /// The scope is closed with the container, which does not wait for `body`. Bindings of ``overriding(_:fileID:line:body:)-92y0e`` do not apply.
    ///
    /// - Throws: The error of `body`, unchanged; ``ResourceError`` if the container is closed or an eager instance cannot be created;
    ///   ``DisposeError`` under ``ClosePolicy/throw``.
    public nonisolated(nonsending) func withDetachedScope<Result>(
        _ name: String = "scope",
        tag: String? = nil,
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
            disposal: disposal,
            policy: policy,
            onClose: onClose,
            fileID: fileID,
            line: line,
            body: body
        )
    }

    /// Runs `body` in a new scope inside the root scope, from synchronous code. See
    /// ``withDetachedScope(_:tag:disposal:policy:onClose:fileID:line:body:)``.
    @available(*, noasync)
    @_disfavoredOverload
    public func withDetachedScope<Result>(
        _ name: String = "scope",
        tag: String? = nil,
        policy: ClosePolicy = .report,
        onClose: ((DisposeReport) -> Void)? = nil,
        fileID: String = #fileID,
        line: UInt = #line,
        body: (Scope) throws -> Result
    ) throws -> Result {
        try self.root.withScope(name, tag: tag, policy: policy, onClose: onClose, fileID: fileID, line: line, body: body)
    }

    /// Opens a scope that stays open until it or an enclosing scope is closed.
    ///
    /// - Parameters:
    ///   - name: The name of the scope; it need not be unique.
    ///   - parent: The enclosing scope. Nil is the current scope of this container, or the root scope outside any scope; pass
    ///     `container.root` for a scope that outlives the current one.
    ///   - tag: The tag by which bindings with the lifetime ``Lifetime/tagged(_:)`` find the scope, and under which statistics of closed
    ///     scopes are kept.
    ///   - disposal: Whether the scope disposes its instances serially or concurrently; nil inherits the order of the enclosing scope.
    ///   - fileID: The file of the caller, for diagnostics.
    ///   - line: The line of the caller, for diagnostics.
    /// - Throws: ``ResourceError`` if the enclosing scope is closed or the scopes are nested too deeply.
    public func openScope(
        _ name: String,
        in parent: Scope? = nil,
        tag: String? = nil,
        disposal: StepOrder? = nil,
        fileID: String = #fileID,
        line: UInt = #line
    ) throws(ResourceError) -> Scope {
        try (parent ?? self.here).openScope(name, tag: tag, disposal: disposal, fileID: fileID, line: line)
    }

    /// Creates and initializes the eager singletons. `withScope` does this, too. See ``Scope/start(_:)``.
    ///
    /// - Throws: ``ResourceError/Code/containerClosed``, or the error of the first binding, in binding order, that cannot be initialized.
    public nonisolated(nonsending) func start(_ order: StepOrder = .serial) async throws {
        try await self.root.start(order)
    }

    /// Closes the root scope and thereby the whole container. See ``Scope/close(_:within:)``.
    @discardableResult
    public nonisolated(nonsending) func close(
        _ mode: CloseMode = .drain,
        within budget: Duration? = nil
    ) async throws(ResourceError) -> DisposeReport {
        try await self.root.close(mode, within: budget)
    }
}
