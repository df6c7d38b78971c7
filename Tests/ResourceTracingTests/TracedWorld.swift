import InMemoryTracing
import ResourceContainer
import ResourceSimulation
import ResourceTracing
import Tracing

/// A simulation whose container is traced in memory.
struct TracedWorld: Sendable {
    let simulation = Simulation(seed: 1)
    let tracer = InMemoryTracer()
    let container: Container

    init(_ operations: Set<TracingOptions.Operation> = Set(TracingOptions.Operation.allCases)) {
        let options = TracingOptions(operations: operations) { context, _ in
            context.inMemorySpanContext.flatMap { TraceID($0.traceID) }
        }
        self.container = Container("app", environment: self.simulation.environment.traced(by: self.tracer, options: options))
    }

    var time: TimeSource {
        self.simulation.environment.time
    }

    /// Runs `body` in a span that represents a request.
    func request(_ body: @escaping @Sendable () async throws -> Void) throws {
        try self.simulation.run { try await self.tracer.withSpan("GET /") { _ in try await body() } }
    }

    /// The only finished span with this name.
    func span(_ name: String) -> FinishedInMemorySpan? {
        let found = self.tracer.finishedSpans.filter { $0.operationName == name }
        return found.count == 1 ? found.first : nil
    }

    /// The names of the finished spans, in the order of their ends.
    var names: [String] {
        self.tracer.finishedSpans.map(\.operationName)
    }
}

struct Part: Sendable {}
struct Trouble: Error {}

/// A resource that needs another one.
struct Whole: Sendable {
    let part: Part
}
