import DemoScenarios
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring

/// A simulated scenario as a source for the live dashboard: virtual time goes on one sampling step at a time, at the pace of the clock on
/// the wall, and stands still while nobody asks.
final class SimulatedSource: DashboardSource {
    let origin: String
    let control: (any DashboardControl)?
    private let session: SimulatedSession
    private let subscription: EventSubscription

    init(_ session: SimulatedSession, seed: UInt64, isReadonly: Bool) {
        self.session = session
        self.origin = SimulatedRun.origin(seed: seed)
        self.control = isReadonly ? nil : SimulatedControl(session: session)
        self.subscription = session.container.subscribe()
    }

    /// What is done in the simulation shows at once in any case.
    func hurry() {}

    /// The rate is that of the sampling steps, whatever was asked for; what the person did shows at once, without moving time.
    func updates(rate: Int) -> AsyncStream<MonitorUpdate> {
        let session = self.session
        let subscription = self.subscription
        let isFirst = Lock(true)
        return AsyncStream {
            if isFirst.withLock({ first in
                defer { first = false }
                return first
            }) {
                return await session.advance(to: session.time).last
            }
            _ = subscription.drain()
            let acted = await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    await subscription.next()
                    return true
                }
                group.addTask {
                    try? await Task.sleep(for: SimulatedSession.step)
                    return false
                }
                defer { group.cancelAll() }
                return await group.next() ?? false
            }
            if Task.isCancelled { return nil }
            return acted ? await session.advance(to: session.time).last : await session.advance()
        }
    }
}

/// What a person does to a simulated container happens inside the simulation, in virtual time.
private final class SimulatedControl: DashboardControl {
    let session: SimulatedSession
    /// The scopes that the person opened. Held, since a scope that nobody has is a leak.
    private let opened = Lock<[ScopeID: Scope]>([:])

    init(session: SimulatedSession) {
        self.session = session
    }

    func openScope(in parent: ScopeID, name: String?) async throws -> ScopeID {
        let scope = try await self.session.perform { container in
            try container.openScope(named: name ?? "scope", parent: Self.scope(parent, of: container))
        }
        self.opened.withLock { $0[scope.id] = scope }
        return scope.id
    }

    func closeScope(_ scope: ScopeID) async throws -> DisposeReport {
        let report = try await self.session.perform { container in try await Self.scope(scope, of: container).close() }
        self.opened.withLock { $0[scope] = nil }
        return report
    }

    func get(_ binding: BindingID, in scope: ScopeID) async throws -> ResourceID {
        try await self.session.perform { container in try await container.get(binding, in: scope) }
    }

    func checkHealth(of resource: ResourceID?) async throws -> Int {
        let checker = self.session.health
        return try await self.session.perform { _ in
            guard let resource else { return await checker.checkAll().count }
            return await checker.check(resource) == nil ? 0 : 1
        }
    }

    private static func scope(_ id: ScopeID, of container: Container) throws -> Scope {
        guard let scope = container.scope(id) else { throw ScopeIsClosed(id: id) }
        return scope
    }
}

/// The scope that the person chose has closed meanwhile.
private struct ScopeIsClosed: Error, CustomStringConvertible {
    let id: ScopeID

    var description: String { "\(self.id) has closed meanwhile; choose another one" }
}
