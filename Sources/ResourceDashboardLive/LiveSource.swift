import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

/// A dashboard source over a container in this process.
public struct LiveSource: DashboardSource {
    /// `in-process`.
    public let origin = "in-process"
    /// The control of the container; nil if the source is read-only.
    public let control: (any DashboardControl)?
    private let container: Container
    private let monitor: ResourceMonitor
    /// Runs health checks unless the application's own checker does; nil if the source is read-only.
    private let health: HealthChecker?

    /// Creates a source over `container`.
    ///
    /// If the application's own health checker runs, its results are shown. Otherwise, unless `readonly` is true, a checker runs while the
    /// source is shown.
    ///
    /// - Parameters:
    ///   - container: the container to show.
    ///   - monitor: the application's monitor of the container, whose statistics reach back to its creation; nil creates a monitor.
    ///   - readonly: whether actions on the container are unavailable.
    public init(_ container: Container, monitor: ResourceMonitor? = nil, readonly: Bool = false) {
        // A read-only source runs no checks and needs no checker.
        let health = monitor?.health ?? (readonly ? nil : HealthChecker(container))
        let monitor = monitor ?? ResourceMonitor(container, health: health)
        self.container = container
        self.monitor = monitor
        self.health = readonly ? nil : health
        self.control = readonly ? nil : ContainerControl(container, health: health, monitor: monitor)
    }

    /// Creates a recorder of the container that writes to the file at `path`.
    public func recorder(to path: String, clock: WallClock) throws -> Recorder {
        try Recorder(self.container, health: self.monitor.health, path: path, header: RecordingHeader(origin: self.origin, clock: clock))
    }

    /// Runs health checks until the task is canceled, unless the source is read-only.
    public func run() async {
        await self.health?.run(as: .dashboard)
    }

    /// Requests an early update: consumers do not wait for the next tick of their rate.
    public func expedite() {
        self.monitor.expedite()
    }

    /// The monitor's updates, at most `rate` per second.
    public func updates(rate: Int) -> AsyncStream<MonitorUpdate> {
        self.monitor.updates(rate: rate)
    }
}
