import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

@Suite("Samples of the documentation: monitoring")
struct MonitoringSampleTests {
    let simulation = Simulation(seed: 1)
    let container: Container

    init() throws {
        self.container = Container("app", environment: self.simulation.environment)
        try self.container.bind(Database.self) { Database(log: SampleLog()) }
    }

    @Test("The samples for reading, following, and running a monitor do what the article describes.")
    func figures() throws {
        let container = self.container
        let (created, text) = try self.simulation.run { try await MonitoringSamples.ask(container) }
        #expect(created == 1)
        #expect(text.contains(#"resmon_resources_created_total{container="app",key="Database"} 1"#))

        let monitor = ResourceMonitor(container)
        let notes = Lock(0)
        try container.bind(Int.self, lifecycle: .managed(onDispose: { _ in throw CancellationError() })) { 1 }
        let task = self.simulation.spawn { await MonitoringSamples.follow(monitor) { _ in notes.withLock { $0 += 1 } } }
        self.simulation.run(for: .seconds(1))
        try self.simulation.run { try await container.withScope { _ = try await $0.get(Int.self) } }
        self.simulation.run(for: .seconds(1))
        #expect(notes.withLock { $0 } == 1)
        task.cancel()
        self.simulation.runUntilIdle()

        let time = self.simulation.environment.time
        try self.simulation.run {
            await MonitoringSamples.keepWatch(monitor) {
                try? await container.withScope { _ = try await $0.get(Database.self) }
                try? await time.sleep(for: .seconds(1))
            }
        }
        #expect(monitor.history().points.contains { $0.counts.created == 1 })
    }

    @Test("The samples for finding rules and health do what the article describes.")
    func findingsAndHealth() throws {
        let (_, rules) = try MonitoringSamples.rules(self.container)
        #expect(rules.allows(.neverUsed, of: "CacheConn#7"))
        #expect(!rules.allows(.neverUsed, of: "Database#1"))
        #expect(rules.allows(.disposeSlow, of: "Database"))
        #expect(rules.slowInitialize == .seconds(3))
        let (container, time) = (self.container, self.simulation.environment.time)
        let health = try self.simulation.run {
            try await MonitoringSamples.watchHealth(container) { try? await time.sleep(for: .seconds(25)) }
        }
        let notes = Lock<[String]>([])
        let (isReady, isAlive) = MonitoringSamples.answer(health) { note in notes.withLock { $0.append(note) } }
        #expect(isReady)
        #expect(isAlive)
        #expect(notes.withLock { $0.isEmpty })
    }

    @Test("Every kind of finding has a row in the table, with its severity and its default threshold.")
    func table() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/ResourceMonitoring/ResourceMonitoring.docc/KindsOfFindings.md")
        let rows = try String(contentsOf: page, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| `") }
        let kinds = rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
        #expect(kinds.sorted() == Finding.Kind.allCases.map(\.rawValue).sorted())
        let leaks = rows.filter { $0.contains("` * |") }.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
        let counted = Finding.Kind.allCases.filter { kind in
            Finding(id: 1, kind: kind, severity: .low, subject: .init(label: "x"), evidence: "", advice: "", since: .init(nanoseconds: 0))
                .isLeak
        }
        #expect(leaks.sorted() == counted.map(\.rawValue).sorted())
        let rules = FindingRules()
        func has(_ kind: String, _ words: String) -> Bool { rows.contains { $0.hasPrefix("| `\(kind)`") && $0.contains(words) } }
        #expect(has("initialize-failing", "\(rules.failuresInARow) initializations"))
        #expect(has("initialize-storm", "\(rules.stormRate) instances"))
        #expect(has("error-burst", "\(rules.errorBurst) errors"))
        #expect(has("health-flapping", "change \(rules.flapChanges) times"))
        #expect(has("transients-pile-up", "\(rules.transients) transient"))
        #expect(has("scope-open-long", "\(rules.scopeHistory) must have closed"))
        #expect(has("never-used", "5 min"))
        #expect(rules.unusedAfter == .seconds(300))
        #expect(has("pool-starved", "5 s"))
        #expect(rules.starvedAfter == .seconds(5))
        #expect(has("acquire-slow", "60 s"))
        #expect(rules.quietAfter == .seconds(60))
        #expect(has("dispose-slow", "1 s"))
        #expect(rules.slowDispose == .seconds(1))
    }
}
