/// A bounded pool of items that are lent to one borrower at a time.
///
/// The pool makes its items itself, when they are needed, and lends the newest idle one; borrowers that find none are served in the
/// order they came. A pool is a resource: bind it in a container and its figures are sampled, its troubles are events, and it is
/// drained and closed when its scope ends.
public final class ResourcePool<Element: Sendable>: Resource, SampledPool, HealthCheckable {
    @usableFromInline
    let hub: PoolHub

    /// A pool that is empty until it is initialised or somebody asks.
    ///
    /// All hooks run in tasks of the pool's own, whatever becomes of the borrower that caused them.
    ///
    /// - Parameters:
    ///   - name: what it is called in errors and in figures.
    ///   - configuration: its limits, budgets and thresholds.
    ///   - environment: where its time, its jitter and its tasks come from.
    ///   - make: makes an item. A throw, and not to return within `createTimeout`, is a failure; the pool tries again after a pause.
    ///   - validate: whether an item is still usable; a throw says no. Asked before an item is lent that was not used for the
    ///     configuration's `validationFreshness`, and to keep idle items alive. An item that fails is closed.
    ///   - reset: makes an item that came back fit for the next borrower. An item whose reset throws is closed.
    ///   - close: closes an item. Called once for every item that was made.
    /// - Throws: ``PoolError/Code/invalidConfiguration``, with the setting at fault.
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

    /// The pool's name.
    public var name: String {
        self.hub.name
    }

    /// What it was made with. The limits may have been changed since: see ``poolSample()``.
    public var configuration: PoolConfiguration {
        self.hub.configuration
    }

    // MARK: Borrowing

    /// Runs `body` with an item, which is given back when `body` returns or throws.
    ///
    /// O(1) and without suspension if an item is idle that need not be validated; else the borrower queues, which is O(log waiters).
    ///
    /// - Parameters:
    ///   - budget: how long the item may take to come, waiting, creating and validating; nil is the configuration's `acquireBudget`.
    ///   - fileID: the borrower's file, which errors, events and figures name.
    ///   - line: the borrower's line.
    ///   - body: what is done with the item.
    /// - Returns: what `body` returns.
    /// - Throws: ``PoolError`` with code `timedOut`, `exhausted`, `unavailable`, `reentrant`, `closed` or `invalidBudget`;
    ///   `CancellationError` if the task is cancelled before it got an item; what `body` throws.
    @inlinable
    public nonisolated(nonsending) func withLease<Result>(
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        _ body: nonisolated(nonsending) (Element) async throws -> Result
    ) async throws -> Result {
        if budget == nil, let grant = self.hub.lendAtOnce(fileID: fileID, line: line) {
            defer { self.hub.giveBack(grant.use) }
            UserCode.begins()
            return try await body(PoolItem<Element>.element(grant.item))
        }
        let grant = try await self.hub.acquire(fileID: fileID, line: line, budget: budget)
        defer { self.hub.giveBack(grant.use) }
        UserCode.begins()
        return try await body(PoolItem<Element>.element(grant.item))
    }

    /// Runs `body` with an item that it may find broken: `handle.markBroken()` has it closed instead of lent again, and
    /// `handle.release()` gives it back before the end.
    ///
    /// - Parameters:
    ///   - budget: how long the item may take to come, waiting, creating and validating; nil is the configuration's `acquireBudget`.
    ///   - fileID: the borrower's file, which errors, events and figures name.
    ///   - line: the borrower's line.
    ///   - body: what is done with the item, and with the handle of its lease.
    /// - Returns: what `body` returns.
    /// - Throws: what ``withLease(budget:fileID:line:_:)-(_,_,_,(Element)->Result)`` throws.
    public nonisolated(nonsending) func withLease<Result>(
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        _ body: nonisolated(nonsending) (Element, LeaseHandle) async throws -> Result
    ) async throws -> Result {
        let grant = try await self.hub.acquire(fileID: fileID, line: line, budget: budget)
        defer { self.hub.giveBack(grant.use) }
        UserCode.begins()
        return try await body(PoolItem<Element>.element(grant.item), LeaseHandle(hub: self.hub, use: grant.use))
    }

