import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Initializations and disposes that exceed their budgets")
struct BudgetTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()
    let options = BindingOptions(initializeTimeout: .seconds(2), disposeTimeout: .seconds(3))

    @Test("A dispose that ignores cancellation is abandoned after its budget; the others run, and its late end is recorded.")
    func hungDispose() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        let subscription = container.subscribe()
        try container.bind(Thing.self, name: "a") { [diary] in Thing("a", diary) }
        try container.bind(Thing.self, name: "hung", options: self.options) { [diary] in
            Thing("hung", diary, onDispose: { try await time.sleep(for: .seconds(60)) })
        }
        let report = try self.simulation.run {
            let scope = try container.openScope("request")
            _ = try await scope.get(Thing.self, name: "a")
            _ = try await scope.get(Thing.self, name: "hung")
            return try await scope.close()
        }
        #expect(report.entries.map(\.outcome) == [.abandoned, .disposed])
        #expect(report.took == .seconds(3))
        #expect(self.diary.entries == ["+a", "+hung", "-hung", "-a"])
        var books = container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.abandoned == 1)
        #expect(books.disposed == 1)
        #expect(books.active == 0)
        #expect(books.errors == 1)

        self.simulation.run(for: .seconds(120))
        let kinds = subscription.drain().events.map(\.kind)
        #expect(kinds.contains(.abandoned(.dispose, budget: .seconds(3))))
        #expect(kinds.last == .completedLate(.dispose, took: .seconds(60)))
        books = container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.abandoned == 1)
    }

    @Test("An instance that an abandoned initialization returns late is disposed, and the next request creates another.")
    func hungInitialize() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        let attempts = Diary()
        try container.bind(Thing.self, options: self.options) { [diary] in
            Thing(
                "a",
                diary,
                onInitialize: {
                    attempts.write("try")
                    if attempts.entries.count == 1 { try await time.sleep(for: .seconds(10)) }
                }
            )
        }
        try self.simulation.run { [diary] in
            try await container.withScope("request") { scope in
                let error = await #expect(throws: ResourceError.self) { try await scope.get(Thing.self) }
                #expect(error?.code == .initializationTimedOut)
                #expect(error?.description.contains("initializeTimeout of 2.0 seconds") == true)
                _ = try await scope.get(Thing.self)
                try await time.sleep(for: .seconds(20))
                #expect(diary.entries == ["+a", "+a", "-a"])
            }
        }
        #expect(self.diary.entries == ["+a", "+a", "-a", "-a"])
        let books = container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.created == 2)
        #expect(books.abandoned == 1)
        #expect(books.disposed == 1)
    }

    @Test("An initialization that ignores cancellation delays a close no longer than its budget.")
    func closeMeetsHungInitialize() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Thing.self, options: self.options) { [diary] in
            Thing("a", diary, onInitialize: { try await time.sleep(for: .seconds(10)) })
        }
        let report = try self.simulation.run {
            let scope = try container.openScope("request")
            async let asked = Result { try await scope.get(Thing.self) }
            try await time.sleep(for: .seconds(1))
            let report = try await scope.close()
            _ = await asked
            return report
        }
        #expect(report.entries.map(\.outcome) == [.abandoned])
        #expect(report.took == .seconds(1))
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("Dependencies of an abandoned initialization that later fails are disposed recursively when it returns.")
    func dependenciesOfAbandonedInitialization() throws {
        struct Inner: Sendable {}
        struct Outer: Sendable { let inner: Inner }
        let container = Container(environment: self.simulation.environment)
        let (time, diary) = (self.simulation.environment.time, self.diary)
        func recorded<T>(_ name: String) -> Lifecycle<T> {
            .managed(onInitialize: { _ in diary.write("+\(name)") }, onDispose: { _ in diary.write("-\(name)") })
        }
        try container.bind(Inner.self, lifetime: .transient, lifecycle: recorded("inner"), Inner.init)
        try container.bind(Outer.self, lifetime: .transient, lifecycle: recorded("outer"), Outer.init)
        try container.bind(
            Bind(Thing.self, options: self.options) { (resolver: Resolver) async throws -> Thing in
                _ = try await resolver.get(Outer.self)
                try await time.sleep(for: .seconds(10))
                throw Failure(description: "late and in vain")
            }
        )
        try self.simulation.run {
            try await container.withScope { scope in
                _ = try? await scope.get(Thing.self)
                #expect(diary.entries == ["+inner", "+outer"])
                try await time.sleep(for: .seconds(20))
                #expect(diary.entries == ["+inner", "+outer", "-outer", "-inner"])
            }
        }
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("A dependency disposed by its scope's teardown keeps its own dependencies until its dispose has ended.")
    func dependencyDisposedByItsScope() throws {
        struct Inner: Sendable {}
        struct Outer: Sendable { let inner: Inner }
        let container = Container(environment: self.simulation.environment)
        let (time, diary) = (self.simulation.environment.time, self.diary)
        let patient = BindingOptions(disposeTimeout: .seconds(60))
        try container.bind(
            Inner.self,
            lifetime: .transient,
            lifecycle: .managed(onDispose: { _ in diary.write("-inner") }),
            Inner.init
        )
        try container.bind(
            Outer.self,
            lifetime: .transient,
            lifecycle: .managed(onDispose: { _ in
                try await time.sleep(for: .seconds(20))
                diary.write("-outer")
            }),
            options: patient,
            Outer.init
        )
        try container.bind(
            Bind(Thing.self, options: self.options) { (resolver: Resolver) async throws -> Thing in
                _ = try await resolver.get(Outer.self)
                try await time.sleep(for: .seconds(10))
                throw Failure(description: "late and in vain")
            }
        )
        try self.simulation.run {
            let scope = try container.openScope("job")
            _ = try? await scope.get(Thing.self)
            try await scope.close()
            try await time.sleep(for: .seconds(60))
        }
        #expect(self.diary.entries == ["-outer", "-inner"])
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("A task that outlives the initialization that started it can close the container.")
    func closedByOutlivingTask() throws {
        let simulation = self.simulation
        let container = Container(environment: simulation.environment)
        let closed = Lock(false)
        try container.bind(Thing.self, lifetime: .singleton) { [diary] in
            Thing(
                "server",
                diary,
                onInitialize: {
                    simulation.spawn {
                        try? await simulation.environment.time.sleep(for: .seconds(1))
                        let isClosed = (try? await container.close()) != nil
                        closed.withLock { $0 = isClosed }
                    }
                }
            )
        }
        try simulation.run { _ = try await container.get(Thing.self) }
        simulation.run(for: .seconds(5))
        #expect(closed.withLock { $0 })
        #expect(self.diary.entries == ["+server", "-server"])
    }
}
