import ResourceContainer
import ResourceDashboard
import ResourceMonitoring

/// What a person can do to a container in this process.
public final class ContainerControl: DashboardControl {
    private struct Opened: Sendable {
        /// How many scopes were given a name here.
        var count = 0
        /// Those not known to be closed. A container finds open scopes only; one that is closing can still be waited for.
        var scopes: [ScopeID: Scope] = [:]
    }

    private let container: Container
    private let health: HealthChecker
    private let opened = Lock(Opened())

    /// Acts on `container`, and asks for health with `health`, or a checker of its own.
    public init(_ container: Container, health: HealthChecker? = nil) {
        self.container = container
        self.health = health ?? HealthChecker(container)
    }

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

    public func closeScope(_ id: ScopeID) async throws -> DisposeReport {
        let report = try await self.scope(id).close()
        self.opened.withLock { $0.scopes[id] = nil }
        return report
    }

    public func get(_ binding: BindingID, in scope: ScopeID) async throws -> ResourceID {
        try await self.container.get(binding, in: scope)
    }

    public func checkHealth(of resource: ResourceID?) async throws -> Int {
        guard let resource else { return await self.health.checkAll().count }
        return await self.health.check(resource) == nil ? 0 : 1
    }

    private func scope(_ id: ScopeID) throws(ScopeGone) -> Scope {
        guard let scope = self.opened.withLock({ $0.scopes[id] }) ?? self.container.scope(id) else { throw ScopeGone(id: id) }
        return scope
    }
}

/// The person acted on a scope that has closed meanwhile.
private struct ScopeGone: Error, CustomStringConvertible {
    let id: ScopeID
    var description: String { "\(self.id) is not open any more" }
}