    /// Borrows an item until the lease is released or dropped.
    ///
    /// O(1) and without suspension if an item is idle that need not be validated; else the borrower queues, which is O(log waiters).
    ///
    /// - Parameters:
    ///   - budget: how long the item may take to come, waiting, creating and validating; nil is the configuration's `acquireBudget`.
    ///   - fileID: the borrower's file, which errors, events and figures name.
    ///   - line: the borrower's line.
    /// - Throws: ``PoolError`` with code `timedOut`, `exhausted`, `unavailable`, `reentrant`, `closed` or `invalidBudget`;
    ///   `CancellationError` if the task is cancelled before it got an item.
    @inlinable
    public nonisolated(nonsending) func acquire(
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Lease<Element> {
        if budget == nil, let grant = self.hub.lendAtOnce(fileID: fileID, line: line) { return Lease(self.hub, grant) }
        return Lease(self.hub, try await self.hub.acquire(fileID: fileID, line: line, budget: budget))
    }

    /// Gives back what a detached lease holds. O(1).
    ///
    /// - Parameters:
    ///   - handle: what ``Lease/detach()`` gave.
    ///   - fileID: the file that an error names.
    ///   - line: the line that an error names.
    /// - Throws: ``PoolError/Code/staleLease`` if the lease has ended, ``PoolError/Code/foreignLease`` if it is of another pool. Nothing
    ///   is changed then, and whoever holds the item keeps it.
    public func release(_ handle: LeaseHandle, fileID: StaticString = #fileID, line: UInt = #line) throws(PoolError) {
        guard handle.hub === self.hub else {
            throw .foreignLease(self.name, of: handle.hub.name, place: SourcePlace(file: "\(fileID)", line: line))
        }
        try handle.release(fileID: fileID, line: line)
    }

    // MARK: The pool as a whole

    /// Makes items up to the minimum and returns when they are there; the minimum is kept up from now on.
    ///
    /// - Parameters:
    ///   - budget: how long that may take; nil is the configuration's `acquireBudget`.
    ///   - fileID: the file that an error names.
    ///   - line: the line that an error names.
    /// - Throws: ``PoolError/Code/timedOut`` with the last error of making an item; ``PoolError/Code/closed``;
    ///   ``PoolError/Code/invalidBudget``; `CancellationError`, and then the items are made all the same.
    public func prefill(budget: Duration? = nil, fileID: StaticString = #fileID, line: UInt = #line) async throws {
        let place = SourcePlace(file: "\(fileID)", line: line)
        if let budget, budget <= .zero { throw PoolError.invalidBudget(self.name, budget, place: place) }
        try await self.hub.prefill(budget: budget ?? self.configuration.acquireBudget, place: place)
    }

    /// Changes the limits; nil leaves one as it is. Nobody loses a lease: of what is too many the idle items go now, the lent ones when
    /// they come back. O(slots).
    ///
    /// - Parameters:
    ///   - maximum: the most items from now on; above 0.
    ///   - minimum: how many items are kept from now on; 0 to the maximum.
    /// - Throws: ``PoolError/Code/invalidConfiguration``, and then nothing is changed.
    public func resize(maximum: Int? = nil, minimum: Int? = nil) throws(PoolError) {
        try self.hub.resize(maximum: maximum, minimum: minimum)
    }

    /// Has every item replaced that there is or is being made: the idle ones go at once, the lent ones when they come back. O(slots).
    public func expireAll() {
        self.hub.expireAll()
    }

    /// Begins to fill the pool to its minimum, or does it, as the configuration's `prefill` says. A container calls it.
    ///
    /// - Throws: under ``PoolConfiguration/Prefill/wait`` what ``prefill(budget:fileID:line:)`` throws; else nothing.
    public func initialize() async throws {
        try await self.hub.initialize()
    }

    /// Closes the pool: refuses new borrowers and those in the queue, waits for what is lent until the drain timeout, then closes every
    /// item. Called again, or by several at once, it gives the same report. Never cancelled.
    ///
    /// Takes no longer than the configuration's `drainTimeout` and `closeTimeout` together.
    ///
    /// - Returns: what became of the items, and who did not give back. Their items are closed when they do.
    @discardableResult
    public func close() async -> PoolCloseReport {
        await self.hub.close()
    }

    /// ``close()`` as a container does it.
    ///
    /// - Throws: ``PoolError/Code/notCleanlyClosed`` if something did not come back or did not close; the pool is closed all the same.
    public func dispose() async throws {
        if let error = await self.close().error { throw error }
    }

    // MARK: Looking in

    public func attach(_ context: ResourceContext) {
        self.hub.attach(context)
    }

    /// The figures, all of one moment. O(maximum · log maximum) and at most 50 waiters.
    public func poolSample() -> PoolSample {
        self.hub.sample()
    }

    /// The figures under the specification's names, all of one moment. O(1).
    public func metrics() -> PoolMetrics {
        PoolMetrics(self.hub.sample(listed: 0))
    }

    /// Unhealthy while the pool refuses, degraded while making items fails or leases may be leaks. Takes no item, and never throws.
    public func healthCheck() async throws -> HealthReport {
        self.hub.health
    }
}
