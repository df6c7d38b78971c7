import Foundation
import ResourceContainer
import ResourceRecording
import ResourceSimulation
import Testing

private struct Part: Sendable {}

/// Compiles and runs the sample of the library's documentation catalog.
@Suite("Sample of the documentation: ResourceRecording")
struct DocumentationSampleTests {
    /// Records `container` while `serve` runs, and checks the recording.
    private static func check(
        _ container: Container,
        path: String,
        serve: @Sendable () async throws -> Void
    ) async throws -> RecordingVerdict {
        let recorder = try Recorder(container, path: path)
        try await serve()
        try recorder.finish()
        let verdict = try RecordingVerdict(path: path, limits: RecordingLimits())
        return verdict
    }

    @Test("A recording of a container without faults passes its check.")
    func recording() throws {
        let simulation = Simulation(seed: 1)
        let container = Container("shop", environment: simulation.environment)
        try container.bind(Part.self) { Part() }
        let path = NSTemporaryDirectory() + "resmon-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let verdict = try simulation.run {
            try await Self.check(container, path: path) {
                try await container.withScope("request") { _ = try await $0.get(Part.self) }
                try await container.environment.time.sleep(for: .seconds(1))
            }
        }
        #expect(verdict.passed)
        #expect(verdict.report.overall.resourcesCreated == 1)
        let header = try #require(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").first)
        #expect(header.contains("\"container\":\"shop\""))
        #expect(header.contains("\"origin\":\"in-process\""))
    }
}
