import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Owned instances that are usable without initialization belong to the container once bound")
struct AdoptedInstanceTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    private func pool(minimum: Int = 0, prefill: PoolConfiguration.Prefill = .background) throws -> ResourcePool<Int> {
        var configuration = PoolConfiguration(maximum: 2)
        configuration.minimumSize = minimum
        configuration.prefill = prefill
        return try ResourcePool<Int>(
            name: "numbers",
            configuration: configuration,
            environment: self.simulation.environment,
            make: { [diary] in
                diary.write("make")
                return 1
            },
            close: { [diary] _ in diary.write("close") }
        )
    }

    @Test("A pool bound as an instance and used directly is sampled, listed, drained, and closed with the container.")
    func neverRequested() throws {
        let container = Container(environment: self.simulation.environment)
        let pool = try self.pool()
        try container.bind(ResourcePool<Int>.self, instance: pool)
        #expect(container.poolSamples().map(\.resource) == [ResourceID(1)])
        #expect(container.resources().map(\.state) == [.ready])
        let time = self.simulation.environment.time
        try self.simulation.run { [simulation] in
            try await container.withScope("request") { _ in try await pool.withLease { #expect($0 == 1) } }
            simulation.spawn { try? await pool.withLease { _ in try await time.sleep(for: .seconds(1)) } }
            try await time.sleep(for: .milliseconds(1))
            let report = try await container.close()
            #expect(report.entries.map(\.outcome) == [.disposed])
            #expect(report.took >= .milliseconds(900))
            await #expect(throws: PoolError.self) { try await pool.withLease { _ in } }
        }
        #expect(self.diary.entries == ["make", "close"])
        #expect(container.poolSamples().isEmpty)
        #expect(container.books().books.isBalanced)
        #expect(container.books().books.disposed == 1)
    }

    @Test("Leases acquired in a scope count as lost when it closes, even if the pool was never requested.")
    func lost() throws {
        let container = Container(environment: self.simulation.environment)
        let pool = try self.pool()
        try container.bind(ResourcePool<Int>.self, instance: pool)
        try self.simulation.run {
            var kept: LeaseHandle?
            try await container.withScope("request") { _ in kept = try await pool.acquire().detach().handle }
            #expect(container.poolSamples().first?.lost == 1)
            try kept?.release()
            try await container.close()
        }
    }

    @Test(
        "The first request fills the pool, however many are concurrent; before it no item is created.",
        arguments: [PoolConfiguration.Prefill.background, .wait]
    )
    func filled(prefill: PoolConfiguration.Prefill) throws {
        let container = Container(environment: self.simulation.environment)
        let pool = try self.pool(minimum: 2, prefill: prefill)
        try container.bind(ResourcePool<Int>.self, instance: pool)
        self.simulation.run(for: .seconds(60))
        #expect(self.diary.entries.isEmpty)
        try self.simulation.run {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<5 { group.addTask { _ = try await container.withScope { try await $0.get(ResourcePool<Int>.self) } } }
                try await group.waitForAll()
            }
            if prefill == .wait { #expect(container.poolSamples().first?.idle == 2) }
        }
        self.simulation.run(for: .seconds(1))
        #expect(self.diary.count("make") == 2)
        #expect(container.books().books.created == 1)
    }

    @Test("A failed first initialization is reported and retried by the next request, and the pool is disposed anyway.")
    func fails() throws {
        let container = Container(environment: self.simulation.environment)
        let pool = FailingPool(failures: 1)
        try container.bind(FailingPool.self, instance: pool)
        try self.simulation.run {
            let error = await #expect(throws: ResourceError.self) { try await container.get(FailingPool.self) }
            #expect(error?.code == .initializationFailed)
            _ = try await container.get(FailingPool.self)
            _ = try await container.get(FailingPool.self)
            try await container.close()
        }
        #expect(pool.calls.entries == ["initialize", "initialize", "dispose"])
        #expect(container.books().books.errors == 1)
        #expect(container.books().books.isBalanced)
    }

    @Test("Synchronous code gets the pool without initializing it.")
    func synchronous() throws {
        let container = Container(environment: self.simulation.environment)
        let pool = try self.pool()
        try container.bind(ResourcePool<Int>.self, instance: pool)
        let got = try container.get(ResourcePool<Int>.self)
        #expect(got === pool)
    }

    @Test("A pool bound as an instance in an override belongs to the override and closes with it.")
    func overriding() throws {
        let container = Container(environment: self.simulation.environment)
        let (real, fake) = (try self.pool(), try self.pool())
        try container.bind(ResourcePool<Int>.self, instance: real)
        try self.simulation.run {
            try await container.overriding {
                Bind(ResourcePool<Int>.self, instance: fake)
            } body: { _ in
                #expect(container.poolSamples().count == 2)
                try await fake.withLease { _ in }
            }
            await #expect(throws: PoolError.self) { try await fake.withLease { _ in } }
            try await real.withLease { _ in }
        }
        #expect(container.poolSamples().count == 1)
    }

    @Test("An unrequested object is disposed if it needs no initialization and is not touched otherwise.")
    func managed() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(String.self, instance: "client", lifecycle: .managed(onDispose: { [diary] in diary.write("-\($0)") }))
        try container.bind(Int.self, instance: 1, lifecycle: .managedSynchronously(onDispose: { [diary] in diary.write("-\($0)") }))
        try container.bind(
            Double.self,
            instance: 2,
            lifecycle: .managed(onInitialize: { [diary] in diary.write("+\($0)") }, onDispose: { [diary] in diary.write("-\($0)") })
        )
        try container.bind(Thing.self, instance: Thing("unused", self.diary))
        let report = try self.simulation.run { try await container.close() }
        #expect(self.diary.entries == ["-1", "-client"])
        #expect(report.entries.map(\.label) == ["Int", "String"])
    }

    @Test("An instance that is not owned is neither sampled nor closed.")
    func notOwned() throws {
        let container = Container(environment: self.simulation.environment)
        let pool = try self.pool()
        try container.bind(ResourcePool<Int>.self, instance: pool, owned: false)
        #expect(container.poolSamples().isEmpty)
        try self.simulation.run {
            try await container.close()
            try await pool.withLease { _ in }
        }
    }
}

/// An application's pool whose first initializations fail.
private final class FailingPool: Resource, SampledPool {
    let calls = Diary()
    private let failures: Int

    init(failures: Int) {
        self.failures = failures
    }

    func initialize() async throws {
        self.calls.write("initialize")
        if self.calls.count("initialize") <= self.failures { throw Failure(description: "no") }
    }

    func dispose() async throws { self.calls.write("dispose") }
    func attach(_ context: ResourceContext) {}
    func poolSample() -> PoolSample { PoolSample(name: "failing", maximum: 1) }
}
