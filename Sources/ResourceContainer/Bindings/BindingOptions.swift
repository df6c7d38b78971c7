/// What can be said of a binding besides its key, its lifetime and how it is made.
public struct BindingOptions: Sendable {
    /// How long making and initialising an instance may take before it is abandoned. 30 seconds unless said otherwise.
    public var initializeTimeout: Duration
    /// How long an instance's dispose may take before it is abandoned. 10 seconds unless said otherwise.
    public var disposeTimeout: Duration
    /// A health check that takes longer than this shows the instance as degraded.
    public var degradedAfter: Duration?
    /// Whether the program cannot serve without an instance that is there: only critical ones make the overall verdict unhealthy.
    public var critical: Bool
    /// How often a health checker that runs asks an instance, and how long it waits for an answer, if not as its policy says.
    public var healthInterval: Duration?
    public var healthDeadline: Duration?
    /// Whether an instance is made as soon as there is a scope for it: a singleton when the container is started or its first
    /// asynchronous scope is opened, a scoped one when a scope is opened with `withScope`.
    public var eager: Bool
    /// False for values that somebody else looks after: they are made and shared, but never initialised, disposed or counted.
    public var owned: Bool
    /// Whether instances that are still referenced after their dispose are looked for; see ``Container/outliving()``. Classes only; costs
    /// a weak reference per instance.
    public var trackOutliving: Bool
    /// Whether ``Container/inject(_:into:)`` may make instances go wrong: for demonstrations and tests.
    public var allowsFaults: Bool
    /// What the user wants to find the binding by.
    public var tags: [String: String]

    public init(
        initializeTimeout: Duration = .seconds(30),
        disposeTimeout: Duration = .seconds(10),
        degradedAfter: Duration? = nil,
        critical: Bool = true,
        healthInterval: Duration? = nil,
        healthDeadline: Duration? = nil,
        eager: Bool = false,
        owned: Bool = true,
        trackOutliving: Bool = false,
        allowsFaults: Bool = false,
        tags: [String: String] = [:]
    ) {
        self.initializeTimeout = initializeTimeout
        self.disposeTimeout = disposeTimeout
        self.degradedAfter = degradedAfter
        self.critical = critical
        self.healthInterval = healthInterval
        self.healthDeadline = healthDeadline
        self.eager = eager
        self.owned = owned
        self.trackOutliving = trackOutliving
        self.allowsFaults = allowsFaults
        self.tags = tags
    }

    /// Refuses what no binding can work with.
    func validate(label: String, place: SourcePlace) throws(ResourceError) {
        func refuse(_ what: String, _ value: Duration) -> ResourceError {
            ResourceError(
                .invalidBinding,
                key: label,
                "\(label) cannot be bound at \(place): its \(what) is \(value) and must be above zero"
            )
        }
        if self.initializeTimeout <= .zero { throw refuse("initializeTimeout", self.initializeTimeout) }
        if self.disposeTimeout <= .zero { throw refuse("disposeTimeout", self.disposeTimeout) }
        if let degradedAfter, degradedAfter <= .zero { throw refuse("degradedAfter", degradedAfter) }
        if let healthInterval, healthInterval <= .zero { throw refuse("healthInterval", healthInterval) }
        if let healthDeadline, healthDeadline <= .zero { throw refuse("healthDeadline", healthDeadline) }
    }
}
