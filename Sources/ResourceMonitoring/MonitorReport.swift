import ResourceContainer

/// The figures of a container at one moment, encodable as JSON.
///
/// All figures include the same events, up to ``sequence``, so the books of ``overall`` balance. Pool figures are the exception: they are
/// sampled when the report is made. Durations are in seconds and rates are per second.
public struct MonitorReport: Sendable, Hashable, Codable {
    /// The counts and lifetimes of one group of instances: a container, a key, a scope, or a tag.
    ///
    /// `resourcesCreated` equals `activeResources + resourcesDisposed + initFailed + abandoned`. A lifetime runs from ready to the start of
    /// dispose.
    public struct Group: Sendable, Hashable, Codable {
        /// The number of instances created.
        public var resourcesCreated: Int
        /// The number of instances disposed, including those whose dispose threw.
        public var resourcesDisposed: Int
        /// The number of instances that are initializing, ready, or disposing.
        public var activeResources: Int
        /// The number of errors: failed initializations, disposes that threw, abandoned steps, errors reported by resources, and
        /// acquisitions that timed out or were refused.
        public var resourceErrors: Int
        /// The number of instances whose initialization is running.
        public var initializing: Int
        /// The number of instances that are ready.
        public var ready: Int
        /// The number of instances whose dispose is running.
        public var disposing: Int
        /// The number of instances whose initialization failed.
        public var initFailed: Int
        /// The number of instances whose initialize or dispose did not finish within its budget.
        public var abandoned: Int
        /// The mean lifetime in seconds; 0 if no lifetime has ended.
        public var avgLifetime: Double
        /// The number of lifetimes that the lifetime figures are computed from.
        public var totalLifetimesTracked: Int
        /// The median lifetime in seconds; 0 if no lifetime has ended.
        ///
        /// The value is exact for up to 4,096 lifetimes overall and up to 1,024 per key, scope, or tag. Beyond that it comes from a
        /// histogram with a relative error of 1% overall and 10% elsewhere. ``p95Lifetime`` and ``p99Lifetime`` follow the same rule.
        public var medianLifetime: Double
        /// The 95th percentile of lifetimes, in seconds.
        public var p95Lifetime: Double
        /// The 99th percentile of lifetimes, in seconds.
        public var p99Lifetime: Double
        /// The longest lifetime in seconds; always exact.
        public var maxLifetime: Double

        enum CodingKeys: String, CodingKey {
            case resourcesCreated = "resources_created"
            case resourcesDisposed = "resources_disposed"
            case activeResources = "active_resources"
            case resourceErrors = "resource_errors"
            case initializing, ready, disposing, abandoned
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
            self.initializing = books.initializing
            self.ready = books.ready
            self.disposing = books.disposing
            self.initFailed = books.initFailed
            self.abandoned = books.abandoned
            self.avgLifetime = lifetimes.average.inSeconds
            self.totalLifetimesTracked = lifetimes.count
            self.medianLifetime = lifetimes.median.inSeconds
            self.p95Lifetime = lifetimes.p95.inSeconds
            self.p99Lifetime = lifetimes.p99.inSeconds
            self.maxLifetime = lifetimes.maximum.inSeconds
        }
    }

    /// An open scope and the figures of the instances it owns.
    public struct Scope: Sendable, Hashable, Codable {
        /// The scope's number, unique in its container.
        public var id: UInt64
        /// The scope's name.
        public var name: String
        /// The figures of the instances that the scope owns.
        public var figures: Group
    }

