import ResourceContainer

/// What a client asks of a server: to watch, or an action of `ContainerCommands`.
public enum AttachCommand: Sendable, Hashable {
    /// Send the lines of a mode. `last` limits the past of the mode `past`; nil is everything that is kept.
    case watch(AttachMode, last: Duration?)
    /// Open a scope in another one. A nil name is replaced by a generated one.
    case openScope(in: ScopeID, name: String?)
    /// Close a scope and everything in it. With `force`, the close does not wait for work in progress.
    case closeScope(ScopeID, force: Bool)
    /// Resolve a binding in a scope.
    case get(BindingID, in: ScopeID)
    /// Check the health of one resource, or of all if it is nil.
    case checkHealth(ResourceID?)
    /// Acquire a lease from a pool and keep it.
    case lease(ResourceID)
    /// Release the newest lease of this client.
    case release
    /// Release all leases of this client.
    case releaseAll
    /// Mark the item with the longest lease as broken.
    case breakLease(ResourceID)
    /// Inject a fault into the next instance of a binding.
    case inject(InjectedFault, BindingID)

    /// The names of the commands in requests. They are the names of the methods of `ContainerCommands`.
    public enum Name: String, Sendable, Hashable, CaseIterable {
        /// ``AttachCommand/watch(_:last:)``
        case watch
        /// ``AttachCommand/openScope(in:name:)``
        case openScope
        /// ``AttachCommand/closeScope(_:force:)``
        case closeScope
        /// ``AttachCommand/get(_:in:)``
        case get
        /// ``AttachCommand/checkHealth(_:)``
        case checkHealth
        /// ``AttachCommand/lease(_:)``
        case lease
        /// ``AttachCommand/release``
        case release
        /// ``AttachCommand/releaseAll``
        case releaseAll
        /// ``AttachCommand/breakLease(_:)``
        case breakLease
        /// ``AttachCommand/inject(_:_:)``
        case inject
    }

    /// The name of the command.
    public var name: Name {
        switch self {
        case .watch: .watch
        case .openScope: .openScope
        case .closeScope: .closeScope
        case .get: .get
        case .checkHealth: .checkHealth
        case .lease: .lease
        case .release: .release
        case .releaseAll: .releaseAll
        case .breakLease: .breakLease
        case .inject: .inject
        }
    }
}
