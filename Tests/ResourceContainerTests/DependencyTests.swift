import ResourceContainer
import ResourceSimulation
import Testing

private struct A: Sendable { let b: B }
private struct B: Sendable { let c: C }
private struct C: Sendable {}

@Suite("Resolution of dependencies")
struct DependencyTests {
    let simulation = Simulation(seed: 1)

    @Test("Parameters of an initializer are resolved by type, and the edges are recorded.")
    func autowiring() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(A.self, A.init)
        try container.bind(B.self, B.init)
        try container.bind(C.self, instance: C())
        try self.simulation.run {
            try await container.withScope { scope in
                _ = try await scope.get(A.self)
                let resources = container.snapshot().resources
                let ids = Dictionary(uniqueKeysWithValues: zip(container.resources().map(\.label), resources))
                #expect(ids["A"]?.dependencies == [ids["B"]?.id].compactMap { $0 })
                #expect(ids["B"]?.dependencies == [ids["C"]?.id].compactMap { $0 })
                #expect(ids["C"]?.scope == .root)
            }
        }
    }

    @Test("Named dependencies are declared as keys, and a resolver closure resolves its own.")
    func named() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(String.self, name: "host", instance: "localhost")
        try container.bind(Int.self, name: "port", instance: 5432)
        try container.bind(
            Bind(String.self, using: ResourceKey(String.self, name: "host"), ResourceKey(Int.self, name: "port")) { host, port in
                "\(host):\(port)"
            }
        )
        try container.bind(Bind([String].self) { (resolver: Resolver) in [try await resolver.get(String.self)] })
        let value = try self.simulation.run { try await container.withScope { try await $0.get([String].self) } }
        #expect(value == ["localhost:5432"])
    }

    @Test("A dependency cycle is reported with its path.")
    func cycle() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Bind(A.self) { (resolver: Resolver) in A(b: try await resolver.get(B.self)) })
        try container.bind(Bind(B.self) { (resolver: Resolver) in B(c: try await resolver.get(C.self)) })
        try container.bind(
            Bind(C.self) { (resolver: Resolver) in
                _ = try await resolver.get(A.self)
                return C()
            }
        )
        let error = #expect(throws: ResourceError.self) {
            try self.simulation.run { try await container.withScope { _ = try await $0.get(A.self) } }
        }
        #expect(error?.code == .dependencyCycle)
        #expect(error?.description.contains("A → B → C → A") == true)
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("Two tasks that enter a cycle concurrently from both ends both get an error.", arguments: 0..<50 as Range<UInt64>)
    func crossTaskCycle(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        try container.bind(
            Bind(A.self) { (resolver: Resolver) in
                try await time.sleep(for: .milliseconds(1))
                return A(b: try await resolver.get(B.self))
            }
        )
        try container.bind(
            Bind(B.self) { (resolver: Resolver) in
                try await time.sleep(for: .milliseconds(1))
                _ = try await resolver.get(A.self)
                return B(c: C())
            }
        )
        try simulation.run {
            try await container.withScope { scope in
                async let first = Result { _ = try await scope.get(A.self) }
                async let second = Result { _ = try await scope.get(B.self) }
                for case .failure(let error) in await [first, second] {
                    #expect((error as? ResourceError)?.code == .dependencyCycle)
                }
            }
        }
        let books = container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.created == 2)
        #expect(books.initFailed == 2)
    }

    @Test("Concurrent requests for one dependency chain are never reported as a cycle.", arguments: 0..<50 as Range<UInt64>)
    func noFalseCycle(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        try container.bind(A.self, A.init)
        try container.bind(B.self, B.init)
        try container.bind(C.self) {
            try await time.sleep(for: .milliseconds(1))
            return C()
        }
        try simulation.run {
            try await container.withScope { scope in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<10 {
                        group.addTask { _ = try await scope.get(A.self) }
                        group.addTask { _ = try await scope.get(B.self) }
                        group.addTask { _ = try await scope.get(C.self) }
                    }
                    try await group.waitForAll()
                }
            }
        }
        #expect(container.snapshot().books.created == 3)
    }

    @Test("A singleton that would hold a scoped resource is refused with both names.")
    func captive() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(B.self, lifetime: .singleton, B.init)
        try container.bind(C.self) { C() }
        let error = #expect(throws: ResourceError.self) {
            try self.simulation.run { try await container.withScope { _ = try await $0.get(B.self) } }
        }
        #expect(error?.code == .captiveDependency)
        #expect(error?.description.contains("B → C") == true)
    }

    @Test("A chain of a thousand dependencies is created and disposed.")
    func longChain() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Int.self, name: "0") { 0 }
        for number in 1...1000 {
            try container.bind(Bind(Int.self, name: "\(number)", using: ResourceKey(Int.self, name: "\(number - 1)")) { $0 + 1 })
        }
        let value = try self.simulation.run { try await container.withScope { try await $0.get(Int.self, name: "1000") } }
        #expect(value == 1000)
        #expect(container.snapshot().books.disposed == 1001)
    }

    @Test("An instance that an initialization gets from the container is recorded as its dependency.")
    func ambient() throws {
        let container = Container(environment: self.simulation.environment)
        let diary = Diary()
        try container.bind(Thing.self, name: "late") { Thing("late", diary) }
        try container.bind(Thing.self, name: "early") {
            Thing("early", diary, onInitialize: { _ = try await container.get(Thing.self, name: "late") })
        }
        try self.simulation.run { try await container.withScope { _ = try await $0.get(Thing.self, name: "early") } }
        #expect(diary.entries == ["+early", "+late", "-early", "-late"])
    }

    @Test("An initialization that requests itself from its own scope gets a cycle error instead of waiting.")
    func ambientCycle() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(
            Bind(Int.self) { (_: Resolver) throws -> Int in
                guard let scope = Scope.current else { throw Failure(description: "no scope") }
                return try scope.get(Int.self)
            }
        )
        let synchronous = #expect(throws: ResourceError.self) { try container.withScope { _ = try $0.get(Int.self) } }
        #expect(synchronous?.code == .dependencyCycle)

        try container.bind(
            Bind(B.self) { (_: Resolver) async throws -> B in
                _ = try await Scope.current?.get(String.self)
                return B(c: C())
            }
        )
        try container.bind(
            Bind(String.self) { (_: Resolver) async throws -> String in
                _ = try await container.get(B.self)
                return ""
            }
        )
        let asynchronous = #expect(throws: ResourceError.self) {
            try self.simulation.run { try await container.withScope { _ = try await $0.get(B.self) } }
        }
        #expect(asynchronous?.code == .dependencyCycle)
    }

    @Test("An instance resolved later through a kept resolver becomes a dependency and is disposed after its dependent.")
    func lateDependency() throws {
        let container = Container(environment: self.simulation.environment)
        let diary = Diary()
        let resolvers = Lock<Resolver?>(nil)
        try container.bind(
            Bind(Thing.self, name: "dependent") { (resolver: Resolver) in
                resolvers.withLock { $0 = resolver }
                return Thing("dependent", diary)
            }
        )
        try container.bind(Thing.self, name: "late") { Thing("late", diary) }
        let subscription = container.subscribe()
        try self.simulation.run {
            try await container.withScope { scope in
                _ = try await scope.get(Thing.self, name: "dependent")
                _ = try await resolvers.withLock { $0 }?.get(Thing.self, name: "late")
            }
        }
        #expect(diary.entries == ["+dependent", "+late", "-dependent", "-late"])
        #expect(subscription.drain().events.contains { $0.kind == .dependencyAdded(ResourceID(2)) })
    }
}
