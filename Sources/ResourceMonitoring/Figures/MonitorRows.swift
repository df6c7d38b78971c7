import ResourceContainer

/// A binding and the figures of its instances.
public struct BindingRow: Sendable, Hashable {
    /// The binding, with its books.
    public var binding: BindingSnapshot
    /// The lifetimes of its disposed instances, from ready to the start of dispose.
    public var lifetimes: DurationSummary
    /// The durations of its successful initializations.
    public var initialize: DurationSummary
    /// The durations of its completed disposes.
    public var dispose: DurationSummary

    /// Creates a row without statistics.
    public init(binding: BindingSnapshot) {
        self.binding = binding
        self.lifetimes = DurationSummary()
        self.initialize = DurationSummary()
        self.dispose = DurationSummary()
    }
}

/// A scope and the figures of the instances it owns.
public struct ScopeRow: Sendable, Hashable {
    /// The scope, with its state and books.
    public var scope: ScopeSnapshot
    /// The lifetimes of its disposed instances, from ready to the start of dispose.
    public var lifetimes: DurationSummary
    /// The time at which the scope closed; nil while it is open or closing.
    public var closedAt: TimeSource.Instant?
    /// The number of its disposes that threw or were abandoned; 0 until it has closed.
    public var failedDisposes: Int
    /// How the scope's body ended; nil until the scope has closed, and for a scope without an outcome.
    public var outcome: ScopeOutcome?

    /// Creates a row without statistics.
    public init(scope: ScopeSnapshot) {
        self.scope = scope
        self.lifetimes = DurationSummary()
        self.closedAt = nil
        self.failedDisposes = 0
        self.outcome = nil
    }
}

/// An instance and its history.
public struct ResourceRow: Sendable, Hashable {
    /// The instance. Its `state` is final once the instance has ended.
    public var resource: ResourceSnapshot
    /// The duration of its initialization; nil until the initialization has ended.
    public var initializeTook: Duration?
    /// The end of its lifetime: the start of its dispose, or the time at which it failed or was abandoned; nil before.
    public var endedAt: TimeSource.Instant?
    /// The time of its last use, accurate to the sampling interval; nil before the first use.
    public var lastUsedAt: TimeSource.Instant?
    /// The number of its errors: of its initialize and dispose, reported by it, and of acquisitions if it is a pool.
    public var errors: Int
    /// The text of the last error.
    public var lastError: String?
    /// Whether its dispose threw.
    public var disposeThrew: Bool

    /// Creates a row without history.
    public init(resource: ResourceSnapshot) {
        self.resource = resource
        self.initializeTook = nil
        self.endedAt = nil
        self.lastUsedAt = nil
        self.errors = 0
        self.lastError = nil
        self.disposeThrew = false
    }
}