    /// The figures of one pool at the moment of the report.
    public struct Pool: Sendable, Hashable, Codable {
        /// The pool's name.
        public var name: String
        /// The pool's name, followed by its key in parentheses if pools of other keys share the name.
        ///
        /// Pools of the same key and name, such as one per scope, have the same label.
        public var label: String
        /// The number of leased items.
        public var activeConnections: Int
        /// The number of items created so far, including failed creations.
        public var totalCreated: Int
        /// The mean wait for a lease in seconds; an acquisition that does not wait counts as 0.
        public var avgConnectionTime: Double
        /// The longest wait for a lease in seconds.
        public var maxConnectionTime: Double
        /// The number of waiters in the queue.
        public var waiting: Int
        /// The number of idle items.
        public var idle: Int
        /// The number of acquisitions refused because the pool was empty.
        public var exhausted: Int
        /// The number of acquisitions that timed out.
        public var timedOut: Int
        /// The number of current leases that are suspected leaks or outlived their scope.
        public var leaked: Int
        /// The number of items that the pool keeps open.
        public var minimum: Int
        /// The largest number of items that the pool may hold.
        public var maximum: Int
        /// The number of items that are being created, validated, reset, or closed.
        public var pending: Int
        /// The number of leases granted so far.
        public var leases: Int
        /// A histogram of the time that acquisitions waited.
        public var waits: DurationBuckets
        /// A histogram of the time that ended leases were held.
        public var holds: DurationBuckets
        /// A histogram of the time that item creations took.
        public var creations: DurationBuckets
        /// The trace of the last acquisition that waited, for each range of waits; nil if no trace is known, as without a tracer.
        /// ``MonitorReport/openMetricsText(of:)`` prints them as exemplars.
        public var waitTraces: [WaitTrace]?

        enum CodingKeys: String, CodingKey {
            case name, label, waiting, idle, exhausted, leaked, minimum, maximum, pending, leases, waits, holds, creations
            case activeConnections = "active_connections"
            case totalCreated = "total_created"
            case avgConnectionTime = "avg_connection_time"
            case maxConnectionTime = "max_connection_time"
            case timedOut = "timed_out"
            case waitTraces = "wait_traces"
        }

        init(_ sample: PoolSample, label: String) {
            self.name = sample.name
            self.label = label
            self.activeConnections = sample.leased
            self.totalCreated = sample.made
            self.avgConnectionTime = sample.leases == 0 ? 0 : sample.totalWait.inSeconds / Double(sample.leases)
            self.maxConnectionTime = sample.longestWait.inSeconds
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
            self.waitTraces = sample.waitTraces
        }
    }

    /// The distributed trace of a closed scope that had errors.
    public struct FailedTrace: Sendable, Hashable, Codable {
        /// The identifier of the trace.
        public var trace: TraceID
        /// The number of errors of the instances that the scope owned.
        public var errors: Int
    }

    enum CodingKeys: String, CodingKey {
        case container, sequence, overall, keys, scopes, tags, outcomes, rates, pools, health, findings, external, folded
        case healthIsStale = "health_is_stale"
        case healthCounts = "health_counts"
        case failedTraces = "failed_traces"
        case openScopes = "open_scopes"
        case closedScopes = "closed_scopes"
        case missedEvents = "missed_events"
        case executorLag = "executor_lag"
    }

    /// The container's name.
    public var container: String
    /// The number of the last event that is included.
    public var sequence: UInt64
    /// The figures of the whole container.
    public var overall: Group
    /// The figures of each key, by label. A key's replaced bindings are included in its figures.
    ///
    /// Keys beyond ``keyLimit``, in binding order, are added up under `(other)`.
    public var keys: [String: Group]
    /// The number of open scopes, without the root.
    public var openScopes: Int
    /// The number of scopes closed so far.
    public var closedScopes: Int
    /// The figures of each open scope including the root, in opening order.
    public var scopes: [Scope]
    /// The figures of closed scopes, by tag. A scope without a tag counts under its name with every run of digits replaced by `*`.
    public var tags: [String: Group]
    /// The closed scopes of each tag by their outcome, without the root; nil in a report of a version that did not count them.
    ///
    /// The totals of the tags add up to ``closedScopes``.
    public var outcomes: [String: ScopeOutcomeCounts]?
    /// By tag, the trace of the last closed scope with errors; nil if there is none, as without a tracer. ``openMetricsText(of:)`` prints them
    /// as exemplars.
    public var failedTraces: [String: FailedTrace]?
    /// Rates per second over the last 1, 10, and 60 seconds.
    public var rates: WindowedRates
    /// The container's pools.
    public var pools: [Pool]
    /// The health verdict; nil if the container has never had a health checker or a health result.
    public var health: HealthStatus?
    /// Whether the verdict is unknown because answers have been missing for three check intervals.
    public var healthIsStale: Bool?
    /// The number of active resources per health status. The counts add up to the number of active resources.
    public var healthCounts: HealthCounts?
    /// The active findings, one per kind and source location: highest severity first, then newest first.
    public var findings: [Finding]
    /// The resources outside the container that the application counts with ``ResourceMonitor/trackCreation()`` and related methods.
    ///
    /// They are not part of the books.
    public var external: Group
    /// The number of keys, scopes, and finding subjects without their own row.
    public var folded: Folded

