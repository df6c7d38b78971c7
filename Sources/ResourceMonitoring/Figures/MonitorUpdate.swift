import ResourceContainer

/// What changed in a container since this subscriber's last update; the dashboard folds these into its picture.
///
/// The first update of a subscriber, and the one after it missed events, is a whole picture (``isReset``): what is not in it is gone.
/// All figures of an update belong to the same ``sequence``: books balance, and the rows add up to the totals.
public struct MonitorUpdate: Sendable {
    /// The number of the last event that is included.
    public var sequence: UInt64
    /// The moment the figures are of.
    public var time: TimeSource.Instant
    /// Whether this is a whole picture.
    public var isReset: Bool
    /// Events that happened since this subscriber's last update and are not among ``events``, there or in an earlier one: those that its
    /// monitor lost, whose statistics are lacking, and those that came too fast for ``eventLimit``. All counts are right all the same.
    public var missed: UInt64
    /// The container's name.
    public var container: String
    /// The figures of the whole container.
    public var totals: MonitorTotals
    /// The bindings that changed.
    public var bindings: [BindingRow]
    /// The scopes that changed. A row in state `closed` is the last of its scope.
    public var scopes: [ScopeRow]
    /// The resources that changed. A row in a final state is the last of its resource.
    public var resources: [ResourceRow]
    /// All pools, as they stood at ``sampledAt``.
    public var pools: [PoolSample]
    /// When pools and uses were sampled: the last point of a grid of 250 ms at which anybody asked.
    public var sampledAt: TimeSource.Instant
    /// What the health checks add up to, as of the last second, for the resources that are alive now; nil if there never was a checker.
    public var health: HealthPicture?
    /// The findings that stand, one for each kind and place: the worst first, among equals the newest.
    public var findings: [Finding]
    /// The findings whose subjects were withdrawn lately, one for each kind and place: the last one last.
    public var withdrawnFindings: [Finding]
    /// Subjects of findings that are not kept because a thousand stand already.
    public var suppressedFindings: Int
    /// The seconds that are over and were not told yet, oldest first; all that are kept if this is a whole picture.
    public var history: [HistoryPoint]
    /// The events since the last update, oldest first; at most the newest ``eventLimit``.
    public var events: [ResourceEvent]

    /// How many events an update carries at most.
    public static let eventLimit = 4096

    /// An update without rows.
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

/// Counts and times of a container, a binding or a scope.
public struct MonitorTotals: Sendable, Hashable, Codable {
    /// The counts.
    public var books: Books
    /// How long disposed resources had lived, from ready to the beginning of their dispose.
    public var lifetimes: DurationSummary
    /// How long initialisations took that succeeded.
    public var initialise: DurationSummary
    /// How long disposes took that came back.
    public var dispose: DurationSummary
    /// Disposes that threw.
    public var disposeThrew: Int
    /// Scopes open at the moment, without the root, and scopes closed so far.
    public var openScopes: Int
    public var closedScopes: Int
    /// How much happens in a second.
    public var rates: WindowedRates

    public init(books: Books = Books()) {
        self.books = books
        self.lifetimes = DurationSummary()
        self.initialise = DurationSummary()
        self.dispose = DurationSummary()
        self.disposeThrew = 0
        self.openScopes = 0
        self.closedScopes = 0
        self.rates = WindowedRates()
    }
}
