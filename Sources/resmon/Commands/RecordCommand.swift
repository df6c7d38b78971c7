import ArgumentParser
import DemoScenarios
import ResourceAttachClient
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive
import ResourceMonitoring
import ResourceRecording
import ResourceScenarios
import UnixSignals

/// `resmon record`: records a scenario, or a running process, to a file.
struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract:
            "Run a scenario, or watch a process, and record it, for 'resmon replay', 'resmon check' and 'resmon snapshot --recording'."
    )

    @Argument(help: ArgumentHelp("The scenario; 'resmon scenarios' lists them.", valueName: "name"), completion: .scenarios)
    var scenario: String?

    @Option(
        help: ArgumentHelp("Record a running process instead of a scenario; 'resmon ps' lists them.", valueName: "process"),
        completion: .processes
    )
    var attach: String?

    @Flag(help: "Run the scenario in virtual time with a seed; every run writes the same bytes.")
    var simulated = false

    @Option(parsing: .unconditional, help: ArgumentHelp("The seed of the simulated run (default 7).", valueName: "n"))
    var seed: String?

    @OptionGroup var choices: ScenarioChoices

    @Option(
        name: .customLong("for"),
        parsing: .unconditional,
        help: ArgumentHelp("The length: 500ms, 12s, 5m or 1h; by default a live recording runs until Ctrl-C.", valueName: "time")
    )
    var length: String?

    @Option(
        help: ArgumentHelp("The file, or - for standard output (default: a new file in the directory of recordings).", valueName: "path"),
        completion: .file(extensions: ["jsonl"])
    )
    var output: String?

    func run() async throws {
        if let process = self.attach { return try await self.record(process) }
        let scenario = try ScenarioArgument.parse(self.scenario)
        let options = try self.choices.options(of: scenario, isLive: !self.simulated)
        let length = try self.chosenLength()
        if !self.simulated, self.seed != nil { throw UsageFault("--seed applies only to a simulated run: add --simulated") }
        if self.simulated, length == nil { throw UsageFault("--for is missing: give the virtual time to record, such as --for 1m") }
        let path = try Recordings.newPath(self.output, prefix: scenario.name)
        let seed = try self.seed.map { text throws(UsageFault) in try SeedArgument.parse("--seed", text) } ?? SimulationOptions.defaultSeed
        let recorder: Recorder
        if self.simulated {
            let run = SimulatedRun(scenario: scenario, seed: seed, options: options)
            recorder = try await Self.simulate(run, for: length ?? .zero, to: path)
        } else {
            recorder = try await Self.live(scenario, options, for: length, to: path)
        }
        try Recordings.report("recorded", recorder.length, to: recorder.path)
    }

    private func chosenLength() throws(UsageFault) -> Duration? {
        guard let length = self.length else { return nil }
        let longest = self.simulated ? DurationArgument.longest : DurationArgument.longestRecorded
        return try DurationArgument("--for", parsing: length, longest: longest).duration
    }

    /// Records a running process. The options of scenarios are errors.
    private func record(_ process: String) async throws {
        let scenario = self.scenario.map { _ in "a scenario" } ?? (self.simulated ? "--simulated" : nil)
        if let other = scenario ?? self.seed.map({ _ in "--seed" }) ?? self.choices.given {
            throw UsageFault("--attach and \(other) contradict each other: give one of them")
        }
        let length = try self.chosenLength()
        let endpoint = try AttachArguments.one([process], "--attach")
        let path = try Recordings.newPath(self.output, prefix: process.contains("/") ? "attached" : process)
        let recording = try await Self.attached(to: endpoint, for: length, to: path)
        try Recordings.report("recorded", recording.length, to: recording.path)
    }

    private static func recorder(_ container: Container, _ health: HealthChecker, _ path: String, origin: String, clock: WallClock)
        throws -> Recorder
    {
        do {
            return try Recorder(container, health: health, path: path, header: RecordingHeader(origin: origin, clock: clock))
        } catch let error where !error.isCutOff {
            // The recording has not begun, so this is an error in the arguments.
            throw UsageFault(error.description)
        }
    }

    private static func simulate(_ run: SimulatedRun, for length: Duration, to path: String) async throws -> Recorder {
        var made: Recorder?
        let session = try SimulatedSession(run.scenario, seed: run.seed, options: run.options) { container, health in
            made = try Self.recorder(container, health, path, origin: run.origin, clock: SimulatedRun.clock)
        }
        guard let recorder = made else { throw UsageFault("the scenario \(run.scenario.name) has no container to record") }
        while await session.time < length {
            _ = await session.advance(to: min(length, await session.time + SimulatedSession.step))
            try recorder.record()
        }
        try recorder.finish()
        return recorder
    }

    /// Records a scenario on real databases, files and sockets, until the time is over or a signal requests the end.
    private static func live(_ scenario: any Scenario.Type, _ options: ScenarioOptions, for length: Duration?, to path: String) async throws
        -> Recorder
    {
        var made: Recorder?
        let running = try LiveScenario(scenario, options: options, readonly: true) { container, health in
            made = try Self.recorder(container, health, path, origin: "in-process", clock: .here)
        }
        guard let recorder = made else { throw UsageFault("the scenario \(scenario.name) has no container to record") }
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        if length == nil { Console.complain("recording \(scenario.name) to \(path); Ctrl-C ends it") }
        let ending = await RecordingRun.run(for: length, signals, stop: { recorder.stop() }) { try await recorder.run() }
        // Close the scenario, even if the recording failed.
        _ = await running.end(within: DemoPlan.closingBudget)
        _ = try ending.get()
        return recorder
    }

    /// Records the container of a running process, until the time is over, a signal requests the end, or the process ends.
    private static func attached(to endpoint: AttachEndpoint, for length: Duration?, to path: String) async throws -> AttachedRecording {
        let recording: AttachedRecording
        do {
            recording = try AttachedRecording(endpoint, to: path)
        } catch {
            throw UsageFault(error.description)
        }
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        if length == nil { Console.complain("recording \(endpoint) to \(path); Ctrl-C ends it") }
        let ending = await RecordingRun.run(for: length, signals, stop: { recording.stop() }) { try await recording.run() }
        _ = try ending.get()
        return recording
    }
}
