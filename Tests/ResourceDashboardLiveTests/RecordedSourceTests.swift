import Foundation
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording
import Testing

@testable import ResourceDashboardLive

@Suite("A recording in the live dashboard")
struct RecordedSourceTests {
    private let terminal = FakeTerminal()

    /// A recording of three moments: nothing, a scope called first, a scope called second.
    private func recording() throws -> RecordedSource {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString).jsonl").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let container = Container(name: "app")
        let header = RecordingHeader(container: "app", origin: "made up", clockOriginNanoseconds: 0)
        let recorder = try Recorder(container, health: HealthChecker(container), path: path, header: header)
        try recorder.record()
        for name in ["first", "second"] {
            _ = try container.openScope(named: name)
            try recorder.record()
        }
        try recorder.finish()
        // What is played was opened before its name is taken away.
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

    @Test("that begins paused shows its moment in the first frame, and goes where it is sent, both ways")
    func paused() async throws {
        let source = try self.recording()
        _ = await source.seek(.by(1))
        let run = self.start(source, isPaused: true)
        await self.terminal.frames(atLeast: 1)
        #expect(self.terminal.screen.contains("first") && !self.terminal.screen.contains("second"))
        #expect(self.terminal.screen.contains("PAUSED"))
        self.terminal.type(".")
        await self.terminal.frame { $0.contains("second") }
        self.terminal.type(",,")
        await self.terminal.frame { !$0.contains("first") && !$0.contains("second") }
        self.terminal.type("Q")
        #expect(await run.value.exitCode == 0)
    }

    @Test("that is paused is stepped from the moment that is shown, though its player had gone on by then", arguments: [",", "."])
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
        #expect(screen.contains("first") == (key == ".") && !screen.contains("second"))
    }

    @Test("that plays comes to its end, stands still there and says so")
    func plays() async throws {
        let source = try self.recording()
        source.setSpeed(1_000)
        let run = self.start(source, isPaused: false)
        await self.terminal.frame { $0.contains("second") && $0.contains("PAUSED") && $0.contains("the recording ends here") }
        self.terminal.type("Q")
        #expect(await run.value.exitCode == 0)
    }

    @Test("that is still being made is followed: what is added is shown, and the end when it comes")
    func follows() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString).jsonl").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let container = Container(name: "app")
        let recorder = try Recorder(container, path: path, header: RecordingHeader(container: "", origin: "x", clockOriginNanoseconds: 0))
        _ = try container.openScope(named: "first")
        try recorder.record()
        let source = RecordedSource(try RecordedPictures(path: path), time: .jumping())
        #expect(source.extent.mayGrow)
        let run = self.start(source, isPaused: false)
        await self.terminal.frame { $0.contains("first") && $0.contains("FOLLOW") }
        _ = try container.openScope(named: "second")
        try recorder.record()
        await self.terminal.frame { $0.contains("second") && $0.contains("FOLLOW") }
        try recorder.finish()
        await self.terminal.frame { $0.contains("PAUSED") && $0.contains("the recording ends here") }
        self.terminal.type("Q")
        #expect(await run.value.exitCode == 0)
    }
}

extension TimeSource {
    /// A clock that stands at whatever moment somebody has waited for last, so that nobody waits.
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
