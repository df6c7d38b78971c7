import InMemoryTracing
import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import ResourceTracing
import Testing
import Tracing

/// A tracer that adds one header to outgoing requests.
private struct HeaderTracer: Tracer {
    typealias Span = NoOpTracer.Span

    let name: String
    let value: String

    func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> ServiceContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> NoOpTracer.Span {
        NoOpTracer().startSpan(
            operationName,
            context: context(),
            ofKind: kind,
            at: instant(),
            function: function,
            file: fileID,
            line: line
        )
    }

    func forceFlush() {}

    func extract<Carrier, Extract: Extractor>(_ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract)
    where Extract.Carrier == Carrier {}

    func inject<Carrier, Inject: Injector>(_ context: ServiceContext, into carrier: inout Carrier, using injector: Inject)
    where Inject.Carrier == Carrier {
        injector.inject(self.value, forKey: self.name, into: &carrier)
    }
}

@Suite("Identifiers of traces")
struct TraceIDTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"

    @Test(
        "The trace of a sampled span is read from the header traceparent.",
        arguments: [
            ("traceparent", "00-\(trace)-00f067aa0ba902b7-01", TraceID(trace)),
            ("Traceparent", "00-\(trace)-00f067aa0ba902b7-03", TraceID(trace)),
            ("traceparent", "00-\(trace)-00f067aa0ba902b7-00", nil), ("traceparent", "00-short-00f067aa0ba902b7-01", nil),
            ("traceparent", "nonsense", nil), ("traceparent", "00-\(trace)-00f067aa0ba902b7-xx", nil), ("x-other", trace, nil),
        ]
    )
    func traceParent(name: String, value: String, expected: TraceID?) {
        #expect(TracingOptions.traceParent(of: .topLevel, tracer: HeaderTracer(name: name, value: value)) == expected)
    }

    @Test("A tracer without a header gives no identifier.")
    func noHeader() throws {
        let container = Container("app", environment: .system.traced(by: NoOpTracer()))
        #expect(try container.openScope("session").traceID == nil)
    }

    @Test("A scope and its snapshot have the trace of the request.")
    func snapshot() throws {
        let world = TracedWorld()
        try world.request {
            try await world.container.withScope("request") { scope in
                #expect(scope.traceID == TraceID("trace-1"))
                #expect(world.container.snapshot().scopes.last?.traceID == TraceID("trace-1"))
            }
        }
        #expect(world.container.root.traceID == nil)
    }

    @Test("The evidence of findings about scopes and leases names the trace.")
    func evidence() throws {
        let world = TracedWorld()
        let environment = world.simulation.environment
        try world.container.bind(ResourcePool<Int>.self, lifetime: .singleton) {
            try ResourcePool<Int>(
                name: "numbers",
                configuration: PoolConfiguration(maximum: 2, slowThreshold: .zero, leakThreshold: .seconds(1)),
                environment: environment,
                make: { 1 }
            )
        }
        let monitor = ResourceMonitor(world.container)
        try world.request {
            let scope = try world.container.openScope("session")
            try await world.container.withScope("request") { inner in
                let pool = try await inner.get(ResourcePool<Int>.self)
                _ = try await pool.acquire().detach()
                try await world.time.sleep(for: .seconds(2))
                let held = monitor.findings().first { $0.kind == .leaseHeldTooLong }
                #expect(held?.evidence.hasSuffix("when detected, trace trace-1") == true)
            }
            let lost = monitor.findings().first { $0.kind == .leaseLost }
            #expect(lost?.evidence.hasSuffix(", trace trace-1") == true)
            try await scope.close()
        }
    }

    @Test("The OpenMetrics text has the trace of the last scope with errors as an exemplar; the Prometheus text has none.")
    func exemplars() throws {
        let world = TracedWorld()
        try world.container.bind(Part.self) { () throws -> Part in throw Trouble() }
        let monitor = ResourceMonitor(world.container)
        try world.request {
            try? await world.container.withScope("request", tag: "request") { _ = try await $0.get(Part.self) }
            try await world.container.withScope("idle") { _ in }
        }
        let report = monitor.report()
        let example = try #require(report.failedTraces?["request"])
        #expect(example.trace == TraceID("trace-1"))
        #expect(example.errors == 1)
        #expect(report.failedTraces?.count == 1)
        let sample = #"resmon_closed_scope_errors_total{container="app",tag="request"} 1"#
        let text = report.openMetricsText()
        #expect(text.contains(sample + #" # {trace_id="trace-1"} 1"# + "\n"))
        #expect(text.contains("# TYPE resmon_closed_scope_errors counter\n"))
        #expect(text.hasSuffix("\n# EOF\n"))
        #expect(report.prometheusText().contains(sample + "\n"))
        #expect(!report.prometheusText().contains("trace"))
    }
}
