import InMemoryLogging
import Logging
import ResourceContainer
import ResourceMetrics
import ResourceMonitoring
import ResourceSimulation
import Testing

private struct Part: Sendable {}
private struct Trouble: Error {}

@Suite("Findings in swift-log")
struct FindingLogTests {
    @Test("A finding is logged once when raised and once when withdrawn, with its kind, subject, count and location.")
    func lines() throws {
        let simulation = Simulation(seed: 1)
        let container = Container("app", environment: simulation.environment)
        let time = simulation.environment.time
        let handler = InMemoryLogHandler()
        let monitor = ResourceMonitor(container)
        let log = FindingLog(monitor, logger: Logger(label: "test", factory: { _ in handler }))
        try container.bind(Part.self, name: "bad", lifecycle: .managed(onDispose: { _ in throw Trouble() })) { Part() }
        try container.bind(Part.self, name: "slow", lifecycle: .managed(onInitialize: { _ in try await time.sleep(for: .seconds(2)) })) {
            Part()
        }
        let task = simulation.spawn { await log.run() }
        try simulation.run {
            for _ in 0..<3 { try await container.withScope { _ = try await $0.get(Part.self, name: "bad") } }
            try await container.withScope { _ = try await $0.get(Part.self, name: "slow") }
        }
        simulation.run(for: .seconds(70))
        let entries = handler.entries
        #expect(entries.map(\.level) == [.warning, .warning, .notice])
        #expect(entries[0].message.description.hasPrefix("dispose-threw: Part(bad): Trouble()"))
        #expect(entries[0].metadata["kind"] == "dispose-threw")
        #expect(entries[0].metadata["subject"] == "Part(bad)")
        #expect(entries[0].metadata["location"]?.description.hasPrefix("FindingLogTests.swift:") == true)
        #expect(entries[2].message.description == "initialize-slow: Part(slow): withdrawn, occurred once")
        // A finding raised and withdrawn between two writes is logged twice.
        _ = try container.openScope("forgotten")
        task.cancel()
        simulation.runUntilIdle()
        simulation.run(for: .seconds(2))
        monitor.refresh()
        try simulation.run { for id in container.forgottenScopes() { _ = try await container.scope(id)?.close() } }
        log.write()
        log.write()
        #expect(handler.entries.dropFirst(3).map(\.level) == [.error, .notice])
    }
}
