/// What a resource is asked for by: a type and, where one type is bound more than once, a name.
public struct ResourceKey<Value: Sendable>: Sendable {
    /// The name; nil for the unnamed binding of the type.
    public let name: String?

    /// The key of the unnamed binding of a type, or of the one called `name`.
    @inlinable
    public init(_ type: Value.Type = Value.self, name: String? = nil) {
        self.name = name
    }

    /// The key in words, such as `Database(primary)`.
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

    /// The type as a word, which is what unnamed keys are found by.
    @inlinable
    var word: UInt {
        UInt(bitPattern: self.type)
    }
}

/// The name of a type as people write it: without its module, with its generic arguments.
func typeLabel(_ type: any Any.Type) -> String {
    String(describing: type).cleaned(limit: TextLimit.name)
}

/// `Database`, or `Database(primary)` for a named binding.
func bindingLabel(_ type: String, _ name: String?) -> String {
    name.map { "\(type)(\($0.asName))" } ?? type
}
