import Logging
import ResourceContainer
import ResourceService
import ResourceSimulation
import Testing

/// A span that only has a trace.
private final class TraceSpan: OperationSpan, OperationTracer {
    let traceID = TraceID("4bf92f3577b34da6a3ce929d0e0e4736")

    func begin(_ operation: TracedOperation, within scope: (any OperationSpan)?) -> (any OperationSpan)? { self }
    func withCurrent<Result>(isolation: isolated (any Actor)?, _ body: () async throws -> Result) async rethrows -> Result {
        try await body()
    }
    func withCurrentSynchronously<Result>(_ body: () throws -> Result) rethrows -> Result { try body() }
    func fail(with error: any Error) {}
    func cancel() {}
    func end() {}
}

@Suite("Metadata of the current scope")
struct ScopeMetadataTests {
    @Test("A message in a scope has the scope, and the request around it; a message outside of any scope has neither.")
    func metadata() throws {
        let simulation = Simulation(seed: 1)
        let container = Container("app", environment: simulation.environment)
        let provider = Logger.MetadataProvider.scope()
        #expect(provider.get() == [:])
        try simulation.run {
            try await container.withScope("import") { _ in
                #expect(provider.get() == ["scope": "import", "scope_id": "1"])
            }
            try await container.withScope("GET /", tag: "request") { _ in
                #expect(provider.get() == ["scope": "GET /", "scope_id": "2", "request": "GET /", "request_id": "2"])
                try await container.withScope("step") { _ in
                    #expect(provider.get() == ["scope": "step", "scope_id": "3", "request": "GET /", "request_id": "2"])
                }
            }
        }
    }

    @Test("The tag of requests can be chosen, and a traced scope has its trace.")
    func choices() throws {
        let simulation = Simulation(seed: 1)
        var environment = simulation.environment
        environment.tracer = TraceSpan()
        let container = Container("app", environment: environment)
        let provider = Logger.MetadataProvider.scope(requestTag: "job")
        try simulation.run {
            try await container.withScope("nightly", tag: "job") { _ in
                let metadata = provider.get()
                #expect(metadata["request"] == "nightly")
                #expect(metadata["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736")
            }
        }
    }
}
