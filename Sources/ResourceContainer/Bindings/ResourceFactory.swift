/// A factory that creates resources of one type from configurations. It is written once and bound for each configuration.
///
/// ```swift
/// let pools = ResourceFactory { (config: DatabaseConfig) in DatabasePool(config) }
/// try container.bind(Bind(DatabasePool.self, name: "orders", factory: pools, configuration: ordersConfig))
/// try container.bind(Bind(DatabasePool.self, name: "users", factory: pools, configuration: usersConfig))
/// ```
public struct ResourceFactory<Configuration: Sendable, Value: Sendable>: Sendable {
    private let make: Make
    let lifecycle: Lifecycle<Value>

    private enum Make: Sendable {
        case synchronous(@Sendable (Configuration) throws -> Value)
        case asynchronous(@Sendable @concurrent (Configuration) async throws -> Value)
    }

    /// Creates a factory whose closure does not suspend. Synchronous scopes can use its instances if their lifecycle is synchronous.
    public init(lifecycle: Lifecycle<Value> = .automatic, _ make: @escaping @Sendable (Configuration) throws -> Value) {
        self.make = .synchronous(make)
        self.lifecycle = lifecycle
    }

    /// Creates a factory whose closure may suspend.
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
