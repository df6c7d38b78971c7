/// A consistent copy of a container's state. A subscriber starts from one, and receives another after it missed events.
public struct ContainerSnapshot: Sendable, Hashable, Codable {
    /// The container's name.
    public var container: String
    /// The number of the last event that the snapshot includes; 0 before the first event.
    public var sequence: UInt64
    /// The time of the snapshot, on the container's time source.
    public var time: TimeSource.Instant
    /// The counts of the container.
    public var books: Books
    /// The number of closed scopes, without the root.
    public var closedScopes = 0
    /// The closed scopes by their outcome; nil in a recording that does not contain them. Their total is ``closedScopes``.
    public var outcomes: ScopeOutcomeCounts?
    /// The bindings, in the order in which their keys were first bound.
    public var bindings: [BindingSnapshot]
    /// The scopes that are not closed, in opening order, so that parents precede their children.
    public var scopes: [ScopeSnapshot]
    /// The active instances, ordered by identity.
    public var resources: [ResourceSnapshot]
    /// The samples of the pools among the active instances.
    public var pools: [PoolSample]

    /// Creates a snapshot of an empty container.
    public init(container: String, sequence: UInt64 = 0, time: TimeSource.Instant) {
        self.container = container
        self.sequence = sequence
        self.time = time
        self.books = Books()
        self.bindings = []
        self.scopes = []
        self.resources = []
        self.pools = []
    }
}

/// A binding in a ``ContainerSnapshot``, with the counts of its instances.
public struct BindingSnapshot: Sendable, Hashable, Codable {
    /// The kinds of bindings that ``Container/resolve(_:in:)`` cannot resolve.
    public enum Form: String, Sendable, Hashable, Codable {
        /// Scopes provide the value. The container has no instances of it, and its books are empty.
        case value
        /// A request passes an argument.
        case parameterized
    }

    /// The binding's identity.
    public var id: BindingID
    /// The name of the bound type, qualified by its enclosing types and module only if another bound type has the same name.
    public var type: String
    /// The fully qualified name of the bound type; nil if it is not known.
    public var path: String?
    /// The name that distinguishes the binding from others of the same type; nil for an unnamed binding.
    public var name: String?
    /// The lifetime of its instances.
    public var lifetime: Lifetime
    /// The source location of the binding.
    public var location: CodeLocation
    /// The tags that the application attached to the binding.
    public var tags: [String: String]
    /// Whether faults can be injected into its instances.
    public var allowsFaults: Bool
    /// The counts of its instances.
    public var books: Books
    /// The kind of a binding that cannot be resolved by its identity; nil for the others.
    public var form: Form?

    /// The names in recordings, as version 1.0 of the format wrote them.
    private enum CodingKeys: String, CodingKey {
        case id, type, path, name, lifetime
        case location = "place"
        case tags, allowsFaults, books, form
    }

    /// Creates a binding; the default books have no instances.
    public init(
        id: BindingID,
        type: String,
        path: String? = nil,
        name: String? = nil,
        lifetime: Lifetime,
        location: CodeLocation,
        tags: [String: String] = [:],
        allowsFaults: Bool = false,
        books: Books = Books()
    ) {
        self.id = id
        self.type = type
        self.path = path
        self.name = name
        self.lifetime = lifetime
        self.location = location
        self.tags = tags
        self.allowsFaults = allowsFaults
        self.books = books
    }

    /// The text that names the binding: `Database`, or `Database(primary)` for a named binding.
    public var label: String {
        self.name.map { "\(self.type)(\($0))" } ?? self.type
    }
}

/// A scope in a ``ContainerSnapshot``, with the counts of the instances it owns.
public struct ScopeSnapshot: Sendable, Hashable, Codable {
    /// The stages of a scope's life.
    public enum State: String, Sendable, Codable {
        /// The scope accepts requests.
        case open
        /// The scope refuses requests, and its instances are being disposed.
        case closing
        /// The scope is closed. A subscriber receives this state once.
        case closed
    }

