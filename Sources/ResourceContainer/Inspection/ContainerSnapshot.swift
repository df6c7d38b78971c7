/// Everything a container holds at one moment: what a subscriber starts from, and starts again from after it fell behind.
public struct ContainerSnapshot: Sendable, Hashable, Codable {
    /// The container's name.
    public var container: String
    /// The sequence number of the last event this picture includes; 0 before the first.
    public var sequence: UInt64
    /// When it was taken.
    public var time: TimeSource.Instant
    /// The counts of the whole container.
    public var books: Books
    /// How many scopes were closed so far, without the root.
    public var closedScopes = 0
    /// The bindings, in the order they were made.
    public var bindings: [BindingSnapshot]
    /// The scopes that are not closed, in opening order: parents stand before their children.
    public var scopes: [ScopeSnapshot]
    /// The active instances, in the order of their identity.
    public var resources: [ResourceSnapshot]
    /// The pools among them.
    public var pools: [PoolSample]

    /// A picture of nothing.
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

/// How long the instances of a binding live.
public enum Lifetime: Hashable, Sendable, Codable {
    /// One for the container; lives in the root scope.
    case singleton
    /// One for a scope and the scopes below it.
    case scoped
    /// One for the nearest enclosing scope with this tag and the scopes below it.
    case tagged(String)
    /// A new one at every request; disposed with the scope that asked.
    case transient
}

/// A binding as seen from outside.
public struct BindingSnapshot: Sendable, Hashable, Codable {
    /// Its identity.
    public var id: BindingID
    /// The bound type's name: without its module and the types around it, unless another bound type has that name.
    public var type: String
    /// The type with its module and the types around it; nil where that is not known.
    public var path: String?
    /// The name that tells it from other bindings of the type.
    public var name: String?
    /// How long its instances live.
    public var lifetime: Lifetime
    /// Where `bind` was called.
    public var place: SourcePlace
    /// What the user wrote on it.
    public var tags: [String: String]
    /// Whether faults may be injected into it.
    public var allowsFaults: Bool
    /// Its instances.
    public var books: Books

    /// A binding without instances.
    public init(
        id: BindingID,
        type: String,
        path: String? = nil,
        name: String? = nil,
        lifetime: Lifetime,
        place: SourcePlace,
        tags: [String: String] = [:],
        allowsFaults: Bool = false,
        books: Books = Books()
    ) {
        self.id = id
        self.type = type
        self.path = path
        self.name = name
        self.lifetime = lifetime
        self.place = place
        self.tags = tags
        self.allowsFaults = allowsFaults
        self.books = books
    }

    /// `Database`, or `Database(primary)` for a named binding.
    public var label: String {
        self.name.map { "\(self.type)(\($0))" } ?? self.type
    }
}

/// A scope as seen from outside.
public struct ScopeSnapshot: Sendable, Hashable, Codable {
    /// Whether a scope takes requests.
    public enum State: String, Sendable, Codable {
        /// Takes requests.
        case open
        /// Refuses requests; its resources are being disposed.
        case closing
        /// Over. A subscriber sees this state once.
        case closed
    }

    /// Its identity.
    public var id: ScopeID
    /// Its name; not unique.
    public var name: String
    /// The tag under which `Lifetime.tagged` bindings and statistics find it.
    public var tag: String?
    /// The scope it stands in; nil for the root.
    public var parent: ScopeID?
    /// Where it was opened.
    public var place: SourcePlace
    /// When it was opened.
    public var openedAt: TimeSource.Instant
    /// Whether it takes requests.
    public var state: State
    /// The instances it owns.
    public var books: Books
    /// How its resources are disposed, if not one after the other.
    public var disposal: StepOrder?

    /// A scope that was just opened.
    public init(id: ScopeID, name: String, tag: String? = nil, parent: ScopeID?, place: SourcePlace, openedAt: TimeSource.Instant) {
        self.id = id
        self.name = name
        self.tag = tag
        self.parent = parent
        self.place = place
        self.openedAt = openedAt
        self.state = .open
        self.books = Books()
    }
}

/// Where an instance stands in its life.
public enum ResourceState: String, Sendable, Codable, CaseIterable {
    /// Being made. Leaves to `ready`, `initFailed` or `abandoned`.
    case initialising
    /// In use. Leaves to `disposing`.
    case ready
    /// Its dispose is running. Leaves to `disposed` or `abandoned`.
    case disposing
    /// Disposed, also when its dispose threw. Final.
    case disposed
    /// Its initialisation threw. Final.
    case initFailed
    /// Did not come back within its budget. Final.
    case abandoned

    /// Whether the instance still counts as active.
    public var isActive: Bool {
        switch self {
        case .initialising, .ready, .disposing: true
        case .disposed, .initFailed, .abandoned: false
        }
    }
}

/// An instance as seen from outside.
public struct ResourceSnapshot: Sendable, Hashable, Codable {
    /// Its identity.
    public var id: ResourceID
    /// The binding it was made by.
    public var binding: BindingID
    /// The scope that owns it.
    public var scope: ScopeID
    /// Where it stands.
    public var state: ResourceState
    /// When it was begun.
    public var createdAt: TimeSource.Instant
    /// When it became ready.
    public var readyAt: TimeSource.Instant?
    /// Its place in the order of becoming ready, container-wide and from 1; disposal runs against this order.
    public var readyOrder: UInt64?
    /// The instances it was made with. All of them live in its scope or an ancestor.
    public var dependencies: [ResourceID]
    /// How often it was asked for or leased since it became ready.
    public var uses: Int
    /// The last health check's answer, if there was one.
    public var health: HealthResult?

    /// An instance that was just begun.
    public init(id: ResourceID, binding: BindingID, scope: ScopeID, createdAt: TimeSource.Instant) {
        self.id = id
        self.binding = binding
        self.scope = scope
        self.state = .initialising
        self.createdAt = createdAt
        self.readyAt = nil
        self.readyOrder = nil
        self.dependencies = []
        self.uses = 0
        self.health = nil
    }
}
