/// A binding as the engine keeps it. A key that is bound anew, or bound otherwise in an overlay, has several.
final class Binding: Sendable {
    /// The identity of its key, under which its instances are counted: that of all bindings of the key.
    let id: BindingID
    /// Tells it from every other binding of the container; never zero, and never used twice.
    let word: UInt
    let declaration: BindingDeclaration
    let label: String
    /// Where the type stands: ``TypeNames`` makes of it what the binding is called among the others.
    let path: String
    let lifetime: Lifetime
    /// The two budgets of the options, read at every step of an instance.
    let initializeTimeout: Duration
    let disposeTimeout: Duration
    /// What its next instances are to suffer; nil where the binding does not allow it.
    let faults: FaultPlan?
    /// What is used while this cannot be made. It goes with the binding, and instances under way still find it.
    private let stand: Lock<Stand?>

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
        self.stand = Lock(declaration.fallback)
    }

    /// The binding without what it captured: it tells what was bound, where, for how long, and what it needed, and makes nothing.
    var withoutCaptures: Binding {
        var declaration = self.declaration
        declaration.dropCaptures()
        declaration.fallback = self.fallback?.withoutCaptures
        return Binding(id: self.id, word: self.word, declaration, path: self.path, insteadOf: self)
    }

    /// What is used while this cannot be made.
    var fallback: Stand? {
        self.stand.withLock { $0 }
    }

    /// Sets what is used while this cannot be made. The stand-in before that is let go of outside the lock: it may be the last to refer to
    /// something of the user's.
    func fallBack(to stand: Stand) {
        let before = self.stand.withLock { kept in
            defer { kept = stand }
            return kept
        }
        withExtendedLifetime(before) {}
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
            name: self.key.name?.asName,
            lifetime: self.lifetime.asText,
            place: self.place,
            tags: Dictionary(self.options.tags.map { ($0.key.asName, $0.value.asName) }) { first, _ in first },
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
            UserCode.begins()
            return Instance(handle: instance.handle, value: convert(Engine.value(of: instance, as: Other.self)), steps: .none)
        }
    }

    private init(key: KeyID, label: String) {
        self.key = key
        self.label = label
        self.convert = { _ in preconditionFailure("a container that is closed answers no request, and so converts nothing") }
    }

    /// Which key it was, without the conversion and what that captured.
    var withoutCaptures: Stand {
        Stand(key: self.key, label: self.label)
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
