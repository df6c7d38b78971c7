import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Lifecycle of a resource")
struct LifecycleTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    func container() -> Container {
        Container("app", environment: self.simulation.environment)
    }

    @Test("A resource is initialized at its first request and disposed when its scope ends.")
    func firstAccess() throws {
        let container = self.container()
        try container.bind(Thing.self) { [diary] in Thing("a", diary) }
        try self.simulation.run { [diary] in
            try await container.withScope("request") { scope in
                #expect(diary.entries.isEmpty)
                let first = try await scope.get(Thing.self)
                let second = try await container.get(Thing.self)
                #expect(first === second)
                #expect(diary.entries == ["+a"])
            }
        }
        #expect(self.diary.entries == ["+a", "-a"])
        let books = container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.created == 1)
        #expect(books.disposed == 1)
        #expect(books.active == 0)
    }

    @Test("Concurrent requests for one resource run a single initialization.", arguments: 0..<20 as Range<UInt64>)
    func once(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        try container.bind(Thing.self) { [diary] in
            Thing("a", diary, onInitialize: { try await simulation.environment.time.sleep(for: .milliseconds(5)) })
        }
        let things = try simulation.run {
            try await container.withScope { scope in
                try await withThrowingTaskGroup(of: Thing.self) { group in
                    for _ in 0..<50 { group.addTask { try await scope.get(Thing.self) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
            }
        }
        #expect(things.count == 50)
        #expect(things.allSatisfy { $0 === things[0] })
        #expect(self.diary.count("+a") == 1)
        #expect(container.snapshot().books.created == 1)
    }

    @Test("Canceling one waiter of an initialization does not affect the others.")
    func cancelOne() throws {
        let container = self.container()
        let time = self.simulation.environment.time
        try container.bind(Thing.self) { [diary] in Thing("a", diary, onInitialize: { try await time.sleep(for: .seconds(1)) }) }
        try self.simulation.run {
            try await container.withScope { scope in
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    group.addTask { (try? await scope.get(Thing.self)) != nil }
                    try await time.sleep(for: .milliseconds(10))
                    let cancelled = await withTaskGroup(of: Bool.self) { inner in
                        inner.addTask {
                            do {
                                _ = try await scope.get(Thing.self)
                                return false
                            } catch { return error is CancellationError }
                        }
                        inner.cancelAll()
                        return await inner.next() ?? false
                    }
                    #expect(cancelled)
                    #expect(try await group.next() == true)
                }
            }
        }
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("An initialization whose waiters are all canceled completes, and its instance is kept.")
    func cancelAll() throws {
        let container = self.container()
        let time = self.simulation.environment.time
        try container.bind(Thing.self) { [diary] in Thing("a", diary, onInitialize: { try await time.sleep(for: .seconds(1)) }) }
        try self.simulation.run { [diary] in
            try await container.withScope { scope in
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try? await scope.get(Thing.self) }
                    group.cancelAll()
                }
                try await time.sleep(for: .seconds(2))
                _ = try await scope.get(Thing.self)
                #expect(diary.entries == ["+a"])
            }
        }
    }

    @Test("A failed initialization is not cached, and an instance that was never ready is not disposed.")
    func retry() throws {
        let container = self.container()
        let attempts = Diary()
        try container.bind(Thing.self) { [diary] in
            Thing(
                "a",
                diary,
                onInitialize: {
                    attempts.write("try")
                    if attempts.entries.count == 1 { throw Failure(description: "refused") }
                }
            )
        }
        try self.simulation.run {
            try await container.withScope("request") { scope in
                let error = await #expect(throws: ResourceError.self) { try await scope.get(Thing.self) }
                #expect(error?.code == .initializationFailed)
                #expect(error?.underlying is Failure)
                #expect(error?.description.contains("app ▸ request") == true)
                _ = try await scope.get(Thing.self)
            }
        }
        #expect(self.diary.entries == ["+a", "+a", "-a"])
        let books = container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.created == 2)
        #expect(books.initFailed == 1)
        #expect(books.disposed == 1)
        #expect(books.errors == 1)
    }

    @Test("Dependents are disposed before their dependencies; the rest are disposed newest first.")
    func order() throws {
        let container = self.container()
        final class Base: Sendable {}
        struct Left: Sendable { let base: Base }
        struct Right: Sendable { let base: Base }
        struct Top: Sendable { let left: Left, right: Right }
        let diary = self.diary
        func managed<T>(_ name: String) -> Lifecycle<T> {
            .managed(onInitialize: { _ in diary.write("+\(name)") }, onDispose: { _ in diary.write("-\(name)") })
        }
        try container.bind(Base.self, lifecycle: managed("base"), Base.init)
        try container.bind(Left.self, lifecycle: managed("left"), Left.init)
        try container.bind(Right.self, lifecycle: managed("right"), Right.init)
        try container.bind(Top.self, lifecycle: managed("top"), Top.init)
        try self.simulation.run {
            try await container.withScope { scope in _ = try await scope.get(Top.self) }
        }
        #expect(self.diary.entries == ["+base", "+left", "+right", "+top", "-top", "-right", "-left", "-base"])
    }

    @Test("A dispose that throws stops no other dispose, and the body's error is the one thrown.")
    func disposeThrows() throws {
        let container = self.container()
        for name in ["a", "b", "c"] {
            try container.bind(Thing.self, name: name) { [diary] in
                Thing(name, diary, onDispose: { if name == "b" { throw Failure(description: "stuck") } })
            }
        }
        let reports = Lock<[DisposeReport]>([])
        let error = #expect(throws: Failure.self) {
            try self.simulation.run {
                try await container.withScope("request", onClose: { report in reports.withLock { $0.append(report) } }) { scope in
                    for name in ["a", "b", "c"] { _ = try await scope.get(Thing.self, name: name) }
                    throw Failure(description: "body")
                }
            }
        }
        #expect(error?.description == "body")
        let report = try #require(reports.withLock { $0 }.first)
        #expect(report.entries.map(\.label) == ["Thing(c)", "Thing(b)", "Thing(a)"])
        #expect(report.entries.map(\.outcome) == [.disposed, .threw, .disposed])
        #expect(report.entries[1].error == "stuck")
        #expect(!report.isClean)
        let books = container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.disposed == 3)
        #expect(books.errors == 1)
    }

    @Test("With the policy .throw, a successful body throws the errors of its disposes.")
    func policy() throws {
        let container = self.container()
        try container.bind(Thing.self) { [diary] in Thing("a", diary, onDispose: { throw Failure(description: "stuck") }) }
        let error = #expect(throws: DisposeError.self) {
            try self.simulation.run {
                try await container.withScope("request", policy: .throw) { scope in _ = try await scope.get(Thing.self) }
            }
        }
        #expect(error?.description == "closing request did not cleanly dispose 1 of its resources: Thing#1 threw: stuck")
    }

    @Test("Cancellation does not reach a dispose.")
    func cancelledCleanup() throws {
        let container = self.container()
        let time = self.simulation.environment.time
        try container.bind(Thing.self) { [diary] in
            Thing(
                "a",
                diary,
                onDispose: {
                    try await time.sleep(for: .seconds(1))
                    diary.write("canceled: \(Task.isCancelled)")
                }
            )
        }
        try self.simulation.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    try? await container.withScope { scope in
                        _ = try await scope.get(Thing.self)
                        try await time.sleep(for: .seconds(60))
                    }
                }
                try? await time.sleep(for: .seconds(5))
                group.cancelAll()
            }
        }
        #expect(self.diary.entries == ["+a", "-a", "canceled: false"])
        #expect(container.snapshot().books.disposed == 1)
    }

    @Test("A resource created only for a failed initialization is disposed with it.")
    func rollback() throws {
        struct Part: Sendable {}
        struct Whole: Sendable { let part: Part }
        let container = self.container()
        let diary = self.diary
        try container.bind(
            Part.self,
            lifetime: .transient,
            lifecycle: .managed(onInitialize: { _ in diary.write("+part") }, onDispose: { _ in diary.write("-part") }),
            Part.init
        )
        try container.bind(Whole.self, lifecycle: .managed(onInitialize: { _ in throw Failure(description: "no") }), Whole.init)
        try self.simulation.run {
            try await container.withScope { scope in
                _ = try? await scope.get(Whole.self)
                #expect(diary.entries == ["+part", "-part"])
            }
        }
        #expect(diary.entries == ["+part", "-part"])
        #expect(container.snapshot().books.isBalanced)
    }
}
