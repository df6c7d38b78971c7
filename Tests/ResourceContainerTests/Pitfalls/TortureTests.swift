import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Stress tests of the container")
struct TortureTests {
    let diary = Diary()

    @Test("Disposes that throw or hang stop no other dispose: order, errors, and the deadline are kept.")
    func disposeThrowsOrHangs() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        let options = BindingOptions(disposeTimeout: .seconds(2))
        for number in 0..<9 {
            try container.bind(Thing.self, name: "\(number)", options: options) { [diary] in
                Thing(
                    "\(number)",
                    diary,
                    onDispose: {
                        if number % 3 == 0 { throw Failure(description: "no \(number)") }
                        if number % 3 == 1 { try await time.sleep(for: .seconds(60)) }
                    }
                )
            }
        }
        let report = try simulation.run {
            let scope = try container.openScope("job")
            for number in 0..<9 { _ = try await scope.get(Thing.self, name: "\(number)") }
            return try await scope.close()
        }
        #expect(self.diary.entries.suffix(9) == (0..<9).reversed().map { "-\($0)" })
        #expect(report.entries.map(\.label) == (0..<9).reversed().map { "Thing(\($0))" })
        #expect(
            report.entries.map(\.outcome) == [.disposed, .abandoned, .threw, .disposed, .abandoned, .threw, .disposed, .abandoned, .threw]
        )
        #expect(report.took == .seconds(6))
        #expect(report.entries.filter { $0.outcome == .threw }.map(\.error) == ["no 6", "no 3", "no 0"])
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("A thousand concurrent first requests run one initialization; a failure is shared, and the next request retries.")
    func onceOnly() throws {
        for seed in 0..<10 as Range<UInt64> {
            let simulation = Simulation(seed: seed, order: .random)
            let container = Container(environment: simulation.environment)
            let time = simulation.environment.time
            let attempts = Diary()
            try container.bind(Thing.self) { [diary] in
                Thing(
                    "a",
                    diary,
                    onInitialize: {
                        attempts.write("try")
                        try await time.sleep(for: .milliseconds(5))
                        if attempts.entries.count == 1 { throw Failure(description: "first") }
                    }
                )
            }
            try simulation.run {
                try await container.withScope { scope in
                    let failures = await Self.results(scope).compactMap { if case .failure(let error) = $0 { "\(error)" } else { nil } }
                    #expect(failures.count == 1000)
                    #expect(Set(failures).count == 1)
                    #expect(attempts.entries.count == 1)
                    let things = await Self.results(scope).compactMap { try? $0.get() }
                    #expect(things.count == 1000)
                    #expect(Set(things.map { ObjectIdentifier($0) }).count == 1)
                    #expect(attempts.entries.count == 2)
                }
            }
            let books = container.snapshot().books
            #expect(books.isBalanced)
            #expect(books.created == 2)
            #expect(books.initFailed == 1)
            #expect(books.disposed == 1)
        }
    }

    private static func results(_ scope: Scope) async -> [Result<Thing, any Error>] {
        await withTaskGroup(of: Result<Thing, any Error>.self) { group in
            for _ in 0..<1000 { group.addTask { do { return .success(try await scope.get(Thing.self)) } catch { return .failure(error) } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("An initialization that requests itself gets a cycle error with the path, also after a suspension.")
    func reentrant() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        try container.bind(
            Bind(String.self) { (resolver: Resolver) in
                try await time.sleep(for: .milliseconds(1))
                return "\(try await resolver.get(Int.self))"
            }
        )
        try container.bind(
            Bind(Int.self) { (_: Resolver) async throws -> Int in
                try await time.sleep(for: .milliseconds(1))
                return try await container.get(String.self).count
            }
        )
        let error = #expect(throws: ResourceError.self) {
            try simulation.run { try await container.withScope { _ = try await $0.get(String.self) } }
        }
        #expect(error?.code == .dependencyCycle)
        #expect(error?.description.contains("String → Int → String") == true)
        #expect(container.snapshot().books.isBalanced)
        #expect(simulation.now.nanoseconds < 1_000_000_000)
    }

    @Test(
        "Canceling the first requester of an instance leaves the other waiters with a valid instance.",
        arguments: 0..<50 as Range<UInt64>
    )
    func firstCallerCancelled(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        try container.bind(Thing.self) { [diary] in Thing("a", diary, onInitialize: { try await time.sleep(for: .milliseconds(10)) }) }
        try simulation.run {
            try await container.withScope { scope in
                let first = simulation.spawn { _ = try? await scope.get(Thing.self) }
                try await time.sleep(for: .milliseconds(1))
                await withTaskGroup(of: Bool.self) { group in
                    for _ in 0..<5 { group.addTask { (try? await scope.get(Thing.self)) != nil } }
                    simulation.intervene { first.cancel() }
                    first.cancel()
                    for await isThere in group { #expect(isThere) }
                }
                _ = try await scope.get(Thing.self)
            }
        }
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("A subscriber that never reads uses bounded memory, gets the number of missed events, and recovers.")
    func deadSubscriber() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(Int.self) { 1 }
        let subscription = container.subscribe()
        try simulation.run { for _ in 0..<10_000 { try await container.withScope { _ = try await $0.get(Int.self) } } }
        let batch = subscription.drain()
        #expect(batch.missed == 70_000)
        #expect(batch.events.isEmpty)
        #expect(batch.snapshot == container.snapshot())
        try simulation.run { try await container.withScope { _ = try await $0.get(Int.self) } }
        #expect(subscription.drain().events.count == 7)
    }

    @Test("Ten thousand subscribers that end without reading leave no residue.")
    func subscriberStorm() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(Int.self) { 1 }
        try simulation.run {
            for _ in 0..<10_000 {
                let subscription = container.subscribe()
                let task = simulation.spawn { await subscription.next() }
                task.cancel()
                await task.value
            }
            try await container.withScope { _ = try await $0.get(Int.self) }
        }
        #expect(container.tableSizes["waiting subscribers"] == 0)
        #expect(container.subscribe().drain().events.isEmpty)
    }
}
