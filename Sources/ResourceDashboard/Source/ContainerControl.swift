import ResourceContainer
import ResourceMonitoring

/// What a person can do to a container in this process.
public final class ContainerControl: DashboardControl {
    private struct Opened: Sendable {
        /// How many scopes were given a name here.
        var count = 0
        /// Those not known to be closed. A container finds open scopes only; one that is closing can still be waited for.
        var scopes: [ScopeID: Scope] = [:]
        /// What was borrowed and not given back, oldest first.
        var leases: [(pool: String, handle: LeaseHandle)] = []
    }

    private let container: Container
    private let health: HealthChecker
    private let monitor: ResourceMonitor?
    private let opened = Lock(Opened())

    /// Acts on `container`; asks for health with `health`, or a checker of its own; allows findings of `monitor`, if there is one.
    public init(_ container: Container, health: HealthChecker? = nil, monitor: ResourceMonitor? = nil) {
        self.container = container
        self.health = health ?? HealthChecker(container)
        self.monitor = monitor
    }

    // MARK: Scopes

    public func openScope(in parent: ScopeID, name: String?) async throws -> ScopeID {
        let parent = try self.scope(parent)
        let number = self.opened.withLock { opened in
            opened.count += 1
            return opened.count
        }
        let scope = try parent.openScope(named: name ?? "manual-\(number)")
        self.opened.withLock { $0.scopes[scope.id] = scope }
        return scope.id
    }

    public func closeScope(_ id: ScopeID, force: Bool) async throws -> DisposeReport {
        let report = try await self.scope(id).close(force ? .force : .drain)
        self.opened.withLock { $0.scopes[id] = nil }
        return report
    }

    public func get(_ binding: BindingID, in scope: ScopeID) async throws -> ResourceID {
        try await self.container.get(binding, in: scope)
    }

    private func scope(_ id: ScopeID) throws(ControlError) -> Scope {
        guard let scope = self.opened.withLock({ $0.scopes[id] }) ?? self.container.scope(id) else {
            throw ControlError("\(id) is not open any more")
        }
        return scope
    }

    // MARK: Health and findings

    public func checkHealth(of resource: ResourceID?) async throws -> Int {
        guard let resource else { return await self.health.checkAll().count }
        return await self.health.check(resource) == nil ? 0 : 1
    }

    public func allowFinding(named name: String) async throws {
        guard let monitor = self.monitor else { throw ControlError("nothing here looks for findings") }
        try monitor.allow(named: name)
    }

    // MARK: Pools

    public func lease(from pool: ResourceID) async throws -> String {
        let (pool, label) = try self.pool(pool)
        let handle = try await pool.lend(fileID: #fileID, line: #line)
        let count = self.opened.withLock { opened in
            opened.leases.append((label, handle))
            return opened.leases.count
        }
        return "borrowed from \(label); :release gives it back\(count > 1 ? " (\(count) are out)" : "")"
    }

    public func release() async throws -> String {
        guard let last = self.opened.withLock({ $0.leases.popLast() }) else { throw ControlError("nothing was borrowed by hand") }
        try last.handle.release()
        return "given back to \(last.pool)"
    }

    public func releaseAll() async -> [String] {
        let leases = self.opened.withLock { opened in
            defer { opened.leases = [] }
            return opened.leases
        }
        return leases.map { lease in
            do {
                try lease.handle.release()
                return "gave a lease back to \(lease.pool)"
            } catch {
                return "a lease of \(lease.pool) had ended before: \(error)"
            }
        }
    }

    public func breakLease(of pool: ResourceID) async throws -> String {
        let (pool, label) = try self.pool(pool)
        guard let holder = pool.breakLongestLease() else { throw ControlError("nothing of \(label) is out: there is no lease to break") }
        return "the item of \(label) that was taken at \(holder.place) is closed when it comes back"
    }

    private func pool(_ id: ResourceID) throws(ControlError) -> (pool: any LeasablePool, label: String) {
        guard let resource = self.container.resources().first(where: { $0.id == id }) else { throw ControlError("\(id) is gone") }
        guard let pool = resource.value as? any LeasablePool else {
            throw ControlError("\(resource.label) does not lend by hand: it is no LeasablePool, or not ready")
        }
        return (pool, resource.label)
    }

    // MARK: Faults

    public func inject(_ fault: InjectedFault, into binding: BindingID) async throws {
        try self.container.inject(fault, into: binding)
    }
}

/// Why something cannot be done.
struct ControlError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
