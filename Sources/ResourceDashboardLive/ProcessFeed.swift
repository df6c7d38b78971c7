import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

/// The loop's side of one process: its source, the request for an update, and what the user has opened and records there.
struct ProcessFeed: Sendable {
    let source: any DashboardSource
    let updates: AsyncStream<MonitorUpdate>
    var progress = LoopState()
    var opened = OpenedScopes()
    /// The running recording to a file.
    var recorder: Recorder?
    /// Whether the user has acted on the container, so that something may be left to release.
    var hasActed = false
    /// How far back the flight recorder reached when it was last asked.
    var reach: Duration?

    init(_ source: any DashboardSource, rate: Int) {
        self.source = source
        self.updates = source.updates(rate: rate)
        self.reach = source.reach
    }

    /// Whether nothing has to be ended or closed before the feed can be forgotten.
    var isIdle: Bool {
        self.recorder == nil && self.opened.isEmpty && !self.hasActed
    }

    /// Keeps what an effect has opened, closed or ended.
    mutating func note(_ result: EffectResult) {
        switch result {
        case .done(.stopRecording, _), .failed(.stopRecording, _): self.recorder = nil
        case .opened(let scope, _, _): self.opened.opened(scope)
        case .closed(let report): self.opened.closed(report)
        case .got, .checked, .occupied, .done, .failed: break
        }
    }
}
