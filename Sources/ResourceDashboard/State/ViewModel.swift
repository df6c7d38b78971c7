import ResourceContainer
import ResourceMonitoring

/// What a view shows, as data: the same rows in the same order as on the screen. Durations are in seconds.
public struct ViewModel: Sendable, Codable {
    /// A scope of the tree.
    public struct Scope: Sendable, Codable {
        public var id: UInt64
        public var name: String
        public var tag: String?
        public var state: String
        public var depth: Int
        public var age: Double
        public var active: Int
        public var created: Int
        public var errors: Int
        public var openedAt: String
    }

    /// A resource of the tree or the table.
    public struct Resource: Sendable, Codable {
        public var id: UInt64
        public var type: String
        public var scope: String
        public var state: String
        public var life: Double
        public var initialise: Double?
        public var uses: Int
        public var errors: Int
        /// Whether its dispose threw, which ends an instance like one that did not.
        public var disposeThrew: Bool
        /// Its status; nil for one that has ended, which has none any more.
        public var health: String?
        /// How it stands, as the views write it: the status, `not asked` or `no probe`.
        public var healthStanding: String?
        public var lastError: String?
        public var dependencies: [UInt64]
    }

    /// A line of the events.
    public struct Event: Sendable, Codable {
        public var sequence: UInt64
        public var time: String
        public var level: String
        public var what: String
        public var who: String
        public var scope: String
        public var message: String
    }

    public var view: DashboardView
    public var container: String
    public var origin: String
    public var isPaused: Bool
    /// The number of the last event that is included.
    public var sequence: UInt64
    /// The time of day that the screen shows.
    public var time: String
    public var uptime: Double
    public var missed: UInt64
    public var books: Books
    public var pools: [PoolSample]
    public var scopes: [Scope]
    public var resources: [Resource]
    public var findings: [Finding]
    /// The verdict of the health checks, whether it is unknown because answers did not come, and how many live resources stand how; nil if
    /// there never was a checker.
    public var healthVerdict: HealthStatus?
    public var healthIsStale: Bool?
    public var healthCounts: HealthCounts?
    public var health: HealthPicture?
    /// The newest, oldest first: as many as the screen has rows.
    public var events: [Event]
}

extension DashboardState {
    /// What the view shows at the moment, as data.
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
        switch self.view {
        case .overview:
            model.findings = picture.findings
            model.scopes = self.treeRows.compactMap(self.scope)
            model.events = picture.events.suffix(self.size.height).map(self.event)
        case .scopes:
            model.scopes = self.treeRows.compactMap(self.scope)
            model.resources = self.treeRows.compactMap { row in
                guard case .resource(let id) = row.id else { return nil }
                return picture.resources[id].map(self.resource)
            }
        case .resources:
            model.resources = self.resourceRows.compactMap { self.picture.row(of: $0).map(self.resource) }
        case .pools:
            model.pools = self.poolRows
        case .health:
            model.health = picture.health
        case .findings:
            model.findings = self.findingRows
        case .graph:
            model.health = picture.health
            model.resources = self.graphRows.compactMap { picture.resources[$0.id.resource].map(self.resource) }
        case .events:
            model.events = self.eventRows.suffix(self.size.height).map { self.event(picture.events[$0]) }
        }
        return model
    }

    private func scope(_ row: TreeRow) -> ViewModel.Scope? {
        guard case .scope(let id) = row.id,
            let scope = self.picture.scopes[id] ?? self.picture.closedScopes.last(where: { $0.scope.id == id })
        else { return nil }
        return ViewModel.Scope(
            id: id.rawValue,
            name: scope.scope.name,
            tag: scope.scope.tag,
            state: scope.scope.state.rawValue,
            depth: row.depth,
            age: ((scope.closedAt ?? self.picture.time) - scope.scope.openedAt).inSeconds,
            active: scope.scope.books.active,
            created: scope.scope.books.created,
            errors: scope.scope.books.errors,
            openedAt: self.configuration.clock.preciseTime(scope.scope.openedAt)
        )
    }

    private func resource(_ row: ResourceRow) -> ViewModel.Resource {
        ViewModel.Resource(
            id: row.resource.id.rawValue,
            type: self.picture.typeLabel(row),
            scope: self.picture.scopeName(row.resource.scope),
            state: row.resource.state.rawValue,
            life: self.picture.life(of: row).inSeconds,
            initialise: row.initialiseTook?.inSeconds,
            uses: row.resource.uses,
            errors: row.errors,
            disposeThrew: row.disposeThrew,
            health: self.picture.healthStatus(of: row.resource.id)?.rawValue,
            healthStanding: self.picture.standing(of: row.resource.id)?.rawValue,
            lastError: row.lastError,
            dependencies: row.resource.dependencies.map(\.rawValue)
        )
    }

    private func event(_ line: EventLine) -> ViewModel.Event {
        ViewModel.Event(
            sequence: line.sequence,
            time: self.configuration.clock.preciseTime(line.time),
            level: line.level.label,
            what: line.what,
            who: line.who,
            scope: line.scope,
            message: line.message
        )
    }
}

extension Duration {
    fileprivate var inSeconds: Double {
        Double(self.wholeNanoseconds) / 1e9
    }
}
