import ResourceContainer

/// A pool as a resource under a name of its own: the type that is bound is what screens and errors call it.
protocol NamedPool: Resource, LeasablePool, ScopeWatching, HurriedResource {
    associatedtype Element: Sendable
    var pool: ResourcePool<Element> { get }
}

extension NamedPool {
    func initialize() async throws { try await self.pool.initialize() }
    func dispose() async throws { try await self.pool.dispose() }
    func attach(_ context: ResourceContext) { self.pool.attach(context) }
    func poolSample() -> PoolSample { self.pool.poolSample() }
    func scopeClosed(_ scope: ScopeID) { self.pool.scopeClosed(scope) }
    func hurry() { self.pool.hurry() }
    func lend(fileID: StaticString, line: UInt) async throws -> LeaseHandle { try await self.pool.lend(fileID: fileID, line: line) }
    func breakLongestLease() -> PoolSample.Holder? { self.pool.breakLongestLease() }
}