    /// The numbers of entries that exceed a row limit and are added up under `(other)`, or not kept.
    public struct Folded: Sendable, Hashable, Codable {
        /// The number of keys beyond ``MonitorReport/keyLimit``.
        public var keys = 0
        /// The number of closed scopes whose tag is not among the first 256 tags.
        public var scopes = 0
        /// The number of finding subjects that are not kept because 1,000 are active.
        public var findingSubjects = 0

        enum CodingKeys: String, CodingKey {
            case keys, scopes
            case findingSubjects = "finding_subjects"
        }

        /// Creates counts of zero.
        public init() {}
    }

    /// The number of events that the monitor did not receive because it read too rarely; nil if there are none. Counts include them, statistics
    /// do not.
    public var missedEvents: UInt64?
    /// How late a task of the process last ran, in seconds; nil if it was not measured. ``ResourceMonitor/run()`` measures it, and a server of
    /// `ResourceAttach` while a client watches.
    public var executorLag: Double?

    /// The largest number of keys that have their own row.
    public static let keyLimit = 1000
    /// The label of the row for everything beyond a limit: `(other)`.
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
        self.outcomes = ledger.tags.figures.mapValues(\.outcomes).filter { $0.value.total > 0 }
        let failed = ledger.tags.figures.compactMapValues(\.failed)
        self.failedTraces = failed.isEmpty ? nil : failed
        self.openScopes = ledger.openScopes
        self.closedScopes = ledger.closedScopes
        self.rates = ledger.activity.rates
        self.pools = Self.labeled(pools, ledger)
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
        self.missedEvents = core.missed == 0 ? nil : core.missed
        self.executorLag = core.executorLag?.inSeconds
    }

    /// The closed scopes of all tags by their outcome.
    public var outcomesOfAllTags: ScopeOutcomeCounts {
        (self.outcomes ?? [:]).values.reduce(into: ScopeOutcomeCounts()) { $0 += $1 }
    }

    /// The figures of the keys by label. Keys whose labels are equal, such as names that differ only in a password, share a row.
    ///
    /// Not optimized: the loop-invariant code motion of Swift 6.3.1 does not end on this function.
    @_optimize(none)
    private static func groups(_ ledger: MonitorLedger) -> [String: Group] {
        var rows: [(label: String, figures: KeyFigures)] = []
        var indices: [String: Int] = [:]
        for (index, key) in ledger.keys.enumerated() {
            let label = index < Self.keyLimit ? ledger.bindings[key.bindings[0]].row.binding.label.asName : Self.other
            let figures = KeyFigures(books: key.books(in: ledger), lifetimes: key.lifetimes(in: ledger))
            if let row = indices[label] {
                rows[row].figures.add(figures)
            } else {
                indices[label] = rows.count
                rows.append((label, figures))
            }
        }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.label, Group($0.figures.books, $0.figures.lifetimes.summary)) })
    }

    /// The pools, labeled with their keys where several keys share a pool name.
    private static func labeled(_ pools: [PoolSample], _ ledger: MonitorLedger) -> [Pool] {
        let keys = pools.map { pool in
            pool.resource.flatMap { ledger.resource($0) }.flatMap { ledger.binding($0.resource.binding) }?.label ?? ""
        }
        var keysOfName: [String: Set<String>] = [:]
        for (pool, key) in zip(pools, keys) { keysOfName[pool.name, default: []].insert(key) }
        return zip(pools, keys).map { pool, key in
            let isUnique = key.isEmpty || keysOfName[pool.name]?.count == 1
            return Pool(pool, label: (isUnique ? pool.name : "\(pool.name) (\(key))").asName)
        }
    }
}

/// The figures of the keys that share a label.
private struct KeyFigures {
    var books: Books
    var lifetimes: DurationStatistics

    mutating func add(_ other: KeyFigures) {
        self.books += other.books
        self.lifetimes.merge(other.lifetimes)
    }
}
