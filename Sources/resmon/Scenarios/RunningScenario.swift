import DemoScenarios
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive
import ResourceMonitoring
import ResourceScenarios

/// A running scenario: its dashboard source, its load, and its end.
protocol RunningScenario: Sendable {
    var source: any DashboardSource { get }
    /// The scenario's load.
    var load: ScenarioLoad { get }
    /// The resources that are initializing or disposing, for which a close waits.
    var unsettled: [String] { get }
    /// Ends the load and closes the container. Returns nil if the close did not finish within `budget`, or if nothing has to be closed.
    func end(within budget: Duration) async -> DisposeReport?
}

/// A scenario that runs in this process on real databases, files and sockets.
struct LiveScenario: RunningScenario {
    let source: any DashboardSource
    private let session: LiveSession

    /// Binds the scenario and starts its load; `prepare` is called with the container before anything is bound.
    init(
        _ scenario: any Scenario.Type,
        options: ScenarioOptions,
        readonly: Bool,
        prepare: (Container, HealthChecker) throws -> Void = { _, _ in }
    ) throws {
        self.session = try LiveSession(scenario, options: options, prepare: prepare)
        self.source = LiveSource(self.session.container, monitor: self.session.monitor, readonly: readonly)
    }

    var load: ScenarioLoad { self.session.load }

    var unsettled: [String] {
        let snapshot = self.session.container.snapshot()
        let labels = Dictionary(snapshot.bindings.map { ($0.id, $0.label) }) { first, _ in first }
        return snapshot.resources.filter { $0.state == .initializing || $0.state == .disposing }
            .map { DisplayText.clip("\(labels[$0.binding] ?? "")\($0.id)", width: 60).text }
    }

    func end(within budget: Duration) async -> DisposeReport? {
        await self.session.end(within: budget)
    }
}

/// A scenario that runs in virtual time. It has nothing to close.
struct SimulatedScenario: RunningScenario {
    let source: any DashboardSource
    let load: ScenarioLoad
    var unsettled: [String] { [] }

    init(_ session: SimulatedSession, seed: UInt64, readonly: Bool) {
        self.source = SimulatedSource(session, seed: seed, isReadonly: readonly)
        self.load = session.scenarioLoad
    }

    func end(within budget: Duration) async -> DisposeReport? {
        nil
    }
}
