public import Synchronization

/// An instance without its type: identity, lifecycle, and how often it was asked for.
@usableFromInline
class AnyInstance: @unchecked Sendable {
    // Sendable because it, like its only subclass, has nothing but immutable properties of Sendable types and an atomic. It cannot
    // be checked by the compiler because a class with a subclass is not final.
    let handle: ResourceHandle
    /// The value, if it wants to know its container.
    let contextual: (any ContextualResource)?
    /// Which steps it has.
    let kind: Kind
    @usableFromInline let uses = Atomic<Int>(0)

    init(handle: ResourceHandle, kind: Kind, contextual: (any ContextualResource)?) {
        self.handle = handle
        self.kind = kind
        self.contextual = contextual
    }

    /// Which steps an instance has.
    enum Kind: Sendable {
        case none, synchronous, asynchronous
    }

    /// The value, erased.
    var erased: any Sendable {
        preconditionFailure("an instance is always of the typed subclass")
    }

    /// A reference that does not keep the value alive, if it is an object.
    var observer: OutlivingObserver? {
        nil
    }

    /// Initialises an instance of the kind `synchronous`; nothing for another.
    func initializeSynchronously() throws {}

    /// Initialises an instance of whatever kind.
    func initialize() async throws {}

    /// Disposes an instance of the kind `synchronous`; nothing for another.
    func disposeSynchronously() throws {}

    /// Disposes an instance of whatever kind.
    func dispose() async throws {}
}

/// An instance with its value.
@usableFromInline
final class Instance<Value: Sendable>: AnyInstance, @unchecked Sendable {
    // Sendable: see the superclass; the properties added are immutable and Sendable.
    @usableFromInline let value: Value
    private let steps: LifecycleSteps<Value>

    init(handle: ResourceHandle, value: Value, steps: LifecycleSteps<Value>, contextual: (any ContextualResource)? = nil) {
        self.value = value
        self.steps = steps
        let kind: Kind =
            switch steps {
            case .none: .none
            case .synchronous: .synchronous
            case .asynchronous: .asynchronous
            }
        super.init(handle: handle, kind: kind, contextual: contextual)
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

/// Sees whether an object is still referenced without keeping it alive.
final class OutlivingObserver: @unchecked Sendable {
    // Sendable because the one property is a weak reference, whose reading and clearing the runtime makes atomic, and it is never set
    // again after the initializer.
    private(set) weak var object: AnyObject?

    init(_ object: AnyObject) {
        self.object = object
    }

    var isAlive: Bool {
        self.object != nil
    }
}
