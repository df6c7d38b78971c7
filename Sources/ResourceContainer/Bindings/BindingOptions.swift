/// The settings of a binding besides its key, its lifetime and the closure that creates its instances.
public struct BindingOptions: Sendable {
    /// How long creating and initializing an instance may take before it is abandoned. 30 seconds by default. Must be above zero.
    public var initializeTimeout: Duration
    /// How long the dispose of an instance may take before it is abandoned. 10 seconds by default. Must be above zero.
    public var disposeTimeout: Duration
    /// The duration of a health check above which the instance is reported as degraded. Nil means no limit.
    public var degradedAfter: Duration?
    /// Whether the application cannot serve without an instance that exists. Only critical instances make the overall verdict unhealthy.
    public var critical: Bool
    /// The interval between two health checks of an instance. Nil means the interval of the health checker's policy.
    public var healthInterval: Duration?
    /// How long a health check of an instance may take. Nil means the deadline of the health checker's policy.
    public var healthDeadline: Duration?
    /// Whether an instance is created as soon as its scope exists. A singleton is created when the container starts or opens its first
    /// asynchronous scope. A scoped instance is created when `withScope` opens a scope.
    public var eager: Bool
    /// Whether the container manages the instances. Set it to false for values that other code manages: they are created and shared, but
    /// never initialized, disposed or counted.
    public var owned: Bool
    /// Whether instances that are still referenced after their dispose are reported by ``Container/outliving()``. Applies to classes only
    /// and costs one weak reference per instance.
    public var trackOutliving: Bool
    /// Whether ``Container/inject(_:into:)`` may inject faults into instances. Intended for demonstrations and tests.
    public var allowsFaults: Bool
    /// Whether a pool that is scoped or transient is intended. ``Container/validate()`` reports other such pools, whose items no two scopes
    /// share.
    public var poolPerScope: Bool
    /// Labels by which the application finds the binding.
    public var tags: [String: String]

    /// Creates options. The default values are those of the properties.
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
        poolPerScope: Bool = false,
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
        self.poolPerScope = poolPerScope
        self.tags = tags
    }

    /// Throws if a duration is not above zero.
    func validate(label: String, location: CodeLocation) throws(ResourceError) {
        func refuse(_ what: String, _ value: Duration) -> ResourceError {
            ResourceError(
                .invalidBinding,
                key: label,
                "\(label) cannot be bound at \(location): its \(what) is \(value) and must be above zero"
            )
        }
        if self.initializeTimeout <= .zero { throw refuse("initializeTimeout", self.initializeTimeout) }
        if self.disposeTimeout <= .zero { throw refuse("disposeTimeout", self.disposeTimeout) }
        if let degradedAfter, degradedAfter <= .zero { throw refuse("degradedAfter", degradedAfter) }
        if let healthInterval, healthInterval <= .zero { throw refuse("healthInterval", healthInterval) }
        if let healthDeadline, healthDeadline <= .zero { throw refuse("healthDeadline", healthDeadline) }
    }
}
