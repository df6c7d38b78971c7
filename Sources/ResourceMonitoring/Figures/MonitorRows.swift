import ResourceContainer

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
