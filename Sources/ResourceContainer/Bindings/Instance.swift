public import Synchronization

/// An instance without the type of its value: identity, lifecycle and number of requests.
@usableFromInline
class AnyInstance: @unchecked Sendable {
    // Sendable because this class and its only subclass have only immutable properties of Sendable types and an atomic. The compiler cannot
    // check it because a class with a subclass is not final.
    let handle: ResourceHandle
    /// Whether the value conforms to `ContextualResource`.
    let isContextual: Bool
    /// Which lifecycle steps the instance has.
    let kind: Kind
    @usableFromInline let uses = Atomic<Int>(0)

    init(handle: ResourceHandle, kind: Kind, isContextual: Bool) {
        self.handle = handle
        self.kind = kind
        self.isContextual = isContextual
    }

    /// Which lifecycle steps an instance has, and whether they may suspend.
    enum Kind: Sendable {
        case none, synchronous, asynchronous
    }

    /// The value, if it conforms to `ContextualResource`. Converted at every call, because most instances have none, and a stored one would
    /// take a third of their memory.
    final var contextual: (any ContextualResource)? {
        self.isContextual ? self.erased as? any ContextualResource : nil
    }

    /// The value without its type.
    var erased: any Sendable {
        preconditionFailure("every instance is of the typed subclass")
    }

    /// A weak reference to the value if it is an object, else nil.
    var observer: OutlivingObserver? {
        nil
    }

    /// Runs the initialize step of an instance of the kind `synchronous`. Does nothing for other kinds.
    func initializeSynchronously() throws {}

    /// Runs the initialize step of an instance of any kind.
    func initialize() async throws {}

    /// Runs the dispose step of an instance of the kind `synchronous`. Does nothing for other kinds.
    func disposeSynchronously() throws {}

    /// Runs the dispose step of an instance of any kind.
    func dispose() async throws {}
}

/// An instance and its value.
@usableFromInline
final class Instance<Value: Sendable>: AnyInstance, @unchecked Sendable {
    // Sendable for the reason given in the superclass: the added properties are immutable and Sendable.
    @usableFromInline let value: Value
    private let steps: LifecycleSteps<Value>

    init(handle: ResourceHandle, value: Value, steps: LifecycleSteps<Value>, isContextual: Bool = false) {
        self.value = value
        self.steps = steps
        let kind: Kind =
            switch steps {
            case .none: .none
            case .synchronous: .synchronous
            case .asynchronous: .asynchronous
            }
        super.init(handle: handle, kind: kind, isContextual: isContextual)
    }

    override var erased: any Sendable {
        self.value
    }

    override var observer: OutlivingObserver? {
        Value.self is AnyClass || type(of: self.value as Any) is AnyClass ? OutlivingObserver(self.value as AnyObject) : nil
    }

    override func initializeSynchronously() throws {
        UserCode.begins()
        if case .synchronous(let initialize, _) = self.steps { try initialize(self.value) }
    }

    override func initialize() async throws {
        UserCode.begins()
        switch self.steps {
        case .none: break
        case .synchronous(let initialize, _): try initialize(self.value)
        case .asynchronous(let initialize, _): try await initialize(self.value)
        }
    }

    override func disposeSynchronously() throws {
        UserCode.begins()
        if case .synchronous(_, let dispose) = self.steps { try dispose(self.value) }
    }

    override func dispose() async throws {
        UserCode.begins()
        switch self.steps {
        case .none: break
        case .synchronous(_, let dispose): try dispose(self.value)
        case .asynchronous(_, let dispose): try await dispose(self.value)
        }
    }
}

/// Reports whether an object is still referenced, without keeping it alive.
final class OutlivingObserver: @unchecked Sendable {
    // Sendable because the only property is a weak reference. The runtime reads and clears weak references atomically, and the property is
    // not set after the initializer.
    private(set) weak var object: AnyObject?

    init(_ object: AnyObject) {
        self.object = object
    }

    var isAlive: Bool {
        self.object != nil
    }
}
