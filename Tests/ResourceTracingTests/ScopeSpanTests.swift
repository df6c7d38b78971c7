import InMemoryTracing
import ResourceContainer
import ResourceSimulation
import Testing
import Tracing

@testable import ResourceTracing

@Suite("Spans of scopes")
struct ScopeSpanTests {
    @Test("The span of a scope is a child of the request's span, and the parent of the spans that its body begins.")
    func parents() throws {
        let world = TracedWorld()
        try world.request {
            try await world.container.withScope("request", tag: "request") { _ in
                world.tracer.withSpan("query") { _ in }
            }
        }
        #expect(world.names == ["query", "scope request", "GET /"])
        let scope = try #require(world.span("scope request"))
        #expect(scope.parentSpanID == world.span("GET /")?.spanID)
        #expect(world.span("query")?.parentSpanID == scope.spanID)
        #expect(scope.kind == .internal)
        #expect(scope.status == nil)
        #expect(scope.attributes.get("resmon.scope.name") == .string("request"))
        #expect(scope.attributes.get("resmon.scope.tag") == .string("request"))
        #expect(scope.attributes.get("code.file.path") == .string("ResourceTracingTests/ScopeSpanTests.swift"))
    }

    @Test("A scope without a tag has a span whose name contains no numbers.")
    func names() throws {
        let world = TracedWorld()
        try world.request {
            for name in ["req-431", "req-432"] { try await world.container.withScope(name) { _ in } }
        }
        #expect(world.names == ["scope req-*", "scope req-*", "GET /"])
    }

    @Test("The disposes of a scope run within its span.")
    func disposing() throws {
        let world = TracedWorld()
        try world.container.bind(
            Part.self,
            lifecycle: .managed(onDispose: { _ in world.tracer.withSpan("disconnect") { _ in } })
        ) { Part() }
        try world.request {
            try await world.container.withScope("request") { _ = try await $0.get(Part.self) }
        }
        #expect(world.span("disconnect")?.parentSpanID == world.span("scope request")?.spanID)
    }

    @Test("The error of a body, and an error that closing raises, are errors of the span.")
    func errors() throws {
        let world = TracedWorld()
        try world.container.bind(Part.self, lifecycle: .managed(onDispose: { _ in throw Trouble() })) { Part() }
        try world.request {
            await #expect(throws: Trouble.self) { try await world.container.withScope("throwing") { _ in throw Trouble() } }
            try await world.container.withScope("closing") { _ = try await $0.get(Part.self) }
        }
        let throwing = try #require(world.span("scope throwing"))
        #expect(throwing.status?.code == .error)
        #expect(throwing.status?.message == "Trouble()")
        #expect(throwing.errors.count == 1)
        let closing = try #require(world.span("scope closing"))
        #expect(closing.status?.code == .error)
        #expect(closing.errors.first?.error is DisposeError)
    }

    @Test("A canceled body is no error of the span.")
    func canceled() throws {
        let world = TracedWorld()
        let task = world.simulation.spawn {
            try? await world.container.withScope("request") { _ in try await world.time.sleep(for: .seconds(60)) }
        }
        world.simulation.run(for: .seconds(1))
        task.cancel()
        world.simulation.runUntilIdle()
        let scope = try #require(world.span("scope request"))
        #expect(scope.status == nil)
        #expect(scope.attributes.get("resmon.canceled") == .bool(true))
    }

    @Test("A CancellationError in a task that is not canceled is an error of the span, as it is of the outcome.")
    func falselyCanceled() throws {
        let world = TracedWorld()
        try world.request {
            await #expect(throws: CancellationError.self) {
                try await world.container.withScope("request") { _ in throw CancellationError() }
            }
        }
        #expect(try #require(world.span("scope request")).status?.code == .error)
    }

    @Test("A scope that is opened by hand has a span from its opening to its close.")
    func opened() throws {
        let world = TracedWorld()
        try world.request {
            let scope = try world.container.openScope("session")
            #expect(world.tracer.activeSpans.map(\.operationName).contains("scope session"))
            try await scope.close()
        }
        #expect(world.names == ["scope session", "GET /"])
        #expect(world.span("scope session")?.parentSpanID == world.span("GET /")?.spanID)
    }

    @Test("A scope that cannot be opened has a span with the error.")
    func refused() throws {
        let world = TracedWorld()
        _ = try world.simulation.run { try await world.container.close() }
        try world.request {
            await #expect(throws: ResourceError.self) { try await world.container.withScope("late") { _ in } }
            #expect(throws: ResourceError.self) { try world.container.openScope("later") }
        }
        #expect(world.span("scope late")?.status?.code == .error)
        #expect(world.span("scope later")?.status?.code == .error)
    }

    @Test("A synchronous scope has a span, which is current in the body.")
    func synchronous() throws {
        let world = TracedWorld()
        func work() throws {
            try world.container.withScope("job") { _ in world.tracer.withSpan("step") { _ in } }
        }
        try work()
        #expect(world.names == ["step", "scope job"])
        #expect(world.span("step")?.parentSpanID == world.span("scope job")?.spanID)
    }

    @Test("In a task without a context, the span of the enclosing scope is the parent.")
    func withoutContext() throws {
        let world = TracedWorld()
        try world.simulation.run {
            let scope = try world.container.openScope("session")
            let inner = try scope.openScope("inner")
            try await inner.close()
            try await scope.close()
        }
        #expect(world.span("scope inner")?.parentSpanID == world.span("scope session")?.spanID)
    }

    @Test("The scopes of a container that is dropped without being closed end their spans.")
    func dropped() throws {
        let tracer = InMemoryTracer()
        var container: Container? = Container("app", environment: .system.traced(by: tracer))
        let scope = try container?.openScope("session")
        container = nil
        #expect(scope?.isOpen == false)
        #expect(tracer.finishedSpans.map(\.operationName) == ["scope session"])
    }

    @MainActor
    @Test("The body of a traced scope stays on the actor of its caller.")
    func isolation() async throws {
        let tracer = InMemoryTracer()
        let container = Container("app", environment: .system.traced(by: tracer))
        try container.bind(Part.self) {
            MainActor.assertIsolated()
            return Part()
        }
        var bodies = 0
        try await container.withScope("request") { scope in
            MainActor.assertIsolated()
            _ = try await scope.get(Part.self)
            MainActor.assertIsolated()
            bodies += 1
        }
        #expect(bodies == 1)
        #expect(tracer.finishedSpans.map(\.operationName) == ["initialize Part", "scope request"])
        try await container.close()
    }

    @Test("Only the chosen operations have spans, and a container without a tracer has none.")
    func chosen() throws {
        let world = TracedWorld([.initializations])
        try world.container.bind(Part.self) { Part() }
        try world.request { try await world.container.withScope("request") { _ = try await $0.get(Part.self) } }
        #expect(world.names == ["initialize Part", "GET /"])
        let plain = Container("plain", environment: world.simulation.environment)
        try world.request { try await plain.withScope("request") { _ in } }
        #expect(world.names == ["initialize Part", "GET /", "GET /"])
    }
}
