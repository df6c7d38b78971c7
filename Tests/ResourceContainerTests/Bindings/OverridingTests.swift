import ResourceContainer
import ResourceSimulation
import Testing

private final class Mailer: Sendable {
    let name: String
    init(_ name: String) { self.name = name }
}

private final class Orders: Sendable {
    let mailer: Mailer
    init(mailer: Mailer) { self.mailer = mailer }
}

@Suite("Overrides are limited to their body")
struct OverridingTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    private func container() throws -> Container {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Mailer.self, lifetime: .singleton) { Mailer("real") }
        try container.bind(Orders.self, lifetime: .singleton, Orders.init)
        try container.bind(Thing.self, lifetime: .singleton) { [diary] in Thing("database", diary) }
        return container
    }

    @Test("Inside an override, dependents of the overridden key are recreated and other instances are shared.")
    func dependentsAreRecreated() throws {
        let container = try self.container()
        try self.simulation.run {
            let (orders, thing) = (try await container.get(Orders.self), try await container.get(Thing.self))
            try await container.overriding {
                Bind(Mailer.self) { Mailer("fake") }
            } body: { _ in
                try await container.withScope("test") { scope in
                    let inside = try await scope.get(Orders.self)
                    #expect(inside.mailer.name == "fake")
                    #expect(inside !== orders)
                    let again = try await container.get(Orders.self)
                    #expect(again === inside)
                    let shared = try await container.get(Thing.self)
                    #expect(shared === thing)
                }
            }
            let after = try await container.get(Orders.self)
            #expect(after === orders)
            #expect(after.mailer.name == "real")
            let value12 = try await container.get(Mailer.self).name
            #expect(value12 == "real")
        }
        let snapshot = container.snapshot()
        #expect(snapshot.books.isBalanced)
        #expect(snapshot.scopes.count == 1)
        #expect(snapshot.resources.count == 3)
    }

    @Test("An instance first created inside an override ends with it and is created again outside.")
    func firstCreatedInside() throws {
        let container = try self.container()
        try self.simulation.run { [diary] in
            try await container.overriding {
                Bind(Mailer.self, lifetime: .singleton) { Mailer("fake") }
            } body: { scope in
                let value13 = try await scope.get(Orders.self).mailer.name
                #expect(value13 == "fake")
                _ = try await scope.get(Thing.self)
            }
            #expect(diary.entries == ["+database", "-database"])
            let value14 = try await container.get(Orders.self).mailer.name
            #expect(value14 == "real")
        }
    }

    @Test("Concurrent overrides of one key do not affect each other.", arguments: 0..<20 as Range<UInt64>)
    func parallel(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        try container.bind(Mailer.self, lifetime: .singleton) { Mailer("real") }
        try container.bind(Orders.self, Orders.init)
        try simulation.run {
            await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<5 {
                    group.addTask {
                        try await container.overriding {
                            Bind(Mailer.self, lifetime: .singleton) { Mailer("\(number)") }
                        } body: { _ in
                            for _ in 0..<3 {
                                try await time.sleep(for: .milliseconds(number + 1))
                                let name = try await container.withScope { try await $0.get(Orders.self).mailer.name }
                                #expect(name == "\(number)")
                            }
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<10 {
                        try await time.sleep(for: .milliseconds(1))
                        let value15 = try await container.withScope { try await $0.get(Orders.self).mailer.name }
                        #expect(value15 == "real")
                    }
                }
            }
        }
        #expect(container.snapshot().books.isBalanced)
        #expect(container.snapshot().scopes.count == 1)
    }

    @Test("Nested overrides: the inner override wins, and keys overridden only by the outer one still apply.")
    func nested() throws {
        let container = try self.container()
        try container.bind(Int.self, instance: 0)
        try self.simulation.run {
            try await container.overriding {
                Bind(Mailer.self) { Mailer("outer") }
                Bind(Int.self, instance: 1)
            } body: { _ in
                try await container.withScope { scope in
                    let value16 = try await scope.get(Mailer.self).name
                    #expect(value16 == "outer")
                    try await container.overriding {
                        Bind(Mailer.self) { Mailer("inner") }
                    } body: { _ in
                        try await container.withScope { scope in
                            let value17 = try await scope.get(Mailer.self).name
                            #expect(value17 == "inner")
                            let value18 = try await scope.get(Int.self)
                            #expect(value18 == 1)
                        }
                    }
                    let value19 = try await scope.get(Mailer.self).name
                    #expect(value19 == "outer")
                }
            }
        }
    }

    @Test("An overlay of the root refuses captive dependencies, and an outer tagged scope remains unchanged.")
    func captiveAndTagged() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Mailer.self, lifetime: .tagged("session")) { Mailer("real") }
        try self.simulation.run {
            try await container.withScope(tag: "session") { session in
                try await container.overriding {
                    Bind(Mailer.self, lifetime: .tagged("session")) { Mailer("fake") }
                    Bind(Int.self) { 1 }
                    Bind(String.self, lifetime: .singleton, using: ResourceKey(Int.self)) { "\($0)" }
                } body: { scope in
                    let value20 = try await scope.get(Mailer.self).name
                    #expect(value20 == "fake")
                    let error = await #expect(throws: ResourceError.self) { try await scope.get(String.self) }
                    #expect(error?.code == .captiveDependency)
                    #expect(session.isOpen)
                }
                let value21 = try await session.get(Mailer.self).name
                #expect(value21 == "real")
            }
        }
    }

    @Test(
        "The scope of an override acts as the root: it refuses a scoped key and names the reason, and a scope inside it resolves the key."
    )
    func scopedKey() throws {
        let container = try self.container()
        try container.bind(Int.self) { 7 }
        try self.simulation.run {
            try await container.overriding {
                Bind(Mailer.self) { Mailer("fake") }
            } body: { scope in
                let direct = await #expect(throws: ResourceError.self) { try await scope.get(Int.self) }
                #expect(direct?.code == .noScope)
                #expect(direct?.description.contains("in the scope of an override, which acts as the root") == true)
                let ambient = await #expect(throws: ResourceError.self) { try await container.get(Int.self) }
                #expect(ambient?.code == .noScope)
                let number = try await container.withScope { try await $0.get(Int.self) }
                #expect(number == 7)
                let real = try await container.withDetachedScope { try await $0.get(Mailer.self).name }
                #expect(real == "real")
            }
            let outside = await #expect(throws: ResourceError.self) { try await container.get(Int.self) }
            #expect(outside?.description.contains("was made outside of any scope") == true)
        }
    }

    @Test("Overrides work the same way in synchronous code.")
    func synchronous() throws {
        let container = try self.container()
        let name = try container.overriding {
            Bind(Mailer.self) { Mailer("fake") }
        } body: { _ in
            try container.withScope { try $0.get(Mailer.self).name }
        }
        #expect(name == "fake")
        let value22 = try container.get(Mailer.self).name
        #expect(value22 == "real")
    }
}
