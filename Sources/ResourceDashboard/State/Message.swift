import ResourceContainer
import ResourceMonitoring

/// Something that happened to the dashboard.
public enum Message: Sendable {
    /// The person did something.
    case input(InputEvent)
    /// The source has news.
    case monitor(MonitorUpdate)
    /// An effect has ended.
    case finished(EffectResult)
    /// The program under watch printed a line.
    case captured(CapturedLine)
    /// What the dashboard itself costs.
    case ownCost(OwnCost)
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
    case closeScope(ScopeID)
    case get(BindingID, in: ScopeID)
    /// One resource, or all.
    case checkHealth(ResourceID?)
    /// Draw everything anew: something else wrote on the screen.
    case redraw
    /// Give the terminal back until the program is continued.
    case suspend
    case quit
}

/// What became of an effect.
public enum EffectResult: Sendable {
    case opened(ScopeID, name: String?, in: ScopeID)
    case closed(DisposeReport)
    case got(ResourceID, in: ScopeID)
    case checked(Int)
    /// It could not be done; the text is for people.
    case failed(Effect, String)
}
