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
    let maker: Maker
    /// Whether initialising and disposing instances may suspend, as far as the type tells.
    let isAsynchronous: Bool
    /// What it needs; nil for a closure that asks as it goes.
    let dependencies: [DeclaredDependency]?
    var fallback: Stand?
    /// The object it was given and is to dispose, if it is one.
    var provided: ObjectIdentifier?

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