    /// The scope's identity.
    public var id: ScopeID
    /// The scope's name; not necessarily unique.
    public var name: String
    /// The tag by which bindings with the lifetime ``Lifetime/tagged(_:)`` find the scope, and under which statistics are kept.
    public var tag: String?
    /// The enclosing scope; nil for the root.
    public var parent: ScopeID?
    /// The source location that opened the scope.
    public var location: CodeLocation
    /// The time at which the scope was opened, on the container's time source.
    public var openedAt: TimeSource.Instant
    /// The stage of the scope's life.
    public var state: State
    /// The counts of the instances that the scope owns.
    public var books: Books
    /// The order in which the scope disposes its instances; nil for serial.
    public var disposal: StepOrder?
    /// The distributed trace that the scope belongs to; nil without a tracer.
    public var traceID: TraceID?
    /// The bindings of the values that the scope provides, in the order in which they were passed; nil if it provides none. The values
    /// themselves are part of no snapshot.
    public var values: [BindingID]?

    /// The names in recordings, as version 1.0 of the format wrote them.
    private enum CodingKeys: String, CodingKey {
        case id, name, tag, parent
        case location = "place"
        case openedAt, state, books, disposal, values
        case traceID = "trace"
    }

    /// Creates an open scope without instances.
    public init(id: ScopeID, name: String, tag: String? = nil, parent: ScopeID?, location: CodeLocation, openedAt: TimeSource.Instant) {
        self.id = id
        self.name = name
        self.tag = tag
        self.parent = parent
        self.location = location
        self.openedAt = openedAt
        self.state = .open
        self.books = Books()
    }
}

/// The stages of an instance's life.
public enum ResourceState: String, Sendable, Codable, CaseIterable {
    /// The instance is being created or initialized. Changes to `ready`, `initFailed`, or `abandoned`.
    case initializing
    /// The instance is ready for use. Changes to `disposing`.
    case ready
    /// The dispose is running. Changes to `disposed` or `abandoned`.
    case disposing
    /// The instance is disposed, even if its dispose threw. Final.
    case disposed
    /// The initialization threw. Final.
    case initFailed
    /// The initialize or dispose did not finish within its budget. Final.
    case abandoned

    /// Whether the instance counts as active: initializing, ready, or disposing.
    public var isActive: Bool {
        switch self {
        case .initializing, .ready, .disposing: true
        case .disposed, .initFailed, .abandoned: false
        }
    }
}

/// An active instance in a ``ContainerSnapshot``, without its value.
public struct ResourceSnapshot: Sendable, Hashable, Codable {
    /// The instance's identity.
    public var id: ResourceID
    /// The binding that created the instance.
    public var binding: BindingID
    /// The scope that owns the instance.
    public var scope: ScopeID
    /// The stage of the instance's life.
    public var state: ResourceState
    /// The time at which its creation started, on the container's time source.
    public var createdAt: TimeSource.Instant
    /// The time at which the instance became ready; nil before that.
    public var readyAt: TimeSource.Instant?
    /// The position in the container's ready order, starting at 1; nil until the instance is ready. Disposal reverses this order.
    public var readyOrder: UInt64?
    /// The instances that it depends on. Its scope or an enclosing scope owns them.
    public var dependencies: [ResourceID]
    /// The number of times that the instance was resolved or leased since it became ready.
    public var uses: Int
    /// The result of the last health check; nil if there was none.
    public var health: HealthResult?

    /// Creates an initializing instance.
    public init(id: ResourceID, binding: BindingID, scope: ScopeID, createdAt: TimeSource.Instant) {
        self.id = id
        self.binding = binding
        self.scope = scope
        self.state = .initializing
        self.createdAt = createdAt
        self.readyAt = nil
        self.readyOrder = nil
        self.dependencies = []
        self.uses = 0
        self.health = nil
    }
}
