import DemoScenarios
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording
import ResourceScenarios

/// A dashboard source that can switch from one scenario to another. Its updates continue with the container of the new scenario.
final class SwitchableSource: DashboardSource {
    typealias Begin = @Sendable (any Scenario.Type) throws -> any RunningScenario

    private struct Current: Sendable {
        var number = 0
        var running: any RunningScenario
        var updates: AsyncStream<MonitorUpdate>?
        /// The closes of earlier scenarios. They are awaited at the end.
        var ending: [Task<Void, Never>] = []
    }

    let origin: String
    private let isReadonly: Bool
    private let begin: Begin
    private let current: Lock<Current>

    init(_ first: any RunningScenario, isReadonly: Bool, begin: @escaping Begin) {
        self.origin = first.source.origin
        self.isReadonly = isReadonly
        self.begin = begin
        self.current = Lock(Current(running: first))
    }

    /// The current scenario.
    var running: any RunningScenario {
        self.current.withLock { $0.running }
    }

    var control: (any DashboardControl)? {
        self.isReadonly ? nil : SwitchableControl(source: self)
    }

    func recorder(to path: String, clock: WallClock) throws -> Recorder {
        try self.running.source.recorder(to: path, clock: clock)
    }

    func expedite() {
        self.running.source.expedite()
    }

    var reach: Duration? {
        self.running.source.reach
    }

    func saveRecent(_ last: Duration, to path: String) async throws -> String {
        try await self.running.source.saveRecent(last, to: path)
    }

    func updates(rate: Int) -> AsyncStream<MonitorUpdate> {
        AsyncStream { await self.next(rate: rate) }
    }

    private func next(rate: Int) async -> MonitorUpdate? {
        while true {
            let (number, running, known) = self.current.withLock { ($0.number, $0.running, $0.updates) }
            // Created outside the lock, because it calls the container and the application's pools.
            let updates = known ?? running.source.updates(rate: rate)
            if known == nil { self.current.withLock { if $0.number == number { $0.updates = updates } } }
            var iterator = updates.makeAsyncIterator()
            let update = await iterator.next()
            // Discard an update of a scenario that has been replaced.
            if self.current.withLock({ $0.number }) == number { return update }
            if Task.isCancelled { return nil }
        }
    }

    /// Starts another scenario, and ends the current one concurrently.
    func start(_ scenario: any Scenario.Type, within budget: Duration) throws {
        let next = try self.begin(scenario)
        let last = self.current.withLock { current in
            let last = current.running
            current.number += 1
            current.running = next
            current.updates = nil
            return last
        }
        // Unstructured: closing may take seconds, while the user already sees the next scenario.
        let ending = Task { _ = await last.end(within: budget) }
        self.current.withLock { $0.ending.append(ending) }
        // Wake a pending request for an update, which belongs to the old scenario.
        last.source.expedite()
    }

    /// Ends the current scenario, and waits for the closes of earlier ones.
    func end(within budget: Duration) async -> DisposeReport? {
        let (running, ending) = self.current.withLock { ($0.running, $0.ending) }
        let report = await running.end(within: budget)
        for task in ending { await task.value }
        return report
    }
}

/// A control that acts on the current scenario, and can replace it.
private struct SwitchableControl: DashboardControl {
    let source: SwitchableSource

    private var control: any DashboardControl {
        get throws {
            guard let control = self.source.running.source.control else { throw Unavailable() }
            return control
        }
    }

    var scenarios: [ScenarioChoice] {
        Scenarios.all.map { ScenarioChoice(name: $0.name, summary: $0.summary) }
    }

    func setLoad(_ percent: Int) async throws {
        self.source.running.load.set(percent)
    }

    func startScenario(_ name: String) async throws {
        try self.source.start(try ScenarioArgument.parse(name), within: DemoPlan.closingBudget)
    }

    func openScope(in parent: ScopeID, name: String?) async throws -> ScopeID { try await self.control.openScope(in: parent, name: name) }
    func closeScope(_ scope: ScopeID, force: Bool) async throws -> DisposeReport {
        try await self.control.closeScope(scope, force: force)
    }
    func get(_ binding: BindingID, in scope: ScopeID) async throws -> ResourceID { try await self.control.get(binding, in: scope) }
    func checkHealth(of resource: ResourceID?) async throws -> Int { try await self.control.checkHealth(of: resource) }
    func lease(from pool: ResourceID) async throws -> String { try await self.control.lease(from: pool) }
    func release() async throws -> String { try await self.control.release() }
    func releaseAll() async -> [String] { await (try? self.control.releaseAll()) ?? [] }
    func inject(_ fault: InjectedFault, into binding: BindingID) async throws { try await self.control.inject(fault, into: binding) }
    func breakLease(of pool: ResourceID) async throws -> String { try await self.control.breakLease(of: pool) }
    func allowFinding(named name: String) async throws { try await self.control.allowFinding(named: name) }
}

/// The error for an action on a read-only scenario.
private struct Unavailable: Error, CustomStringConvertible {
    let description = "this scenario is read-only"
}
