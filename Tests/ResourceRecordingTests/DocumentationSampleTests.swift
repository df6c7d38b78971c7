import Foundation
import ResourceContainer
import ResourceRecording
import ResourceSimulation
import Testing

private struct Part: Sendable {}

/// Compiles and runs the sample of the library's documentation catalog.
@Suite("Sample of the documentation: ResourceRecording")
struct DocumentationSampleTests {
    /// Records `container` while `serve` runs, and checks the recording. `origin` is the Unix time at the origin of the container's clock.
    private static func check(
        _ container: Container,
        path: String,
        origin: Int64,
        serve: @Sendable () async throws -> Void
    ) async throws -> RecordingVerdict {
        let header = RecordingHeader(container: "shop", origin: "in-process", clockOriginNanoseconds: origin)
        let recorder = try Recorder(container, path: path, header: header)
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
            try await Self.check(container, path: path, origin: Simulation.epochSeconds * 1_000_000_000) {
                try await container.withScope("request") { _ = try await $0.get(Part.self) }
                try await container.environment.time.sleep(for: .seconds(1))
            }
        }
        #expect(verdict.passed)
        #expect(verdict.report.overall.resourcesCreated == 1)
    }
}
