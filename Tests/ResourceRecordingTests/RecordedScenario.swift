import DemoScenarios
import Foundation
import ResourceScenarios
import Testing

@testable import ResourceRecording

/// Recordings of simulated scenarios.
enum RecordedScenario {
    /// Returns a recording of `seconds` seconds. With `pictureEvery`, a complete snapshot follows every `pictureEvery` inputs, in addition
    /// to the regular ones.
    static func data(
        of scenario: any Scenario.Type = CheckoutScenario.self,
        for seconds: Int,
        options: ScenarioOptions = ScenarioOptions(),
        pictureEvery: Int? = nil
    ) async throws -> Data {
        let path = NSTemporaryDirectory() + "resmon-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var made: Recorder?
        let session = try SimulatedSession(scenario, seed: 5, options: options) { container, health in
            made = try Recorder(
                container,
                health: health,
                path: path,
                header: RecordingHeader(container: "", origin: "x", clockOriginNanoseconds: 0)
            )
        }
        let recorder = try #require(made)
        for step in 0..<seconds * 4 {
            _ = await session.advance()
            try recorder.record()
            if let pictureEvery, step % pictureEvery == pictureEvery - 1 { try recorder.recordPicture() }
        }
        try recorder.finish()
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }
}
