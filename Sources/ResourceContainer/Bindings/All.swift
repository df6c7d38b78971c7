/// The instances of all bindings of a type, as a parameter of a binding's closure or initializer.
///
/// Several modules can bind a type, each under another name, and one resource uses all instances:
///
/// ```swift
/// try container.bind((any Plugin).self, name: "audit") { AuditPlugin() }
/// try container.bind((any Plugin).self, name: "metrics") { MetricsPlugin() }
/// try container.bind(Host.self) { (plugins: All<any Plugin>) in Host(Array(plugins)) }
/// ```
///
/// The elements are in the order in which their keys were first bound. `Scope.getAll(_:)` describes which bindings count.
/// ``Container/validate()`` analyzes the elements like other dependencies.
public struct All<Value: Sendable>: RandomAccessCollection, Sendable {
    private let values: [Value]

    /// Creates a collection of given instances, for tests of code that takes one.
    public init(_ values: [Value]) {
        self.values = values
    }

    /// The position of the first instance.
    public var startIndex: Int { self.values.startIndex }
    /// The position after the last instance.
    public var endIndex: Int { self.values.endIndex }
    /// The instance at a position.
    public subscript(position: Int) -> Value { self.values[position] }
}

extension All: IndirectDependency {
    static func declared(name: String?) -> DeclaredDependency {
        DeclaredDependency(ResourceKey(Value.self, name: name), .all)
    }

    static func isBound(name: String?, _ resolver: Resolver) -> Bool {
        true
    }

    nonisolated(nonsending) static func make(name: String?, _ resolver: Resolver) async throws -> All {
        All(try await resolver.getAll(Value.self))
    }

    static func makeSynchronously(name: String?, _ resolver: Resolver) throws -> All {
        let values: [Value] = try resolver.getAll(Value.self)
        return All(values)
    }
}
