/// A bounded pool of items, each leased to one holder at a time.
///
/// The pool creates items on demand and leases idle ones first; when none is available, waiters are served in the order of their arrival. A
/// pool is a resource: bound in a container, its figures are sampled, its problems are recorded as events, and it is drained and closed
/// when its scope closes.
public final class ResourcePool<Element: Sendable>: Resource, SampledPool, HealthCheckable {
    @usableFromInline
    let hub: PoolHub

    /// Creates a pool. It has no items until it is initialized or an item is first acquired.
    ///
    /// All hooks run in the pool's own tasks, independent of the caller that caused them.
    ///
    /// - Parameters:
    ///   - name: The pool's name in errors and figures.
    ///   - configuration: The limits, budgets and thresholds.
    ///   - environment: The source of time, jitter and tasks.
    ///   - make: Creates an item. Throwing, or taking longer than `createTimeout`, is a failure; the pool tries again after a pause.
    ///   - validate: Returns whether an item is still usable; throwing means no. Runs before the pool leases an item that has not been used
    ///     for `validationFreshness`, and to keep idle items alive. An item that fails is closed.
    ///   - reset: Prepares a released item for its next holder. An item whose reset throws is closed.
    ///   - close: Closes an item. Called once for every created item.
    /// - Throws: ``PoolError/Code/invalidConfiguration``, with the invalid setting.
    public init(
        name: String,
        configuration: PoolConfiguration,
        environment: ResourceEnvironment = .system,
        make: @escaping @Sendable () async throws -> Element,
        validate: (@Sendable (Element) async throws -> Bool)? = nil,
        reset: (@Sendable (Element) async throws -> Void)? = nil,
        close: @escaping @Sendable (Element) async throws -> Void = { _ in }
    ) throws(PoolError) {
        try configuration.validate(name: name, validates: validate != nil)
        self.hub = PoolHub(
            name: name,
            configuration: configuration,
            environment: environment,
            hooks: PoolHub.Hooks(
                make: { _ in PoolItem(try await make()) },
                validate: PoolItem.optionalHook(validate),
                reset: PoolItem.optionalHook(reset),
                close: PoolItem.hook(close)
            )
        )
    }

    /// Creates a pool whose `validate` throws if an item is no longer usable, such as `validate: { try await $0.ping() }`.
    ///
    /// See the initializer whose `validate` returns a `Bool` for the parameters.
    ///
    /// - Throws: ``PoolError/Code/invalidConfiguration``, with the invalid setting.
    @_disfavoredOverload
    public convenience init(
        name: String,
        configuration: PoolConfiguration,
        environment: ResourceEnvironment = .system,
        make: @escaping @Sendable () async throws -> Element,
        validate: @escaping @Sendable (Element) async throws -> Void,
        reset: (@Sendable (Element) async throws -> Void)? = nil,
        close: @escaping @Sendable (Element) async throws -> Void = { _ in }
    ) throws(PoolError) {
        try self.init(
            name: name,
            configuration: configuration,
            environment: environment,
            make: make,
            validate: PoolItem.passing(validate),
            reset: reset,
            close: close
        )
    }

    /// The pool's name.
    public var name: String {
        self.hub.name
    }

    /// The configuration with which the pool was created. The limits may have changed since: see ``poolSample()``.
    public var configuration: PoolConfiguration {
        self.hub.configuration
    }

    // MARK: Acquiring

