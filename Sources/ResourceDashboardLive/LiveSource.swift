import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

/// The picture of a container in this process.
public struct LiveSource: DashboardSource {
    public let origin = "in-process"
    public let control: (any DashboardControl)?
    private let container: Container
    private let monitor: ResourceMonitor
    /// Asks for health where the program has no checker that does; nil if a person can only look.
    private let health: HealthChecker?

    /// Shows `container`.
    ///
    /// Health is what the program's own checker says, if one runs. Otherwise, unless `readonly`, a checker asks as long as the source is shown.
    ///
    /// - Parameters:
    ///   - monitor: what watches it already, if something does; its statistics reach back to its beginning.
    ///   - readonly: whether a person can only look.
    public init(_ container: Container, monitor: ResourceMonitor? = nil, readonly: Bool = false) {
        // Who only looks asks nothing, and so needs no checker.
        let health = monitor?.health ?? (readonly ? nil : HealthChecker(container))
        let monitor = monitor ?? ResourceMonitor(container, health: health)
        self.container = container
        self.monitor = monitor
        self.health = readonly ? nil : health
        self.control = readonly ? nil : ContainerControl(container, health: health, monitor: monitor)
    }

    public func recorder(to path: String, clock: WallClock) throws -> Recorder {
        try Recorder(self.container, health: self.monitor.health, path: path, header: RecordingHeader(origin: self.origin, clock: clock))
    }

    public func run() async {
        await self.health?.run(as: .dashboard)
    }

    public func hurry() {
        self.monitor.hurry()
    }

    public func updates(rate: Int) -> AsyncStream<MonitorUpdate> {
        self.monitor.updates(rate: rate)
    }
}
