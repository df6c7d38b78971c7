import DemoScenarios
import Foundation
import ResourceRecording
import ResourceScenarios
import Testing

@testable import resmon

@Suite("Mutated recordings")
struct MutatedRecordingTests {
    /// Creates a directory with a recording of every scenario.
    private static func recordings(for seconds: Int) async throws -> URL {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for scenario in Scenarios.all {
            var made: Recorder?
            let path = directory.appendingPathComponent("\(scenario.name).jsonl").path
            let options = ScenarioOptions(resources: scenario.name == "storm" ? 50 : nil)
            let session = try SimulatedSession(scenario, seed: 7, options: options) { container, health in
                let header = RecordingHeader(
                    container: "app",
                    origin: "simulated seed 7",
                    clockOriginNanoseconds: 1_767_268_800_000_000_000
                )
                made = try Recorder(container, health: health, path: path, header: header)
            }
            let recorder = try #require(made)
            for step in 0..<seconds * 4 {
                _ = await session.advance()
                try recorder.record()
                // Write snapshots more often than the short run would.
                if step % 7 == 6 { try recorder.recordPicture() }
            }
            try recorder.finish()
        }
        return directory
    }

    /// Examines the mutations for `seeds`, cycling through the scenarios, and calls `before` with each seed.
    private static func examine(_ seeds: Range<UInt64>, in directory: URL, before: (UInt64) -> Void = { _ in }) throws -> Results {
        var results = Results()
        let names = Scenarios.all.map { $0.name }
        var mutators: [String: RecordingMutator] = [:]
        let path = directory.appendingPathComponent("changed-\(seeds.lowerBound).jsonl").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var examiner = try RecordingExaminer(path: path)
        for seed in seeds {
            before(seed)
            let name = names[Int(seed % UInt64(names.count))]
            if mutators[name] == nil {
                mutators[name] = try RecordingMutator(try Data(contentsOf: directory.appendingPathComponent("\(name).jsonl")))
            }
            guard let data = mutators[name]?.mutated(seed: seed) else { continue }
            try data.write(to: URL(fileURLWithPath: path))
            let began = ContinuousClock.now
            let outcome = try examiner.examine(turn: Self.isSoak || seed % 40 == 0 ? nil : Int(seed))
            results.slowest = max(results.slowest, ContinuousClock.now - began)
            results.outcomes[outcome, default: 0] += 1
            if examiner.problems.isEmpty { continue }
            // Keep the failing file for inspection.
            let kept = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-seed-\(seed)-\(name).jsonl").path
            try data.write(to: URL(fileURLWithPath: kept))
            results.problems.append("\(kept):\n" + examiner.problems.map { "  \($0)\n" }.joined())
        }
        return results
    }

    private struct Results {
        var outcomes: [RecordingExaminer.Outcome: Int] = [:]
        var problems: [String] = []
        var slowest = Duration.zero
    }

    private static let isSoak = ProcessInfo.processInfo.environment["RESMON_SOAK"] == "1"

    @Test(
        "A mutated recording is rejected, reported damaged, or shown with figures that agree in all views and balance.",
        .disabled(if: Self.isSoak)
    )
    func mutatedRecordings() async throws {
        let directory = try await Self.recordings(for: 3)
        defer { try? FileManager.default.removeItem(at: directory) }
        let results = try Self.examine(0..<32, in: directory)
        #expect(results.problems.isEmpty, "\(results.problems.prefix(10).joined(separator: "\n"))")
        #expect(results.outcomes[.damaged, default: 0] > 12)
        #expect(results.outcomes[.whole, default: 0] > 1)
    }

    /// The environment variable that gives the child process its seeds and its directory.
    private static let work = "RESMON_MUTATED_RECORDINGS"

    @Test("20,000 mutated recordings end no process and take no excessive time, in every format.", .enabled(if: Self.isSoak))
    func manyMutatedRecordings() async throws {
        let directory = try await Self.recordings(for: 6)
        defer { try? FileManager.default.removeItem(at: directory) }
        let environment = ProcessInfo.processInfo.environment
        let (count, batch) = (UInt64(environment["RESMON_MUTATIONS"] ?? "") ?? 20_000, UInt64(250))
        for first in stride(from: UInt64(environment["RESMON_FIRST_MUTATION"] ?? "") ?? 0, to: count, by: Int(batch)) {
            let end = min(count, first + batch)
            setenv(Self.work, "\(first) \(end) \(directory.path)", 1)
            // A trap or a file that takes more than 5 s ends the child; the last noted seed names the cause.
            await #expect(processExitsWith: .success) { try Self.child() }
            let note = directory.appendingPathComponent("notes-\(first)")
            let text = (try? String(contentsOf: note, encoding: .utf8)) ?? "not started"
            #expect(text.hasSuffix("done\n"), "\(text)")
            if text.hasSuffix("done\n") {
                print("mutated recordings \(first)..<\(end): \(text.split(separator: "\n").last(where: { $0 != "done" }) ?? "")")
            }
        }
    }

    private static func child() throws {
        let work = (ProcessInfo.processInfo.environment[Self.work] ?? "").split(separator: " ", maxSplits: 2)
        guard work.count == 3, let first = UInt64(work[0]), let end = UInt64(work[1]) else { exit(EXIT_FAILURE) }
        let directory = URL(fileURLWithPath: String(work[2]))
        let note = directory.appendingPathComponent("notes-\(first)")
        let results = try Self.examine(first..<end, in: directory) { seed in
            alarm(5)
            try? Data("seed \(seed)\n".utf8).write(to: note)
        }
        alarm(0)
        let text = results.problems.joined(separator: "\n") + "\n\(results.outcomes), the slowest took \(results.slowest)\n"
        try Data((text + (results.problems.isEmpty ? "done\n" : "")).utf8).write(to: note)
        exit(EXIT_SUCCESS)
    }
}
