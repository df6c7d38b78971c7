import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// A source of the data that the dashboard shows: a container in this process, a simulated one, or a recording.
public protocol DashboardSource: Sendable {
    /// The origin shown in the header after the container's name, such as `in-process` or `simulated seed 7`.
    var origin: String { get }

    /// Returns a feed of updates: at most `rate` a second during activity and one a second otherwise.
    ///
    /// Updates are made when the consumer requests them, so a consumer that does not request any costs nothing.
    func updates(rate: Int) -> AsyncStream<MonitorUpdate>

    /// Makes the next update available immediately, regardless of the rate. The dashboard calls it when an action of the user completes.
    func expedite()

    /// The actions that the user can perform on the container; nil if the source is read-only.
    var control: (any DashboardControl)? { get }

    /// The player, if the source is a recording; nil otherwise. With a player, pictures come from it and there are no updates.
    var player: (any DashboardPlayer)? { get }

    /// Begins a recording of the source to a new file.
    ///
    /// - Throws: An error if the file cannot be created or the source does not support recording. The default implementation always throws.
    func recorder(to path: String, clock: WallClock) throws -> Recorder

    /// Performs work while the source is shown, such as running a separate health checker, until its task is canceled. The default
    /// implementation returns immediately.
    func run() async
}

extension DashboardSource {
    /// No player.
    public var player: (any DashboardPlayer)? { nil }

    /// Returns immediately.
    public func run() async {}

    /// Throws, because the source does not support recording.
    public func recorder(to path: String, clock: WallClock) throws -> Recorder { throw UnsupportedCommand("recording") }
}

/// A scenario that the user can switch to.
public struct ScenarioChoice: Hashable, Sendable {
    /// The name by which the scenario is started.
    public var name: String
    /// One line about the scenario.
    public var summary: String

    /// Creates a choice.
    public init(name: String, summary: String) {
        self.name = name
        self.summary = summary
    }
}
