import ResourceContainer
import ResourceMonitoring

/// The content of a view as data, with the same rows in the same order as on the screen. Durations are in seconds.
public struct ViewModel: Sendable, Codable {
    /// A scope of the tree.
    public struct Scope: Sendable, Codable {
        /// The identity.
        public var id: UInt64
        /// The name.
        public var name: String
        /// The tag; nil if there is none.
        public var tag: String?
        /// The state: `open`, `closing` or `closed`.
        public var state: String
        /// The depth in the tree; 0 for the root.
        public var depth: Int
        /// The time since the scope was opened, or for which it was open, in seconds.
        public var age: Double
        /// The number of active resources.
        public var active: Int
        /// The number of resources created.
        public var created: Int
        /// The number of errors.
        public var errors: Int
        /// The time of day when the scope was opened, with milliseconds.
        public var openedAt: String
        /// How the body of the closed scope ended: `returned`, `threw` or `canceled`; nil if it is open or has no outcome.
        public var outcome: String?
        /// The type and the text of the error that the body threw; nil if it threw none.
        public var error: String?
    }

    /// A resource of the tree or the table.
    public struct Resource: Sendable, Codable {
        /// The identity.
        public var id: UInt64
        /// The label of the binding.
        public var type: String
        /// The name of the owning scope.
        public var scope: String
        /// The state.
        public var state: String
        /// The lifetime so far, in seconds.
        public var life: Double
        /// The duration of the initialization, in seconds; nil if it has not finished.
        public var initialize: Double?
        /// The number of uses.
        public var uses: Int
        /// The number of errors.
        public var errors: Int
        /// Whether the dispose threw. The instance has ended nevertheless.
        public var disposeThrew: Bool
        /// The health status; nil for a resource that has ended.
        public var health: String?
        /// The health as shown by the views: the status, `not asked` or `no probe`; nil for a resource that has ended.
        public var healthStanding: String?
        /// The last error; nil if there was none.
        public var lastError: String?
        /// The identities of the dependencies.
        public var dependencies: [UInt64]
    }

    /// A line of the event log.
    public struct Event: Sendable, Codable {
        /// The sequence number.
        public var sequence: UInt64
        /// The time of day with milliseconds.
        public var time: String
        /// The level: `info`, `warn` or `error`.
        public var level: String
        /// The kind of event, in one word.
        public var what: String
        /// The subject.
        public var who: String
        /// The name of the scope.
        public var scope: String
        /// The details.
        public var message: String
    }

    /// The current view.
    public var view: DashboardView
    /// The name of the container.
    public var container: String
    /// The origin of the data.
    public var origin: String
    /// Whether the dashboard is paused.
    public var isPaused: Bool
    /// The sequence number of the last event that is included.
    public var sequence: UInt64
    /// The time of day that the screen shows.
    public var time: String
    /// The time since the container was created, in seconds.
    public var uptime: Double
    /// The number of missed events.
    public var missed: UInt64
    /// The books of the container.
    public var books: Books
    /// The pools, in the order of the view.
    public var pools: [PoolSample]
    /// The scopes of the tree.
    public var scopes: [Scope]
    /// The resources of the view.
    public var resources: [Resource]
    /// The findings of the view: the active ones, and in the findings view also those withdrawn recently if they are shown.
    public var findings: [Finding]
    /// The verdict of the health checks; nil if there was no checker.
    public var healthVerdict: HealthStatus?
    /// Whether the verdict is unknown because results are overdue; nil if there was no checker.
    public var healthIsStale: Bool?
    /// The number of live resources with each health; nil if there was no checker.
    public var healthCounts: HealthCounts?
    /// The health of each resource; nil if it is not part of the view.
    public var health: HealthPicture?
    /// The newest events, oldest first, as many as the screen has rows.
    public var events: [Event]
}

extension DashboardState {
    /// Returns the content of the current view as data.
    public func viewModel() -> ViewModel {
        let picture = self.picture
        var model = ViewModel(
            view: self.view,
            container: picture.container,
            origin: self.configuration.origin,
            isPaused: self.isPaused,
            sequence: picture.sequence,
            time: self.configuration.clock.time(picture.time),
            uptime: picture.uptime.inSeconds,
            missed: picture.missed,
            books: picture.totals.books,
            pools: picture.pools,
            scopes: [],
            resources: [],
            findings: [],
            healthVerdict: picture.health?.verdict,
            healthIsStale: picture.health?.isStale,
            healthCounts: picture.health?.counts,
            health: nil,
            events: []
        )
        self.screen.describe(&model, self.context)
        return model
    }
}

extension ScreenContext {
    /// Returns a scope as data; nil if it is neither open nor closed within the retention time.
    func scopeModel(_ id: ScopeID, depth: Int) -> ViewModel.Scope? {
        guard let scope = self.picture.scopes[id] ?? self.picture.closedScopes[id] else { return nil }
        return ViewModel.Scope(
            id: id.rawValue,
            name: scope.scope.name,
            tag: scope.scope.tag,
            state: scope.scope.state.rawValue,
            depth: depth,
            age: ((scope.closedAt ?? self.picture.time) - scope.scope.openedAt).inSeconds,
            active: scope.scope.books.active,
            created: scope.scope.books.created,
            errors: scope.scope.books.errors,
            openedAt: self.clock.preciseTime(scope.scope.openedAt),
            outcome: scope.outcome?.kind.rawValue,
            error: scope.outcome?.cause
        )
    }

    /// Returns a resource as data.
    func resourceModel(_ row: ResourceRow) -> ViewModel.Resource {
        ViewModel.Resource(
            id: row.resource.id.rawValue,
            type: self.picture.typeLabel(row),
            scope: self.picture.scopeName(row.resource.scope),
            state: row.resource.state.rawValue,
            life: self.picture.life(of: row).inSeconds,
            initialize: row.initializeTook?.inSeconds,
            uses: row.resource.uses,
            errors: row.errors,
            disposeThrew: row.disposeThrew,
            health: self.picture.healthStatus(of: row.resource.id)?.rawValue,
            healthStanding: self.picture.standing(of: row.resource.id)?.rawValue,
            lastError: row.lastError,
            dependencies: row.resource.dependencies.map(\.rawValue)
        )
    }

    /// Returns an event line as data.
    func eventModel(_ line: EventLine) -> ViewModel.Event {
        ViewModel.Event(
            sequence: line.sequence,
            time: self.clock.preciseTime(line.time),
            level: line.level.label,
            what: line.what,
            who: line.who,
            scope: line.scope,
            message: line.message
        )
    }
}
