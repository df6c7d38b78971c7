/// A pool that is bound under its own type, whose name screens, findings and errors show.
///
/// ```swift
/// final class DatabasePool: NamedPool {
///     let pool: ResourcePool<DatabaseConnection>
///
///     init(_ pool: ResourcePool<DatabaseConnection>) { self.pool = pool }
/// }
/// ```
///
/// All requirements forward to the inner pool. Health is forwarded too if the type conforms to ``HealthCheckable``, unless it implements
/// its own check, for example one that queries the server.
public protocol NamedPool: Resource, LeasablePool, ScopeWatching, ExpeditedResource {
    /// The type of the pool's items.
    associatedtype Element: Sendable

    /// The inner pool.
    var pool: ResourcePool<Element> { get }
}

extension NamedPool {
    /// Initializes the inner pool.
    public func initialize() async throws { try await self.pool.initialize() }
    /// Closes the inner pool.
    public func dispose() async throws { try await self.pool.dispose() }
    /// Attaches the context to the inner pool.
    public func attach(_ context: ResourceContext) { self.pool.attach(context) }
    /// Returns the figures of the inner pool.
    public func poolSample() -> PoolSample { self.pool.poolSample() }
    /// Forwards to the inner pool, which counts the scope's leases as lost.
    public func scopeClosed(_ scope: ScopeID) { self.pool.scopeClosed(scope) }
    /// Expedites the close of the inner pool.
    public func expedite() { self.pool.expedite() }
    /// Marks the longest leased item of the inner pool as broken.
    public func breakLongestLease() -> PoolSample.Holder? { self.pool.breakLongestLease() }

    /// Leases an item of the inner pool.
    public func acquireHandle(fileID: StaticString, line: UInt) async throws -> LeaseHandle {
        try await self.pool.acquireHandle(fileID: fileID, line: line)
    }
}

extension NamedPool where Self: HealthCheckable {
    /// Returns the health of the inner pool.
    public func healthCheck() async throws -> HealthReport { try await self.pool.healthCheck() }
}
