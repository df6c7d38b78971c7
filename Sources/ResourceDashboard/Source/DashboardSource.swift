import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// Where the dashboard takes its picture from: a container in this process, a simulated one, or a recording.
public protocol DashboardSource: Sendable {
    /// What stands in the header after the container's name: `in-process`, `simulated seed 7`.
    var origin: String { get }

    /// A feed of updates, at most `rate` a second while something happens and one a second while nothing does.
    ///
    /// Updates are made when the consumer asks, so a consumer that does not ask costs nothing.
    func updates(rate: Int) -> AsyncStream<MonitorUpdate>

    /// Lets the next update come at once, whatever the rate: called when something that the person asked for is done.
    func hurry()

    /// What a person can do to the container; nil if they can only look.
    var control: (any DashboardControl)? { get }

    /// What plays the recording that this is; nil if it is none. Then the pictures come from there, and there are no updates.
    var player: (any DashboardPlayer)? { get }

    /// Begins a recording of what is shown, to a new file.
    func recorder(to path: String, clock: WallClock) throws -> Recorder

    /// What goes on while the source is shown, such as a health checker of its own; ends with its task. Nothing unless said otherwise.
    func run() async
}

extension DashboardSource {
    public var player: (any DashboardPlayer)? { nil }

    public func run() async {}

    public func recorder(to path: String, clock: WallClock) throws -> Recorder { throw NotOffered(what: "recordings") }
}

/// A scenario that can be shown instead.
public struct ScenarioChoice: Hashable, Sendable {
    public var name: String
    /// What it shows, in one line.
    public var summary: String

    public init(name: String, summary: String) {
        self.name = name
        self.summary = summary
    }
}

/// What a person can do to a container from the dashboard. A failure is thrown; its description is for people.
public protocol DashboardControl: Sendable {
    /// The scenarios that can be started instead; none unless said otherwise.
    var scenarios: [ScenarioChoice] { get }
    /// Opens a scope in `parent` and returns it.
    func openScope(in parent: ScopeID, name: String?) async throws -> ScopeID
    /// Closes a scope and everything in it; by force waits for nothing.
    func closeScope(_ scope: ScopeID, force: Bool) async throws -> DisposeReport
    /// Gets the resource of `binding` in `scope`, making it if needed, and returns its identity.
    func get(_ binding: BindingID, in scope: ScopeID) async throws -> ResourceID
    /// Checks the health of one resource, or of all, and returns how many were checked.
    func checkHealth(of resource: ResourceID?) async throws -> Int
    /// Borrows an item of a pool and keeps it; returns what to say of it.
    func lease(from pool: ResourceID) async throws -> String
    /// Gives back what was borrowed last; returns what to say of it.
    func release() async throws -> String
    /// Gives back everything that was borrowed, a line each.
    func releaseAll() async -> [String]
    /// Lets the next instances of a binding go wrong.
    func inject(_ fault: InjectedFault, into binding: BindingID) async throws
    /// Has the item that is out longest closed when it comes back; returns what to say of it.
    func breakLease(of pool: ResourceID) async throws -> String
    /// Withdraws findings of this name, and raises none any more.
    func allowFinding(named name: String) async throws
    /// Changes how much of the scenario's load runs, in percent.
    func setLoad(_ percent: Int) async throws
    /// Ends the scenario and starts another one.
    func startScenario(_ name: String) async throws
}

extension DashboardControl {
    public var scenarios: [ScenarioChoice] { [] }
    public func lease(from pool: ResourceID) async throws -> String { throw NotOffered(what: "leases by hand") }
    public func release() async throws -> String { throw NotOffered(what: "leases by hand") }
    public func releaseAll() async -> [String] { [] }
    public func inject(_ fault: InjectedFault, into binding: BindingID) async throws { throw NotOffered(what: "faults by hand") }
    public func breakLease(of pool: ResourceID) async throws -> String { throw NotOffered(what: "faults by hand") }
    public func allowFinding(named name: String) async throws { throw NotOffered(what: "findings to allow") }
    public func setLoad(_ percent: Int) async throws { throw NotOffered(what: "a load that can be changed") }
    public func startScenario(_ name: String) async throws { throw NotOffered(what: "scenarios") }
}

/// The program under watch has no such thing.
private struct NotOffered: Error, CustomStringConvertible {
    let what: String
    var description: String { "this program has no \(self.what)" }
}
