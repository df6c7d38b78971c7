/// What an instance can tell the container that made it, without throwing and without printing.
public struct ResourceContext: Sendable {
    /// The instance's identity.
    public let resource: ResourceID
    /// The scope that owns it.
    public let scope: ScopeID
    private let record: @Sendable (ResourceEvent.Kind) -> Void
    private let findScope: @Sendable () -> ScopeID?
    private let markActivity: @Sendable () -> Void

    package init(
        resource: ResourceID,
        scope: ScopeID,
        record: @escaping @Sendable (ResourceEvent.Kind) -> Void,
        findScope: @escaping @Sendable () -> ScopeID?,
        markActivity: @escaping @Sendable () -> Void
    ) {
        self.resource = resource
        self.scope = scope
        self.record = record
        self.findScope = findScope
        self.markActivity = markActivity
    }

    /// Says something worth an event.
    public func note(_ text: String) {
        self.record(.noted(text.asSentence))
    }

    /// Reports an error that was handled; it is counted among the instance's errors.
    public func report(_ error: any Error) {
        self.record(.errorReported(UserCode.text(of: error)))
    }

    /// ``report(_:)`` of an error whose text is known.
    func report(_ error: UserError) {
        self.record(.errorReported(error.text))
    }

    /// Adds an event about this instance. Pools report slow and failed acquisitions with it.
    package func emit(_ kind: ResourceEvent.Kind) {
        self.record(kind)
    }

    /// The scope of this container that the calling task is in.
    package var callersScope: ScopeID? {
        self.findScope()
    }

    /// Tells a waiting subscriber that sampled figures have changed. Cheap: a relaxed load when nobody waits.
    package func noteActivity() {
        self.markActivity()
    }
}

/// A resource that wants to know the container that made it. `attach` is called once, before `initialize`.
public protocol ContextualResource: Sendable {
    /// Takes the context; keep it as long as the instance lives.
    func attach(_ context: ResourceContext)
}

/// A resource that lends, and wants to know when a scope is closed whose body may not have given back.
public protocol ScopeWatching: ContextualResource {
    /// A scope of the container is closed. Must be quick and must not call the container.
    func scopeClosed(_ scope: ScopeID)
}

/// A resource whose dispose waits for something, and can be told not to.
public protocol HurriedResource: ContextualResource {
    /// From now on, and also in a dispose that is under way: wait for nothing.
    func hurry()
}

/// A resource with the figures of a pool, which the container samples for its subscribers.
public protocol SampledPool: ContextualResource {
    /// The figures, all of one moment. Called often; must be quick and must not call the container.
    func poolSample() -> PoolSample
}
