import ResourceContainer
import ResourceMonitoring

/// Where the dashboard takes its picture from: a container in this process, a simulated one, later a recording or another process.
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
}

/// What a person can do to a container from the dashboard. A failure is thrown; its description is for people.
public protocol DashboardControl: Sendable {
    /// Opens a scope in `parent` and returns it.
    func openScope(in parent: ScopeID, name: String?) async throws -> ScopeID
    /// Closes a scope and everything in it.
    func closeScope(_ scope: ScopeID) async throws -> DisposeReport
    /// Gets the resource of `binding` in `scope`, making it if needed, and returns its identity.
    func get(_ binding: BindingID, in scope: ScopeID) async throws -> ResourceID
    /// Checks the health of one resource, or of all, and returns how many were checked.
    func checkHealth(of resource: ResourceID?) async throws -> Int
}
