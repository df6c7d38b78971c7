import DemoScenarios
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording
import ResourceScenarios

/// Where one scenario makes way for another: a source that goes on with the container of the next.
final class Stage: DashboardSource {
    typealias Begin = @Sendable (any Scenario.Type) throws -> any Performance

    private struct Scene: Sendable {
        var number = 0
        var performance: any Performance
        var updates: AsyncStream<MonitorUpdate>?
        /// Those that were ended and are still closing. They are waited for at the end.
        var ending: [Task<Void, Never>] = []
    }

    let origin: String
    private let isReadonly: Bool
    private let begin: Begin
    private let scene: Lock<Scene>

    init(_ first: any Performance, isReadonly: Bool, begin: @escaping Begin) {
        self.origin = first.source.origin
        self.isReadonly = isReadonly
        self.begin = begin
        self.scene = Lock(Scene(performance: first))
    }

    var performance: any Performance {
        self.scene.withLock { $0.performance }
    }

    var control: (any DashboardControl)? {
        self.isReadonly ? nil : StageControl(stage: self)
    }

    func recorder(to path: String, clock: WallClock) throws -> Recorder {
        try self.performance.source.recorder(to: path, clock: clock)
    }

    func hurry() {
        self.performance.source.hurry()
    }

    func updates(rate: Int) -> AsyncStream<MonitorUpdate> {
        AsyncStream { await self.next(rate: rate) }
    }

    private func next(rate: Int) async -> MonitorUpdate? {
        while true {
            let (number, performance, known) = self.scene.withLock { ($0.number, $0.performance, $0.updates) }
            // Made outside the lock: it asks the container, and so the pools of a user's own.
            let updates = known ?? performance.source.updates(rate: rate)
            if known == nil { self.scene.withLock { if $0.number == number { $0.updates = updates } } }
            var iterator = updates.makeAsyncIterator()
            let update = await iterator.next()
            // What a container says that has made way is not told any more.
            if self.scene.withLock({ $0.number }) == number { return update }
            if Task.isCancelled { return nil }
        }
    }

    /// Starts another scenario, and ends the one there is beside it.
    func start(_ scenario: any Scenario.Type, within budget: Duration) throws {
        let next = try self.begin(scenario)
        let last = self.scene.withLock { scene in
            let last = scene.performance
            scene.number += 1
            scene.performance = next
            scene.updates = nil
            return last
        }
        // Closing may take seconds, and the person looks at the next scenario by then.
        let ending = Task { _ = await last.end(within: budget) }
        self.scene.withLock { $0.ending.append(ending) }
        // Whoever waits for its next update is not to wait for it to come by itself.
        last.source.hurry()
    }

    /// Ends the scenario that is on, and waits for those before it.
    func end(within budget: Duration) async -> DisposeReport? {
        let (performance, ending) = self.scene.withLock { ($0.performance, $0.ending) }
        let report = await performance.end(within: budget)
        for task in ending { await task.value }
        return report
    }
}

/// What a person can do to the scenario that is on, and to the stage.
private struct StageControl: DashboardControl {
    let stage: Stage

    private var control: any DashboardControl {
        get throws {
            guard let control = self.stage.performance.source.control else { throw Unavailable() }
            return control
        }
    }

    var scenarios: [ScenarioChoice] {
        Scenarios.all.map { ScenarioChoice(name: $0.name, summary: $0.summary) }
    }

    func setLoad(_ percent: Int) async throws {
        self.stage.performance.load.set(percent)
    }

    func startScenario(_ name: String) async throws {
        try self.stage.start(try ScenarioArgument.parse(name), within: DemoPlan.closingBudget)
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

/// The scenario can only be looked at.
private struct Unavailable: Error, CustomStringConvertible {
    let description = "this scenario can only be looked at"
}
