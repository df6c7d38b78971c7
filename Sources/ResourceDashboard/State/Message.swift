import ResourceContainer
import ResourceMonitoring

/// An event that changes the state of the dashboard.
public enum Message: Sendable {
    /// Input from the terminal.
    case input(InputEvent)
    /// An update from the source.
    case monitor(MonitorUpdate)
    /// A moment from the player of a recording; nil if a seek found no target.
    case recorded(Picture?)
    /// The time span of the recording that is shown.
    case recordedExtent(RecordedExtent)
    /// An effect has finished.
    case finished(EffectResult)
    /// The monitored program printed a line.
    case captured(CapturedLine)
    /// The cost of the dashboard itself.
    case ownCost(OwnCost)
    /// The theme files have changed: the themes they now define, or the problem with one of them.
    case themes([Theme], problem: String?)
    /// The wall clock has changed relative to the time source.
    case clock(WallClock)
    /// The attached processes have changed.
    case processes([ProcessRow])
    /// The state of the connection to the process has changed.
    case connection(ConnectionStatus)
    /// The source has no data of a span of time. The next update follows it.
    case gap(TimeGap)
    /// The time that the source's flight recorder reaches back has changed; nil without a flight recorder.
    case reach(Duration?)
}

/// A line that the program printed while the dashboard was on the screen.
public struct CapturedLine: Hashable, Sendable {
    /// The output stream of a line.
    public enum Stream: String, Hashable, Sendable {
        /// Standard output.
        case stdout
        /// Standard error.
        case stderr
    }

    /// The stream that the line was written to.
    public var stream: Stream
    /// The line without its newline.
    public var text: String

    /// Creates a line.
    public init(stream: Stream, text: String) {
        self.stream = stream
        self.text = text
    }
}

/// The cost of the dashboard itself.
public struct OwnCost: Hashable, Sendable {
    /// The share of one processor core, 0 to 1.
    public var processorShare: Double
    /// The time taken to render and draw the last frame.
    public var frame: Duration

    /// Creates a measurement.
    public init(processorShare: Double, frame: Duration) {
        self.processorShare = processorShare
        self.frame = frame
    }
}

/// An action that the state requests and its owner performs.
public enum Effect: Hashable, Sendable {
    /// Open a scope in a parent scope, with a generated name if it is nil.
    case openScope(in: ScopeID, name: String?)
    /// Close a scope, without waiting if forced.
    case closeScope(ScopeID, force: Bool)
    /// Resolve a binding in a scope.
    case get(BindingID, in: ScopeID)
    /// Check the health of one resource, or of all if it is nil.
    case checkHealth(ResourceID?)
    /// Acquire a lease from a pool and keep it.
    case lease(ResourceID)
    /// Release the newest manual lease.
    case release
    /// Inject a fault into the next instances of a binding.
    case inject(InjectedFault, BindingID)
    /// Mark the item of a pool with the longest lease as broken.
    case breakLease(ResourceID)
    /// Suppress findings with a name.
    case allowFinding(String)
    /// Set the load of the scenario, in percent.
    case setLoad(Int)
    /// Start a scenario in place of the current one.
    case startScenario(String)
    /// Request one update from the source while the picture is paused.
    case step
    /// Move to another position of the recording.
    case seek(Seek)
    /// Set the playback speed, as a factor of real time.
    case setSpeed(Double)
    /// Start recording to a file; an empty path lets the owner choose one.
    case startRecording(String)
    /// End the active recording.
    case stopRecording
    /// Show an attached process, in a view or in the one that it showed last.
    case showProcess(ProcessID, view: DashboardView? = nil)
    /// Connect to an attached process now.
    case reconnect(ProcessID)
    /// Write the past that the source's flight recorder keeps to a file; an empty path lets the owner choose one.
    case saveRecent(Duration, to: String)
    /// Copy a text to the user's clipboard.
    case copy(String)
    /// Write a text to a file, unless the file exists.
    case write(String, to: String)
    /// Write a text to a file that the user agreed to replace.
    case overwrite(String, to: String)
    /// Turn the terminal's mouse reports on or off.
    case mouse(Bool)
    /// Redraw the whole screen, because other output has overwritten it.
    case redraw
    /// Restore the terminal and suspend the program until it is continued.
    case suspend
    /// Quit the dashboard.
    case quit

    /// The word for the effect in the event log.
    var verb: String {
        switch self {
        case .openScope: "open"
        case .closeScope: "close"
        case .get: "get"
        case .checkHealth: "check"
        case .lease: "lease"
        case .release: "release"
        case .inject, .breakLease: "fault"
        case .allowFinding: "allow"
        case .setLoad: "load"
        case .startScenario: "scenario"
        case .step, .seek, .setSpeed: "step"
        case .startRecording, .stopRecording: "record"
        case .saveRecent: "save"
        case .copy: "copy"
        case .write, .overwrite: "write"
        case .mouse: "mouse"
        case .showProcess, .reconnect, .redraw, .suspend, .quit: ""
        }
    }

    /// Whether completion is noted in the event log. That is so for actions on the container that cause no event themselves.
    var isLogged: Bool {
        switch self {
        case .lease, .release, .breakLease, .allowFinding, .setLoad, .startScenario, .startRecording, .stopRecording, .saveRecent: true
        case .openScope, .closeScope, .get, .checkHealth, .inject, .step, .seek, .setSpeed, .showProcess, .reconnect, .copy, .write,
            .overwrite, .mouse, .redraw, .suspend, .quit:
            false
        }
    }
}

/// The result of an effect.
public enum EffectResult: Sendable {
    /// A scope was opened, with its name and parent.
    case opened(ScopeID, name: String?, in: ScopeID)
    /// A scope was closed.
    case closed(DisposeReport)
    /// An instance was resolved in a scope.
    case got(ResourceID, in: ScopeID)
    /// The number of resources whose health was checked.
    case checked(Int)
    /// The file that the effect would write exists, so the user must confirm.
    case occupied(Effect)
    /// The effect succeeded, with a message for the user.
    case done(Effect, String)
    /// The effect failed, with a message for the user.
    case failed(Effect, String)
}
