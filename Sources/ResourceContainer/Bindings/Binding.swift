/// A binding as the engine keeps it: everything about a key that does not change.
final class Binding: Sendable {
    let id: BindingID
    let declaration: BindingDeclaration
    let label: String
    let lifetime: Lifetime
    /// The two budgets of the options, read at every step of an instance.
    let initializeTimeout: Duration
    let disposeTimeout: Duration
    /// What its next instances are to suffer; nil where the binding does not allow it.
    let faults: FaultPlan?

    init(id: BindingID, _ declaration: BindingDeclaration, insteadOf replaced: Binding?) {
        self.id = id
        self.declaration = declaration
        self.label = declaration.label
        self.lifetime = declaration.lifetime ?? replaced?.lifetime ?? .scoped
        self.initializeTimeout = declaration.options.initializeTimeout
        self.disposeTimeout = declaration.options.disposeTimeout
        self.faults = declaration.options.allowsFaults ? FaultPlan() : nil
    }

    var key: KeyID { self.declaration.key }
    var place: SourcePlace { self.declaration.place }
    var options: BindingOptions { self.declaration.options }
    var maker: Maker { self.declaration.maker }

    func snapshot(books: Books) -> BindingSnapshot {
        BindingSnapshot(
            id: self.id,
            type: self.declaration.type,
            name: self.key.name?.withoutPasswords,
            lifetime: self.lifetime,
            place: self.place,
            tags: self.options.tags.mapValues(\.withoutPasswords),
            allowsFaults: self.faults != nil,
            books: books
        )
    }
}

/// How the instances of a binding come to be.
enum Maker: Sendable {
    /// Needs suspension, at least to wait for what it depends on.
    case asynchronous(@Sendable (Resolver) async throws -> AnyInstance)
    /// Can be made either way.
    case either(
        asynchronous: @Sendable (Resolver) async throws -> AnyInstance,
        synchronous: @Sendable (Resolver) throws -> AnyInstance
    )
    /// Is another key's instance, under this type.
    case alias(Stand)
}

/// Another key whose instance stands for this one's: what an alias leads to, or what a binding falls back to.
struct Stand: Sendable {
    let key: KeyID
    let label: String
    /// The instance of that key as one of this key, with the same identity.
    let convert: @Sendable (AnyInstance) -> AnyInstance

    init<Value: Sendable, Other: Sendable>(_ key: ResourceKey<Other>, _ convert: @escaping @Sendable (Other) -> Value) {
        self.key = key.id
        self.label = key.label
        self.convert = { instance in
            Instance(handle: instance.handle, value: convert(Engine.value(of: instance, as: Other.self)), steps: .none)
        }
    }
}

/// Something a binding is known to need.
struct DeclaredDependency: Sendable {
    let key: KeyID
    let label: String
    /// The key without its optional, if it is enough that this may be missing.
    let wrapped: KeyID?

    init<Value: Sendable>(_ key: ResourceKey<Value>) {
        self.key = key.id
        self.label = key.label
        self.wrapped = (Value.self as? any OptionalDependency.Type).map { KeyID(type: $0.wrappedType, name: key.name) }
    }
}
