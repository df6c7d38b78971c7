import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Descriptions that appear in logs")
struct DescriptionTests {
    private let simulation = Simulation(seed: 1)

    @Test("A dispose report describes its counts and each failed resource with its reason.")
    func disposeReport() throws {
        let container = Container("shop", environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Int.self, lifecycle: .managed()) { 1 }
        try container.bind(String.self, lifecycle: .managed(onDispose: { _ in throw Failure(description: "the disk is full") })) { "s" }
        try container.bind(
            Double.self,
            lifecycle: .managed(onDispose: { _ in try? await time.sleep(for: .seconds(1000)) }),
            options: BindingOptions(disposeTimeout: .seconds(2))
        ) { 1 }
        let (report, error) = try self.simulation.run {
            var report: DisposeReport?
            let error = await #expect(throws: DisposeError.self) {
                try await container.withScope("job", policy: .throw, onClose: { report = $0 }) { scope in
                    _ = try await (scope.get(Int.self), scope.get(String.self), scope.get(Double.self))
                }
            }
            return (report, error)
        }
        let text = report.map { "\($0)" } ?? ""
        #expect(text.hasPrefix("job was closed in 2 s, 1 disposed, 1 threw, 1 abandoned: "))
        #expect(text.contains("String#2 threw: the disk is full"))
        #expect(text.contains("Double#3 abandoned: its dispose did not return within 2.0 seconds"))
        #expect(error?.description.contains("closing job did not cleanly dispose 2 of its resources: Double#3 abandoned") == true)
        let empty = try self.simulation.run { try await container.close() }
        #expect("\(empty)".hasSuffix("nothing to dispose"))
    }

    @Test("No description of a public result exposes its stored representation.")
    func plain() throws {
        let container = Container("shop", environment: self.simulation.environment)
        let subscription = container.subscribe()
        let environment = self.simulation.environment
        try container.bind(Int.self, lifecycle: .managed()) { 1 }
        try container.bind(ResourcePool<Int>.self, lifetime: .singleton) {
            try ResourcePool(name: "numbers", configuration: PoolConfiguration(maximum: 2), environment: environment, make: { 1 })
        }
        let (pool, report) = try self.simulation.run {
            let pool = try await container.get(ResourcePool<Int>.self)
            try await pool.withLease { _ in }
            var report: DisposeReport?
            try await container.withScope(onClose: { report = $0 }) { _ = try await $0.get(Int.self) }
            return (pool, report)
        }
        let snapshot = container.snapshot()
        var results: [Any] = [
            report as Any, report?.entries.first as Any, HealthReport(.unhealthy, "no"), HealthReport(.healthy), container, container.root,
            HealthResult(status: .degraded, message: "slow", probe: "ping", latency: .milliseconds(7), time: self.simulation.now), snapshot,
            container.books().books, container.validate(), container.graph(), subscription.drain(), ResourceKey(Int.self, name: "n"),
            pool.poolSample(), pool.metrics(), pool.poolSample().waits, self.simulation.now, InNanoseconds(wrappedValue: .seconds(1)),
            PoolSample.Holder(slot: 0, scope: .root, location: CodeLocation(file: "A/B.swift", line: 3), since: self.simulation.now),
        ]
        results += container.resources() + snapshot.bindings as [Any] + snapshot.scopes as [Any] + snapshot.resources as [Any]
        let close = try self.simulation.run { await pool.close() }
        results += [close, [report as Any, close] as [Any]]
        for result in results {
            let text = "\(result)"
            #expect(!text.contains("InNanoseconds"), "\(text)")
            #expect(!text.contains("wrappedValue"), "\(text)")
            #expect(!text.contains("ResourceContainer."), "\(text)")
            #expect(!text.isEmpty)
        }
        #expect("\(close)" == "pool numbers is closed: 1 items closed")
        #expect("\(pool.poolSample())".hasPrefix("pool numbers: 0 of 2 leased"))
        #expect("\(HealthReport(.unhealthy, "no"))" == "unhealthy: no")
        #expect("\(container.books().books)" == "2 created, 1 ready, 1 disposed")
    }
}
