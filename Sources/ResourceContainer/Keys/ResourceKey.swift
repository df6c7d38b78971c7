/// What a resource is asked for by: a type and, where one type is bound more than once, a name.
public struct ResourceKey<Value: Sendable>: Sendable {
    /// The name; nil for the unnamed binding of the type.
    public let name: String?

    /// The key of the unnamed binding of a type, or of the one called `name`.
    public init(_ type: Value.Type = Value.self, name: String? = nil) {
        self.name = name
    }

    var id: KeyID {
        KeyID(type: ObjectIdentifier(Value.self), name: self.name)
    }
}

/// A key without its type parameter.
struct KeyID: Hashable, Sendable {
    let type: ObjectIdentifier
    let name: String?
}

/// The name of a type as people write it: without its module, with its generic arguments.
func typeLabel(_ type: any Any.Type) -> String {
    String(describing: type)
}
