/// The connection from an instance to the container that created it.
///
/// An instance uses it to record events and errors. No method throws or prints.
public struct ResourceContext: Sendable {
    /// The instance's identity.
    public let resource: ResourceID
    /// The scope that owns the instance.
    public let scope: ScopeID
    /// The container's tracer; nil if it has none.
    package let tracer: (any OperationTracer)?
    /// Returns the trace of the calling task; nil if the container's environment does not.
    package let traceID: (@Sendable () -> TraceID?)?
    private let record: @Sendable (ResourceEvent.Kind) -> Void
    private let findScope: @Sendable () -> ScopeID?
    private let markActivity: @Sendable () -> Void

    package init(
        resource: ResourceID,
        scope: ScopeID,
        tracer: (any OperationTracer)?,
        traceID: (@Sendable () -> TraceID?)?,
        record: @escaping @Sendable (ResourceEvent.Kind) -> Void,
        findScope: @escaping @Sendable () -> ScopeID?,
        markActivity: @escaping @Sendable () -> Void
    ) {
        self.resource = resource
        self.scope = scope
        self.tracer = tracer
        self.traceID = traceID
        self.record = record
        self.findScope = findScope
        self.markActivity = markActivity
    }

    /// Records `text` as a ``ResourceEvent/Kind/noted(_:)`` event.
    public func note(_ text: String) {
        self.record(.noted(text.asSentence))
    }

    /// Reports an error that the instance handled; the container counts it among the instance's errors.
    public func report(_ error: any Error) {
        self.record(.errorReported(UserCode.text(of: error)))
    }

    /// Reports an error whose text is already known.
    func report(_ error: UserError) {
        self.record(.errorReported(error.text))
    }

    /// Records an event about this instance. Pools report slow and failed acquisitions with it.
    package func emit(_ kind: ResourceEvent.Kind) {
        self.record(kind)
    }

    /// The scope of this container in which the calling task runs.
    package var callersScope: ScopeID? {
        self.findScope()
    }

    /// Wakes waiting subscribers because sampled figures changed. One relaxed load if no subscriber waits.
    package func noteActivity() {
        self.markActivity()
    }
}

/// A resource that receives the context of the container that created it.
///
/// The container calls ``attach(_:)`` once, before `initialize`.
public protocol ContextualResource: Sendable {
    /// Receives the context. It is valid for the lifetime of the instance.
    func attach(_ context: ResourceContext)
}

/// A resource that grants leases and is notified when a scope closes.
///
/// The notification lets it count leases that the scope's body has not released.
public protocol ScopeWatching: ContextualResource {
    /// Called when a scope of the container has closed. Must return quickly and must not call the container.
    func scopeClosed(_ scope: ScopeID)
}

/// A resource whose dispose waits, and can be expedited.
public protocol ExpeditedResource: ContextualResource {
    /// Stops all waiting, including in a dispose that is already running.
    func expedite()
}

/// A resource with the figures of a pool, which the container samples for its subscribers.
public protocol SampledPool: ContextualResource {
    /// The lifetime of the type's bindings that state none. `.singleton` unless the type states another one, because a pool whose items no
    /// two scopes share saves nothing.
    static var defaultLifetime: Lifetime { get }

    /// Returns a consistent sample of the figures. Called often; must return quickly and must not call the container.
    func poolSample() -> PoolSample
}

extension SampledPool {
    /// The lifetime of a pool, ``Lifetime/singleton``.
    public static var defaultLifetime: Lifetime { .singleton }
}
