import ResourceContainer

/// The commands on a container in this process.
///
/// It remembers the scopes that it opened and the leases that it acquired, so that they can be closed and released.
public final class ContainerControl: ContainerCommands {
    private struct Opened: Sendable {
        /// The number of scopes that were given a generated name.
        var count = 0
        /// The opened scopes that are not known to be closed. The container finds only open scopes, but a closing one can still be awaited.
        var scopes: [ScopeID: Scope] = [:]
        /// The leases that were acquired and not released, oldest first.
        var leases: [(pool: String, handle: LeaseHandle)] = []
    }

    private let container: Container
    private let health: HealthChecker
    private let monitor: ResourceMonitor?
    private let opened = Lock(Opened())

    /// Creates a control.
    ///
    /// - Parameters:
    ///   - container: The container to act on.
    ///   - health: The checker that runs health checks; by default, a separate one.
    ///   - monitor: The monitor whose findings can be suppressed, if there is one.
    public init(_ container: Container, health: HealthChecker? = nil, monitor: ResourceMonitor? = nil) {
        self.container = container
        self.health = health ?? HealthChecker(container)
        self.monitor = monitor
    }

    // MARK: Scopes

    /// Opens a scope in `parent`, named `manual-1`, `manual-2` and so on if `name` is nil.
    public func openScope(in parent: ScopeID, name: String?) async throws -> ScopeID {
        let parent = try self.scope(parent)
        let number = self.opened.withLock { opened in
            opened.count += 1
            return opened.count
        }
        let scope = try parent.openScope(name ?? "manual-\(number)")
        self.opened.withLock { $0.scopes[scope.id] = scope }
        return scope.id
    }

    /// Closes a scope and everything in it. With `force`, the close does not wait for work in progress.
    public func closeScope(_ id: ScopeID, force: Bool) async throws -> DisposeReport {
        let report = try await self.scope(id).close(force ? .force : .drain)
        self.opened.withLock { $0.scopes[id] = nil }
        return report
    }

    /// Resolves a binding in a scope and returns the identity of the instance.
    public func get(_ binding: BindingID, in scope: ScopeID) async throws -> ResourceID {
        try await self.container.resolve(binding, in: scope)
    }

    private func scope(_ id: ScopeID) throws(ControlError) -> Scope {
        guard let scope = self.opened.withLock({ $0.scopes[id] }) ?? self.container.scope(id) else {
            throw ControlError("\(id) is no longer open")
        }
        return scope
    }

    // MARK: Health and findings

    /// Checks the health of one resource, or of all if it is nil, and returns how many were checked.
    public func checkHealth(of resource: ResourceID?) async throws -> Int {
        guard let resource else { return await self.health.checkAll().count }
        return await self.health.check(resource) == nil ? 0 : 1
    }

    /// Suppresses findings named `name` and withdraws active ones.
    public func allowFinding(named name: String) async throws {
        guard let monitor = self.monitor else { throw ControlError("no monitor is attached") }
        try monitor.allow(named: name)
    }

    // MARK: Pools

    /// Acquires a lease from a pool, keeps it, and returns a message for the user.
    public func lease(from pool: ResourceID) async throws -> String {
        let (pool, label) = try self.pool(pool)
        let handle = try await pool.acquireHandle(fileID: #fileID, line: #line)
        let count = self.opened.withLock { opened in
            opened.leases.append((label, handle))
            return opened.leases.count
        }
        return "leased from \(label); :release returns it\(count > 1 ? " (\(count) leased)" : "")"
    }

    /// Releases the newest lease and returns a message for the user.
    public func release() async throws -> String {
        guard let last = self.opened.withLock({ $0.leases.popLast() }) else { throw ControlError("there is no manual lease to release") }
        try last.handle.release()
        return "released to \(last.pool)"
    }

    /// Releases all leases and returns one message for each.
    public func releaseAll() async -> [String] {
        let leases = self.opened.withLock { opened in
            defer { opened.leases = [] }
            return opened.leases
        }
        return leases.map { lease in
            do {
                try lease.handle.release()
                return "released a lease of \(lease.pool)"
            } catch {
                return "a lease of \(lease.pool) had already ended: \(UserCode.text(of: error))"
            }
        }
    }

    /// Marks the item with the longest lease as broken, so that it is closed when it is released. Returns a message for the user.
    public func breakLease(of pool: ResourceID) async throws -> String {
        let (pool, label) = try self.pool(pool)
        guard let holder = pool.breakLongestLease() else { throw ControlError("\(label) has no active lease to break") }
        return "the item of \(label) leased at \(holder.location) will be closed on release"
    }

    private func pool(_ id: ResourceID) throws(ControlError) -> (pool: any LeasablePool, label: String) {
        guard let resource = self.container.resources().first(where: { $0.id == id }) else { throw ControlError("\(id) is gone") }
        guard let pool = resource.value as? any LeasablePool else {
            throw ControlError("\(resource.label) cannot be leased: it is not a LeasablePool, or not ready")
        }
        return (pool, resource.label)
    }

    // MARK: Faults

    /// Injects a fault into the next instances of a binding.
    public func inject(_ fault: InjectedFault, into binding: BindingID) async throws {
        try self.container.inject(fault, into: binding)
    }
}

/// The reason why an action failed.
struct ControlError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
