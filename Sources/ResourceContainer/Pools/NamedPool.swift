/// A pool as a resource under a name of its own: the type that is bound is what screens, findings and errors call it.
///
/// ```swift
/// final class DatabasePool: NamedPool {
///     let pool: ResourcePool<DatabaseConnection>
///
///     init(_ pool: ResourcePool<DatabaseConnection>) { self.pool = pool }
/// }
/// ```
///
/// Everything a container, a monitor and a dashboard ask of a pool is the inner pool's. Health is so, too, if the type says that it is
/// ``HealthCheckable``, unless it has a check of its own, one that asks the server, say.
public protocol NamedPool: Resource, LeasablePool, ScopeWatching, HurriedResource {
    associatedtype Element: Sendable

    /// The pool itself.
    var pool: ResourcePool<Element> { get }
}

extension NamedPool {
    public func initialize() async throws { try await self.pool.initialize() }
    public func dispose() async throws { try await self.pool.dispose() }
    public func attach(_ context: ResourceContext) { self.pool.attach(context) }
    public func poolSample() -> PoolSample { self.pool.poolSample() }
    public func scopeClosed(_ scope: ScopeID) { self.pool.scopeClosed(scope) }
    public func hurry() { self.pool.hurry() }
    public func breakLongestLease() -> PoolSample.Holder? { self.pool.breakLongestLease() }

    public func lend(fileID: StaticString, line: UInt) async throws -> LeaseHandle {
        try await self.pool.lend(fileID: fileID, line: line)
    }
}

extension NamedPool where Self: HealthCheckable {
    public func healthCheck() async throws -> HealthReport { try await self.pool.healthCheck() }
}
