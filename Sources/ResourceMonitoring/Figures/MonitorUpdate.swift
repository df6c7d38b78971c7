import ResourceContainer

/// The changes in a container since a consumer's previous update.
///
/// The first update of a consumer, and the first one after missed events, describes the whole container (``isReset``): rows that it does
/// not contain no longer exist. All figures include the same events, up to ``sequence``: books balance, and rows add up to the totals.
public struct MonitorUpdate: Sendable {
    /// The sequence number of the last event included.
    public var sequence: UInt64
    /// The time of the figures.
    public var time: TimeSource.Instant
    /// Whether this update describes the whole container instead of changes.
    public var isReset: Bool
    /// The number of events since the consumer's previous update that ``events`` does not contain.
    ///
    /// The monitor missed them, so that statistics lack them, or they exceeded ``eventLimit``. Counts are exact in both cases.
    public var missed: UInt64
    /// The container's name.
    public var container: String
    /// The figures of the whole container.
    public var totals: MonitorTotals
    /// The changed bindings.
    public var bindings: [BindingRow]
    /// The changed scopes. The row of a closed scope is its last one.
    public var scopes: [ScopeRow]
    /// The changed resources. The row of a resource in a final state is normally its last one.
    public var resources: [ResourceRow]
    /// All pools, as sampled at ``sampledAt``.
    public var pools: [PoolSample]
    /// The time of the last sample of pools and use counts. Samples are taken when the monitor reads, at most once per 250 ms.
    public var sampledAt: TimeSource.Instant
    /// The health of the active resources, up to one second old; nil if the container has never had a health checker or a health result.
    public var health: HealthPicture?
    /// The active findings, one per kind and source location: highest severity first, then newest first.
    public var findings: [Finding]
    /// The recently withdrawn findings, one per kind and source location, most recent last.
    public var withdrawnFindings: [Finding]
    /// The number of finding subjects that are not kept because 1,000 are active.
    public var suppressedFindings: Int
    /// The completed seconds since the previous update, oldest first; all kept seconds if ``isReset`` is true.
    public var history: [HistoryPoint]
    /// The events since the previous update, oldest first; at most the newest ``eventLimit``.
    public var events: [ResourceEvent]

    /// The largest number of events in an update.
    public static let eventLimit = 4096

    /// Creates an update without rows.
    public init(sequence: UInt64, time: TimeSource.Instant, isReset: Bool, missed: UInt64 = 0, container: String, totals: MonitorTotals) {
        self.sequence = sequence
        self.time = time
        self.isReset = isReset
        self.missed = missed
        self.container = container
        self.totals = totals
        self.bindings = []
        self.scopes = []
        self.resources = []
        self.pools = []
        self.sampledAt = time
        self.health = nil
        self.findings = []
        self.withdrawnFindings = []
        self.suppressedFindings = 0
        self.history = []
        self.events = []
    }
}

/// The figures of a whole container.
public struct MonitorTotals: Sendable, Hashable, Codable {
    /// The container's books.
    public var books: Books
    /// The lifetimes of disposed instances, from ready to the start of dispose.
    public var lifetimes: DurationSummary
    /// The durations of successful initializations.
    public var initialize: DurationSummary
    /// The durations of completed disposes, including those that threw.
    public var dispose: DurationSummary
    /// The number of disposes that threw.
    public var disposeThrew: Int
    /// The number of open scopes, without the root.
    public var openScopes: Int
    /// The number of scopes closed so far.
    public var closedScopes: Int
    /// The closed scopes by their outcome. Their total is ``closedScopes``.
    public var outcomes: ScopeOutcomeCounts
    /// Rates per second over the last 1, 10, and 60 seconds.
    public var rates: WindowedRates

    /// Creates totals without statistics.
    public init(books: Books = Books()) {
        self.books = books
        self.lifetimes = DurationSummary()
        self.initialize = DurationSummary()
        self.dispose = DurationSummary()
        self.disposeThrew = 0
        self.openScopes = 0
        self.closedScopes = 0
        self.outcomes = ScopeOutcomeCounts()
        self.rates = WindowedRates()
    }
}
