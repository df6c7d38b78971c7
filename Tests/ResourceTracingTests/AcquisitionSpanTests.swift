import InMemoryTracing
import ResourceContainer
import ResourceSimulation
import ResourceTracing
import Testing
import Tracing

@Suite("Spans of acquisitions")
struct AcquisitionSpanTests {
    private static func bind(_ world: TracedWorld, _ configuration: PoolConfiguration) throws {
        let environment = world.simulation.environment
        try world.container.bind(ResourcePool<Int>.self, lifetime: .singleton) {
            try ResourcePool<Int>(name: "numbers", configuration: configuration, environment: environment, make: { 1 })
        }
    }

    @Test("An acquisition that waits has a span, whose parent is that of the scope; one that is served at once has none.")
    func waits() throws {
        let world = TracedWorld([.scopes, .acquisitions])
        try Self.bind(world, PoolConfiguration(maximum: 1))
        try world.request {
            try await world.container.withScope("request") { scope in
                let pool = try await scope.get(ResourcePool<Int>.self)
                try await pool.withLease { _ in }
                #expect(world.names == ["acquire numbers"])
                try await pool.withLease { _ in }
                #expect(world.names == ["acquire numbers"])
                let lease = try await pool.acquire().detach()
                async let waiter: Void = pool.withLease { _ in }
                try await world.time.sleep(for: .seconds(2))
                try pool.release(lease.handle)
                try await waiter
            }
        }
        let spans = world.tracer.finishedSpans.filter { $0.operationName == "acquire numbers" }
        #expect(spans.count == 2)
        #expect(spans.allSatisfy { $0.parentSpanID == world.span("scope request")?.spanID })
        #expect(spans.allSatisfy { $0.status == nil })
        #expect(spans.first?.attributes.get("resmon.pool.name") == .string("numbers"))
        #expect(spans.first?.attributes.get("code.file.path") == .string("ResourceTracingTests/AcquisitionSpanTests.swift"))
    }

    @Test("An acquisition that times out is an error of its span.")
    func timedOut() throws {
        let world = TracedWorld([.acquisitions])
        try Self.bind(world, PoolConfiguration(maximum: 1, reentrancy: .allow))
        try world.request {
            let pool = try await world.container.get(ResourcePool<Int>.self)
            let lease = try await pool.acquire().detach()
            await #expect(throws: PoolError.self) { try await pool.withLease(budget: .seconds(1)) { _ in } }
            try pool.release(lease.handle)
        }
        let spans = world.tracer.finishedSpans.filter { $0.operationName == "acquire numbers" }
        #expect(spans.map { $0.status?.code } == [nil, .error])
    }

    @Test("A pool outside of a container uses the tracer of its environment.")
    func standalone() throws {
        let simulation = Simulation(seed: 1)
        let tracer = InMemoryTracer()
        let pool = try ResourcePool<Int>(
            name: "numbers",
            configuration: PoolConfiguration(maximum: 1),
            environment: simulation.environment.traced(by: tracer),
            make: { 1 }
        )
        try simulation.run {
            try await pool.withLease { _ in }
            await pool.close()
        }
        #expect(tracer.finishedSpans.map(\.operationName) == ["acquire numbers"])
    }
}
