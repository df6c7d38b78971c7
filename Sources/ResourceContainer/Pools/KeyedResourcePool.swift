/// A pool whose items belong to keys - connections to hosts, say - with a maximum for each key and one for all.
///
/// Borrowers are served in the order they came, among those who can be served: one that waits for its key's maximum holds up nobody else,
/// and one that waits for the overall maximum gets the next room there is; an idle item of another key makes way for it, the one that has
/// rested longest. Failures to make an item hold back their own key only. Everything else is as in a ``ResourcePool``, of which it is the
/// many-keyed form; a minimum and its replacement-first lifetime make no sense here.
///
/// `==` and `hash(into:)` of the keys run under a lock of the pool: they must be quick and must not ask this pool for anything. The
/// container, its other pools and its scopes may be asked.
public final class KeyedResourcePool<Key: Hashable & Sendable, Element: Sendable>: Resource, SampledPool, HealthCheckable {
    let hub: PoolHub
    private let keys: PoolKeys<Key>

    /// An empty pool.
    ///
    /// - Parameters:
    ///   - name: what it is called in errors and in figures.
    ///   - configuration: its `maximum` is that of all keys together; its `minimumSize` must be 0.
    ///   - maximumPerKey: the most items of one key; above 0.
    ///   - environment: where its time, its jitter and its tasks come from.
    ///   - make: makes an item of a key. A throw, and not to return within `createTimeout`, is a failure, and holds back this key only.
    ///   - validate: whether an item is still usable; a throw says no. An item that fails is closed.
    ///   - reset: makes an item that came back fit for the next borrower. An item whose reset throws is closed.
    ///   - close: closes an item. Called once for every item that was made.
    /// - Throws: ``PoolError/Code/invalidConfiguration``, with the setting at fault.
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
            PoolError(.invalidConfiguration, pool: name, "pool \(name.asName) cannot be made: \(text)")
        }
        if maximumPerKey < 1 { throw refuse("maximumPerKey is \(maximumPerKey) and must be at least 1") }
        if configuration.minimumSize > 0 {
            throw refuse("minimumSize is \(configuration.minimumSize), and a pool with keys cannot keep one")
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

    /// The pool's name.
    public var name: String {
        self.hub.name
    }

    /// How many keys there are that have items or borrowers, or whose last tries to make an item failed. O(1).
    public var keyCount: Int {
        self.keys.count
    }

    /// Runs `body` with an item of `key`, which is given back when `body` returns or throws.
    ///
    /// O(1) and without suspension if an item of the key is idle that need not be validated.
    ///
    /// - Parameters:
    ///   - key: whose item it is to be.
    ///   - budget: how long the item may take to come, waiting, creating and validating; nil is the configuration's `acquireBudget`.
    ///   - fileID: the borrower's file, which errors, events and figures name.
    ///   - line: the borrower's line.
    ///   - body: what is done with the item.
    /// - Returns: what `body` returns.
    /// - Throws: what ``ResourcePool/withLease(budget:fileID:line:_:)-(_,_,_,(Element)->Result)`` throws.
    public nonisolated(nonsending) func withLease<Result>(
        _ key: Key,
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        _ body: nonisolated(nonsending) (Element) async throws -> Result
    ) async throws -> Result {
        try await self.withLease(key, budget: budget, fileID: fileID, line: line) { element, _ in try await body(element) }
    }

    /// Runs `body` with an item of `key` that it may find broken: `handle.markBroken()` has it closed instead of lent again.
    ///
    /// - Parameters:
    ///   - key: whose item it is to be.
    ///   - budget: how long the item may take to come, waiting, creating and validating; nil is the configuration's `acquireBudget`.
    ///   - fileID: the borrower's file, which errors, events and figures name.
    ///   - line: the borrower's line.
    ///   - body: what is done with the item, and with the handle of its lease.
    /// - Returns: what `body` returns.
    /// - Throws: what ``ResourcePool/withLease(budget:fileID:line:_:)-(_,_,_,(Element)->Result)`` throws.
    public nonisolated(nonsending) func withLease<Result>(
        _ key: Key,
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        _ body: nonisolated(nonsending) (Element, LeaseHandle) async throws -> Result
    ) async throws -> Result {
        let grant = try await self.borrow(key, budget, fileID, line)
        defer { self.hub.giveBack(grant.use) }
        UserCode.begins()
        return try await body(PoolItem<Element>.element(grant.item), LeaseHandle(hub: self.hub, use: grant.use))
    }

    /// Borrows an item of `key` until the lease is released or dropped.
    ///
    /// - Parameters:
    ///   - key: whose item it is to be.
    ///   - budget: how long the item may take to come, waiting, creating and validating; nil is the configuration's `acquireBudget`.
    ///   - fileID: the borrower's file, which errors, events and figures name.
    ///   - line: the borrower's line.
    /// - Throws: what ``ResourcePool/acquire(budget:fileID:line:)`` throws.
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
        // The key stays while this asks, though nothing else may be left of it.
        let group = self.keys.pin(key, in: self.hub)
        defer { self.hub.update { $0.machine.unpin(group) } }
        return try await self.hub.acquire(group: group, fileID: fileID, line: line, budget: budget)
    }

    /// Changes the overall maximum; nobody loses a lease. O(slots).
    ///
    /// - Parameter maximum: the most items of all keys together from now on; above 0.
    /// - Throws: ``PoolError/Code/invalidConfiguration``, and then nothing is changed.
    public func resize(maximum: Int) throws(PoolError) {
        try self.hub.resize(maximum: maximum, minimum: nil)
    }

    /// Has every item of every key closed and, when it is needed, replaced; see ``ResourcePool/expireAll()``. O(slots).
    public func expireAll() {
        self.hub.expireAll()
    }

    /// Closes the pool; see ``ResourcePool/close()``.
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

    public func attach(_ context: ResourceContext) {
        self.hub.attach(context)
    }

    /// The figures of all keys together, of one moment. O(maximum · log maximum) and at most 50 waiters.
    public func poolSample() -> PoolSample {
        self.hub.sample()
    }

    /// The figures of all keys together under the specification's names. O(1).
    public func metrics() -> PoolMetrics {
        PoolMetrics(self.hub.sample(listed: 0))
    }

    /// Unhealthy once the pool is closed, degraded while items of some key cannot be made or leases may be leaks. Takes no item, and never
    /// throws.
    public func healthCheck() async throws -> HealthReport {
        self.hub.health
    }
}

