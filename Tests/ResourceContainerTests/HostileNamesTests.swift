import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Hostile names and texts in output")
struct HostileNamesTests {
    private let simulation = Simulation(seed: 1)
    private static let long = String(repeating: "n", count: 1_800_000)
    private static let hostile = "GET /\r\nX-Admin: 1 \u{1B}]0;pwned\u{07}\u{1B}[2J\u{202E}evil\u{200B}"

    /// Returns the reason why a text is unfit for a log, or nil if it is fit.
    private func fault(_ text: String, limit: Int) -> String? {
        for scalar in text.unicodeScalars where scalar.value < 0x20 || scalar.value == 0x7F || [0x202E, 0x200B].contains(scalar.value) {
            return "\(scalar.value)"
        }
        let length = text.unicodeScalars.count
        return length <= limit ? nil : "\(length) characters"
    }

    @Test(
        "Errors, snapshots, events, graphs, reports, and health show hostile names cleaned and shortened.",
        arguments: [Self.hostile, Self.long]
    )
    func everywhere(name: String) throws {
        let container = Container(name, environment: self.simulation.environment)
        let subscription = container.subscribe()
        var texts = [container.name, container.root.name, container.root.path, "\(container)"]
        try container.bind(
            Int.self,
            name: name,
            lifetime: .tagged(name),
            options: BindingOptions(tags: [name: name]),
            fileID: name
        ) { () throws -> Int in throw Failure(description: name) }
        try container.bind(String.self, name: name, lifecycle: .managed(onDispose: { _ in throw Failure(description: name) })) { "s" }
        try container.bind(Bind(Double.self, using: ResourceKey(Float.self, name: name)) { Double($0) })
        try container.bind(Reporter.self, lifetime: .scoped) { Reporter(name) }
        texts += container.validate().problems.map(\.description) + ["\(container.validate())"]
        texts += [#expect(throws: ResourceError.self) { try container.bind(Int.self, name: name) { 1 } }].compactMap { $0?.description }
        let errors = try self.simulation.run {
            var errors: [any Error] = []
            do {
                try await container.withScope(name, tag: name, policy: .throw, fileID: name) { scope in
                    do { _ = try await scope.get(Int.self, name: name) } catch { errors.append(error) }
                    do { _ = try await scope.get(Float.self, name: name) } catch { errors.append(error) }
                    do { _ = try await container.get(Int.self, name: name) } catch { errors.append(error) }
                    _ = try await scope.get(String.self, name: name)
                    _ = try await scope.get(Reporter.self)
                    for resource in container.resources() {
                        container.recordHealth(
                            HealthResult(status: .degraded, message: name, probe: name, latency: .zero, time: self.simulation.now),
                            of: resource
                        )
                    }
                    #expect(container.poolSamples().allSatisfy { self.fault($0.name, limit: TextLimit.name) == nil })
                }
            } catch { errors.append(error) }
            return errors
        }
        #expect(errors.count == 4)
        #expect(errors.last is DisposeError)
        texts += errors.map { "\($0)" } + errors.compactMap { ($0 as? ResourceError)?.key }
        texts += container.snapshot().bindings.flatMap { [$0.label, "\($0.lifetime)", "\($0)", $0.tags.description] }
        texts += subscription.drain().events.map(\.description)
        for text in texts {
            let fault = self.fault(text, limit: TextLimit.report)
            #expect(fault == nil, "\(text.prefix(300))")
        }
        for line in (container.graph().text + container.graph().dot).split(separator: "\n") {
            let fault = self.fault(String(line), limit: 1000)
            #expect(fault == nil, "\(line.prefix(300))")
        }
        #expect(container.graph().text.split(separator: "\n").count == container.graph().nodes.count)
    }

    @Test("A key is found by its original name even where its displayed text is shortened or cleaned.")
    func keys() throws {
        let container = Container(environment: self.simulation.environment)
        let names = [Self.long + "1", Self.long + "2", "a\nb", "a b", "a\u{200B}b", "password=1", "password=2"]
        for (number, name) in names.enumerated() {
            try container.bind(Int.self, name: name, lifetime: .tagged(name)) { number }
        }
        let values = try self.simulation.run {
            var values: [Int] = []
            for name in names {
                values.append(try await container.withScope("s", tag: name) { try await $0.get(Int.self, name: name) })
            }
            return values
        }
        #expect(values == Array(names.indices))
    }

    @Test(
        "Errors, health, and reports of a pool show its name and its hooks' errors cleaned and shortened.",
        arguments: [Self.hostile, Self.long]
    )
    func pool(name: String) throws {
        let environment = self.simulation.environment
        let error = #expect(throws: PoolError.self) {
            try ResourcePool<Int>(name: name, configuration: PoolConfiguration(maximum: 0), environment: environment, make: { 1 })
        }
        #expect(self.fault(error?.description ?? "\n", limit: TextLimit.report) == nil)
        #expect(self.fault(error?.pool ?? "\n", limit: TextLimit.name) == nil)
        let pool = try ResourcePool<Int>(
            name: name,
            configuration: PoolConfiguration(maximum: 1, acquireBudget: .seconds(1)),
            environment: environment,
            make: { throw Failure(description: name) }
        )
        let texts = try self.simulation.run {
            let timeOut = await #expect(throws: PoolError.self) { try await pool.withLease { _ in } }
            let health = try await pool.healthCheck()
            return [timeOut?.description ?? "\n", "\(health)", health.message ?? "\n", "\(pool.poolSample())", "\(await pool.close())"]
        }
        for text in texts { #expect(self.fault(text, limit: TextLimit.report) == nil, "\(text.prefix(300))") }
    }

    @Test("A container refuses more bindings than it can display and states the limit.")
    func limit() throws {
        let container = Container()
        let most = Registry.mostKeys
        let module = Module { for number in 0..<most { Bind(Int.self, name: "\(number)", instance: number) } }
        try container.install(module)
        let error = #expect(throws: ResourceError.self) { try container.bind(String.self) { "" } }
        #expect(error?.code == .invalidBinding)
        #expect(error?.description.contains("the limit is 100000") == true)
        #expect(container.snapshot().bindings.count == most)
    }
}

/// A resource that reports a given text and exposes a pool sample under a given name.
private final class Reporter: Resource, SampledPool {
    private let text: String

    init(_ text: String) {
        self.text = text
    }

    func attach(_ context: ResourceContext) {
        context.note(self.text)
        context.report(Failure(description: self.text))
    }

    func poolSample() -> PoolSample {
        PoolSample(name: self.text, maximum: 1)
    }
}
