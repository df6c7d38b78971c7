/// A value with a lifecycle. The container calls `initialize` at the first request and `dispose` when the owning scope closes.
///
/// Both steps have a default implementation that does nothing. The container calls each at most once, and `dispose` only after `initialize`
/// returned.
public protocol Resource: Sendable {
    /// Makes the instance ready for use. An error is thrown to the requesters; the next request tries again with a new instance.
    func initialize() async throws
    /// Releases what the instance holds. It never runs in a canceled task. An error is counted and reported, and the other instances are
    /// still disposed.
    func dispose() async throws
}

extension Resource {
    /// Does nothing.
    public func initialize() async throws {}
    /// Does nothing.
    public func dispose() async throws {}
}

/// A ``Resource`` whose steps do not suspend. Synchronous and asynchronous scopes can use it.
public protocol SyncResource: Sendable {
    /// Makes the instance ready for use. See ``Resource/initialize()``.
    func initialize() throws
    /// Releases what the instance holds. See ``Resource/dispose()``.
    func dispose() throws
}

extension SyncResource {
    /// Does nothing.
    public func initialize() throws {}
    /// Does nothing.
    public func dispose() throws {}
}
