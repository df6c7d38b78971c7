import ResourceContainer
import ResourceSimulation
import Testing

/// What went wrong in other containers while resources were made, and cannot here.
@Suite("Pitfalls of initialising")
struct InitialisingPitfallTests {
    let diary = Diary()

    @Test("Pitfall 1: n tasks at first access make one instance, suspending or not", arguments: 0..<60 as Range<UInt64>)
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
        #expect(things.count == 30 && things.allSatisfy { $0 === things[0] })
        #expect(self.diary.entries == ["+a", "-a"])
        #expect(subscription.drain().events.count { $0.kind == .initialising } == 1)
    }

    @Test(
        "Pitfall 1: first access from many child scopes at once makes one instance of what their parent shares",
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
        #expect(things.count == 20 && things.allSatisfy { $0 === things[0] })
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("Pitfall 2: cancelling 1 of n, before, during or after, takes nothing from the others", arguments: 0..<60 as Range<UInt64>)
    func cancelOne(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        try container.bind(Thing.self) { [diary] in Thing("a", diary, onInitialize: { try await time.sleep(for: .milliseconds(10)) }) }
        let answers = Diary()
        let scope = try container.openScope(named: "request")
        let victim = Int(seed % 6)
        let tasks = (0..<6).map { number in
            simulation.spawn {
                do {
                    _ = try await scope.get(Thing.self)
                    answers.write("\(number) got it")
                } catch is CancellationError {
                    answers.write("\(number) cancelled")
                } catch { answers.write("\(number) \(error)") }
            }
        }
        simulation.run(for: .milliseconds(Int(seed % 13)))
        tasks[victim].cancel()
        simulation.run(for: .seconds(1))
        let others = (0..<6).filter { $0 != victim }
        for number in others { #expect(answers.count("\(number) got it") == 1) }
        #expect(answers.count("\(victim) got it") + answers.count("\(victim) cancelled") == 1)
        #expect(self.diary.entries == ["+a"])
        _ = try simulation.run { try await scope.close() }
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("Pitfall 2: when all who wait are cancelled, the work is finished once and kept; no orphan", arguments: 0..<60 as Range<UInt64>)
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
        let scope = try container.openScope(named: "request")
        let tasks = (0..<6).map { _ in simulation.spawn { _ = try? await scope.get(Thing.self) } }
        simulation.run(for: .milliseconds(Int(1 + seed % 9)))
        for task in tasks { task.cancel() }
        simulation.run(for: .seconds(1))
        #expect(!cancelledInside.withLock { $0 })
        let books = container.snapshot().books
        #expect(books.created == 1 && books.ready == 1)
        try simulation.run {
            _ = try await scope.get(Thing.self)
            try await scope.close()
        }
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("Pitfall 3: a throw at any step leaves nothing half made, and the next request succeeds", arguments: 0..<6)
    func failedStep(step: Int) throws {
        struct C: Sendable {}
        struct B: Sendable { let c: C }
        struct A: Sendable { let b: B }
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let diary = self.diary
        let failures = Lock(1)
        // Steps 0 to 5: make C, initialise C, make B, and so on.
        @Sendable func reach(_ number: Int) throws {
            guard number == step else { return }
            let isFirst = failures.withLock { left in
                left -= 1
                return left == 0
            }
            if isFirst { throw Failure(description: "step \(number)") }
        }
        @Sendable func told<Value>(_ name: String, _ number: Int) -> Lifecycle<Value> {
            .managed(
                onInitialize: { _ in
                    try reach(number)
                    diary.write("+\(name)")
                },
                onDispose: { _ in diary.write("-\(name)") }
            )
        }
        try container.bind(C.self, lifetime: .transient, lifecycle: told("C", 1)) { () throws -> C in
            try reach(0)
            return C()
        }
        try container.bind(B.self, lifetime: .transient, lifecycle: told("B", 3)) { (c: C) throws -> B in
            try reach(2)
            return B(c: c)
        }
        try container.bind(A.self, lifecycle: told("A", 5)) { (b: B) throws -> A in
            try reach(4)
            return A(b: b)
        }
        try simulation.run {
            try await container.withScope { scope in
                let error = await #expect(throws: ResourceError.self) { try await scope.get(A.self) }
                #expect(error?.code == .initialisationFailed)
                let built = ["+C", "+B"].prefix(step / 2)
                let undone = ["-B", "-C"].suffix(step / 2)
                #expect(diary.entries == Array(built + undone))
                _ = try await scope.get(A.self)
            }
        }
        #expect(diary.entries.suffix(6) == ["+C", "+B", "+A", "-A", "-B", "-C"])
        for name in ["A", "B", "C"] { #expect(diary.count("+\(name)") == diary.count("-\(name)")) }
        let books = container.snapshot().books
        #expect(books.isBalanced && books.active == 0 && books.initFailed > 0)
    }

    @Test("Pitfall 9: a cycle through factories is told with its path, by whichever key one enters", arguments: ["a", "b", "c"])
    func cyclePath(entry: String) throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        for (name, next) in [("a", "b"), ("b", "c"), ("c", "a")] {
            try container.bind(Int.self, name: name) { (resolver: Resolver) async throws -> Int in
                try await resolver.get(Int.self, name: next) + 1
            }
        }
        let error = #expect(throws: ResourceError.self) {
            try simulation.run { try await container.withScope { _ = try await $0.get(Int.self, name: entry) } }
        }
        #expect(error?.code == .dependencyCycle)
        let rounds = ["abca", "bcab", "cabc"].map { $0.map { "Int(\($0))" }.joined(separator: " → ") }
        #expect(rounds.contains { error?.description.contains($0) == true })
        #expect(container.snapshot().books.active == 0)
    }

    @Test("Pitfall 9: two tasks that enter A and B at once both fail fast", arguments: 0..<60 as Range<UInt64>)
    func crossTaskCycle(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        for (name, other) in [("a", "b"), ("b", "a")] {
            try container.bind(Int.self, name: name) { (resolver: Resolver) async throws -> Int in
                try await time.sleep(for: .milliseconds(Int(seed % 3)))
                return try await resolver.get(Int.self, name: other)
            }
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

    @Test("Pitfall 9: concurrent requests for one key never count as a cycle", arguments: 0..<60 as Range<UInt64>)
    func noFalseCycle(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        // A diamond: d needs b and c, both need a; half of them through closures.
        try container.bind(Int.self, name: "a") { () async throws -> Int in
            try await time.sleep(for: .milliseconds(1))
            return 1
        }
        try container.bind(Int.self, name: "b", using: ResourceKey(Int.self, name: "a")) { $0 + 1 }
        try container.bind(Int.self, name: "c") { (resolver: Resolver) async throws -> Int in
            try await resolver.get(Int.self, name: "a") + 2
        }
        try container.bind(Int.self, name: "d") { (resolver: Resolver) async throws -> Int in
            async let left = resolver.get(Int.self, name: "b")
            async let right = resolver.get(Int.self, name: "c")
            return try await left + right
        }
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
        "Pitfall, long chains: two thousand asynchronous dependencies are made and disposed, through parameters or closures",
        arguments: [true, false]
    )
    func longChain(isDeclared: Bool) throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(Int.self, name: "0", lifecycle: .managed()) { 0 }
        for number in 1...2000 {
            let before = ResourceKey(Int.self, name: "\(number - 1)")
            if isDeclared {
                try container.bind(Int.self, name: "\(number)", lifecycle: .managed(), using: before) { $0 + 1 }
            } else {
                try container.bind(Int.self, name: "\(number)", lifecycle: .managed()) { (resolver: Resolver) async throws -> Int in
                    try await resolver.get(before) + 1
                }
            }
        }
        let value = try simulation.run { try await container.withScope { try await $0.get(Int.self, name: "2000") } }
        #expect(value == 2000)
        #expect(container.snapshot().books.disposed == 2001)
    }

    @Test("Pitfall, long chains: a synchronous chain is made up to a depth that is safe, and beyond it refused, not crashed")
    func longSynchronousChain() throws {
        let container = Container()
        try container.bind(Int.self, name: "0") { 0 }
        for number in 1...5000 {
            try container.bind(Int.self, name: "\(number)") { (resolver: Resolver) throws -> Int in
                try resolver.get(Int.self, name: "\(number - 1)") + 1
            }
        }
        let value = try container.withScope { try $0.get(Int.self, name: "90") }
        #expect(value == 90)
        try container.withScope { scope in
            let error = #expect(throws: ResourceError.self) { try scope.get(Int.self, name: "5000") }
            #expect(error?.code == .nestedTooDeeply)
            // What it says to do helps: in pieces, the whole chain can be made.
            for number in stride(from: 0, through: 5000, by: 90) { _ = try scope.get(Int.self, name: "\(number)") }
            let value = try scope.get(Int.self, name: "5000")
            #expect(value == 5000)
        }
        #expect(container.snapshot().books.isBalanced && container.snapshot().books.active == 0)
    }

    @Test("Pitfall, synchronous scope meets an asynchronous resource: refused by name before it is made, handed out if it is ready")
    func synchronousMeetsAsynchronous() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(Thing.self, lifetime: .singleton) { [diary] in Thing("a", diary) }
        try container.withScope { scope in
            let error = #expect(throws: ResourceError.self) { try scope.get(Thing.self) }
            #expect(error?.code == .asynchronousOnly && error?.key == "Thing")
        }
        #expect(self.diary.entries.isEmpty)
        let thing = try simulation.run { try await container.get(Thing.self) }
        let same = try container.withScope { try $0.get(Thing.self) }
        #expect(same === thing)
    }
}
