import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

@testable import ResourceRecording

private struct Part: Sendable {}
private struct Trouble: Error {}

@Suite("A recording with missed events does not pass the check")
struct MissedEventsVerdictTests {
    private let path = NSTemporaryDirectory() + "resmon-\(UUID().uuidString).jsonl"
    private let simulation = Simulation(seed: 1)

    private func verdict(_ limits: RecordingLimits = RecordingLimits(), scopes: Int, work: (Container) throws -> Void) throws
        -> RecordingVerdict
    {
        defer { try? FileManager.default.removeItem(atPath: self.path) }
        let container = Container("app", environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Part.self, name: "bad", lifecycle: .managed(onDispose: { _ in throw Trouble() })) { Part() }
        try container.bind(
            Part.self,
            name: "hung",
            lifecycle: .managed(onDispose: { _ in try await time.sleep(for: .seconds(60)) }),
            options: BindingOptions(disposeTimeout: .milliseconds(10))
        ) { Part() }
        let header = RecordingHeader(container: "app", origin: "a test", clockOriginNanoseconds: 0)
        let recorder = try Recorder(container, path: self.path, header: header)
        try recorder.record()
        self.simulation.run(for: .seconds(1))
        try work(container)
        try self.simulation.run { for _ in 0..<scopes { try await container.withScope { _ in } } }
        try recorder.finish()
        return try RecordingVerdict(path: self.path, limits: limits)
    }

    private func use(_ container: Container, _ name: String, times: Int) throws {
        try self.simulation.run {
            for _ in 0..<times { try await container.withScope { _ = try await $0.get(Part.self, name: name) } }
        }
    }

    @Test("A recording with missed events fails, and errors and abandoned steps known only from the books are named.")
    func missed() throws {
        let verdict = try self.verdict(scopes: 11_000) { container in
            try self.use(container, "bad", times: 500)
            try self.use(container, "hung", times: 2)
        }
        #expect(verdict.passed == false)
        #expect(verdict.events < 100)
        #expect(verdict.violations.map(\.rule) == ["missed", "errors", "abandoned"])
        #expect(verdict.violations.map(\.subject) == ["the recording", "Part(bad)", "Part(hung)"])
        #expect(verdict.violations.map(\.count) == [1, 500, 2])
        #expect(verdict.violations.first?.evidence.contains(" events were missed in one gap") == true)
        #expect(verdict.report.overall.resourceErrors == 502)
    }

    @Test("Missed events fail a recording regardless of the other limits.")
    func missedEventsAlwaysFail() throws {
        var limits = RecordingLimits()
        limits.failOn = [.leak]
        let verdict = try self.verdict(limits, scopes: 12_000) { try self.use($0, "bad", times: 1) }
        #expect(verdict.violations.map(\.rule) == ["missed"])
    }

    @Test("A complete recording names each error once, by its event.")
    func completeRecording() throws {
        let verdict = try self.verdict(scopes: 100) { container in
            try self.use(container, "bad", times: 20)
            try self.use(container, "hung", times: 2)
        }
        #expect(verdict.violations.map(\.rule) == ["dispose-threw", "abandoned"])
        #expect(verdict.violations.map(\.count) == [20, 2])
        #expect(verdict.report.overall.resourceErrors == 22)
    }

    @Test("Scopes leaked at one line are one violation with their number, and the findings are counted with their subjects.")
    func grouped() throws {
        let verdict = try self.verdict(scopes: 0) { container in
            for number in 1...8 { _ = try container.openScope("upload-\(number)") }
            self.simulation.run(for: .seconds(2))
        }
        let leak = try #require(verdict.violations.first)
        #expect(verdict.violations.count == 1)
        #expect(leak.rule == "leak")
        #expect(leak.subjects == 8)
        #expect(leak.count == 8)
        #expect(leak.subject == "upload-8")
        #expect(leak.location?.file == "ResourceRecordingTests/MissedEventsVerdictTests.swift")
        #expect(verdict.found == [RecordingVerdict.Found(kind: .leak, findings: 1, subjects: 8)])
    }
}
