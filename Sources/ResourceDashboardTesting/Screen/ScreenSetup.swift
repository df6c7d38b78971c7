import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceSimulation

/// What a screen and a session have in common: whom they watch, in which time, and how it is drawn.
struct ScreenSetup {
    let container: Container
    let monitor: ResourceMonitor
    let manual: ManualTime?
    /// Whether places in source code are shown with their lines.
    let showsLines: Bool
    /// When the container was made.
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
        // Whoever is watched after its end has no root scope any more.
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
    /// A clock that stands at the beginning of virtual time at `beginning`, and shows UTC.
    static func test(from beginning: TimeSource.Instant) -> WallClock {
        WallClock(originNanoseconds: Simulation.epochSeconds * 1_000_000_000 - beginning.nanoseconds)
    }
}
