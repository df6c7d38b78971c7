import DemoScenarios
import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceRecording
import ResourceScenarios
import Testing

@testable import ResourceDashboard

@Suite("Recorded scenarios")
struct RecordedScenariosTests {
    private static let header = RecordingHeader(
        container: "app",
        origin: "simulated seed 3",
        clockOriginNanoseconds: SimulatedSession.epochSeconds * 1_000_000_000
    )

    private static let isSoak = ProcessInfo.processInfo.environment["RESMON_SOAK"] == "1"

    /// The storm has a lower rate, and with `RESMON_SOAK` its usual one.
    private static func options(_ name: String) -> ScenarioOptions {
        ScenarioOptions(rate: self.isSoak ? nil : 200, resources: name == "storm" ? 200 : nil)
    }

    /// Every view at this moment, as text.
    private static func screens(_ picture: Picture) -> [String] {
        DashboardView.allCases.map { view in
            var state = DashboardState(
                configuration: DashboardConfiguration(
                    origin: Self.header.origin,
                    clock: WallClock(originNanoseconds: Self.header.clockOriginNanoseconds),
                    size: Size(width: 140, height: 50),
                    view: view,
                    isPaused: true
                )
            )
            state.show(recorded: picture)
            return TextRenderer.render(state.render())
        }
    }

    /// The screens and the report of one live run at each of `times`.
    private static func live(_ name: String, at times: [Duration]) async throws -> [Duration: (screens: [String], report: MonitorReport)] {
        let session = try SimulatedSession(try #require(Scenarios.named(name)), seed: 3, options: Self.options(name))
        var (picture, moments) = (Picture(), [Duration: (screens: [String], report: MonitorReport)]())
        for time in times.sorted() {
            for update in await session.advance(to: time) { picture.fold(update) }
            moments[time] = (Self.screens(picture), session.monitor.report())
        }
        return moments
    }

    @Test("A recording shows the live screens byte for byte at any time, forward and backward.", arguments: Scenarios.all.map { $0.name })
    func equalsLive(_ name: String) async throws {
        let file = try TemporaryFile()
        var made: Recorder?
        let session = try SimulatedSession(try #require(Scenarios.named(name)), seed: 3, options: Self.options(name)) { container, health in
            made = try Recorder(container, health: health, path: file.path, header: Self.header)
        }
        let recorder = try #require(made)
        for _ in 0..<80 {
            _ = await session.advance()
            try recorder.record()
        }
        try recorder.finish()

        var run = try RecordedPictures(path: file.path)
        #expect(run.survey.isWhole)
        #expect(run.survey.remarks.isEmpty)
        #expect(run.header?.origin == Self.header.origin)
        #expect(run.header?.container == "app")
        // Times on the sampling grid and between its points, forward and backward.
        var times: [Duration] = [.milliseconds(12_000), .milliseconds(19_730), .milliseconds(7_110)]
        if Self.isSoak { times += [.milliseconds(250), .milliseconds(20_000)] }
        let moments = try await Self.live(name, at: times)
        for time in times {
            run.seek(to: TimeSource.Instant(nanoseconds: time.wholeNanoseconds))
            let (screens, report) = try #require(moments[time])
            // The live report samples the pools again; a recording has them only on the sampling grid.
            if time.wholeNanoseconds.isMultiple(of: 250_000_000) { #expect(run.report == report) }
            for (recorded, live) in zip(Self.screens(run.picture), screens) { #expect(recorded == live, "at \(time)") }
        }
    }
}

/// A unique file name; the file is removed when the value is released.
final class TemporaryFile: Sendable {
    let path: String

    init() throws {
        self.path = NSTemporaryDirectory() + "resmon-\(UUID().uuidString).jsonl"
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }
}
