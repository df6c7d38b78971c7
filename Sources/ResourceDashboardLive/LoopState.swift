import ResourceDashboard
import ResourceMonitoring

/// The progress of a ``DashboardLoop``: its request to the source, the update that is not shown yet, and the reason for its end.
///
/// At most one request is in progress. The next one begins after the update or picture of the previous one was shown or discarded. A paused
/// dashboard requests and shows nothing, except one update for each step.
struct LoopState: Sendable {
    private enum Phase: Sendable {
        /// Nothing is requested.
        case idle
        /// An update or a picture is requested.
        case requested
        /// A picture was requested before the last seek. It is discarded on arrival.
        case outdated
        /// An update has arrived and is not shown yet. It is kept while the dashboard is paused, so that nothing is missed.
        case held(MonitorUpdate)
        /// The source has ended. The loop continues without updates.
        case exhausted
        /// The loop ends.
        case ending(DashboardOutcome.Reason)
    }

    private var phase = Phase.idle
    /// Whether the next update is requested and shown although the dashboard is paused.
    private var isStepping = false

    /// The reason for the end of the loop; nil while it runs.
    var reason: DashboardOutcome.Reason? {
        if case .ending(let reason) = self.phase { reason } else { nil }
    }

    /// Begins a request, unless another one is in progress, an update is held, the dashboard is paused, or the source or the loop has ended.
    /// Returns whether it did, so that the loop sends the request to the source.
    mutating func beginRequest(isPaused: Bool) -> Bool {
        guard case .idle = self.phase, self.shows(isPaused: isPaused) else { return false }
        self.phase = .requested
        return true
    }

    /// Ends the request with an update of the source; nil at the source's end.
    mutating func receive(update: MonitorUpdate?) {
        if case .ending = self.phase { return }
        self.phase = update.map(Phase.held) ?? .exhausted
    }

    /// Ends the request with a picture of the player. Returns the picture to show; nil if it is outdated or the dashboard is paused.
    mutating func receive(picture: Picture?, isPaused: Bool) -> Picture? {
        switch self.phase {
        case .requested:
            self.phase = .idle
            return self.shows(isPaused: isPaused) ? picture : nil
        case .outdated:
            self.phase = .idle
            return nil
        case .idle, .held, .exhausted, .ending:
            return nil
        }
    }

    /// Returns the update to show now, and completes the step if there is one. Nil if no update has arrived or the dashboard is paused.
    mutating func takeUpdate(isPaused: Bool) -> MonitorUpdate? {
        guard case .held(let update) = self.phase, self.shows(isPaused: isPaused) else { return nil }
        self.phase = .idle
        self.isStepping = false
        return update
    }

    /// Requests one update although the dashboard is paused. A second step before that update has no effect.
    mutating func step() {
        self.isStepping = true
    }

    /// Makes the requested picture outdated, because the player moves to another position.
    mutating func seek() {
        if case .requested = self.phase { self.phase = .outdated }
    }

    /// Ends the loop. The first reason is kept.
    mutating func end(_ reason: DashboardOutcome.Reason) {
        if self.reason == nil { self.phase = .ending(reason) }
    }

    private func shows(isPaused: Bool) -> Bool {
        !isPaused || self.isStepping
    }
}
