import DemoScenarios
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive
import ResourceMonitoring
import ResourceScenarios

/// A scenario that runs: what shows it, and what ends it.
protocol Performance: Sendable {
    var source: any DashboardSource { get }
    /// How much of the load runs.
    var load: ScenarioLoad { get }
    /// The resources that are being initialised or disposed: what closing waits for.
    var unsettled: [String] { get }
    /// Ends the load and closes the container with everything in it; nil if that was not done within `budget`, or nothing is to be closed.
    func end(within budget: Duration) async -> DisposeReport?
}

/// A scenario in this process, on real databases, files and sockets.
struct LivePerformance: Performance {
    let source: any DashboardSource
    private let session: LiveSession

    /// Binds what the scenario consists of and starts its load; `prepare` sees the container before that.
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
        return snapshot.resources.filter { $0.state == .initialising || $0.state == .disposing }
            .map { DisplayText.clip("\(labels[$0.binding] ?? "")\($0.id)", width: 60).text }
    }

    func end(within budget: Duration) async -> DisposeReport? {
        await self.session.end(within: budget)
    }
}

/// A scenario in virtual time. There is nothing real to close.
struct SimulatedPerformance: Performance {
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
