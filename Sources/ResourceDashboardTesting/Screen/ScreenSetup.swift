import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceSimulation

/// The common setup of a screen and a session: container, monitor, time and configuration.
struct ScreenSetup {
    let container: Container
    let monitor: ResourceMonitor
    let manual: ManualTime?
    /// Whether source locations show their line numbers.
    let showsLines: Bool
    /// When the container was created.
    let beginning: TimeSource.Instant
    let configuration: DashboardConfiguration

    init(
        _ container: Container,
        size: Size,
        monitor: ResourceMonitor?,
        moving manual: ManualTime?,
        showsLines: Bool,
        isPaused: Bool,
        configure: (inout DashboardConfiguration) -> Void
    ) {
        let snapshot = container.snapshot()
        self.container = container
        self.monitor = monitor ?? ResourceMonitor(container, health: HealthChecker(container))
        self.manual = manual
        self.showsLines = showsLines
        // A closed container has no root scope.
        self.beginning = snapshot.scopes.first { $0.id == .root }?.openedAt ?? snapshot.time
        var configuration = DashboardConfiguration(
            origin: "test",
            clock: .test(from: self.beginning),
            size: size,
            theme: .mono,
            isPaused: isPaused
        )
        configure(&configuration)
        self.configuration = configuration
    }
}

extension WallClock {
    /// A clock in UTC that shows the start of virtual time at `beginning`.
    static func test(from beginning: TimeSource.Instant) -> WallClock {
        WallClock(originNanoseconds: Simulation.epochSeconds * 1_000_000_000 - beginning.nanoseconds)
    }
}
