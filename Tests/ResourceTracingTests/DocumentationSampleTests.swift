import InMemoryTracing
import ResourceContainer
import ResourceTracing
import Testing
import Tracing

private final class Orders: Resource {
    func place(_ article: String) async throws {}
}

/// Compiles and runs the samples of the library's documentation catalog.
@Suite("Sample of the documentation: ResourceTracing")
struct DocumentationSampleTests {
    private static func bootstrapped() -> Container {
        let container = Container("shop", environment: .system.traced())
        return container
    }

    private static func serve(_ container: Container, _ tracer: InMemoryTracer) async throws {
        try await tracer.withSpan("GET /orders", ofKind: .server) { _ in
            try await container.withScope("request", tag: "request") { scope in
                let orders = try await scope.get(Orders.self)  // initialize Orders
                try await orders.place("a kettle")
            }
        }
    }

    private static func chosen(_ tracer: any Tracer) -> ResourceEnvironment {
        let options = TracingOptions(operations: [.scopes, .acquisitions])
        let environment = ResourceEnvironment.system.traced(by: tracer, options: options)
        return environment
    }

    @Test("The spans of a request are those that the documentation names.")
    func spans() async throws {
        let tracer = InMemoryTracer()
        let container = Container("shop", environment: .system.traced(by: tracer))
        try container.bind(Orders.self, Orders.init)
        try await Self.serve(container, tracer)
        try await container.close()
        #expect(tracer.finishedSpans.map(\.operationName) == ["initialize Orders", "scope request", "GET /orders"])
    }

    @Test("The options choose the operations, and a container without a bootstrapped tracer works.")
    func options() async throws {
        let tracer = InMemoryTracer()
        let container = Container("shop", environment: Self.chosen(tracer))
        try container.bind(Orders.self, Orders.init)
        try await Self.serve(container, tracer)
        try await container.close()
        #expect(tracer.finishedSpans.map(\.operationName) == ["scope request", "GET /orders"])
        let plain = Self.bootstrapped()
        try await plain.withScope("request") { _ in }
        try await plain.close()
    }
}
