import Synchronization

/// A binding as the engine keeps it: everything about a key that does not change.
final class Binding: Sendable {
    let id: BindingID
    let key: KeyID
    let type: String
    let name: String?
    let lifetime: Lifetime
    let place: SourcePlace
    let options: BindingOptions
    let maker: Maker

    init(
        id: BindingID,
        key: KeyID,
        type: String,
        name: String?,
        lifetime: Lifetime,
        place: SourcePlace,
        options: BindingOptions,
        maker: Maker
    ) {
        self.id = id
        self.key = key
        self.type = type
        self.name = name
        self.lifetime = lifetime
        self.place = place
        self.options = options
        self.maker = maker
    }

    var label: String {
        self.name.map { "\(self.type)(\($0))" } ?? self.type
    }

    func snapshot(books: Books) -> BindingSnapshot {
        BindingSnapshot(
            id: self.id,
            type: self.type,
            name: self.name,
            lifetime: self.lifetime,
            place: self.place,
            tags: self.options.tags,
            books: books
        )
    }
}

/// How the instances of a binding come to be.
enum Maker: Sendable {
    /// Needs suspension, at least to wait for what it depends on.
    case asynchronous(@Sendable (Resolver, ResourceID) async throws -> AnyInstance)
    /// Can be made either way.
    case either(
        asynchronous: @Sendable (Resolver, ResourceID) async throws -> AnyInstance,
        synchronous: @Sendable (Resolver, ResourceID) throws -> AnyInstance
    )
    /// Is there already, belongs to somebody else, and is neither counted nor disposed.
    case foreign(AnyInstance)
}

/// An instance without its type: identity, lifecycle, and how often it was asked for.
class AnyInstance: @unchecked Sendable {
    // Sendable because it, like its only subclass, has nothing but immutable properties of Sendable types and an atomic. It cannot
    // be checked by the compiler because a class with a subclass is not final.
    let id: ResourceID
    let steps: LifecycleSteps
    /// The value, if it wants to know its container.
    let contextual: (any ContextualResource)?
    /// The value, if it has the figures of a pool.
    let pool: (any SampledPool)?
    let uses = Atomic<Int>(0)

    init(id: ResourceID, steps: LifecycleSteps, contextual: (any ContextualResource)?) {
        self.id = id
        self.steps = steps
        self.contextual = contextual
        self.pool = contextual as? any SampledPool
    }

    /// The value, erased.
    var erased: any Sendable {
        preconditionFailure("an instance is always of the typed subclass")
    }
}

/// An instance with its value.
final class Instance<Value: Sendable>: AnyInstance, @unchecked Sendable {
    // Sendable: see the superclass; the one property added is immutable and Sendable.
    let value: Value

    init(id: ResourceID, value: Value, lifecycle: Lifecycle<Value>) {
        self.value = value
        super.init(id: id, steps: lifecycle.steps(value), contextual: value as? any ContextualResource)
    }

    override var erased: any Sendable {
        self.value
    }
}
