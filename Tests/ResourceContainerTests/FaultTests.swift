import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Fault injection")
struct FaultTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()
    let options = BindingOptions(initializeTimeout: .seconds(2), disposeTimeout: .seconds(3), allowsFaults: true)

    private func container() throws -> (Container, BindingID) {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self, options: self.options) { [diary] in Thing("a", diary) }
        return (container, try #require(container.snapshot().bindings.first?.id))
    }

    @Test("An injected initialization failure affects one request; the next one gets an instance.")
    func failInitialize() throws {
        let (container, binding) = try self.container()
        let subscription = container.subscribe()
        try container.inject(.failInitialize, into: binding)
        try self.simulation.run {
            try await container.withScope { scope in
                let error = await #expect(throws: ResourceError.self) { try await scope.get(Thing.self) }
                #expect(error?.code == .initializationFailed)
                #expect(error?.underlying is InjectedFailure)
                _ = try await scope.get(Thing.self)
            }
        }
        #expect(subscription.drain().events.first?.kind == .faultInjected(.failInitialize))
        #expect(container.snapshot().books.initFailed == 1)
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("An injected hang is abandoned after the budget; an injected delay only prolongs the initialization.")
    func hangAndSlow() throws {
        let (container, binding) = try self.container()
        try container.inject(.hangInitialize, into: binding)
        try container.inject(.slowInitialize(.seconds(1)), into: binding)
        let time = self.simulation.environment.time
        try self.simulation.run {
            try await container.withScope { scope in
                let error = await #expect(throws: ResourceError.self) { try await scope.get(Thing.self) }
                #expect(error?.code == .initializationTimedOut)
                let began = time.now
                _ = try await scope.get(Thing.self)
                #expect(time.now - began == .seconds(1))
            }
        }
        self.simulation.run(for: .seconds(10))
        #expect(container.snapshot().books.abandoned == 1)
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("A dispose with an injected failure or hang still does its work.")
    func dispose() throws {
        let (container, binding) = try self.container()
        try container.inject(.failDispose, into: binding)
        try container.inject(.hangDispose, into: binding)
        let outcomes = try self.simulation.run {
            var outcomes: [DisposeReport.Outcome?] = []
            for _ in 1...3 {
                let scope = try container.openScope("request")
                _ = try await scope.get(Thing.self)
                outcomes.append(try await scope.close().entries.first?.outcome)
            }
            return outcomes
        }
        #expect(outcomes == [.threw, .abandoned, .disposed])
        #expect(self.diary.entries == ["+a", "-a", "+a", "-a", "+a", "-a"])
    }

    @Test("In synchronous code every injected fault is a failure.")
    func synchronous() throws {
        let container = Container()
        try container.bind(Counter.self, options: self.options) { Counter() }
        let binding = try #require(container.snapshot().bindings.first?.id)
        try container.inject(.hangInitialize, into: binding)
        try container.inject(.hangDispose, into: binding)
        let threw = Diary()
        try container.withScope("sync", onClose: { report in threw.write("\(report.count(.threw))") }) { scope in
            #expect(throws: ResourceError.self) { try scope.get(Counter.self) }
            _ = try scope.get(Counter.self)
        }
        #expect(threw.entries == ["1"])
    }

    @Test("Injection into a binding that does not allow it, or into an unknown one, is refused.")
    func refused() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self) { [diary] in Thing("a", diary) }
        let binding = try #require(container.snapshot().bindings.first)
        #expect(!binding.allowsFaults)
        let refused = #expect(throws: ResourceError.self) { try container.inject(.failDispose, into: binding.id) }
        #expect(refused?.code == .faultsNotAllowed)
        #expect(refused?.description.contains("allowsFaults: true") == true)
        let unknown = #expect(throws: ResourceError.self) { try container.inject(.failDispose, into: BindingID(99)) }
        #expect(unknown?.code == .unknownBinding)
    }

    @Test("A pool lease can be taken manually; breaking the longest-held lease closes its item on return.")
    func pool() throws {
        let closed = Diary()
        let pool: any LeasablePool & Resource = try ResourcePool(
            name: "p",
            configuration: PoolConfiguration(maximum: 2),
            environment: self.simulation.environment,
            make: { 1 },
            close: { _ in closed.write("closed") }
        )
        try self.simulation.run {
            #expect(pool.breakLongestLease() == nil)
            let first = try await pool.acquireHandle(fileID: "a.swift", line: 1)
            let second = try await pool.acquireHandle(fileID: "b.swift", line: 2)
            #expect(pool.breakLongestLease()?.location.file == "a.swift")
            try second.release()
            #expect(pool.poolSample().idle == 1)
            try first.release()
        }
        self.simulation.runUntilIdle()
        #expect(closed.entries == ["closed"])
        #expect(pool.poolSample().idle == 1)
    }
}

private final class Counter: SyncResource {}
