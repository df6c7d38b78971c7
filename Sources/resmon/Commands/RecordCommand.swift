import ArgumentParser
import DemoScenarios
import Foundation
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive
import ResourceMonitoring
import ResourceRecording
import ResourceScenarios
import UnixSignals

/// `resmon record`: records a scenario to a file.
struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Run a scenario and record it, for 'resmon replay', 'resmon check' and 'resmon snapshot --recording'."
    )

    @Argument(help: ArgumentHelp("The scenario; 'resmon scenarios' lists them.", valueName: "name"), completion: .scenarios)
    var scenario: String?

    @Flag(help: "Run the scenario in virtual time with a seed; every run writes the same bytes.")
    var simulated = false

    @Option(parsing: .unconditional, help: ArgumentHelp("The seed of the simulated run (default 7).", valueName: "n"))
    var seed: String?

    @OptionGroup var choices: ScenarioChoices

    @Option(
        name: .customLong("for"),
        parsing: .unconditional,
        help: ArgumentHelp("The length: 500ms, 12s, 5m or 1h; by default a live scenario runs until Ctrl-C.", valueName: "time")
    )
    var length: String?

    @Option(
        help: ArgumentHelp("The file, or - for standard output (default: a new file in the directory of recordings).", valueName: "path"),
        completion: .file(extensions: ["jsonl"])
    )
    var output: String?

    func run() async throws {
        let scenario = try ScenarioArgument.parse(self.scenario)
        let options = try self.choices.options(of: scenario, isLive: !self.simulated)
        let longest = self.simulated ? DurationArgument.longest : DurationArgument.longestRecorded
        let length = try self.length.map { try DurationArgument("--for", parsing: $0, longest: longest).duration }
        if !self.simulated, self.seed != nil { throw UsageFault("--seed applies only to a simulated run: add --simulated") }
        if self.simulated, length == nil { throw UsageFault("--for is missing: give the virtual time to record, such as --for 1m") }
        let path = try self.path(scenario.name)
        let seed = try self.seed.map { text throws(UsageFault) in try SeedArgument.parse("--seed", text) } ?? SimulationOptions.defaultSeed
        let recorder: Recorder
        if self.simulated {
            let run = SimulatedRun(scenario: scenario, seed: seed, options: options)
            recorder = try await Self.simulate(run, for: length ?? .zero, to: path)
        } else {
            recorder = try await Self.live(scenario, options, for: length, to: path)
        }
        let isOut = recorder.path == "-"
        let line = "recorded \(Format.bytes(recorder.length)) to \(isOut ? "standard output" : recorder.path)"
        if isOut { Console.complain(line) } else { try Console.show(line + "\n") }
    }

    private func path(_ prefix: String) throws(UsageFault) -> String {
        if self.output == "" { throw UsageFault("--output: the name is empty: give the name of a file, or - for standard output") }
        do {
            return try RecordingPath.path(self.output ?? "", prefix: prefix)
        } catch {
            throw UsageFault("\(self.output == nil ? "" : "--output: ")\(error)")
        }
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
        let ending = await Self.run(recorder, for: length, signals)
        // Close the scenario, even if the recording failed.
        _ = await running.end(within: DemoPlan.closingBudget)
        try ending.get()
        return recorder
    }

    /// Records until the time is over, a signal arrives, or a write fails.
    private static func run(_ recorder: Recorder, for length: Duration?, _ signals: UnixSignalsSequence) async -> Result<Void, any Error> {
        await withTaskGroup(of: Result<Void, any Error>.self) { group in
            group.addTask {
                for await _ in signals { break }
                return .success(())
            }
            if let length {
                group.addTask {
                    try? await Task.sleep(for: length)
                    return .success(())
                }
            }
            group.addTask {
                do throws(RecordingError) {
                    try await recorder.run()
                    return .success(())
                } catch {
                    return .failure(error)
                }
            }
            // The first result ends the recording. The recorder may still fail when it writes its last line.
            var ending = await group.next() ?? .success(())
            recorder.stop()
            group.cancelAll()
            for await other in group {
                if case .failure = other { ending = other }
            }
            return ending
        }
    }
}
