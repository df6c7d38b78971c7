import Foundation
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording
import Testing

@testable import ResourceDashboardLive

@Suite("Recordings in the live dashboard")
struct RecordedSourceTests {
    private let terminal = FakeTerminal()

    /// A recording of three moments: no scope, then a scope named first, then one named second.
    private func recording() throws -> RecordedSource {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString).jsonl").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let container = Container("app")
        let header = RecordingHeader(container: "app", origin: "made up", clockOriginNanoseconds: 0)
        let recorder = try Recorder(container, health: HealthChecker(container), path: path, header: header)
        try recorder.record()
        for name in ["first", "second"] {
            _ = try container.openScope(name)
            try recorder.record()
        }
        try recorder.finish()
        // The file stays readable after its name is removed.
        return RecordedSource(try RecordedPictures(path: path))
    }

    private func start(_ source: RecordedSource, isPaused: Bool) -> Task<DashboardOutcome, Never> {
        let configuration = DashboardConfiguration(
            clock: source.clock,
            size: self.terminal.size,
            view: .scopes,
            isPaused: isPaused,
            recordedSpan: source.span
        )
        let loop = DashboardLoop(terminal: self.terminal, source: source, state: DashboardState(configuration: configuration), rate: 4)
        return Task {
            var loop = loop
            return await loop.run()
        }
    }

    @Test("A recording that begins paused shows its moment in the first frame and steps in both directions.")
    func paused() async throws {
        let source = try self.recording()
        _ = await source.seek(.by(1))
        let run = self.start(source, isPaused: true)
        await self.terminal.frames(atLeast: 1)
        #expect(self.terminal.screen.contains("first"))
        #expect(!self.terminal.screen.contains("second"))
        #expect(self.terminal.screen.contains("PAUSED"))
        self.terminal.type(".")
        await self.terminal.frame { $0.contains("second") }
        self.terminal.type(",,")
        await self.terminal.frame { !$0.contains("first") && !$0.contains("second") }
        self.terminal.type("Q")
        #expect(await run.value.exitCode == 0)
    }

    @Test("A paused recording steps from the shown moment, even if its player had advanced further.", arguments: [",", "."])
    func stepsFromWhatIsShown(_ key: Character) async throws {
        let source = try self.recording()
        let configuration = DashboardConfiguration(clock: source.clock, size: self.terminal.size, view: .scopes, recordedSpan: source.span)
        var state = DashboardState(configuration: configuration)
        _ = state.update(.recorded(await source.seek(.to(source.span.lowerBound))))
        if key == "," { _ = state.update(.recorded(await source.seek(.by(1)))) }
        _ = state.update(.input(.key(Key(" "))))
        _ = await source.seek(.to(source.span.upperBound))
        for case .seek(let seek) in state.update(.input(.key(Key(key)))) { _ = state.update(.recorded(await source.seek(seek))) }
        let screen = TextRenderer.render(state.render())
        #expect(screen.contains("first") == (key == "."))
        #expect(!screen.contains("second"))
    }

    @Test("A playing recording pauses at its end and reports it.")
    func plays() async throws {
        let source = try self.recording()
        source.setSpeed(1_000)
        let run = self.start(source, isPaused: false)
        await self.terminal.frame { $0.contains("second") && $0.contains("PAUSED") && $0.contains("the recording ends here") }
        self.terminal.type("Q")
        #expect(await run.value.exitCode == 0)
    }

    @Test("A recording in progress is followed: additions appear, and so does its end.")
    func follows() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString).jsonl").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let container = Container("app")
        let recorder = try Recorder(container, path: path, header: RecordingHeader(container: "", origin: "x", clockOriginNanoseconds: 0))
        _ = try container.openScope("first")
        try recorder.record()
        let source = RecordedSource(try RecordedPictures(path: path), time: .jumping())
        #expect(source.extent.mayGrow)
        let run = self.start(source, isPaused: false)
        await self.terminal.frame { $0.contains("first") && $0.contains("FOLLOW") }
        _ = try container.openScope("second")
        try recorder.record()
        await self.terminal.frame { $0.contains("second") && $0.contains("FOLLOW") }
        try recorder.finish()
        await self.terminal.frame { $0.contains("PAUSED") && $0.contains("the recording ends here") }
        self.terminal.type("Q")
        #expect(await run.value.exitCode == 0)
    }
}

extension TimeSource {
    /// A clock that jumps to each deadline at once, so no wait takes time.
    fileprivate static func jumping() -> TimeSource {
        let now = Lock(Instant(nanoseconds: 0))
        return TimeSource(
            now: { now.withLock { $0 } },
            register: { instant, operation in
                now.withLock { $0 = max($0, instant) }
                operation()
                return Deadline {}
            }
        )
    }
}
