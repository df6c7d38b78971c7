/// Makes resources of one type from configurations (the specification's `ResourceFactory`): written once, bound for each configuration.
///
/// ```swift
/// let pools = ResourceFactory { (config: DatabaseConfig) in DatabasePool(config) }
/// try container.bind(DatabasePool.self, name: "orders", factory: pools, configuration: ordersConfig)
/// try container.bind(DatabasePool.self, name: "users", factory: pools, configuration: usersConfig)
/// ```
public struct ResourceFactory<Configuration: Sendable, Value: Sendable>: Sendable {
    private let make: Make
    let lifecycle: Lifecycle<Value>

    private enum Make: Sendable {
        case synchronous(@Sendable (Configuration) throws -> Value)
        case asynchronous(@Sendable @concurrent (Configuration) async throws -> Value)
    }

    /// A factory that needs no suspension: its products can be used in synchronous scopes if their lifecycle allows it.
    public init(lifecycle: Lifecycle<Value> = .automatic, _ make: @escaping @Sendable (Configuration) throws -> Value) {
        self.make = .synchronous(make)
        self.lifecycle = lifecycle
    }

    /// A factory that may suspend.
    public init(lifecycle: Lifecycle<Value> = .automatic, _ make: @escaping @Sendable @concurrent (Configuration) async throws -> Value) {
        self.make = .asynchronous(make)
        self.lifecycle = lifecycle
    }

    func maker(_ configuration: Configuration, _ lifecycle: Lifecycle<Value>) -> Maker {
        switch self.make {
        case .asynchronous(let make):
            return .asynchronous { resolver in lifecycle.instance(try await make(configuration), for: resolver.requester) }
        case .synchronous(let make):
            let makeInstance: @Sendable (Resolver) throws -> AnyInstance = { resolver in
                lifecycle.instance(try make(configuration), for: resolver.requester)
            }
            return .either(asynchronous: makeInstance, synchronous: makeInstance)
        }
    }
}
