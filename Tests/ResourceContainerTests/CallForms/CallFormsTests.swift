import ResourceContainer
import ResourceSimulation
import Testing

private protocol Store: Sendable {}
private final class SQLStore: Store {
    init() {}
}
private struct Config: Sendable {
    let name = "config"
}
private actor Session {
    let store: SQLStore
    init(store: SQLStore) { self.store = store }
}
private enum Choice: Sendable {
    case one(SQLStore)
}
private class Base: @unchecked Sendable {}
private final class Derived: Base, @unchecked Sendable {
    init(store: SQLStore) {}
}
private struct Box<Content: Sendable>: Sendable {
    let content: Content
}
@MainActor private final class Screen: Sendable {
    let store: SQLStore
    init(store: SQLStore) { self.store = store }
}
private func makeConfig(store: SQLStore) throws -> Config { Config() }
private func makeLate(store: SQLStore) async throws -> Box<Int> { Box(content: 1) }

@Suite("Call forms of bindings and requests")
struct CallFormsTests {
    @Test("Initializers, closures, functions, enum cases, actors, generics, protocols, classes, and instances can be bound.")
    func bindings() async throws {
        // Manual time keeps budgets from expiring on a busy machine.
        let container = Container(environment: ResourceEnvironment(time: ManualTime().source))
        try container.bind(SQLStore.self, SQLStore.init)
        try container.bind((any Store).self) { SQLStore() }
        try container.bind((any Store).self, name: "instance", instance: SQLStore())
        try container.bind(Bind((any Store).self, name: "alias", alias: ResourceKey(SQLStore.self)) { $0 })
        try container.bind(Session.self, Session.init)
        try container.bind(Choice.self, Choice.one)
        try container.bind(Base.self, Derived.init)
        try container.bind(Box<SQLStore>.self, Box.init)
        try container.bind(Config.self, makeConfig)
        try container.bind(Box<Int>.self, makeLate)
        try container.bind(Screen.self) { await Screen(store: $0) }
        try container.bind(
            Bind(String.self, using: ResourceKey((any Store).self, name: "alias"), ResourceKey(Config.self)) { _, config in
                config.name
            }
        )
        try container.bind(Bind([Int].self) { (resolver: Resolver) in [try await resolver.get(Box<Int>.self).content] })
        try container.bind(Bind(Double.self) { (resolver: Resolver) throws -> Double in Double(try resolver.get(String.self).count) })
        try await container.withScope { scope in
            _ = try await scope.get((any Store).self)
            _ = try await scope.get((any Store).self, name: "instance")
            let (aliased, store) = (try await scope.get((any Store).self, name: "alias"), try await scope.get(SQLStore.self))
            #expect(aliased as? SQLStore === store)
            let session = try await scope.get(Session.self)
            #expect(session.store === store)
            guard case .one(let chosen) = try await scope.get(Choice.self) else { return }
            #expect(chosen === store)
            #expect(try await scope.get(Base.self) is Derived)
            let box = try await scope.get(Box<SQLStore>.self)
            #expect(box.content === store)
            let (numbers, length) = (try await scope.get([Int].self), try await scope.get(Double.self))
            #expect(numbers == [1])
            #expect(length == 6)
            let screen = try await scope.get(Screen.self)
            let shown = screen.store
            #expect(shown === store)
        }
    }

    @Test("A struct whose properties all have defaults binds its empty initializer.")
    func defaults() async throws {
        let container = Container()
        try container.bind(Config.self, Config.init)
        let name = try await container.withScope { try await $0.get(Config.self).name }
        #expect(name == "config")
    }

    @Test("The asynchronous overload is chosen in closures, actors, tasks, groups, async let, and on the main actor.")
    func asynchronous() async throws {
        let container = Container()
        try container.bind(Int.self) { () async -> Int in 1 }
        try await container.withScope { scope in
            async let one = scope.get(Int.self)
            let two = try await Task { try await scope.get(Int.self) }.value
            let three = try await withThrowingTaskGroup(of: Int.self) { group in
                group.addTask { try await scope.get(Int.self) }
                return try await group.next() ?? 0
            }
            let four = try await { @MainActor in try await scope.get(Int.self) }()
            let sum = try await one + two + three + four
            #expect(sum == 4)
        }
        let plain = try await container.withScope { _ in 1 }
        #expect(plain == 1)
    }
}
