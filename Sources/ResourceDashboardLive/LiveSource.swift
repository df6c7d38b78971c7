import Dispatch
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
    private let flight: FlightRecorder?

    /// Creates a source over `container`.
    ///
    /// If the application's own health checker runs, its results are shown. Otherwise, unless `readonly` is true, a checker runs while the
    /// source is shown.
    ///
    /// - Parameters:
    ///   - container: the container to show.
    ///   - monitor: the application's monitor of the container, whose statistics reach back to its creation; nil creates a monitor.
    ///   - readonly: whether actions on the container are unavailable.
    ///   - flight: the application's flight recorder of the container, whose past the user can save; nil without one.
    public init(_ container: Container, monitor: ResourceMonitor? = nil, readonly: Bool = false, flight: FlightRecorder? = nil) {
        // A read-only source runs no checks and needs no checker.
        let health = monitor?.health ?? (readonly ? nil : HealthChecker(container))
        let monitor = monitor ?? ResourceMonitor(container, health: health)
        self.container = container
        self.monitor = monitor
        self.health = readonly ? nil : health
        self.flight = flight
        self.control = readonly ? nil : ContainerControl(container, health: health, monitor: monitor)
    }

    /// Creates a recorder of the container that writes to the file at `path`.
    public func recorder(to path: String, clock: WallClock) throws -> Recorder {
        try Recorder(self.container, health: self.monitor.health, path: path, header: RecordingHeader(origin: self.origin, clock: clock))
    }

    /// How far back the flight recorder reaches; nil without one.
    public var reach: Duration? { self.flight?.reach }

    /// Saves the past that the flight recorder keeps to a new file at `path`.
    public func saveRecent(_ last: Duration, to path: String) async throws -> String {
        guard let flight = self.flight else { throw UnsupportedCommand("saving the past") }
        let outcome: Result<Void, RecordingError> = await withCheckedContinuation { continuation in
            // Not on the cooperative thread pool: a disk may be slow.
            DispatchQueue.global().async {
                continuation.resume(returning: Result { () throws(RecordingError) in try flight.save(last: last, to: path) })
            }
        }
        try outcome.get()
        return "saved the last \(Format.age(min(last, flight.reach))) to \(path)"
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
