/// A binding of a key, as the engine stores it. A key that is rebound or overridden in an overlay has several bindings.
final class Binding: Sendable {
    /// The identity of the key. All bindings of a key share it, and instances are counted under it.
    let id: BindingID
    /// The identity of this binding within its container. It is never zero and never reused.
    let word: UInt
    let declaration: BindingDeclaration
    let maker: Maker
    /// The closure that creates an instance without suspending; nil if there is none. Read directly, because reading it out of ``maker``
    /// would retain the asynchronous one as well.
    let synchronousMaker: (@Sendable (Resolver) throws -> AnyInstance)?
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

    /// - Parameter model: The binding whose lifetime a declaration without one inherits: the one that it replaces, or whose fallback it is.
    init(id: BindingID, word: UInt, _ declaration: BindingDeclaration, path: String, inheriting model: Binding?) {
        self.id = id
        self.word = word
        self.declaration = declaration
        self.maker = declaration.maker
        self.synchronousMaker = declaration.maker.synchronous
        self.path = path
        self.label = declaration.label
        self.lifetime = declaration.lifetime ?? model?.lifetime ?? declaration.defaultLifetime
        self.initializeTimeout = declaration.options.initializeTimeout
        self.disposeTimeout = declaration.options.disposeTimeout
        self.faults = declaration.options.allowsFaults ? FaultPlan() : nil
        self.fallback = declaration.fallback
    }

    /// A binding with an argument: `binding` with a maker for one instance. It has the same identity, word and faults.
    init(_ binding: Binding, _ maker: Maker) {
        self.id = binding.id
        self.word = binding.word
        self.declaration = binding.declaration
        self.maker = maker
        self.synchronousMaker = maker.synchronous
        self.path = binding.path
        self.label = binding.label
        self.lifetime = binding.lifetime
        self.initializeTimeout = binding.initializeTimeout
        self.disposeTimeout = binding.disposeTimeout
        self.faults = binding.faults
        self.fallback = binding.fallback
    }

    /// The binding without its captures. It keeps the key, source location, lifetime and dependencies, and cannot create instances.
    var withoutCaptures: Binding {
        var declaration = self.declaration
        declaration.dropCaptures()
        declaration.fallback = self.fallback?.withoutCaptures
        return Binding(id: self.id, word: self.word, declaration, path: self.path, inheriting: self)
    }

    var key: KeyID { self.declaration.key }
    var location: CodeLocation { self.declaration.location }
    var options: BindingOptions { self.declaration.options }

    var isAlias: Bool {
        if case .alias = self.maker { true } else { false }
    }

    /// The lifetime in words, for errors: `singleton`, or `value of scopes tagged request`.
    var lifetimeLabel: String {
        guard case .value = self.maker else { return self.lifetime.label }
        if case .tagged(let tag) = self.lifetime { return "value of scopes tagged \(tag.asName)" }
        return "value of a scope"
    }

    /// How the binding resolves, if a tool cannot resolve it by its identity.
    var form: BindingSnapshot.Form? {
        switch self.maker {
        case .value: .value
        case .parameterized: .parameterized
        case .alias, .asynchronous, .either: nil
        }
    }

    /// The public description of the binding, with `type` as the name of its type.
    func snapshot(type: String, books: Books) -> BindingSnapshot {
        var snapshot = BindingSnapshot(
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
        snapshot.form = self.form
        return snapshot
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
    /// The value that a scope provides.
    case value
    /// Creation needs an argument of the request.
    case parameterized(Parameter)

    /// The closure that creates an instance without suspending; nil if there is none.
    var synchronous: (@Sendable (Resolver) throws -> AnyInstance)? {
        if case .either(_, let synchronous) = self { synchronous } else { nil }
    }
}
