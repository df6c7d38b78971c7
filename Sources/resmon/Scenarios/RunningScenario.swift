import DemoScenarios
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive
import ResourceMonitoring
import ResourceRecording
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
    /// Serves the container to other processes; nil if they cannot watch it.
    private let served: ServedContainer?

    /// Binds the scenario and starts its load.
    ///
    /// - Parameters:
    ///   - scenario: the scenario.
    ///   - options: the scenario's options.
    ///   - readonly: whether the dashboard and other processes may only watch.
    ///   - isServed: whether other processes can attach to the container.
    ///   - prepare: called with the container before anything is bound.
    init(
        _ scenario: any Scenario.Type,
        options: ScenarioOptions,
        readonly: Bool,
        isServed: Bool = false,
        prepare: (Container, HealthChecker) throws -> Void = { _, _ in }
    ) throws {
        var flight: FlightRecorder?
        let session = try LiveSession(scenario, options: options) { container, health in
            // The recorder begins with the empty container, so that its past contains the first resources.
            if isServed { flight = FlightRecorder(container) }
            try prepare(container, health)
        }
        self.session = session
        self.source = LiveSource(session.container, monitor: session.monitor, readonly: readonly, flight: flight)
        self.served = flight.map { flight in
            ServedContainer(session.container, health: session.health, monitor: session.monitor, flight: flight, isReadonly: readonly)
        }
    }

    var load: ScenarioLoad { self.session.load }

    var unsettled: [String] {
        let snapshot = self.session.container.snapshot()
        let labels = Dictionary(snapshot.bindings.map { ($0.id, $0.label) }) { first, _ in first }
        return snapshot.resources.filter { $0.state == .initializing || $0.state == .disposing }
            .map { DisplayText.clip("\(labels[$0.binding] ?? "")\($0.id)", width: 60).text }
    }

    func end(within budget: Duration) async -> DisposeReport? {
        // The socket stays open during the close, so that attached dashboards show the teardown.
        defer { self.served?.stop() }
        return await self.session.end(within: budget)
    }
}

/// A scenario that runs in virtual time. It has nothing to close. Other processes can watch its container, but not act on it.
struct SimulatedScenario: RunningScenario {
    let source: any DashboardSource
    let load: ScenarioLoad
    private let served: ServedContainer?
    var unsettled: [String] { [] }

    init(_ session: SimulatedSession, seed: UInt64, readonly: Bool, isServed: Bool) {
        self.source = SimulatedSource(session, seed: seed, isReadonly: readonly)
        self.load = session.scenarioLoad
        // An action from outside would run beside the simulation instead of in it, and its tasks would not end.
        self.served =
            isServed ? ServedContainer(session.container, health: session.health, monitor: session.monitor, isReadonly: true) : nil
    }

    func end(within budget: Duration) async -> DisposeReport? {
        self.served?.stop()
        return nil
    }
}
