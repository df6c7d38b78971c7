/// A dependency that a binding declares.
struct DeclaredDependency: Sendable {
    /// How a parameter leads to its dependency.
    enum Link: Sendable {
        /// The parameter is the instance, or nil if it is optional and nothing is bound.
        case direct
        /// The parameter is a ``Provider``, which resolves the instance later.
        case provider
        /// The parameter is ``All`` instances of a type.
        case all
    }

    let key: KeyID
    let text: KeyText
    /// The key of the wrapped type, if this dependency is optional.
    var wrapped: KeyID?
    let link: Link

    init<Value: Sendable>(_ key: ResourceKey<Value>) {
        if let indirect = Value.self as? any IndirectDependency.Type {
            self = indirect.declared(name: key.name)
        } else {
            let wrapped = (Value.self as? any OptionalDependency.Type).map { KeyID(type: $0.wrappedType, name: key.name) }
            self.init(key, .direct, wrapped: wrapped)
        }
    }

    init<Value: Sendable>(_ key: ResourceKey<Value>, _ link: Link, wrapped: KeyID? = nil) {
        self.key = key.id
        self.text = key.text
        self.wrapped = wrapped
        self.link = link
    }
}

/// The declared dependencies of a parameter pack.
struct DeclaredDependencies: Sendable {
    private(set) var list: [DeclaredDependency] = []
    /// Whether a parameter is a ``Provider`` or ``All``. If none is, resolving the parameters skips the search for them.
    private(set) var hasIndirect = false

    init<each Dependency: Sendable>(_ keys: repeat ResourceKey<each Dependency>) {
        repeat self.add(DeclaredDependency(each keys))
    }

    private mutating func add(_ dependency: DeclaredDependency) {
        self.list.append(dependency)
        if dependency.link != .direct { self.hasIndirect = true }
    }
}

/// A parameter that is something other than an instance of its own type.
protocol IndirectDependency: Sendable {
    /// The dependency that a parameter of this type declares, with the name that the parameter's key has.
    static func declared(name: String?) -> DeclaredDependency

    /// Whether there is a parameter; an optional one is nil otherwise.
    static func isBound(name: String?, _ resolver: Resolver) -> Bool

    /// Makes the parameter.
    nonisolated(nonsending) static func make(name: String?, _ resolver: Resolver) async throws -> Self

    /// Makes the parameter in a synchronous closure.
    static func makeSynchronously(name: String?, _ resolver: Resolver) throws -> Self
}

extension Optional: IndirectDependency where Wrapped: IndirectDependency {
    static func declared(name: String?) -> DeclaredDependency {
        var dependency = Wrapped.declared(name: name)
        dependency.wrapped = dependency.key
        return dependency
    }

    static func isBound(name: String?, _ resolver: Resolver) -> Bool {
        true
    }

    nonisolated(nonsending) static func make(name: String?, _ resolver: Resolver) async throws -> Wrapped? {
        Wrapped.isBound(name: name, resolver) ? try await Wrapped.make(name: name, resolver) : nil
    }

    static func makeSynchronously(name: String?, _ resolver: Resolver) throws -> Wrapped? {
        Wrapped.isBound(name: name, resolver) ? try Wrapped.makeSynchronously(name: name, resolver) : nil
    }
}
