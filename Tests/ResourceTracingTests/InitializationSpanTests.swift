import InMemoryTracing
import ResourceContainer
import ResourceSimulation
import ResourceTracing
import Testing
import Tracing

@Suite("Spans of initializations")
struct InitializationSpanTests {
    @Test("The initialization of a dependency is a child of that of its dependent, which is a child of the scope.")
    func nested() throws {
        let world = TracedWorld()
        let time = world.time
        try world.container.bind(Part.self, lifetime: .singleton) { () async throws in
            try await time.sleep(for: .seconds(1))
            return Part()
        }
        try world.container.bind(Whole.self) { (part: Part) in Whole(part: part) }
        try world.request { try await world.container.withScope("request") { _ = try await $0.get(Whole.self) } }
        #expect(world.names == ["initialize Part", "initialize Whole", "scope request", "GET /"])
        let whole = try #require(world.span("initialize Whole"))
        #expect(whole.parentSpanID == world.span("scope request")?.spanID)
        #expect(world.span("initialize Part")?.parentSpanID == whole.spanID)
        #expect(whole.attributes.get("resmon.key") == .string("Whole"))
        #expect(world.span("initialize Part")?.attributes.get("resmon.scope.name") == .string("app"))
    }

    @Test("Requests that share an initialization share its span, and an instance that is ready has none.")
    func shared() throws {
        let world = TracedWorld()
        let time = world.time
        try world.container.bind(
            Part.self,
            lifetime: .singleton,
            lifecycle: .managed(onInitialize: { _ in try await time.sleep(for: .seconds(1)) })
        ) { Part() }
        try world.request {
            async let first = world.container.get(Part.self)
            async let second = world.container.get(Part.self)
            _ = try await (first, second)
            _ = try await world.container.get(Part.self)
        }
        #expect(world.names == ["initialize Part", "GET /"])
    }

    @Test("A span begun by an initialize is a child of the initialization's span.")
    func current() throws {
        let world = TracedWorld()
        let (time, tracer) = (world.time, world.tracer)
        try world.container.bind(
            Part.self,
            lifetime: .singleton,
            lifecycle: .managed(onInitialize: { _ in
                try await time.sleep(for: .seconds(1))
                tracer.withSpan("connect") { _ in }
            })
        ) { Part() }
        try world.request { _ = try await world.container.get(Part.self) }
        #expect(world.span("connect")?.parentSpanID == world.span("initialize Part")?.spanID)
    }

    @Test("A failed initialization is an error of its span.")
    func failed() throws {
        let world = TracedWorld()
        try world.container.bind(Part.self) { () throws -> Part in throw Trouble() }
        try world.request {
            await #expect(throws: ResourceError.self) {
                try await world.container.withScope("request") { _ = try await $0.get(Part.self) }
            }
        }
        let span = try #require(world.span("initialize Part"))
        #expect(span.status?.code == .error)
        #expect(span.errors.first?.error is ResourceError)
        #expect(world.tracer.activeSpans.isEmpty)
    }

    @Test("The span of an initialization that outlives its canceled requester ends when the instance is ready.")
    func outlivesRequester() throws {
        let world = TracedWorld()
        let time = world.time
        try world.container.bind(
            Part.self,
            lifetime: .singleton,
            lifecycle: .managed(onInitialize: { _ in try await time.sleep(for: .seconds(5)) })
        ) { Part() }
        let task = world.simulation.spawn { _ = try? await world.container.get(Part.self) }
        world.simulation.run(for: .seconds(1))
        task.cancel()
        world.simulation.run(for: .seconds(1))
        #expect(world.tracer.activeSpans.map(\.operationName) == ["initialize Part"])
        world.simulation.run(for: .seconds(5))
        #expect(world.names == ["initialize Part"])
        #expect(world.span("initialize Part")?.status == nil)
    }

    @Test("The span of an initialization ends with an error at its timeout.")
    func timedOut() throws {
        let world = TracedWorld()
        let time = world.time
        try world.container.bind(
            Part.self,
            lifetime: .singleton,
            lifecycle: .managed(onInitialize: { _ in try await time.sleep(for: .seconds(60)) }),
            options: BindingOptions(initializeTimeout: .seconds(2))
        ) { Part() }
        try world.request { await #expect(throws: ResourceError.self) { try await world.container.get(Part.self) } }
        #expect(world.span("initialize Part")?.status?.code == .error)
    }

    @Test("Eager and existing instances, and instances created synchronously, have spans.")
    func otherWays() throws {
        let world = TracedWorld()
        try world.container.bind(Int.self, lifetime: .singleton, options: BindingOptions(eager: true)) { 1 }
        try world.container.bind(Whole.self, instance: Whole(part: Part()), lifecycle: .managed(onInitialize: { _ in }))
        try world.container.bind(Part.self, lifetime: .singleton) { Part() }
        try world.request {
            try await world.container.start()
            _ = try await world.container.get(Whole.self)
        }
        func work() throws { _ = try world.container.get(Part.self) }
        try work()
        #expect(world.names.filter { $0.hasPrefix("initialize") } == ["initialize Int", "initialize Whole", "initialize Part"])
    }
}
