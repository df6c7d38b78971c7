/// A binding as the engine keeps it: everything about a key that does not change.
final class Binding: Sendable {
    let id: BindingID
    let declaration: BindingDeclaration
    let label: String
    /// Where the type stands: ``TypeNames`` makes of it what the binding is called among the others.
    let path: String
    let lifetime: Lifetime
    /// What its next instances are to suffer; nil where the binding does not allow it.
    let faults: FaultPlan?

    init(id: BindingID, _ declaration: BindingDeclaration, path: String, insteadOf replaced: Binding?) {
        self.id = id
        self.declaration = declaration
        self.path = path
        self.label = declaration.label
        self.lifetime = declaration.lifetime ?? replaced?.lifetime ?? .scoped
        self.faults = declaration.options.allowsFaults ? FaultPlan() : nil
    }

    var key: KeyID { self.declaration.key }
    var place: SourcePlace { self.declaration.place }
    var options: BindingOptions { self.declaration.options }
    var maker: Maker { self.declaration.maker }

    /// The binding as seen from outside, its type called `type`.
    func snapshot(type: String, books: Books) -> BindingSnapshot {
        BindingSnapshot(
            id: self.id,
            type: type,
            path: self.path,
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
