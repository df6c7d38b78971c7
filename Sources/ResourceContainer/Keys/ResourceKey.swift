/// The key of a binding: a type and, if the type is bound more than once, a name. Requests with equal keys resolve the same binding.
///
/// A constant protects a name against misspelling:
///
/// ```swift
/// extension ResourceKey where Value == Database {
///     static let replica = ResourceKey("replica")
/// }
///
/// try container.bind(.replica, Database.init)
/// let replica = try await scope.get(.replica)
/// ```
public struct ResourceKey<Value: Sendable>: Sendable {
    /// The name. Nil for the unnamed binding of the type.
    public let name: String?

    /// Creates the key of the unnamed binding of a type, or of the binding named `name`.
    @inlinable
    public init(_ type: Value.Type = Value.self, name: String? = nil) {
        self.name = name
    }

    /// Creates the key of the binding named `name`, for constants in an extension `where Value == …`.
    @inlinable
    public init(_ name: String) {
        self.name = name
    }

    /// The displayed form of the key, such as `Database(primary)`.
    public var label: String {
        self.text.label
    }

    /// The key in words.
    var text: KeyText {
        KeyText(Value.self, name: self.name)
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
