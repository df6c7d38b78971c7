import DemoScenarios
import Foundation
import ResourceRecording
import ResourceScenarios
import Testing

@testable import resmon

@Suite("A recording whose figures, texts or lines were changed")
struct MutatedRecordingTests {
    /// A directory with a recording of every scenario.
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
                // More whole pictures than there would be in so short a time.
                if step % 7 == 6 { try recorder.recordPicture() }
            }
            try recorder.finish()
        }
        return directory
    }

    /// Examines the changes with these seeds, those of one scenario after the other; `before` is told the seed.
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
            // Kept, to be looked at.
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

    @Test("is refused, said to be damaged, or shown with figures that agree in every view and balance", .disabled(if: Self.isSoak))
    func some() async throws {
        let directory = try await Self.recordings(for: 3)
        defer { try? FileManager.default.removeItem(at: directory) }
        let results = try Self.examine(0..<88, in: directory)
        #expect(results.problems.isEmpty, "\(results.problems.prefix(10).joined(separator: "\n"))")
        #expect(results.outcomes[.damaged, default: 0] > 35)
        #expect(results.outcomes[.whole, default: 0] > 3)
    }

    /// What a child process is told to examine.
    private static let work = "RESMON_MUTATED_RECORDINGS"

    @Test("20,000 times over never ends the process and takes no time, each in every format", .enabled(if: Self.isSoak))
    func many() async throws {
        let directory = try await Self.recordings(for: 6)
        defer { try? FileManager.default.removeItem(at: directory) }
        let (count, batch) = (UInt64(ProcessInfo.processInfo.environment["RESMON_MUTATIONS"] ?? "") ?? 20_000, UInt64(250))
        for first in stride(from: 0, to: count, by: Int(batch)) {
            let end = min(count, first + batch)
            setenv(Self.work, "\(first) \(end) \(directory.path)", 1)
            // A trap, or a file that takes more than five seconds, ends the child, and the last seed it noted is the culprit.
            await #expect(processExitsWith: .success) { try Self.child() }
            let note = directory.appendingPathComponent("notes-\(first)")
            let told = (try? String(contentsOf: note, encoding: .utf8)) ?? "nothing was begun"
            #expect(told.hasSuffix("done\n"), "\(told)")
            if told.hasSuffix("done\n") {
                print("mutated recordings \(first)..<\(end): \(told.split(separator: "\n").last(where: { $0 != "done" }) ?? "")")
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
        let told = results.problems.joined(separator: "\n") + "\n\(results.outcomes), the slowest took \(results.slowest)\n"
        try Data((told + (results.problems.isEmpty ? "done\n" : "")).utf8).write(to: note)
        exit(EXIT_SUCCESS)
    }
}
