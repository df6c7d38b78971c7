/// A binding without the type of its value, the element of a ``Module``. ``Bind`` creates it.
public struct BindingDeclaration: Sendable {
    let key: KeyID
    /// The key in words.
    let text: KeyText
    /// The type's name from reflection, qualified by its module and the types around it.
    let reflected: String
    /// The lifetime. Nil for the lifetime of the binding it overrides, or the default of the type if it overrides none.
    let lifetime: Lifetime?
    /// The lifetime of bindings of the type that state none and override none.
    let defaultLifetime: Lifetime
    let options: BindingOptions
    let override: Bool
    let location: CodeLocation
    private(set) var maker: Maker
    /// Whether initializing and disposing instances may suspend, as far as the static type shows.
    let isAsynchronous: Bool
    /// The declared dependencies. Nil for a closure that resolves them through a ``Resolver``.
    let dependencies: [DeclaredDependency]?
    var fallback: Redirect?
    /// The key of the binding whose fallback this declares by a closure; nil for other declarations. Such a fallback has that binding's
    /// lifetime, and is no element of the collection of its type.
    var fallbackOf: KeyID?
    /// The identity of the object that was bound, if it is an object and owned by the container.
    var provided: ObjectIdentifier?
    /// The instance that was bound, if it belongs to the container even before its first request.
    var adopted: AdoptedInstance?

    init<Value: Sendable>(
        _ type: Value.Type,
        _ how: BindingTerms<Value>,
        _ maker: Maker,
        _ dependencies: [DeclaredDependency]?
    ) {
        self.key = KeyID(type: ObjectIdentifier(type), name: how.name)
        self.text = KeyText(type, name: how.name)
        self.reflected = String(reflecting: type)
        self.lifetime = how.lifetime
        self.defaultLifetime = (type as? any SampledPool.Type)?.defaultLifetime ?? (type is any PoolOwning.Type ? .singleton : .scoped)
        self.options = how.options
        self.override = how.override
        self.location = how.location
        self.maker = maker
        self.isAsynchronous = how.lifecycle.isAsynchronous
        self.dependencies = dependencies
    }

    var label: String {
        self.text.label
    }

    /// Throws if the options are invalid.
    func validate() throws(ResourceError) {
        try self.options.validate(label: self.label, location: self.location)
        if self.options.eager, case .parameterized = self.maker {
            throw ResourceError(
                .invalidBinding,
                key: self.label,
                "\(self.label) cannot be bound at \(self.location): it takes an argument, so it cannot be eager"
            )
        }
    }

    /// Releases the closures, the instance and everything they captured. Keeps the key, lifetime, source location and dependencies.
    mutating func dropCaptures() {
        switch self.maker {
        case .value: break
        case .alias(let redirect): self.maker = .alias(redirect.withoutCaptures)
        case .parameterized(let parameter): self.maker = .parameterized(parameter.withoutCaptures)
        case .asynchronous, .either:
            let label = self.label
            // Never called: a closed container creates no instances.
            self.maker = .asynchronous { _ in
                throw ResourceError(.containerClosed, key: label, "the container of \(label) is closed and creates no instances")
            }
        }
        self.fallback = self.fallback?.withoutCaptures
        self.provided = nil
        self.adopted = nil
    }
}

/// An instance that was bound and is in use before its first request.
struct AdoptedInstance: Sendable {
    /// Wraps the instance for the engine.
    let instance: @Sendable (ResourceHandle) -> AnyInstance
    /// Whether the first request initializes the instance. A pool can be used before, and fills itself in that step.
    let isInitializedLater: Bool
}

/// The arguments that all forms of a binding have in common.
struct BindingTerms<Value: Sendable>: Sendable {
    var name: String?
    var lifetime: Lifetime?
    var lifecycle: Lifecycle<Value>
    var options: BindingOptions
    var override: Bool
    var location: CodeLocation

    init(
        _ name: String?,
        _ lifetime: Lifetime?,
        _ lifecycle: Lifecycle<Value>,
        _ options: BindingOptions,
        _ override: Bool,
        _ fileID: String,
        _ line: UInt
    ) {
        self.name = name
        self.lifetime = lifetime
        self.lifecycle = options.owned ? lifecycle : .none
        self.options = options
        self.override = override
        self.location = CodeLocation(file: fileID, line: line)
    }
}