/// Which key has which group of the hub's state machine.
///
/// Its lock is taken before the hub's, never after: the hub tells of an unused group outside of its own. It is the one lock of the library
/// under which code of a user's runs: `==` and `hash(into:)` of the keys, while no other lock is held. A key is let go of outside.
private final class PoolKeys<Key: Hashable & Sendable>: Sendable {
    private struct Table: Sendable {
        var groups: [Key: Int] = [:]
        var keys: [Key?] = []
    }

    private let table = Lock(Table())

    var count: Int {
        self.table.withLock { $0.groups.count }
    }

    /// The key of a group for which an item is being made.
    func key(of group: Int) throws(CancellationError) -> Key {
        // Nobody wants the item any more if the pool gave up on it, and with it on its key, before the making began.
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

    /// Forgets a group unless it has been asked for again meanwhile. O(1), and O(keys) for a key that differs from itself.
    func forget(_ group: Int, in hub: PoolHub) {
        UserCode.begins()
        let forgotten = self.table.withLock { table -> (Key, Key?)? in
            guard table.keys.indices.contains(group), let key = table.keys[group] else { return nil }
            guard hub.state.withLock({ $0.machine.removeGroup(group) }) else { return nil }
            table.keys[group] = nil
            // A key that is not equal to itself, as NaN is, is not found by itself, and each request with it is of a group of its own.
            let place = table.groups[key] == group ? table.groups.index(forKey: key) : table.groups.firstIndex { $0.value == group }
            return (key, place.map { table.groups.remove(at: $0).key })
        }
        // The key may be the user's, with a deinit that asks the pool: it is let go of outside the lock.
        withExtendedLifetime(forgotten) {}
    }
}
