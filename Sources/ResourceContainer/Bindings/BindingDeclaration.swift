/// One binding as it was written down, without the type of its value: what a ``Module`` is made of. Made by ``Bind``.
public struct BindingDeclaration: Sendable {
    let key: KeyID
    /// The bound type's name.
    let type: String
    /// What reflection says of the type: its name within its module and the types around it.
    let reflected: String
    /// Nil for that of the binding it overrides, or else scoped.
    let lifetime: Lifetime?
    let options: BindingOptions
    let override: Bool
    let place: SourcePlace
    private(set) var maker: Maker
    /// Whether initialising and disposing instances may suspend, as far as the type tells.
    let isAsynchronous: Bool
    /// What it needs; nil for a closure that asks as it goes.
    let dependencies: [DeclaredDependency]?
    var fallback: Stand?
    /// The object it was given and is to dispose, if it is one.
    var provided: ObjectIdentifier?
    /// The instance it was given, if that belongs to the container from the time it is bound, whether or not anybody asks for it.
    var adopted: AdoptedInstance?

    init<Value: Sendable>(
        _ type: Value.Type,
        _ how: BindingTerms<Value>,
        _ maker: Maker,
        _ dependencies: [DeclaredDependency]?
    ) {
        self.key = KeyID(type: ObjectIdentifier(type), name: how.name)
        self.type = typeLabel(type)
        self.reflected = String(reflecting: type)
        self.lifetime = how.lifetime
        self.options = how.options
        self.override = how.override
        self.place = how.place
        self.maker = maker
        self.isAsynchronous = how.lifecycle.isAsynchronous
        self.dependencies = dependencies
    }

    var label: String {
        bindingLabel(self.type, self.key.name)
    }

    /// Lets go of the closures and the instance, and of everything they captured. What the key is called, how long its instances live, where
    /// it was bound and what it needs stays.
    mutating func dropCaptures() {
        switch self.maker {
        case .alias(let stand): self.maker = .alias(stand.withoutCaptures)
        case .asynchronous, .either:
            let label = self.label
            // Never called: a container that is closed makes nothing.
            self.maker = .asynchronous { _ in
                throw ResourceError(.containerClosed, key: label, "the container of \(label) is closed and makes nothing any more")
            }
        }
        self.fallback = self.fallback?.withoutCaptures
        self.provided = nil
        self.adopted = nil
    }
}

/// An instance that a binding was given, and that can be used before anybody has asked the container for it.
struct AdoptedInstance: Sendable {
    /// The instance as the engine keeps it.
    let instance: @Sendable (ResourceHandle) -> AnyInstance
    /// Whether the first request initialises it: what a pool does then, filling itself, it need not have done to be in use.
    let isInitialisedLater: Bool
}

/// What all forms of binding have in common.
struct BindingTerms<Value: Sendable>: Sendable {
    var name: String?
    var lifetime: Lifetime?
    var lifecycle: Lifecycle<Value>
    var options: BindingOptions
    var override: Bool
    var place: SourcePlace

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
        self.place = SourcePlace(file: fileID, line: line)
    }
}
