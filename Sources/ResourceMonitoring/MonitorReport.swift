import ResourceContainer

/// The figures of a container under the specification's names. Durations are in seconds.
public struct MonitorReport: Sendable, Hashable, Codable {
    /// The counts and lifetimes of one group of resources.
    public struct Group: Sendable, Hashable, Codable {
        public var resourcesCreated: Int
        public var resourcesDisposed: Int
        public var activeResources: Int
        public var resourceErrors: Int
        /// What the active ones are doing.
        public var initialising: Int
        public var ready: Int
        public var disposing: Int
        /// Those whose initialisation failed, and those that did not come back within their budget.
        public var initFailed: Int
        public var abandoned: Int
        /// The mean lifetime; 0 while none has ended.
        public var avgLifetime: Double
        public var totalLifetimesTracked: Int
        /// The middle lifetime, or the mean of the middle two: exactly while no more than 4096 were tracked overall and 1024 in a key, a
        /// scope or a tag. From then on it comes from a histogram, and is within 1 % of it overall and within 10 % elsewhere.
        public var medianLifetime: Double
        public var p95Lifetime: Double
        public var p99Lifetime: Double
        public var maxLifetime: Double

        enum CodingKeys: String, CodingKey {
            case resourcesCreated = "resources_created"
            case resourcesDisposed = "resources_disposed"
            case activeResources = "active_resources"
            case resourceErrors = "resource_errors"
            case initialising, ready, disposing, abandoned
            case initFailed = "init_failed"
            case avgLifetime = "avg_lifetime"
            case totalLifetimesTracked = "total_lifetimes_tracked"
            case medianLifetime = "median_lifetime"
            case p95Lifetime = "p95_lifetime"
            case p99Lifetime = "p99_lifetime"
            case maxLifetime = "max_lifetime"
        }

        init(_ books: Books, _ lifetimes: DurationSummary) {
            self.resourcesCreated = books.created
            self.resourcesDisposed = books.disposed
            self.activeResources = books.active
            self.resourceErrors = books.errors
            self.initialising = books.initialising
            self.ready = books.ready
            self.disposing = books.disposing
            self.initFailed = books.initFailed
            self.abandoned = books.abandoned
            self.avgLifetime = lifetimes.average.seconds
            self.totalLifetimesTracked = lifetimes.count
            self.medianLifetime = lifetimes.median.seconds
            self.p95Lifetime = lifetimes.p95.seconds
            self.p99Lifetime = lifetimes.p99.seconds
            self.maxLifetime = lifetimes.maximum.seconds
        }
    }

    /// An open scope.
    public struct Scope: Sendable, Hashable, Codable {
        public var id: UInt64
        public var name: String
        public var figures: Group
    }

    /// A pool (the specification's `get_metrics`).
    public struct Pool: Sendable, Hashable, Codable {
        public var name: String
        /// The name or, where other pools have it too, the name and the key that the pool is bound under. Pools of one key and name, one in
        /// each scope say, have the same label.
        public var label: String
        public var activeConnections: Int
        public var totalCreated: Int
        /// How long an acquisition took on average, in seconds; one that need not wait counts as 0.
        public var avgConnectionTime: Double
        public var maxConnectionTime: Double
        public var waiting: Int
        public var idle: Int
        public var exhausted: Int
        public var timedOut: Int
        /// Leases that are out and are suspected of being leaks, or lost.
        public var leaked: Int
        public var minimum: Int
        public var maximum: Int
        /// Items being made, validated, reset or closed.
        public var pending: Int
        public var leases: Int
        /// How long acquisitions waited, leases were held, and items took to be made.
        public var waits: DurationBuckets
        public var holds: DurationBuckets
        public var creations: DurationBuckets

        enum CodingKeys: String, CodingKey {
            case name, label, waiting, idle, exhausted, leaked, minimum, maximum, pending, leases, waits, holds, creations
            case activeConnections = "active_connections"
            case totalCreated = "total_created"
            case avgConnectionTime = "avg_connection_time"
            case maxConnectionTime = "max_connection_time"
            case timedOut = "timed_out"
        }

        init(_ sample: PoolSample, label: String) {
            self.name = sample.name
            self.label = label
            self.activeConnections = sample.leased
            self.totalCreated = sample.made
            self.avgConnectionTime = sample.leases == 0 ? 0 : sample.totalWait.seconds / Double(sample.leases)
            self.maxConnectionTime = sample.longestWait.seconds
            self.waiting = sample.waiting
            self.idle = sample.idle
            self.exhausted = sample.exhausted
            self.timedOut = sample.timedOut
            self.leaked = sample.leaked
            self.minimum = sample.minimum
            self.maximum = sample.maximum
            self.pending = sample.pending
            self.leases = sample.leases
            self.waits = sample.waits
            self.holds = sample.holds
            self.creations = sample.creations
        }
    }

    enum CodingKeys: String, CodingKey {
        case container, sequence, overall, keys, scopes, tags, rates, pools, health, findings, external, folded
        case healthIsStale = "health_is_stale"
        case healthCounts = "health_counts"
        case openScopes = "open_scopes"
        case closedScopes = "closed_scopes"
    }

