import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// The parts of a server: the container, the permissions, the options, and its description.
struct AttachSetup: Sendable {
    let container: Container
    let health: HealthChecker?
    let monitor: ResourceMonitor?
    let flight: FlightRecorder?
    let consent: Consent
    let options: AttachOptions
    /// The commands of all clients that run.
    let running = RunningCommands()
    /// The process. `may`, `commands`, and the past depend on the client and the moment.
    let description: AttachDescription
    /// The clock of the server's deadlines. That of the container may be a simulated one.
    let time: TimeSource
    let startedAt: TimeSource.Instant

    /// What a connection can be offered.
    var offers: AttachConnection.Offers {
        AttachConnection.Offers(past: self.flight != nil, figures: self.monitor != nil)
    }

    /// Writes a line to the program's log. Call without a lock: the log is application code.
    func log(_ text: String) {
        UserCode.begins()
        self.options.log("resmon attach: \(self.container.name): \(text)")
    }
}
