/// A reference from one key to another: the target of an alias, or the fallback of a binding.
struct Redirect: Sendable {
    let key: KeyID
    let text: KeyText
    /// Converts the instance of that key to one of this key with the same identity. Returns nil if the value is not of this key's type.
    let convert: @Sendable (AnyInstance) -> AnyInstance?

    /// A redirect whose instances `convert` converts.
    init<Value: Sendable, Other: Sendable>(_ key: ResourceKey<Other>, _ convert: @escaping @Sendable (Other) -> Value) {
        self.key = key.id
        self.text = key.text
        self.convert = { instance in
            UserCode.begins()
            return Instance(handle: instance.handle, value: convert(Engine.value(of: instance, as: Other.self)), steps: .none)
        }
    }

    /// A redirect whose instances are of the type `Value`, which is checked for each instance.
    init<Value: Sendable, Other: Sendable>(_ key: ResourceKey<Other>, as type: Value.Type) {
        self.key = key.id
        self.text = key.text
        self.convert = { instance in
            guard let value = Engine.value(of: instance, as: Other.self) as? Value else { return nil }
            return Instance(handle: instance.handle, value: value, steps: .none)
        }
    }

    private init(key: KeyID, text: KeyText) {
        self.key = key
        self.text = text
        self.convert = { _ in preconditionFailure("a closed container resolves nothing, so it converts nothing") }
    }

    /// The key without the conversion and its captures.
    var withoutCaptures: Redirect {
        Redirect(key: self.key, text: self.text)
    }
}
