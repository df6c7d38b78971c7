import ResourceAttach
import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// The container of a scenario as `resmon attach` sees it: its socket, and the recorder of its last ten minutes.
struct ServedContainer: Sendable {
    private let attach: ResourceAttach
    private let recording: Task<Void, Never>?

    /// Opens the socket and starts the recorder.
    ///
    /// - Parameters:
    ///   - container: the container.
    ///   - health: the checker that runs in the program.
    ///   - monitor: the monitor that runs in the program.
    ///   - flight: the recorder of the past; nil keeps no past.
    ///   - isReadonly: whether other processes may only watch.
    init(_ container: Container, health: HealthChecker, monitor: ResourceMonitor, flight: FlightRecorder? = nil, isReadonly: Bool) {
        // Each act is an event, which the dashboard shows. A line on standard error would show it a second time.
        let isStarting = Lock(true)
        let options = AttachOptions { line in
            if isStarting.withLock({ $0 }) { AttachOptions.standardError(line) }
        }
        self.attach = ResourceAttach(
            container,
            health: health,
            monitor: monitor,
            flight: flight,
            acting: isReadonly ? .nobody : .owner,
            options: options
        )
        self.attach.start()
        isStarting.withLock { $0 = false }
        // Unstructured: the creator of a scenario has no task to be its parent. It runs until `stop`.
        self.recording = flight.map { flight in Task { await flight.run() } }
    }

    /// Closes the socket and stops the recorder.
    func stop() {
        self.attach.stop()
        self.recording?.cancel()
    }
}
