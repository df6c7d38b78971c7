import Foundation
import ResourceContainer
import ResourceRecording
import ResourceSimulation
import Testing

private struct Part: Sendable {}

/// Compiles and runs the samples of the article about the flight recorder.
@Suite("Samples of the documentation: the flight recorder")
struct DocumentationSampleFlightTests {
    /// A recorder of `container` that saves by itself in `directory`.
    private static func recorder(
        of container: Container,
        directory: String,
        log: @escaping @Sendable (String) -> Void
    ) throws -> FlightRecorder {
        let saving = try FlightSaving(directory: directory, findings: ["leak", "pool-starved:Database*"], every: .seconds(3600))
        let flight = FlightRecorder(container, keeping: .seconds(600), atMost: 64 << 20, saving: saving, log: log)
        return flight
    }

    /// Runs `serve` and closes the container while the recorder runs.
    private static func run(_ flight: FlightRecorder, _ container: Container, serve: @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await flight.run() }
            try await serve()
            try await container.close()
        }
    }

    /// Saves the last minute.
    private static func save(_ flight: FlightRecorder, to path: String) throws {
        try flight.save(last: .seconds(60), to: path)
    }

    @Test("A flight recorder runs beside a program, and what it keeps passes the check.")
    func flight() throws {
        let simulation = Simulation(seed: 1)
        let container = Container("shop", environment: simulation.environment)
        try container.bind(Part.self) { Part() }
        let directory = NSTemporaryDirectory() + "resmon-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let flight = try Self.recorder(of: container, directory: directory, log: { _ in })
        try simulation.run {
            try await Self.run(flight, container) {
                try await container.withScope("request") { _ = try await $0.get(Part.self) }
                try await container.environment.time.sleep(for: .seconds(1))
                try Self.save(flight, to: "\(directory)/saved.jsonl")
            }
        }
        let verdict = try RecordingVerdict(path: "\(directory)/saved.jsonl", limits: RecordingLimits())
        #expect(verdict.passed)
        #expect(verdict.report.overall.resourcesCreated == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["saved.jsonl"])
    }
}
