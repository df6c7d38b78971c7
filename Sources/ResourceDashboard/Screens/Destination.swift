import ResourceContainer
import ResourceMonitoring

/// Where Enter, a jump or a name in the palette leads.
enum Destination: Hashable, Sendable {
    case view(DashboardView)
    /// A scope in its tree.
    case scope(ScopeID)
    /// A resource in the table of resources.
    case resource(ResourceID)
    /// A resource below its scope in the tree of scopes.
    case member(ResourceID, of: ScopeID)
    case pool(ResourceID)
    case finding(UInt64)
    case event(EventLine)
    /// The resources of a binding.
    case binding(BindingID)
    /// The moment at an instant.
    case instant(TimeSource.Instant)
    /// An item that has ended, at the last moment at which it existed.
    indirect case ended(FoundName)
    /// An attached process, in a view or in the one that it showed last.
    case process(ProcessID, view: DashboardView? = nil)
    /// The screen itself has changed; the view stays.
    case here
    /// There is nothing to go to, for this reason.
    case nowhere(String)
}

/// The items that a screen has selected, which commands act on.
struct Subject: Sendable {
    var scope: ScopeID?
    var resource: ResourceID?
    var finding: Finding?
    var event: EventLine?
    var process: ProcessID?
}

/// The request of a screen after one of its commands.
enum ScreenResponse: Sendable {
    /// The rows are to be rebuilt.
    case refresh
    /// A notice in the footer.
    case notice(String, EventLevel)
    case go(Destination)
    case open(Overlay)
}
