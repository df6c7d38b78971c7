import ResourceContainer
import ResourceSimulation
import Testing

private struct Widget: Sendable {}
private struct Trouble: Error {}

/// A tracer that writes a line at the beginning, failure, and end of each span.
private final class LineTracer: OperationTracer {
    private let written = Lock<[String]>([])

    var lines: [String] {
        self.written.withLock { $0 }
    }

    func begin(_ operation: TracedOperation, within scope: (any OperationSpan)?) -> (any OperationSpan)? {
        let name =
            switch operation {
            case .scope(let name, _, _): "scope \(name)"
            case .initialization(let key, _, _): "initialize \(key)"
            case .acquisition(let pool, _): "acquire \(pool)"
            }
        let parent = LineSpan.current?.name ?? (scope as? LineSpan)?.name
        self.write("\(name)\(parent.map { " in \($0)" } ?? "")")
        return LineSpan(name, self)
    }

    func write(_ line: String) {
        self.written.withLock { $0.append(line) }
    }
}

private final class LineSpan: OperationSpan {
    @TaskLocal static var current: LineSpan?

    let name: String
    let traceID = TraceID("trace-1")
    private let tracer: LineTracer
    private let hasEnded = Lock(false)

    init(_ name: String, _ tracer: LineTracer) {
        self.name = name
        self.tracer = tracer
    }

    func withCurrent<Result>(isolation: isolated (any Actor)?, _ body: () async throws -> Result) async rethrows -> Result {
        try await Self.$current.withValue(self) {
            _ = isolation
            return try await body()
        }
    }

    func withCurrentSynchronously<Result>(_ body: () throws -> Result) rethrows -> Result {
        try Self.$current.withValue(self, operation: body)
    }

    func fail(with error: any Error) {
        if !self.hasEnded.withLock({ $0 }) { self.tracer.write("\(self.name) failed: \(type(of: error))") }
    }

    func cancel() {
        if !self.hasEnded.withLock({ $0 }) { self.tracer.write("\(self.name) canceled") }
    }

    func end() {
        let isFirst = self.hasEnded.withLock { hasEnded in
            defer { hasEnded = true }
            return !hasEnded
        }
        if isFirst { self.tracer.write("\(self.name) ended") }
    }
}

@Suite("Tracing")
struct TracingTests {
    /// A container in a simulation, with a tracer.
    private static func world() -> (simulation: Simulation, container: Container, tracer: LineTracer) {
        let (simulation, tracer) = (Simulation(seed: 1), LineTracer())
        var environment = simulation.environment
        environment.tracer = tracer
        return (simulation, Container("app", environment: environment), tracer)
    }