    /// Runs `body` with an item, and releases the item when `body` returns or throws.
    ///
    /// O(1) and without suspension if an idle item needs no validation; otherwise the caller queues, which is O(log waiters).
    ///
    /// - Parameters:
    ///   - budget: The time limit for getting the item, including waiting, creation and validation; nil uses the configuration's
    ///     `acquireBudget`.
    ///   - fileID: The caller's file, which errors, events and figures name.
    ///   - line: The caller's line.
    ///   - body: The work to do with the item.
    /// - Returns: The result of `body`.
    /// - Throws: ``PoolError`` with code `timedOut`, `exhausted`, `unavailable`, `reentrant`, `closed` or `invalidBudget`;
    ///   `CancellationError` if the task is canceled before it gets an item; the error that `body` throws.
    @inlinable
    public nonisolated(nonsending) func withLease<Result>(
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        _ body: nonisolated(nonsending) (Element) async throws -> Result
    ) async throws -> Result {
        if budget == nil, let grant = self.hub.leaseImmediately(fileID: fileID, line: line) {
            defer { self.hub.releaseOwned(grant.use) }
            UserCode.begins()
            return try await body(PoolItem<Element>.element(grant))
        }
        let grant = try await self.hub.acquire(fileID: fileID, line: line, budget: budget)
        defer { self.hub.releaseOwned(grant.use) }
        UserCode.begins()
        return try await body(PoolItem<Element>.element(grant))
    }

    /// Runs `body` with an item and the handle of its lease.
    ///
    /// `handle.markBroken()` makes the pool close the item instead of leasing it again; `handle.release()` releases the item before `body`
    /// ends.
    ///
    /// - Parameters:
    ///   - budget: The time limit for getting the item, including waiting, creation and validation; nil uses the configuration's
    ///     `acquireBudget`.
    ///   - fileID: The caller's file, which errors, events and figures name.
    ///   - line: The caller's line.
    ///   - body: The work to do with the item and the handle.
    /// - Returns: The result of `body`.
    /// - Throws: The errors of ``withLease(budget:fileID:line:_:)-(_,_,_,(Element)->Result)``.
    public nonisolated(nonsending) func withLease<Result>(
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        _ body: nonisolated(nonsending) (Element, LeaseHandle) async throws -> Result
    ) async throws -> Result {
        let grant = try await self.hub.acquire(fileID: fileID, line: line, budget: budget)
        defer { self.hub.release(grant.use) }
        UserCode.begins()
        return try await body(PoolItem<Element>.element(grant), LeaseHandle(hub: self.hub, use: grant.use))
    }

