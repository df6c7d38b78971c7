import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Faults are injected only where a binding allows it, and are told")
struct FaultTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()
    let options = BindingOptions(initializeTimeout: .seconds(2), disposeTimeout: .seconds(3), allowsFaults: true)

    private func container() throws -> (Container, BindingID) {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self, options: self.options) { [diary] in Thing("a", diary) }
        return (container, try #require(container.snapshot().bindings.first?.id))
    }

    @Test("a failed initialise fails one request; the next one gets an instance")
    func failInitialise() throws {
        let (container, binding) = try self.container()
        let subscription = container.subscribe()
        try container.inject(.failInitialise, into: binding)
        try self.simulation.run {
            try await container.withScope { scope in
                let error = await #expect(throws: ResourceError.self) { try await scope.get(Thing.self) }
                #expect(error?.code == .initialisationFailed && error?.underlying is InjectedFailure)
                _ = try await scope.get(Thing.self)
            }
        }
        #expect(subscription.drain().events.first?.kind == .faultInjected(.failInitialise))
        #expect(container.snapshot().books.initFailed == 1 && container.snapshot().books.isBalanced)
    }

    @Test("a hanging initialise is abandoned by its budget, a slow one only takes longer")
    func hangAndSlow() throws {
        let (container, binding) = try self.container()
        try container.inject(.hangInitialise, into: binding)
        try container.inject(.slowInitialise(.seconds(1)), into: binding)
        let time = self.simulation.environment.time
        try self.simulation.run {
            try await container.withScope { scope in
                let error = await #expect(throws: ResourceError.self) { try await scope.get(Thing.self) }
                #expect(error?.code == .initialisationTimedOut)
                let began = time.now
                _ = try await scope.get(Thing.self)
                #expect(time.now - began == .seconds(1))
            }
        }
        self.simulation.run(for: .seconds(10))
        #expect(container.snapshot().books.abandoned == 1 && container.snapshot().books.isBalanced)
    }

    @Test("a dispose that fails or hangs has done its work all the same")
    func dispose() throws {
        let (container, binding) = try self.container()
        try container.inject(.failDispose, into: binding)
        try container.inject(.hangDispose, into: binding)
        let outcomes = try self.simulation.run {
            var outcomes: [DisposeReport.Outcome?] = []
            for _ in 1...3 {
                let scope = try container.openScope(named: "request")
                _ = try await scope.get(Thing.self)
                outcomes.append(try await scope.close().entries.first?.outcome)
            }
            return outcomes
        }
        #expect(outcomes == [.threw, .abandoned, .disposed])
        #expect(self.diary.entries == ["+a", "-a", "+a", "-a", "+a", "-a"])
    }

    @Test("where nothing may suspend, every fault is a failure")
    func synchronous() throws {
        let container = Container()
        try container.bind(Counter.self, options: self.options) { Counter() }
        let binding = try #require(container.snapshot().bindings.first?.id)
        try container.inject(.hangInitialise, into: binding)
        try container.inject(.hangDispose, into: binding)
        let threw = Diary()
        try container.withScope("sync", onClose: { report in threw.write("\(report.count(.threw))") }) { scope in
            #expect(throws: ResourceError.self) { try scope.get(Counter.self) }
            _ = try scope.get(Counter.self)
        }
        #expect(threw.entries == ["1"])
    }

    @Test("a binding that does not say so takes none, nor does one that is not there")
    func refused() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self) { [diary] in Thing("a", diary) }
        let binding = try #require(container.snapshot().bindings.first)
        #expect(!binding.allowsFaults)
        let refused = #expect(throws: ResourceError.self) { try container.inject(.failDispose, into: binding.id) }
        #expect(refused?.code == .faultsNotAllowed && refused?.description.contains("allowsFaults: true") == true)
        let unknown = #expect(throws: ResourceError.self) { try container.inject(.failDispose, into: BindingID(99)) }
        #expect(unknown?.code == .unknownBinding)
    }

    @Test("a pool lends by hand, and the lease that is out longest can be broken: its item is closed when it comes back")
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
            let first = try await pool.lend(fileID: "a.swift", line: 1)
            let second = try await pool.lend(fileID: "b.swift", line: 2)
            #expect(pool.breakLongestLease()?.place.file == "a.swift")
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