    /// The container's name.
    public var container: String
    /// The number of the last event that is included.
    public var sequence: UInt64
    /// The figures of the whole container.
    public var overall: Group
    /// The figures of each key, under its label; what is bound under it one after the other is added up. The keys beyond
    /// ``keyLimit``, in the order of binding, are added up under `(other)`.
    public var keys: [String: Group]
    /// Scopes that are open, without the root, and scopes closed so far.
    public var openScopes: Int
    public var closedScopes: Int
    /// The figures of each scope that is open, in opening order.
    public var scopes: [Scope]
    /// The figures of the closed scopes, under their tag, or their name with its digits replaced.
    public var tags: [String: Group]
    /// How much happens in a second.
    public var rates: WindowedRates
    /// The pools.
    public var pools: [Pool]
    /// The verdict of the health checks; nil if there never was a checker.
    public var health: HealthStatus?
    /// Whether the verdict is unknown because answers did not come for three intervals.
    public var healthIsStale: Bool?
    /// How many live resources stand how: together as many as are active.
    public var healthCounts: HealthCounts?
    /// What stands to be looked at, one finding for each kind and place: the worst first, among equals the newest.
    public var findings: [Finding]
    /// What was counted by hand; not part of the books.
    public var external: Group
    /// What has no row, because there is more of it than is told apart.
    public var folded: Folded

    /// What is in rows called `(other)`, since there are limits to how many rows there are.
    public struct Folded: Sendable, Hashable, Codable {
        /// Keys beyond ``MonitorReport/keyLimit``.
        public var keys = 0
        /// Closed scopes whose tag came after 256 others.
        public var scopes = 0
        /// Subjects of findings that are not kept, because a thousand stand already.
        public var findingSubjects = 0

        enum CodingKeys: String, CodingKey {
            case keys, scopes
            case findingSubjects = "finding_subjects"
        }

        public init() {}
    }

    /// How many keys have a row of their own.
    public static let keyLimit = 1000
    /// What the row of those beyond a limit is called.
    public static let other = TagLedger.other

    init(_ core: MonitorCore, pools: [PoolSample], external: ExternalFigures) {
        let ledger = core.ledger
        self.container = ledger.container
        self.sequence = ledger.sequence
        self.overall = Group(ledger.books, ledger.lifetimes.summary)
        self.keys = Self.groups(ledger)
        self.scopes = ledger.scopes.rows.filter { $0.row.scope.state != .closed }.sorted { $0.row.scope.id < $1.row.scope.id }
            .map { Scope(id: $0.row.scope.id.rawValue, name: $0.row.scope.name, figures: Group($0.row.scope.books, $0.lifetimes.summary)) }
        self.tags = ledger.tags.figures.mapValues { Group($0.books, $0.lifetimes.summary) }
        self.openScopes = ledger.openScopes
        self.closedScopes = ledger.closedScopes
        self.rates = ledger.activity.rates
        self.pools = Self.labelled(pools, ledger)
        self.health = core.health?.verdict
        self.healthIsStale = core.health?.isStale
        self.healthCounts = core.health?.counts
        self.findings = core.findings.table.active
        var books = Books()
        books.created = external.created
        books.disposed = external.disposed
        books.errors = external.errors
        books.ready = max(0, external.created - external.disposed)
        self.external = Group(books, external.lifetimes.summary)
        self.folded = Folded()
        self.folded.keys = max(0, ledger.keys.count - Self.keyLimit)
        self.folded.scopes = ledger.tags.figures[Self.other]?.scopes ?? 0
        self.folded.findingSubjects = core.findings.table.suppressed
    }

    /// The figures of the keys by label. Labels that are the same all the same, as those of names that differ in a password only, are one row.
    private static func groups(_ ledger: MonitorLedger) -> [String: Group] {
        var figures: [String: (books: Books, lifetimes: DurationStatistics)] = [:]
        for (index, key) in ledger.keys.enumerated() {
            let label = index < Self.keyLimit ? ledger.bindings[key.bindings[0]].row.binding.label.asName : Self.other
            let (books, lifetimes) = (key.books(in: ledger), key.lifetimes(in: ledger))
            guard figures[label] != nil else {
                figures[label] = (books, lifetimes)
                continue
            }
            figures[label]?.books += books
            figures[label]?.lifetimes.merge(lifetimes)
        }
        return figures.mapValues { Group($0.books, $0.lifetimes.summary) }
    }

    /// The pools, told apart by their keys where they have one name.
    private static func labelled(_ pools: [PoolSample], _ ledger: MonitorLedger) -> [Pool] {
        let keys = pools.map { pool in
            pool.resource.flatMap { ledger.resource($0) }.flatMap { ledger.binding($0.resource.binding) }?.label ?? ""
        }
        var keysOfName: [String: Set<String>] = [:]
        for (pool, key) in zip(pools, keys) { keysOfName[pool.name, default: []].insert(key) }
        return zip(pools, keys).map { pool, key in
            let isTold = key.isEmpty || keysOfName[pool.name]?.count == 1
            return Pool(pool, label: (isTold ? pool.name : "\(pool.name) (\(key))").asName)
        }
    }
}

extension Duration {
    /// This duration in seconds.
    var seconds: Double {
        Double(self.wholeNanoseconds) / 1e9
    }
}
