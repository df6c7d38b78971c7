import ResourceContainer
import ResourceSimulation
import Testing

/// Initialization problems known from other containers.
@Suite("Pitfalls of initializing")
struct InitializingPitfallTests {
    let diary = Diary()

    @Test("Concurrent first requests create one instance, whether or not its initialization suspends.", arguments: 0..<60 as Range<UInt64>)
    func firstAccess(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let subscription = container.subscribe()
        let suspends = seed.isMultiple(of: 2)
        try container.bind(Thing.self) { [diary] in
            Thing("a", diary, onInitialize: { if suspends { try await simulation.environment.time.sleep(for: .milliseconds(5)) } })
        }
        let things = try simulation.run {
            try await container.withScope { scope in
                try await withThrowingTaskGroup(of: Thing.self) { group in
                    for index in 0..<30 {
                        group.addTask {
                            try await simulation.environment.time.sleep(for: .milliseconds(index % 3))
                            return try await scope.get(Thing.self)
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
            }
        }
        #expect(things.count == 30)
        #expect(things.allSatisfy { $0 === things[0] })
        #expect(self.diary.entries == ["+a", "-a"])
        #expect(subscription.drain().events.count { $0.kind == .initializing } == 1)
    }

    @Test(
        "Concurrent first requests from many child scopes create one instance in their parent.",
        arguments: 0..<30 as Range<UInt64>
    )
    func firstAccessFromChildren(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        try container.bind(Thing.self, lifetime: .tagged("request")) { [diary] in
            Thing("a", diary, onInitialize: { try await simulation.environment.time.sleep(for: .milliseconds(1)) })
        }
        let things = try simulation.run {
            try await container.withScope("request", tag: "request") { request in
                try await withThrowingTaskGroup(of: Thing.self) { group in
                    for _ in 0..<20 { group.addTask { try await request.withScope("part") { try await $0.get(Thing.self) } } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
            }
        }
        #expect(things.count == 20)
        #expect(things.allSatisfy { $0 === things[0] })
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test(
        "Canceling one of many waiters before, during, or after initialization does not affect the others.",
        arguments: 0..<60 as Range<UInt64>
    )
    func cancelOne(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        try container.bind(Thing.self) { [diary] in Thing("a", diary, onInitialize: { try await time.sleep(for: .milliseconds(10)) }) }
        let answers = Diary()
        let scope = try container.openScope("request")
        let victim = Int(seed % 6)
        let tasks = (0..<6).map { number in
            simulation.spawn {
                do {
                    _ = try await scope.get(Thing.self)
                    answers.write("\(number) got it")
                } catch is CancellationError {
                    answers.write("\(number) canceled")
                } catch { answers.write("\(number) \(error)") }
            }
        }
        simulation.run(for: .milliseconds(Int(seed % 13)))
        tasks[victim].cancel()
        simulation.run(for: .seconds(1))
        let others = (0..<6).filter { $0 != victim }
        for number in others { #expect(answers.count("\(number) got it") == 1) }
        #expect(answers.count("\(victim) got it") + answers.count("\(victim) canceled") == 1)
        #expect(self.diary.entries == ["+a"])
        _ = try simulation.run { try await scope.close() }
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("An initialization whose waiters are all canceled completes once, and its instance is kept.", arguments: 0..<60 as Range<UInt64>)
    func cancelAll(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        let cancelledInside = Lock(false)
        try container.bind(Thing.self) { [diary] in
            Thing(
                "a",
                diary,
                onInitialize: {
                    do { try await time.sleep(for: .milliseconds(10)) } catch { cancelledInside.withLock { $0 = true } }
                }
            )
        }
        let scope = try container.openScope("request")
        let tasks = (0..<6).map { _ in simulation.spawn { _ = try? await scope.get(Thing.self) } }
        simulation.run(for: .milliseconds(Int(1 + seed % 9)))
        for task in tasks { task.cancel() }
        simulation.run(for: .seconds(1))
        #expect(!cancelledInside.withLock { $0 })
        let books = container.snapshot().books
        #expect(books.created == 1)
        #expect(books.ready == 1)
        try simulation.run {
            _ = try await scope.get(Thing.self)
            try await scope.close()
        }
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("A throw at any step of a chain leaves no partial state, and the next request succeeds.", arguments: 0..<6)
    func failedStep(step: Int) throws {
        struct C: Sendable {}
        struct B: Sendable { let c: C }
        struct A: Sendable { let b: B }
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let diary = self.diary
        let failures = Lock(1)
        // Steps 0 to 5: create C, initialize C, create B, and so on.
        @Sendable func reach(_ number: Int) throws {
            guard number == step else { return }
            let isFirst = failures.withLock { left in
                left -= 1
                return left == 0
            }
            if isFirst { throw Failure(description: "step \(number)") }
        }
        @Sendable func recorded<Value>(_ name: String, _ number: Int) -> Lifecycle<Value> {
            .managed(
                onInitialize: { _ in
                    try reach(number)
                    diary.write("+\(name)")
                },
                onDispose: { _ in diary.write("-\(name)") }
            )
        }
        try container.bind(C.self, lifetime: .transient, lifecycle: recorded("C", 1)) { () throws -> C in
            try reach(0)
            return C()
        }
        try container.bind(B.self, lifetime: .transient, lifecycle: recorded("B", 3)) { (c: C) throws -> B in
            try reach(2)
            return B(c: c)
        }
        try container.bind(A.self, lifecycle: recorded("A", 5)) { (b: B) throws -> A in
            try reach(4)
            return A(b: b)
        }
        try simulation.run {
            try await container.withScope { scope in
                let error = await #expect(throws: ResourceError.self) { try await scope.get(A.self) }
                #expect(error?.code == .initializationFailed)
                let built = ["+C", "+B"].prefix(step / 2)
                let undone = ["-B", "-C"].suffix(step / 2)
                #expect(diary.entries == Array(built + undone))
                _ = try await scope.get(A.self)
            }
        }
        #expect(diary.entries.suffix(6) == ["+C", "+B", "+A", "-A", "-B", "-C"])
        for name in ["A", "B", "C"] { #expect(diary.count("+\(name)") == diary.count("-\(name)")) }
        let books = container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.active == 0)
        #expect(books.initFailed > 0)
    }

    @Test("A cycle through factories is reported with its path, whichever key is resolved first.", arguments: ["a", "b", "c"])
    func cyclePath(entry: String) throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        for (name, next) in [("a", "b"), ("b", "c"), ("c", "a")] {
            try container.bind(
                Bind(Int.self, name: name) { (resolver: Resolver) async throws -> Int in
                    try await resolver.get(Int.self, name: next) + 1
                }
            )
        }
        let error = #expect(throws: ResourceError.self) {
            try simulation.run { try await container.withScope { _ = try await $0.get(Int.self, name: entry) } }
        }
        #expect(error?.code == .dependencyCycle)
        let rounds = ["abca", "bcab", "cabc"].map { $0.map { "Int(\($0))" }.joined(separator: " → ") }
        #expect(rounds.contains { error?.description.contains($0) == true })
        #expect(container.snapshot().books.active == 0)
    }

    @Test("Two tasks that enter a cycle concurrently at different keys both fail immediately.", arguments: 0..<60 as Range<UInt64>)
    func crossTaskCycle(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        for (name, other) in [("a", "b"), ("b", "a")] {
            try container.bind(
                Bind(Int.self, name: name) { (resolver: Resolver) async throws -> Int in
                    try await time.sleep(for: .milliseconds(Int(seed % 3)))
                    return try await resolver.get(Int.self, name: other)
                }
            )
        }
        let codes = try simulation.run {
            try await container.withScope { scope in
                await withTaskGroup(of: ResourceError.Code?.self) { group in
                    for name in ["a", "b"] {
                        group.addTask {
                            do {
                                _ = try await scope.get(Int.self, name: name)
                                return nil
                            } catch { return (error as? ResourceError)?.code }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
            }
        }
        #expect(codes == [.dependencyCycle, .dependencyCycle])
        #expect(simulation.now.nanoseconds <= 10_000_000)
    }

    @Test("Concurrent requests for one key are never reported as a cycle.", arguments: 0..<60 as Range<UInt64>)
    func noFalseCycle(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        // A diamond: d needs b and c, and both need a. Half of the edges go through closures.
        try container.bind(Int.self, name: "a") { () async throws -> Int in
            try await time.sleep(for: .milliseconds(1))
            return 1
        }
        try container.bind(Bind(Int.self, name: "b", using: ResourceKey(Int.self, name: "a")) { $0 + 1 })
        try container.bind(
            Bind(Int.self, name: "c") { (resolver: Resolver) async throws -> Int in
                try await resolver.get(Int.self, name: "a") + 2
            }
        )
        try container.bind(
            Bind(Int.self, name: "d") { (resolver: Resolver) async throws -> Int in
                async let left = resolver.get(Int.self, name: "b")
                async let right = resolver.get(Int.self, name: "c")
                return try await left + right
            }
        )
        let sum = try simulation.run {
            try await container.withScope { scope in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for name in ["a", "b", "c", "d"] {
                        for _ in 0..<5 { group.addTask { try await scope.get(Int.self, name: name) } }
                    }
                    return try await group.reduce(0, +)
                }
            }
        }
        #expect(sum == 5 * (1 + 2 + 3 + 5))
        #expect(container.snapshot().books.created == 4)
    }

    @Test(
        "Two thousand chained asynchronous dependencies are created and disposed, through parameters or closures.",
        arguments: [true, false]
    )
    func longChain(isDeclared: Bool) throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(Int.self, name: "0", lifecycle: .managed()) { 0 }
        for number in 1...2000 {
            let before = ResourceKey(Int.self, name: "\(number - 1)")
            if isDeclared {
                try container.bind(Bind(Int.self, name: "\(number)", lifecycle: .managed(), using: before) { $0 + 1 })
            } else {
                try container.bind(
                    Bind(Int.self, name: "\(number)", lifecycle: .managed()) { (resolver: Resolver) async throws -> Int in
                        try await resolver.get(before) + 1
                    }
                )
            }
        }
        let value = try simulation.run { try await container.withScope { try await $0.get(Int.self, name: "2000") } }
        #expect(value == 2000)
        #expect(container.snapshot().books.disposed == 2001)
    }

    @Test("A synchronous chain is created up to a safe depth and refused with an error beyond it.")
    func longSynchronousChain() throws {
        let container = Container()
        try container.bind(Int.self, name: "0") { 0 }
        for number in 1...5000 {
            try container.bind(
                Bind(Int.self, name: "\(number)") { (resolver: Resolver) throws -> Int in
                    try resolver.get(Int.self, name: "\(number - 1)") + 1
                }
            )
        }
        let value = try container.withScope { try $0.get(Int.self, name: "90") }
        #expect(value == 90)
        try container.withScope { scope in
            let error = #expect(throws: ResourceError.self) { try scope.get(Int.self, name: "5000") }
            #expect(error?.code == .nestedTooDeeply)
            // The remedy in the error works: resolved in portions, the whole chain is created.
            for number in stride(from: 0, through: 5000, by: 90) { _ = try scope.get(Int.self, name: "\(number)") }
            let value = try scope.get(Int.self, name: "5000")
            #expect(value == 5000)
        }
        #expect(container.snapshot().books.isBalanced)
        #expect(container.snapshot().books.active == 0)
    }

    @Test("A synchronous scope refuses an asynchronous resource before creating it but returns one that is ready.")
    func synchronousMeetsAsynchronous() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(Thing.self, lifetime: .singleton) { [diary] in Thing("a", diary) }
        try container.withScope { scope in
            let error = #expect(throws: ResourceError.self) { try scope.get(Thing.self) }
            #expect(error?.code == .asynchronousOnly)
            #expect(error?.key == "Thing")
        }
        #expect(self.diary.entries.isEmpty)
        let thing = try simulation.run { try await container.get(Thing.self) }
        let same = try container.withScope { try $0.get(Thing.self) }
        #expect(same === thing)
    }
}
