import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// A source of the data that the dashboard shows: a container in this process or in an attached one, a simulated one, or a recording.
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

    /// The process of the source, if it is an attached one; nil otherwise, which is the default.
    var process: ProcessID? { get }

    /// The state of the connection, if the source is an attached process; nil otherwise, which is the default.
    var connection: ConnectionStatus? { get }

    /// The attached processes, of which this source is one; nil if there are none, which is the default. With them, the dashboard has the
    /// view Processes and switches between their sources.
    var processes: (any ProcessDirectory)? { get }

    /// Returns the gaps that have ended since the last call, oldest first. The dashboard calls it before it shows an update, and marks the
    /// gaps in time. The default implementation returns none.
    func takeGaps() -> [TimeGap]

    /// Begins to load the past that the source keeps, unless it is loaded. The dashboard calls it when it shows the source, and receives the
    /// past from ``takePast(before:)``. The default implementation does nothing.
    func loadPast()

    /// Returns the past that ``loadPast()`` has loaded, once, followed by all later updates before `update`. They replace the updates that the
    /// consumer has taken. Empty in all other cases. The dashboard calls it before it shows an update, and before ``takeGaps()``. The default
    /// implementation returns none.
    ///
    /// - Parameter update: The last update of ``updates(rate:)``.
    func takePast(before update: MonitorUpdate) -> [MonitorUpdate]

    /// How far back ``saveRecent(_:to:)`` reaches; nil if the source keeps no past, which is the default.
    var reach: Duration? { get }

    /// Writes the past that the source's flight recorder keeps to a new file, and returns a message for the user.
    ///
    /// - Parameters:
    ///   - last: The length of the past.
    ///   - path: The path of the file.
    /// - Throws: An error if the file cannot be written or the source keeps no past. The default implementation always throws.
    func saveRecent(_ last: Duration, to path: String) async throws -> String

    /// Performs work while the source is shown, such as running a separate health checker, until its task is canceled. The default
    /// implementation returns immediately.
    func run() async
}

extension DashboardSource {
    /// No player.
    public var player: (any DashboardPlayer)? { nil }

    /// Returns immediately.
    public func run() async {}

    /// No process.
    public var process: ProcessID? { nil }

    /// No connection.
    public var connection: ConnectionStatus? { nil }

    /// No attached processes.
    public var processes: (any ProcessDirectory)? { nil }

    /// No gaps.
    public func takeGaps() -> [TimeGap] { [] }

    /// Does nothing, because the source keeps no past.
    public func loadPast() {}

    /// No past.
    public func takePast(before update: MonitorUpdate) -> [MonitorUpdate] { [] }

    /// No past.
    public var reach: Duration? { nil }

    /// Throws, because the source keeps no past.
    public func saveRecent(_ last: Duration, to path: String) async throws -> String { throw UnsupportedCommand("saving the past") }

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
