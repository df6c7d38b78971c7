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
    /// Events missed by this subscriber since its last update; the figures are right all the same, their statistics lack the missed.
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
    /// All pools.
    public var pools: [PoolSample]
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
    /// Creations and ends a second over the last ten seconds.
    public var createdPerSecond: Double
    public var disposedPerSecond: Double
    /// Events a second over the last ten seconds.
    public var eventsPerSecond: Double

    public init(books: Books = Books()) {
        self.books = books
        self.lifetimes = DurationSummary()
        self.initialise = DurationSummary()
        self.dispose = DurationSummary()
        self.disposeThrew = 0
        self.openScopes = 0
        self.closedScopes = 0
        self.createdPerSecond = 0
        self.disposedPerSecond = 0
        self.eventsPerSecond = 0
    }
}

/// What is known of many durations: their number and, if there was one, average, quantiles and extremes.
public struct DurationSummary: Sendable, Hashable, Codable {
    /// How many there were.
    public var count: Int
    /// Zero if there were none.
    public var average: Duration
    /// The middle one, or the mean of the middle two.
    public var median: Duration
    /// The 95th and 99th percentile.
    public var p95: Duration
    public var p99: Duration
    /// The longest.
    public var maximum: Duration

    public init(
        count: Int = 0,
        average: Duration = .zero,
        median: Duration = .zero,
        p95: Duration = .zero,
        p99: Duration = .zero,
        maximum: Duration = .zero
    ) {
        self.count = count
        self.average = average
        self.median = median
        self.p95 = p95
        self.p99 = p99
        self.maximum = maximum
    }
}

/// A binding and the figures of its instances.
public struct BindingRow: Sendable, Hashable {
    /// The binding, with its books.
    public var binding: BindingSnapshot
    /// How long its disposed instances had lived.
    public var lifetimes: DurationSummary
    /// How long its initialisations took.
    public var initialise: DurationSummary
    /// How long its disposes took.
    public var dispose: DurationSummary

    public init(binding: BindingSnapshot) {
        self.binding = binding
        self.lifetimes = DurationSummary()
        self.initialise = DurationSummary()
        self.dispose = DurationSummary()
    }
}

/// A scope and the figures of the instances it owns.
public struct ScopeRow: Sendable, Hashable {
    /// The scope, with its state and books.
    public var scope: ScopeSnapshot
    /// How long its disposed instances had lived.
    public var lifetimes: DurationSummary
    /// When it closed.
    public var closedAt: TimeSource.Instant?
    /// How many of its disposes threw or were abandoned when it closed.
    public var failedDisposes: Int

    public init(scope: ScopeSnapshot) {
        self.scope = scope
        self.lifetimes = DurationSummary()
        self.closedAt = nil
        self.failedDisposes = 0
    }
}

/// An instance and what happened to it.
public struct ResourceRow: Sendable, Hashable {
    /// The instance. After its end `state` is final.
    public var resource: ResourceSnapshot
    /// How long its initialisation took.
    public var initialiseTook: Duration?
    /// When its dispose began, or when it failed or was abandoned: its life ends there.
    public var endedAt: TimeSource.Instant?
    /// Since when its uses have not changed, to the monitor's sampling interval; nil before the first use.
    public var lastUsedAt: TimeSource.Instant?
    /// Errors of this instance: of its initialise, of its dispose, reported.
    public var errors: Int
    /// The last of them.
    public var lastError: String?
    /// Whether its dispose threw.
    public var disposeThrew: Bool

    public init(resource: ResourceSnapshot) {
        self.resource = resource
        self.initialiseTook = nil
        self.endedAt = nil
        self.lastUsedAt = nil
        self.errors = 0
        self.lastError = nil
        self.disposeThrew = false
    }
}
