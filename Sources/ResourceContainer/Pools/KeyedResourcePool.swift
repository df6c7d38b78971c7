/// A pool whose items belong to keys, for example connections to hosts, with one limit per key and one for all keys together.
///
/// Waiters are served in the order of their arrival, among those that can be served. A waiter that waits for its key's limit does not delay
/// waiters of other keys. A waiter that waits for the overall limit gets the next available room; if there is none, the pool evicts the
/// item of another key that has been idle longest. Failed creations delay only their own key. Otherwise the pool behaves like a
/// ``ResourcePool``, except that it keeps no minimum and creates no replacement before an expired item is closed.
///
/// `==` and `hash(into:)` of the keys run under a lock of the pool: they must return quickly and must not call this pool. They may call the
/// container, its other pools and its scopes.
public final class KeyedResourcePool<Key: Hashable & Sendable, Element: Sendable>: Resource, SampledPool, HealthCheckable {
    let hub: PoolHub
    private let keys: PoolKeys<Key>

    /// Creates an empty pool.
    ///
    /// `make`, `validate`, `reset` and `close` run in the pool's own tasks, independent of the caller that caused them.
    ///
    /// - Parameters:
    ///   - name: The pool's name in errors and figures.
    ///   - configuration: The limits, budgets and thresholds. Its `maximum` covers all keys together; its `minimumSize` must be 0.
    ///   - maximumPerKey: The maximum number of items per key; above 0.
    ///   - environment: The source of time, jitter and tasks.
    ///   - make: Creates an item for a key. Throwing, or taking longer than `createTimeout`, is a failure and delays only this key.
    ///   - validate: Returns whether an item is still usable; throwing means no. An item that fails is closed.
    ///   - reset: Prepares a released item for its next holder. An item whose reset throws is closed.
    ///   - close: Closes an item. Called once for every created item.
    /// - Throws: ``PoolError/Code/invalidConfiguration``, with the invalid setting.
    public init(
        name: String,
        configuration: PoolConfiguration,
        maximumPerKey: Int,
        environment: ResourceEnvironment = .system,
        make: @escaping @Sendable (Key) async throws -> Element,
        validate: (@Sendable (Element) async throws -> Bool)? = nil,
        reset: (@Sendable (Element) async throws -> Void)? = nil,
        close: @escaping @Sendable (Element) async throws -> Void = { _ in }
    ) throws(PoolError) {
        try configuration.validate(name: name, validates: validate != nil)
        func refuse(_ text: String) -> PoolError {
            PoolError(.invalidConfiguration, pool: name, "pool \(name.asName) cannot be created: \(text)")
        }
        if maximumPerKey < 1 { throw refuse("maximumPerKey is \(maximumPerKey) and must be at least 1") }
        if configuration.minimumSize > 0 {
            throw refuse("minimumSize is \(configuration.minimumSize) and must be 0 in a keyed pool")
        }
        let keys = PoolKeys<Key>()
        self.keys = keys
        self.hub = PoolHub(
            name: name,
            configuration: configuration,
            maximumPerKey: min(maximumPerKey, configuration.maximum),
            environment: environment,
            hooks: PoolHub.Hooks(
                make: { group in PoolItem(try await make(try keys.key(of: group))) },
                validate: PoolItem.optionalHook(validate),
                reset: PoolItem.optionalHook(reset),
                close: PoolItem.hook(close),
                groupUnused: { hub, group in keys.forget(group, in: hub) }
            )
        )
    }

