/// Something with a lifecycle: initialised on first access, disposed when its scope ends (the specification's `@resource`).
///
/// Both steps have a default that does nothing. Neither is ever called twice, and `dispose` only after `initialize` returned.
public protocol Resource: Sendable {
    /// Makes the instance ready. A throw is reported to whoever asked; the next request tries again with a new instance.
    func initialize() async throws
    /// Releases what the instance holds. Never runs cancelled. A throw is counted and reported, and stops nobody else's dispose.
    func dispose() async throws
}

extension Resource {
    public func initialize() async throws {}
    public func dispose() async throws {}
}

/// ``Resource`` whose steps need no suspension, so that it can be used in a synchronous scope as well.
public protocol SyncResource: Sendable {
    /// Makes the instance ready. See ``Resource/initialize()``.
    func initialize() throws
    /// Releases what the instance holds. See ``Resource/dispose()``.
    func dispose() throws
}

extension SyncResource {
    public func initialize() throws {}
    public func dispose() throws {}
}