    /// Acquires an item, which is leased until the lease is released or destroyed.
    ///
    /// O(1) and without suspension if an idle item needs no validation; otherwise the caller queues, which is O(log waiters).
    ///
    /// - Parameters:
    ///   - budget: The time limit for getting the item, including waiting, creation and validation; nil uses the configuration's
    ///     `acquireBudget`.
    ///   - fileID: The caller's file, which errors, events and figures name.
    ///   - line: The caller's line.
    /// - Returns: The lease.
    /// - Throws: ``PoolError`` with code `timedOut`, `exhausted`, `unavailable`, `reentrant`, `closed` or `invalidBudget`;
    ///   `CancellationError` if the task is canceled before it gets an item.
    @inlinable
    public nonisolated(nonsending) func acquire(
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Lease<Element> {
        if budget == nil, let grant = self.hub.leaseImmediately(fileID: fileID, line: line) { return Lease(self.hub, grant) }
        return Lease(self.hub, try await self.hub.acquire(fileID: fileID, line: line, budget: budget))
    }

    /// Releases a detached lease. O(1).
    ///
    /// - Parameters:
    ///   - handle: The handle that ``Lease/detach()`` returned.
    ///   - fileID: The file that an error names.
    ///   - line: The line that an error names.
    /// - Throws: ``PoolError/Code/staleLease`` if the lease has already ended; ``PoolError/Code/foreignLease`` if it belongs to another
    ///   pool. Nothing is changed then, and the current holder keeps the item.
    public func release(_ handle: LeaseHandle, fileID: StaticString = #fileID, line: UInt = #line) throws(PoolError) {
        guard handle.hub === self.hub else {
            throw .foreignLease(self.name, of: handle.hub.name, location: CodeLocation(file: "\(fileID)", line: line))
        }
        try handle.release(fileID: fileID, line: line)
    }

    // MARK: The pool as a whole

    /// Creates items up to the minimum and returns when they are ready. The pool maintains the minimum from now on.
    ///
    /// - Parameters:
    ///   - budget: The time limit; nil uses the configuration's `acquireBudget`.
    ///   - fileID: The file that an error names.
    ///   - line: The line that an error names.
    /// - Throws: ``PoolError/Code/timedOut``, with the last creation error; ``PoolError/Code/closed``; ``PoolError/Code/invalidBudget``;
    ///   `CancellationError`. The pool continues to create the items after a timeout or a cancellation.
    public func prefill(budget: Duration? = nil, fileID: StaticString = #fileID, line: UInt = #line) async throws {
        let location = CodeLocation(file: "\(fileID)", line: line)
        if let budget, budget <= .zero { throw PoolError.invalidBudget(self.name, budget, location: location) }
        try await self.hub.prefill(budget: budget ?? self.configuration.acquireBudget, location: location)
    }

    /// Changes the limits; nil keeps a limit unchanged. Existing leases are kept: surplus idle items are closed now, surplus leased ones
    /// when they are released. O(slots).
    ///
    /// - Parameters:
    ///   - maximum: The new maximum number of items; above 0.
    ///   - minimum: The new number of items to maintain; 0 to the maximum.
    /// - Throws: ``PoolError/Code/invalidConfiguration``; nothing is changed then.
    public func resize(maximum: Int? = nil, minimum: Int? = nil) throws(PoolError) {
        try self.hub.resize(maximum: maximum, minimum: minimum)
    }

    /// Expires every item that exists or is being created: idle items are closed at once, leased ones when they are released. The pool
    /// creates new items when it needs them. O(slots).
    public func expireAll() {
        self.hub.expireAll()
    }

    /// Fills the pool to its minimum, in the background or before returning, as the configuration's `prefill` specifies. The container
    /// calls it.
    ///
    /// - Throws: Under ``PoolConfiguration/Prefill/wait``, the errors of ``prefill(budget:fileID:line:)``; otherwise nothing.
    public func initialize() async throws {
        try await self.hub.initialize()
    }

    /// Closes the pool: refuses new and queued acquisitions, waits for leased items until the drain timeout, then closes every item.
    ///
    /// Repeated and concurrent calls get the same report. The close ignores cancellation and takes at most the configuration's
    /// `drainTimeout` and `closeTimeout` together.
    ///
    /// - Returns: The outcome for the items, and the holders that did not release; their items are closed when they do.
    @discardableResult
    public func close() async -> PoolCloseReport {
        await self.hub.close()
    }

    /// Closes the pool like ``close()``. The container calls it.
    ///
    /// - Throws: ``PoolError/Code/notCleanlyClosed`` if an item was not released or not closed cleanly; the pool is closed nevertheless.
    public func dispose() async throws {
        if let error = await self.close().error { throw error }
    }

    // MARK: Inspection

    /// Receives the context of the container. The container calls it.
    public func attach(_ context: ResourceContext) {
        self.hub.attach(context)
    }

    /// Returns a consistent sample of the pool's figures. O(maximum · log maximum), with at most 50 waiters.
    public func poolSample() -> PoolSample {
        self.hub.sample()
    }

    /// Returns the pool's figures under the names of the specification's `get_metrics`, consistent with each other. O(1).
    public func metrics() -> PoolMetrics {
        PoolMetrics(self.hub.sample(listed: 0))
    }

    /// Returns the pool's health: unhealthy while the pool refuses acquisitions, degraded while creating items fails or leases are
    /// suspected leaks.
    ///
    /// Acquires no item and never throws.
    public func healthCheck() async throws -> HealthReport {
        self.hub.health
    }
}

extension ResourcePool: ScopeWatching, ExpeditedResource {
    /// Counts the unreleased leases of a closed scope as lost. The container calls it.
    public func scopeClosed(_ scope: ScopeID) {
        self.hub.scopeClosed(scope)
    }

    /// Expedites a running or later close: it no longer waits for leased items. The container calls it.
    public func expedite() {
        self.hub.expedite()
    }
}
