import ResourceContainer
import ResourceMonitoring

/// Something that happened to the dashboard.
public enum Message: Sendable {
    /// The person did something.
    case input(InputEvent)
    /// The source has news.
    case monitor(MonitorUpdate)
    /// The player of a recording has come to this moment; nil if there is nothing where it was told to go.
    case recorded(Picture?)
    /// The recording that is shown reaches this far.
    case recordedExtent(RecordedExtent)
    /// An effect has ended.
    case finished(EffectResult)
    /// The program under watch printed a line.
    case captured(CapturedLine)
    /// What the dashboard itself costs.
    case ownCost(OwnCost)
    /// The files of the themes have changed: the themes there are now, or what is wrong with one.
    case themes([Theme], problem: String?)
    /// The clock of the world goes differently from before.
    case clock(WallClock)
}

/// A line that the program printed while the screen was up.
public struct CapturedLine: Hashable, Sendable {
    /// Which descriptor it came from.
    public enum Stream: String, Hashable, Sendable {
        case stdout, stderr
    }

    public var stream: Stream
    public var text: String

    public init(stream: Stream, text: String) {
        self.stream = stream
        self.text = text
    }
}

/// What the dashboard itself costs.
public struct OwnCost: Hashable, Sendable {
    /// Of one core, 0 to 1.
    public var processorShare: Double
    /// How long the last frame took to make and draw.
    public var frame: Duration

    public init(processorShare: Double, frame: Duration) {
        self.processorShare = processorShare
        self.frame = frame
    }
}

/// Something to be done outside of the dashboard's state.
public enum Effect: Hashable, Sendable {
    case openScope(in: ScopeID, name: String?)
    case closeScope(ScopeID, force: Bool)
    case get(BindingID, in: ScopeID)
    /// One resource, or all.
    case checkHealth(ResourceID?)
    /// Borrow an item of a pool, and give back the last one that was borrowed so.
    case lease(ResourceID)
    case release
    case inject(InjectedFault, BindingID)
    case breakLease(ResourceID)
    case allowFinding(String)
    /// In percent.
    case setLoad(Int)
    case startScenario(String)
    /// Ask the source for one update although the picture stands still.
    case step
    /// Go elsewhere in the recording that is played, and play it faster or slower.
    case seek(Seek)
    case setSpeed(Double)
    /// Record what is shown to a file; an empty name lets the program choose one.
    case startRecording(String)
    case stopRecording
    /// Put a text on the person's clipboard.
    case copy(String)
    /// Write a text to a file; one that is there is left as it is.
    case write(String, to: String)
    /// Write a text to a file that the person said may be replaced.
    case overwrite(String, to: String)
    /// Ask the terminal for reports of the mouse, or leave the mouse to it.
    case mouse(Bool)
    /// Draw everything anew: something else wrote on the screen.
    case redraw
    /// Give the terminal back until the program is continued.
    case suspend
    case quit

    /// What stands among the events when it is done.
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
        case .copy: "copy"
        case .write, .overwrite: "write"
        case .mouse: "mouse"
        case .redraw, .suspend, .quit: ""
        }
    }

    /// Whether its end is told among the events: what did something to the container, and is not told by that itself.
    var isTold: Bool {
        switch self {
        case .lease, .release, .breakLease, .allowFinding, .setLoad, .startScenario, .startRecording, .stopRecording: true
        case .openScope, .closeScope, .get, .checkHealth, .inject, .step, .seek, .setSpeed, .copy, .write, .overwrite, .mouse, .redraw,
            .suspend,
            .quit:
            false
        }
    }
}

/// What became of an effect.
public enum EffectResult: Sendable {
    case opened(ScopeID, name: String?, in: ScopeID)
    case closed(DisposeReport)
    case got(ResourceID, in: ScopeID)
    case checked(Int)
    /// The file that the effect would write is there: the person is to be asked.
    case occupied(Effect)
    /// It is done; the text is for people.
    case done(Effect, String)
    /// It could not be done; the text is for people.
    case failed(Effect, String)
}