    /// Creates an empty pool whose `validate` throws if an item is no longer usable, such as `validate: { try await $0.ping() }`.
    ///
    /// See the initializer whose `validate` returns a `Bool` for the parameters.
    ///
    /// - Throws: ``PoolError/Code/invalidConfiguration``, with the invalid setting.
    @_disfavoredOverload
    public convenience init(
        name: String,
        configuration: PoolConfiguration,
        maximumPerKey: Int,
        environment: ResourceEnvironment = .system,
        make: @escaping @Sendable (Key) async throws -> Element,
        validate: @escaping @Sendable (Element) async throws -> Void,
        reset: (@Sendable (Element) async throws -> Void)? = nil,
        close: @escaping @Sendable (Element) async throws -> Void = { _ in }
    ) throws(PoolError) {
        try self.init(
            name: name,
            configuration: configuration,
            maximumPerKey: maximumPerKey,
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

    /// The configuration with which the pool was created. The maximum may have changed since: see ``poolSample()``.
    public var configuration: PoolConfiguration {
        self.hub.configuration
    }

    /// The number of keys that have items, waiters, or recent creation failures. O(1).
    public var keyCount: Int {
        self.keys.count
    }

    /// Runs `body` with an item of `key`, and releases the item when `body` returns or throws.
    ///
    /// O(1) and without suspension if an idle item of the key needs no validation.
    ///
    /// - Parameters:
    ///   - key: The key of the item.
    ///   - budget: The time limit for getting the item, including waiting, creation and validation; nil uses the configuration's
    ///     `acquireBudget`.
    ///   - fileID: The caller's file, which errors, events and figures name.
    ///   - line: The caller's line.
    ///   - body: The work to do with the item.
    /// - Returns: The result of `body`.
    /// - Throws: The errors of ``ResourcePool/withLease(budget:fileID:line:_:)-(_,_,_,(Element)->Result)``.
    public nonisolated(nonsending) func withLease<Result>(
        _ key: Key,
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        _ body: nonisolated(nonsending) (Element) async throws -> Result
    ) async throws -> Result {
        try await self.withLease(key, budget: budget, fileID: fileID, line: line) { element, _ in try await body(element) }
    }

    /// Runs `body` with an item of `key` and the handle of its lease. `handle.markBroken()` makes the pool close the item instead of
    /// leasing it again.
    ///
    /// - Parameters:
    ///   - key: The key of the item.
    ///   - budget: The time limit for getting the item, including waiting, creation and validation; nil uses the configuration's
    ///     `acquireBudget`.
    ///   - fileID: The caller's file, which errors, events and figures name.
    ///   - line: The caller's line.
    ///   - body: The work to do with the item and the handle.
    /// - Returns: The result of `body`.
    /// - Throws: The errors of ``ResourcePool/withLease(budget:fileID:line:_:)-(_,_,_,(Element)->Result)``.
    public nonisolated(nonsending) func withLease<Result>(
        _ key: Key,
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        _ body: nonisolated(nonsending) (Element, LeaseHandle) async throws -> Result
    ) async throws -> Result {
        let grant = try await self.borrow(key, budget, fileID, line)
        defer { self.hub.release(grant.use) }
        UserCode.begins()
        return try await body(PoolItem<Element>.element(grant), LeaseHandle(hub: self.hub, use: grant.use))
    }

    /// Acquires an item of `key`, which is leased until the lease is released or destroyed.
    ///
    /// - Parameters:
    ///   - key: The key of the item.
    ///   - budget: The time limit for getting the item, including waiting, creation and validation; nil uses the configuration's
    ///     `acquireBudget`.
    ///   - fileID: The caller's file, which errors, events and figures name.
    ///   - line: The caller's line.
    /// - Returns: The lease.
    /// - Throws: The errors of ``ResourcePool/acquire(budget:fileID:line:)``.
    public nonisolated(nonsending) func acquire(
        _ key: Key,
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Lease<Element> {
        Lease(self.hub, try await self.borrow(key, budget, fileID, line))
    }

    private nonisolated(nonsending) func borrow(
        _ key: Key,
        _ budget: Duration?,
        _ fileID: StaticString,
        _ line: UInt
    ) async throws -> PoolHub.Grant {
        UserCode.begins()
        // The pin keeps the key's group alive during the request, even if the group is otherwise unused.
        let group = self.keys.pin(key, in: self.hub)
        defer { self.hub.update { $0.machine.unpin(group) } }
        return try await self.hub.acquire(group: group, fileID: fileID, line: line, budget: budget)
    }

    /// Changes the overall maximum; existing leases are kept. O(slots).
    ///
    /// - Parameter maximum: The new maximum number of items of all keys together; above 0.
    /// - Throws: ``PoolError/Code/invalidConfiguration``; nothing is changed then.
    public func resize(maximum: Int) throws(PoolError) {
        try self.hub.resize(maximum: maximum, minimum: nil)
    }

    /// Expires the items of all keys; see ``ResourcePool/expireAll()``. O(slots).
    public func expireAll() {
        self.hub.expireAll()
    }

    /// Closes the pool; see ``ResourcePool/close()``.
    ///
    /// - Returns: The outcome of the close.
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

    /// Receives the context of the container. The container calls it.
    public func attach(_ context: ResourceContext) {
        self.hub.attach(context)
    }

    /// Returns a consistent sample of the figures of all keys together. O(maximum · log maximum), with at most 50 waiters.
    public func poolSample() -> PoolSample {
        self.hub.sample()
    }

    /// Returns the figures of all keys together under the names of the specification's `get_metrics`. O(1).
    public func metrics() -> PoolMetrics {
        PoolMetrics(self.hub.sample(listed: 0))
    }

    /// Returns the pool's health: unhealthy once the pool is closing, degraded while the items of some key cannot be created or leases are
    /// suspected leaks.
    ///
    /// Acquires no item and never throws.
    public func healthCheck() async throws -> HealthReport {
        self.hub.health
    }
}

extension KeyedResourcePool: ScopeWatching, ExpeditedResource {
    /// Counts the unreleased leases of a closed scope as lost. The container calls it.
    public func scopeClosed(_ scope: ScopeID) {
        self.hub.scopeClosed(scope)
    }

    /// Expedites a running or later close: it no longer waits for leased items. The container calls it.
    public func expedite() {
        self.hub.expedite()
    }
}

/// The mapping between keys and groups of the hub's state machine.
///
/// Lock order: this lock is taken before the hub's, never after; the hub reports unused groups outside its own lock. This is the only lock
/// of the library under which user code runs: `==` and `hash(into:)` of the keys, while no other lock is held. Keys are released outside
/// the lock.
private final class PoolKeys<Key: Hashable & Sendable>: Sendable {
    private struct Table: Sendable {
        var groups: [Key: Int] = [:]
        var keys: [Key?] = []
    }

    private let table = Lock(Table())

    var count: Int {
        self.table.withLock { $0.groups.count }
    }

    /// The key of a group for which an item is being created.
    func key(of group: Int) throws(CancellationError) -> Key {
        // The key is gone if the pool abandoned the item, and with it the group, before its creation began.
        guard let key = self.table.withLock({ $0.keys[group] }) else { throw CancellationError() }
        return key
    }

    func pin(_ key: Key, in hub: PoolHub) -> Int {
        self.table.withLock { table in
            let known = table.groups[key]
            let group = hub.state.withLock { state in
                let group = known ?? state.machine.addGroup()
                state.machine.groups[group].pins += 1
                return group
            }
            if known == nil {
                table.groups[key] = group
                while table.keys.count <= group { table.keys.append(nil) }
                table.keys[group] = key
            }
            return group
        }
    }

    /// Removes a group unless it has been requested again. O(1); O(keys) for a key that is not equal to itself.
    func forget(_ group: Int, in hub: PoolHub) {
        UserCode.begins()
        let forgotten = self.table.withLock { table -> (Key, Key?)? in
            guard table.keys.indices.contains(group), let key = table.keys[group] else { return nil }
            guard hub.state.withLock({ $0.machine.removeGroup(group) }) else { return nil }
            table.keys[group] = nil
            // A key that is not equal to itself, such as NaN, cannot be looked up: each request with it gets a separate group.
            let index = table.groups[key] == group ? table.groups.index(forKey: key) : table.groups.firstIndex { $0.value == group }
            return (key, index.map { table.groups.remove(at: $0).key })
        }
        // The key's deinitializer is user code and may call the pool, so the key is released outside the lock.
        withExtendedLifetime(forgotten) {}
    }
}