    @Test("Scopes, initializations, and acquisitions are traced, each within the operation that requests it.")
    func operations() throws {
        let (simulation, container, tracer) = Self.world()
        let environment = simulation.environment
        try container.bind(ResourcePool<Int>.self, lifetime: .singleton) {
            try ResourcePool<Int>(name: "numbers", configuration: PoolConfiguration(maximum: 1), environment: environment, make: { 1 })
        }
        try container.bind(Widget.self) { (_: ResourcePool<Int>) in Widget() }
        try simulation.run {
            try await container.withScope("outer") { outer in
                try await outer.withScope("inner") { inner in
                    _ = try await inner.get(Widget.self)
                    _ = try await inner.get(Widget.self)
                    try await inner.get(ResourcePool<Int>.self).withLease { _ in }
                }
            }
        }
        #expect(
            tracer.lines == [
                "scope outer", "scope inner in scope outer", "initialize Widget in scope inner",
                "initialize ResourcePool<Int> in initialize Widget", "initialize ResourcePool<Int> ended", "initialize Widget ended",
                "acquire numbers in scope inner", "acquire numbers ended", "scope inner ended", "scope outer ended",
            ]
        )
    }

    @Test("Every span ends once, with the error of its operation.")
    func failures() throws {
        let (simulation, container, tracer) = Self.world()
        try container.bind(Widget.self) { () throws -> Widget in throw Trouble() }
        try container.bind(Int.self, lifecycle: .managed(onDispose: { _ in throw Trouble() })) { 1 }
        try simulation.run {
            await #expect(throws: ResourceError.self) { try await container.withScope("failing") { _ = try await $0.get(Widget.self) } }
            try await container.withScope("closing") { _ = try await $0.get(Int.self) }
            try await container.close()
            #expect(throws: ResourceError.self) { try container.openScope("late") }
        }
        #expect(
            tracer.lines == [
                "scope failing", "initialize Widget in scope failing", "initialize Widget failed: ResourceError", "initialize Widget ended",
                "scope failing failed: ResourceError", "scope failing ended", "scope closing", "initialize Int in scope closing",
                "initialize Int ended", "scope closing failed: DisposeError", "scope closing ended", "scope late",
                "scope late failed: ResourceError", "scope late ended",
            ]
        )
    }

    @Test("A scope that is opened by hand is traced until its close, and a task without a context continues its trace.")
    func openedByHand() throws {
        let (simulation, container, tracer) = Self.world()
        try container.bind(Widget.self) { Widget() }
        try simulation.run {
            let scope = try container.openScope("session")
            #expect(scope.traceID == TraceID("trace-1"))
            #expect(container.snapshot().scopes.map(\.traceID) == [nil, TraceID("trace-1")])
            _ = try await scope.get(Widget.self)
            try await scope.close()
        }
        #expect(tracer.lines == ["scope session", "initialize Widget in scope session", "initialize Widget ended", "scope session ended"])
    }

    @Test("The parts of a body that runs by asCurrent run in the span of their scope.")
    func parts() throws {
        let (simulation, container, tracer) = Self.world()
        try simulation.run {
            let scope = try container.openScope("session")
            await scope.asCurrent { #expect(LineSpan.current?.name == "scope session") }
            #expect(LineSpan.current == nil)
            await scope.close(after: .returned)
        }
        #expect(tracer.lines == ["scope session", "scope session ended"])
    }

    @Test(
        "The span of a body that ran in parts has its outcome.",
        arguments: [
            (.returned, []), (.canceled, ["scope session canceled"]), (.threw(type: "", text: ""), ["scope session failed: Trouble"]),
        ] as [(ScopeOutcome, [String])]
    )
    func outcomes(outcome: ScopeOutcome, lines: [String]) throws {
        let (simulation, container, tracer) = Self.world()
        _ = try simulation.run { try await container.openScope("session").close(after: outcome, error: Trouble()) }
        #expect(tracer.lines == ["scope session"] + lines + ["scope session ended"])
    }

    @Test("With every order of jobs, as many spans end as begin, if requesters are canceled and the container closes early.")
    func balanced() throws {
        for seed in 0..<50 as Range<UInt64> {
            let (simulation, tracer) = (Simulation(seed: seed, order: .random), LineTracer())
            var environment = simulation.environment
            environment.tracer = tracer
            let (container, time) = (Container("app", environment: environment), environment.time)
            try container.bind(
                Widget.self,
                lifetime: .singleton,
                lifecycle: .managed(onInitialize: { _ in try await time.sleep(for: .seconds(2)) })
            ) { Widget() }
            let tasks = (0..<3).map { number in
                simulation.spawn {
                    _ = try? await container.withScope("request") { scope in
                        _ = try await scope.get(Widget.self)
                        try await time.sleep(for: .seconds(Int64(number)))
                    }
                }
            }
            simulation.run(for: .seconds(1))
            tasks[0].cancel()
            simulation.run(for: .seconds(1))
            _ = try simulation.run { try await container.close() }
            simulation.run(for: .seconds(10))
            let ended = tracer.lines.filter { $0.hasSuffix(" ended") }
            let begun = tracer.lines.filter { !$0.hasSuffix(" ended") && !$0.hasSuffix(" canceled") && !$0.contains(" failed: ") }
            #expect(ended.count == begun.count, "seed \(seed)")
            #expect(begun.count >= 4)
        }
    }

    @Test(
        "An identifier has 1 to 64 letters, digits, and some punctuation.",
        arguments: [
            ("4bf92f3577b34da6a3ce929d0e0e4736", true), ("a-B_9.z", true), ("", false), ("a b", false), ("a\"b", false), ("a\nb", false),
            ("é", false),
        ]
    )
    func identifiers(text: String, isValid: Bool) {
        #expect((TraceID(text) != nil) == isValid)
    }

    @Test("An identifier is not longer than the limit.")
    func limit() {
        #expect(TraceID(String(repeating: "a", count: TraceID.limit))?.description.count == TraceID.limit)
        #expect(TraceID(String(repeating: "a", count: TraceID.limit + 1)) == nil)
    }
}
