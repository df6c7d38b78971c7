/// A value for a scope, under a type or a name that its own type does not have.
///
/// `providing:` provides a value under its static type. Use this form for a value that is requested as a protocol, or under a name:
///
/// ```swift
/// try await container.withScope(tag: "request", providing: Provide((any Principal).self, user), Provide(name: "traceID", id)) { scope in
///     let principal = try await scope.get((any Principal).self)
/// }
/// ```
public struct Provide<Value: Sendable>: Sendable {
    let key: ResourceKey<Value>
    let value: Value

    /// Provides `value` under `type` and `name`.
    public init(_ type: Value.Type = Value.self, name: String? = nil, _ value: Value) {
        self.key = ResourceKey(type, name: name)
        self.value = value
    }

    /// Provides `value` under `key`.
    public init(_ key: ResourceKey<Value>, _ value: Value) {
        self.key = key
        self.value = value
    }
}

/// A value that a new scope provides, in the form in which the container keeps it.
struct ProvidedValue: Sendable {
    let key: KeyID
    let text: KeyText
    let instance: AnyInstance
    /// The identity of the key. Set when the scope is opened.
    var binding = BindingID(0)
    /// Whether the scope is opened without the value if no declaration of it applies.
    var isOffered = false

    init<Value: Sendable>(_ key: ResourceKey<Value>, _ value: Value) {
        self.key = key.id
        self.text = key.text
        // No steps: the container neither initializes nor disposes a value.
        self.instance = Instance(handle: .none, value: value, steps: .none)
    }

    /// The values of a parameter pack.
    static func list<each Value: Sendable>(_ values: repeat each Value) -> [ProvidedValue] {
        var list: [ProvidedValue] = []
        repeat list.append(Self.provided(each values))
        return list
    }

    private static func provided<Value: Sendable>(_ value: Value) -> ProvidedValue {
        (value as? any ValueProviding)?.provided ?? ProvidedValue(ResourceKey(Value.self), value)
    }
}

private protocol ValueProviding {
    var provided: ProvidedValue { get }
}

extension Provide: ValueProviding {
    fileprivate var provided: ProvidedValue {
        ProvidedValue(self.key, self.value)
    }
}
