import Foundation
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording
import Testing

@testable import ResourceDashboardLive

@Suite("Files written by the dashboard")
struct FileActionTests {
    private let directory = NSTemporaryDirectory() + "resmon-\(UUID().uuidString)"

    init() throws {
        try FileManager.default.createDirectory(atPath: self.directory, withIntermediateDirectories: true)
    }

    private func remove() { try? FileManager.default.removeItem(atPath: self.directory) }

    private func answer(_ effect: Effect) async -> String {
        switch await ControlAction(effect, control: nil).run() {
        case .done(effect, let text): "done: \(text)"
        case .failed(effect, let text): "failed: \(text)"
        case .occupied(effect): "occupied"
        case let other: "\(other)"
        }
    }

    @Test("An existing file is kept until the user confirms; overwriting keeps its mode and follows links.")
    func existingFile() async throws {
        defer { self.remove() }
        let (file, link) = ("\(self.directory)/a", "\(self.directory)/link")
        #expect(await self.answer(.write("one", to: file)) == "done: wrote \(file)")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "a")
        #expect(await self.answer(.write("two", to: link)) == "occupied")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "one")
        #expect(await self.answer(.overwrite("two", to: link)) == "done: wrote \(link)")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "two")
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "a")
    }

    @Test("A path that cannot be written is reported, and a pipe without a reader does not block.")
    func refused() async throws {
        defer { self.remove() }
        let pipe = "\(self.directory)/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        let end = ": choose another name or directory"
        #expect(
            await self.answer(.write("x", to: pipe)) == "failed: '\(pipe)' cannot be written: it is a pipe without a reader\(end)"
        )
        let none = "failed: '\(self.directory)/no/x' cannot be written: there is no directory '\(self.directory)/no'\(end)"
        #expect(await self.answer(.write("x", to: "\(self.directory)/no/x")) == none)
        #expect(await self.answer(.write("x", to: "-")) == "failed: standard output shows the dashboard: give the name of a file")
    }

    @Test("A recording whose reader closes is reported as cut off when quitting, with exit code 1.")
    func cutOff() async throws {
        defer { self.remove() }
        let pipe = "\(self.directory)/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        let reader = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        let container = Container("app")
        let terminal = FakeTerminal()
        let configuration = DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: terminal.size)
        let loop = DashboardLoop(
            terminal: terminal,
            source: LiveSource(container),
            state: DashboardState(configuration: configuration),
            rate: 4
        )
        let run = Task {
            var loop = loop
            return await loop.run()
        }
        terminal.type(":record \(pipe)")
        terminal.send(.input(.key(Key(.enter))))
        await terminal.frame { $0.contains("recording to ") }
        close(reader)
        terminal.type("Q")
        let outcome = await run.value
        #expect(outcome.recorded == [])
        #expect(outcome.cutOff.count == 1)
        #expect(outcome.cutOff.first?.hasPrefix("the recording to '\(pipe)' is cut off after ") == true)
        #expect(outcome.cutOff.first?.hasSuffix(": its reader has closed it") == true)
        #expect(outcome.summary.contains { $0 == outcome.cutOff.first })
        #expect(outcome.exitCode == 1)
        #expect(DashboardOutcome(reason: .signal(15)).exitCode == 143)
        try await container.close()
    }

    @Test("A recording that cannot begin leaves no file and does not change the exit code.")
    func notBegun() async throws {
        defer { self.remove() }
        let container = Container("app")
        for name in ["-", "\(self.directory)/x.svg", "\(self.directory)/none/x.jsonl"] {
            let terminal = FakeTerminal()
            let configuration = DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: terminal.size)
            let loop = DashboardLoop(
                terminal: terminal,
                source: LiveSource(container),
                state: DashboardState(configuration: configuration),
                rate: 4
            )
            let run = Task {
                var loop = loop
                return await loop.run()
            }
            terminal.type(":record \(name)")
            terminal.send(.input(.key(Key(.enter))))
            await terminal.frame { screen in ["give the name of a file", "another format", "no directory"].contains { screen.contains($0) }
            }
            terminal.type("Q")
            let outcome = await run.value
            #expect(outcome.cutOff == [])
            #expect(outcome.exitCode == 0)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.directory) == [])
        try await container.close()
    }

    @Test("Unnamed recordings go to a private state directory; without a home directory they fail.")
    func defaultPath() throws {
        defer { self.remove() }
        let path = try RecordingPath.path("", environment: ["HOME": self.directory])
        #expect(path.hasPrefix("\(self.directory)/.local/state/resmon/recording-"))
        let mode = try FileManager.default.attributesOfItem(atPath: "\(self.directory)/.local/state/resmon")[.posixPermissions] as? Int
        #expect(mode == 0o700)
        #expect(try RecordingPath.path("", environment: ["XDG_STATE_HOME": self.directory]).hasPrefix("\(self.directory)/resmon/"))
        #expect(throws: FileFault.self) { try RecordingPath.path("", environment: [:]) }
        #expect(throws: FileFault.self) { try RecordingPath.path("", environment: ["HOME": "/dev/null"]) }
    }
}
