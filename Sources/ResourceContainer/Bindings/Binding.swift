/// A binding of a key, as the engine stores it. A key that is rebound or overridden in an overlay has several bindings.
final class Binding: Sendable {
    /// The identity of the key. All bindings of a key share it, and instances are counted under it.
    let id: BindingID
    /// The identity of this binding within its container. It is never zero and never reused.
    let word: UInt
    let declaration: BindingDeclaration
    let label: String
    /// The qualified path of the type, from which ``TypeNames`` derives the displayed name.
    let path: String
    let lifetime: Lifetime
    /// The two timeouts of the options, read at every step of an instance.
    let initializeTimeout: Duration
    let disposeTimeout: Duration
    /// The faults injected into the next instances. Nil if the binding does not allow faults.
    let faults: FaultPlan?
    /// The fallback, used when this binding cannot create an instance.
    let fallback: Redirect?

    init(id: BindingID, word: UInt, _ declaration: BindingDeclaration, path: String, insteadOf replaced: Binding?) {
        self.id = id
        self.word = word
        self.declaration = declaration
        self.path = path
        self.label = declaration.label
        self.lifetime = declaration.lifetime ?? replaced?.lifetime ?? .scoped
        self.initializeTimeout = declaration.options.initializeTimeout
        self.disposeTimeout = declaration.options.disposeTimeout
        self.faults = declaration.options.allowsFaults ? FaultPlan() : nil
        self.fallback = declaration.fallback
    }

    /// The binding without its captures. It keeps the key, source location, lifetime and dependencies, and cannot create instances.
    var withoutCaptures: Binding {
        var declaration = self.declaration
        declaration.dropCaptures()
        declaration.fallback = self.fallback?.withoutCaptures
        return Binding(id: self.id, word: self.word, declaration, path: self.path, insteadOf: self)
    }

    var key: KeyID { self.declaration.key }
    var location: CodeLocation { self.declaration.location }
    var options: BindingOptions { self.declaration.options }
    var maker: Maker { self.declaration.maker }

    /// The public description of the binding, with `type` as the name of its type.
    func snapshot(type: String, books: Books) -> BindingSnapshot {
        BindingSnapshot(
            id: self.id,
            type: type,
            path: self.path,
            name: self.key.name?.asName,
            lifetime: self.lifetime.asText,
            location: self.location,
            tags: Dictionary(self.options.tags.map { ($0.key.asName, $0.value.asName) }) { first, _ in first },
            allowsFaults: self.faults != nil,
            books: books
        )
    }
}

/// How the instances of a binding are created.
enum Maker: Sendable {
    /// Creation may suspend, at least to wait for dependencies.
    case asynchronous(@Sendable (Resolver) async throws -> AnyInstance)
    /// Creation works both with and without suspending.
    case either(
        asynchronous: @Sendable (Resolver) async throws -> AnyInstance,
        synchronous: @Sendable (Resolver) throws -> AnyInstance
    )
    /// The instance of another key, converted to this type.
    case alias(Redirect)
}

/// A reference from one key to another: the target of an alias, or the fallback of a binding.
struct Redirect: Sendable {
    let key: KeyID
    let label: String
    /// Converts the instance of that key to one of this key with the same identity.
    let convert: @Sendable (AnyInstance) -> AnyInstance

    init<Value: Sendable, Other: Sendable>(_ key: ResourceKey<Other>, _ convert: @escaping @Sendable (Other) -> Value) {
        self.key = key.id
        self.label = key.label
        self.convert = { instance in
            UserCode.begins()
            return Instance(handle: instance.handle, value: convert(Engine.value(of: instance, as: Other.self)), steps: .none)
        }
    }

    private init(key: KeyID, label: String) {
        self.key = key
        self.label = label
        self.convert = { _ in preconditionFailure("a closed container resolves nothing, so it converts nothing") }
    }

    /// The key without the conversion and its captures.
    var withoutCaptures: Redirect {
        Redirect(key: self.key, label: self.label)
    }
}

/// A dependency that a binding declares.
struct DeclaredDependency: Sendable {
    let key: KeyID
    let label: String
    /// The key of the wrapped type, if this dependency is optional.
    let wrapped: KeyID?

    init<Value: Sendable>(_ key: ResourceKey<Value>) {
        self.key = key.id
        self.label = key.label
        self.wrapped = (Value.self as? any OptionalDependency.Type).map { KeyID(type: $0.wrappedType, name: key.name) }
    }
}
