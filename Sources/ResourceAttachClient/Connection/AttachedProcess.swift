import ResourceContainer
import ResourceDashboard
import ResourceRecording

/// The phase of the connection to one process.
package enum ConnectionPhase: Sendable, Hashable {
    /// No header has arrived since an instant.
    case connecting(since: TimeSource.Instant)
    /// Data arrive, the last ones at an instant.
    case live(heardAt: TimeSource.Instant)
    /// The connection is open, but nothing has arrived since an instant.
    case silent(since: TimeSource.Instant)
    /// The connection was lost. The next attempt is made at an instant.
    case reconnecting(at: TimeSource.Instant)
    /// The process, or its server, has ended. The instant is on the clock of the process.
    case ended(at: TimeSource.Instant?, how: String)
    /// The process does not accept the connection.
    case refused(String)
}

/// The connection to one run of one process: a pure state machine without a clock or a descriptor.
///
/// The times of its methods are those of the client. It never connects two runs: a server with another instance ends it. While the process
/// exists, it retries without end, at intervals from 0.2 s to 5 s.
package struct AttachedProcess: Sendable {
    /// The next action of the thread that runs the connection.
    package enum Step: Sendable, Hashable {
        /// Open the connection.
        case connect
        /// Read from the open connection, and call ``tick(at:)`` at an instant at the latest.
        case read(until: TimeSource.Instant)
        /// Keep the connection closed until an instant, or without end.
        case wait(until: TimeSource.Instant?)
    }

    /// The limits of the time between two attempts.
    package static let backOff = Duration.milliseconds(200)...Duration.seconds(5)
    /// A connection of this length makes the next interval the shortest one again.
    package static let stable = Duration.seconds(5)

    /// The current phase.
    package private(set) var phase: ConnectionPhase
    /// The identity of the run; nil before the first header, unless a probe has seen it.
    package private(set) var instance: String?
    /// The time to wait for the header before the connection counts as silent.
    private let patience: Duration
    private var isOpen = false
    /// Whether the header of the open connection has arrived.
    private var isGreeted = false
    private var openedAt: TimeSource.Instant
    /// The number of attempts and short connections that failed in a row.
    private var failures = 0

    /// Creates a machine that connects at once.
    ///
    /// - Parameters:
    ///   - instance: The identity of the run, if a probe has seen it; nil otherwise.
    ///   - patience: The time to wait for the first header. A command such as `ssh` needs longer than a socket.
    ///   - now: The current time.
    package init(of instance: String? = nil, patience: Duration = AttachLimits.silent, at now: TimeSource.Instant) {
        self.phase = .connecting(since: now)
        self.instance = instance
        self.patience = patience
        self.openedAt = now
    }

    /// Whether the run is over for this machine: the process has ended, or refuses the connection.
    package var isOver: Bool {
        switch self.phase {
        case .ended, .refused: true
        case .connecting, .live, .silent, .reconnecting: false
        }
    }

    /// Whether the process has ended. Nothing changes after it.
    package var hasEnded: Bool {
        if case .ended = self.phase { true } else { false }
    }

    /// The next action.
    package func step(at now: TimeSource.Instant) -> Step {
        switch self.phase {
        case .ended, .refused: return .wait(until: nil)
        case .reconnecting(let moment): return now >= moment ? .connect : .wait(until: moment)
        case .connecting(let since): return self.isOpen ? .read(until: since + self.patience) : .connect
        case .live(let heardAt): return .read(until: heardAt + AttachLimits.silent)
        case .silent: return .read(until: now + .seconds(1))
        }
    }

    // MARK: Events of the connection

    /// The connection was opened.
    package mutating func opened(at now: TimeSource.Instant) {
        guard !self.isOver else { return }
        self.isOpen = true
        self.isGreeted = false
        self.openedAt = now
        self.phase = .connecting(since: now)
    }

    /// A header arrived. Returns false if it is that of another run, which ends this one, or of a connection that is to be closed.
    ///
    /// - Parameter last: The time of the last data of this run, on the clock of the process.
    package mutating func greeted(by instance: String, last: TimeSource.Instant?, at now: TimeSource.Instant) -> Bool {
        guard !self.isOver, self.isOpen else { return false }
        if let known = self.instance, known != instance {
            self.end(how: Self.withoutGoodbye, last: last)
            return false
        }
        self.instance = instance
        self.isGreeted = true
        self.phase = .live(heardAt: now)
        return true
    }

    /// Bytes arrived, which may be a part of a long line. Before the header they change nothing. Returns whether the connection was silent.
    @discardableResult
    package mutating func heard(at now: TimeSource.Instant) -> Bool {
        guard self.isOpen, self.isGreeted else { return false }
        switch self.phase {
        case .live:
            self.phase = .live(heardAt: now)
            return false
        case .silent:
            self.phase = .live(heardAt: now)
            return true
        case .connecting, .reconnecting, .ended, .refused: return false
        }
    }

    /// Time has passed: an open connection on which nothing arrives becomes silent.
    package mutating func tick(at now: TimeSource.Instant) {
        switch self.phase {
        case .live(let heardAt) where now - heardAt >= AttachLimits.silent: self.phase = .silent(since: heardAt)
        case .connecting(let since) where self.isOpen && now - since >= self.patience: self.phase = .silent(since: since)
        default: break
        }
    }

    /// The connection could not be opened, or ended without an end line.
    ///
    /// - Parameters:
    ///   - reason: The reason, for the user.
    ///   - isAlive: Whether the process exists; nil if that is not known.
    ///   - last: The time of the last data, on the clock of the process.
    package mutating func lost(_ reason: String, isAlive: Bool?, last: TimeSource.Instant?, at now: TimeSource.Instant) {
        guard !self.isOver else { return }
        let wasStable = self.isOpen && now - self.openedAt >= Self.stable
        self.isOpen = false
        guard self.instance != nil else {
            self.phase = .refused(reason)
            return
        }
        if isAlive == false { return self.end(how: Self.withoutGoodbye, last: last) }
        self.failures = wasStable ? 1 : min(self.failures + 1, 16)
        self.phase = .reconnecting(at: now + Self.pause(after: self.failures))
    }

    /// The end line arrived.
    package mutating func goodbye(_ reason: String?, last: TimeSource.Instant?) {
        guard !self.isOver else { return }
        self.end(how: reason ?? "the server was stopped", last: last)
    }

    /// The process sends what no server sends, or has a version that this program cannot read.
    package mutating func refuse(_ reason: String) {
        guard !self.isOver else { return }
        self.isOpen = false
        self.phase = .refused(reason)
    }

    /// The user wants the next attempt now. A silent connection is closed for it. Has no effect on a connection that is being opened or on
    /// which data arrive, and after the end of the process.
    package mutating func retry(at now: TimeSource.Instant) {
        self.tick(at: now)
        switch self.phase {
        case .silent, .reconnecting:
            self.isOpen = false
            self.phase = .reconnecting(at: now)
        case .refused:
            self.failures = 0
            self.phase = .connecting(since: now)
        case .connecting, .live, .ended: break
        }
    }

    private mutating func end(how: String, last: TimeSource.Instant?) {
        self.isOpen = false
        self.phase = .ended(at: last, how: how)
    }

    /// The reason for a connection that the process closed without an end line.
    static let closedByProcess = "the process closed the connection"
    /// The end of a process that sent no end line.
    package static let withoutGoodbye = "without goodbye"

    /// The time before the next attempt, after a number of failures of at least 1.
    private static func pause(after failures: Int) -> Duration {
        min(self.backOff.upperBound, self.backOff.lowerBound.saturating(times: Int64(1) << Int64(failures - 1)))
    }

    // MARK: Reading

    /// The phase for the dashboard. The lag is shown while data arrive.
    package func status(at now: TimeSource.Instant, lag: Duration?) -> ConnectionStatus {
        switch self.phase {
        case .connecting: .connecting
        case .live(let heardAt) where now - heardAt >= AttachLimits.silent: .silent(for: now - heardAt)
        case .live: .live(lag: lag)
        case .silent(let since): .silent(for: now - since)
        case .reconnecting(let moment): .reconnecting(in: max(.zero, moment - now))
        case .ended(let moment, let how): .ended(at: moment, how: how)
        case .refused(let reason): .refused(reason)
        }
    }
}
