/// What can be said of a binding besides its key, its lifetime and how it is made.
public struct BindingOptions: Sendable {
    /// How long making and initialising an instance may take before it is abandoned. 30 seconds unless said otherwise.
    public var initializeTimeout: Duration
    /// How long an instance's dispose may take before it is abandoned. 10 seconds unless said otherwise.
    public var disposeTimeout: Duration
    /// A health check that takes longer than this shows the instance as degraded.
    public var degradedAfter: Duration?
    /// What the user wants to find the binding by.
    public var tags: [String: String]

    public init(
        initializeTimeout: Duration = .seconds(30),
        disposeTimeout: Duration = .seconds(10),
        degradedAfter: Duration? = nil,
        tags: [String: String] = [:]
    ) {
        self.initializeTimeout = initializeTimeout
        self.disposeTimeout = disposeTimeout
        self.degradedAfter = degradedAfter
        self.tags = tags
    }
}
