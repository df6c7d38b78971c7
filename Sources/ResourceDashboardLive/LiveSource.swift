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

    /// Shows `container`.
    ///
    /// - Parameters:
    ///   - monitor: what watches it already, if something does; its statistics reach back to its beginning.
    ///   - readonly: whether a person can only look.
    public init(_ container: Container, monitor: ResourceMonitor? = nil, readonly: Bool = false) {
        let health = monitor?.health ?? HealthChecker(container)
        let monitor = monitor ?? ResourceMonitor(container, health: health)
        self.container = container
        self.monitor = monitor
        self.control = readonly ? nil : ContainerControl(container, health: health, monitor: monitor)
    }

    public func recorder(to path: String, clock: WallClock) throws -> Recorder {
        try Recorder(self.container, health: self.monitor.health, path: path, header: RecordingHeader(origin: self.origin, clock: clock))
    }

    public func hurry() {
        self.monitor.hurry()
    }

    public func updates(rate: Int) -> AsyncStream<MonitorUpdate> {
        self.monitor.updates(rate: rate)
    }
}
