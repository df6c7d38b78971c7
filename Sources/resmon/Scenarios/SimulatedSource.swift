import DemoScenarios
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive
import ResourceMonitoring
import ResourceRecording
import ResourceScenarios

/// A dashboard source over a simulated scenario. Virtual time advances by one sampling step for each step of real time, and only while
/// updates are requested.
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

    func recorder(to path: String, clock: WallClock) throws -> Recorder {
        try Recorder(
            self.session.container,
            health: self.session.health,
            path: path,
            header: RecordingHeader(origin: self.origin, clock: clock)
        )
    }

    /// Does nothing: actions in the simulation always show at once.
    func expedite() {}

    /// The updates, one for each sampling step; `rate` is ignored. An action of the user gives an update at once, without advancing time.
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

/// A control that runs each action inside the simulation, in virtual time.
private struct SimulatedControl: DashboardControl {
    private let session: SimulatedSession
    private let control: ContainerControl

    init(session: SimulatedSession) {
        self.session = session
        self.control = ContainerControl(session.container, health: session.health, monitor: session.monitor)
    }

    private func perform<Result: Sendable>(
        _ body: @escaping @Sendable @concurrent (ContainerControl) async throws -> Result
    ) async throws -> Result {
        try await self.session.perform { [control] _ in try await body(control) }
    }

    func openScope(in parent: ScopeID, name: String?) async throws -> ScopeID {
        try await self.perform { try await $0.openScope(in: parent, name: name) }
    }

    func closeScope(_ scope: ScopeID, force: Bool) async throws -> DisposeReport {
        try await self.perform { try await $0.closeScope(scope, force: force) }
    }

    func get(_ binding: BindingID, in scope: ScopeID) async throws -> ResourceID {
        try await self.perform { try await $0.get(binding, in: scope) }
    }

    func checkHealth(of resource: ResourceID?) async throws -> Int { try await self.perform { try await $0.checkHealth(of: resource) } }
    func lease(from pool: ResourceID) async throws -> String { try await self.perform { try await $0.lease(from: pool) } }
    func release() async throws -> String { try await self.perform { try await $0.release() } }
    func releaseAll() async -> [String] { await (try? self.perform { await $0.releaseAll() }) ?? [] }
    func breakLease(of pool: ResourceID) async throws -> String { try await self.perform { try await $0.breakLease(of: pool) } }
    func allowFinding(named name: String) async throws { try await self.control.allowFinding(named: name) }

    func inject(_ fault: InjectedFault, into binding: BindingID) async throws {
        try await self.perform { try await $0.inject(fault, into: binding) }
    }
}
