/// The key of a binding: a type and, if the type is bound more than once, a name. Requests with equal keys resolve the same binding.
public struct ResourceKey<Value: Sendable>: Sendable {
    /// The name. Nil for the unnamed binding of the type.
    public let name: String?

    /// Creates the key of the unnamed binding of a type, or of the binding named `name`.
    @inlinable
    public init(_ type: Value.Type = Value.self, name: String? = nil) {
        self.name = name
    }

    /// The displayed form of the key, such as `Database(primary)`.
    public var label: String {
        bindingLabel(typeLabel(Value.self), self.name)
    }

    @inlinable
    var id: KeyID {
        KeyID(type: ObjectIdentifier(Value.self), name: self.name)
    }
}

/// A key without its type parameter.
@usableFromInline
struct KeyID: Hashable, Sendable {
    @usableFromInline let type: ObjectIdentifier
    @usableFromInline let name: String?

    @inlinable
    init(type: ObjectIdentifier, name: String?) {
        self.type = type
        self.name = name
    }

    /// The identity of the type as a word, the lookup key of unnamed bindings.
    @inlinable
    var word: UInt {
        UInt(bitPattern: self.type)
    }
}

/// The displayed name of a type: without its module, with its generic arguments.
func typeLabel(_ type: any Any.Type) -> String {
    String(describing: type).cleaned(limit: TextLimit.name)
}

/// The displayed form of a key: `Database`, or `Database(primary)` for a named binding.
func bindingLabel(_ type: String, _ name: String?) -> String {
    name.map { "\(type)(\($0.asName))" } ?? type
}
