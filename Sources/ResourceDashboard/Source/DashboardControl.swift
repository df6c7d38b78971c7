import ResourceMonitoring

/// The actions that the user can perform from the dashboard: those on a container, and those on the scenario that runs in it.
public protocol DashboardControl: ContainerCommands {
    /// The scenarios that the user can switch to. Empty by default.
    var scenarios: [ScenarioChoice] { get }
    /// Sets the share of the scenario's load that runs, in percent.
    func setLoad(_ percent: Int) async throws
    /// Ends the scenario and starts another one.
    func startScenario(_ name: String) async throws
}

extension DashboardControl {
    /// No scenarios.
    public var scenarios: [ScenarioChoice] { [] }
    /// Throws, because there is no load.
    public func setLoad(_ percent: Int) async throws { throw UnsupportedCommand("changing the load") }
    /// Throws, because there are no scenarios.
    public func startScenario(_ name: String) async throws { throw UnsupportedCommand("scenarios") }
}

extension ContainerControl: DashboardControl {}
