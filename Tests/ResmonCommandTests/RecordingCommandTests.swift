import ArgumentParser
import DemoScenarios
import Foundation
import ResourceContainer
import ResourceRecording
import Testing

@testable import resmon

@Suite("Recording commands")
struct RecordingCommandTests {
    private let path = NSTemporaryDirectory() + "resmon-\(UUID().uuidString).jsonl"

    private func record(_ scenario: String, for time: String = "20s", seed: String = "3") async throws {
        let code = await Program.run(["record", scenario, "--simulated", "--seed", seed, "--for", time, "--output", self.path])
        #expect(code == ExitStatus.success)
    }

    private func remove() {
        try? FileManager.default.removeItem(atPath: self.path)
    }

    private func frames(_ arguments: [String]) async throws -> [String] {
        let plan = try SnapshotPlan(try SnapshotCommand.parse(arguments), Surroundings(environment: [:], executable: "/nowhere/resmon"))
        var frames: [String] = []
        try await plan.frames { frames.append($0) }
        return frames
    }

    @Test("A snapshot of a recording equals the snapshot of the recorded run byte for byte, in every format.")
    func snapshots() async throws {
        defer { self.remove() }
        try await self.record("checkout")
        for format in ["text", "ansi", "svg"] {
            let options = ["--at", "17300ms", "--view", "resources", "--format", format]
            let live = try await self.frames(["checkout", "--seed", "3"] + options)
            var recorded = try await self.frames(["--recording", self.path] + options)
            // The title of an SVG names its subject.
            recorded = recorded.map {
                $0.replacing("the recording \(self.path) at", with: "the scenario checkout, seed 3, at")
            }
            #expect(live == recorded)
        }
        let series = ["--every", "700ms", "--for", "5s", "--at", "2s"]
        let plan = series + ["--output", self.path + ".txt"]
        #expect(try await self.frames(["checkout", "--seed", "3"] + plan) == (try await self.frames(["--recording", self.path] + plan)))
    }

    @Test("A recording is private to its user, identical for the same seed, and never overwritten.")
    func file() async throws {
        defer { self.remove() }
        try await self.record("leak", for: "5s")
        let attributes = try FileManager.default.attributesOfItem(atPath: self.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let first = try Data(contentsOf: URL(fileURLWithPath: self.path))
        #expect(await Program.run(["record", "leak", "--simulated", "--for", "5s", "--output", self.path]) == ExitStatus.usage)
        #expect(try Data(contentsOf: URL(fileURLWithPath: self.path)) == first)
        // Neither a link nor the snapshot command's --force allows it.
        let link = self.path + ".link"
        defer { try? FileManager.default.removeItem(atPath: link) }
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: self.path)
        for arguments in [["--output", link], ["--output", self.path, "--force"]] {
            #expect(await Program.run(["record", "leak", "--simulated", "--for", "5s"] + arguments) == ExitStatus.usage)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: self.path)) == first)
        self.remove()
        try await self.record("leak", for: "5s")
        #expect(try Data(contentsOf: URL(fileURLWithPath: self.path)) == first)
    }

    @Test(
        "The check command reports the problems of a scenario, and nothing for a healthy one.",
        arguments: [
            ("leak", ["leak"]), ("quiet", []), ("outage", ["unhealthy"]),
        ]
    )
    func check(_ scenario: String, _ rules: [String]) async throws {
        defer { self.remove() }
        try await self.record(scenario, for: "90s")
        let verdict = try RecordingVerdict(path: self.path, limits: RecordingLimits())
        #expect(Set(verdict.violations.map(\.rule)) == Set(rules), "\(verdict.violations)")
        #expect(verdict.passed == rules.isEmpty)
        #expect(verdict.seconds > 89)
        #expect(verdict.remarks.isEmpty)
        let code = await Program.run(["check", self.path, "--json"])
        #expect(code == (rules.isEmpty ? ExitStatus.success : ExitStatus.checkFailed))
        #expect(await Program.run(["check", self.path, "--fail-on", "books"]) == ExitStatus.success)
    }

    @Test(
        "An output name with another format's extension or without a valid directory is rejected.",
        arguments: ["x.svg", "x.json", "", "/nowhere/x.jsonl"]
    )
    func names(name: String) async {
        #expect(await Program.run(["record", "quiet", "--simulated", "--for", "1s", "--output", name]) == ExitStatus.usage)
        #expect(!FileManager.default.fileExists(atPath: name.isEmpty ? "/nowhere" : name))
    }

    @Test("The check command enforces the limits given for types.")
    func limits() async throws {
        defer { self.remove() }
        try await self.record("checkout")
        func code(_ arguments: String...) async -> Int32 { await Program.run(["check", self.path, "--fail-on", "books"] + arguments) }
        #expect(await code("--max-active", "Cart=1") == ExitStatus.checkFailed)
        #expect(await code("--max-active", "Cart=1000") == ExitStatus.success)
        #expect(await code("--max-lifetime", "Cart=1ms") == ExitStatus.checkFailed)
        #expect(await code("--max-lifetime", "Cart=1h") == ExitStatus.success)
        #expect(await code("--max-active", "Nothing=1") == ExitStatus.usage)
        #expect(await code("--max-active", "Cart") == ExitStatus.usage)
        #expect(await code("--fail-on", "bad luck") == ExitStatus.usage)
        #expect(await Program.run(["check", self.path + ".none"]) == ExitStatus.usage)
    }

    @Test("A moment in a recording is limited by its length, not by a day.")
    func lengthOfRecording() async throws {
        defer { self.remove() }
        try await self.record("quiet", for: "5s")
        let options = ["--recording", self.path, "--view", "scopes"]
        #expect(try await self.frames(options + ["--at", "5s"]) == (try await self.frames(options)))
        let refusal = UsageFault("--at: the recording is 5.00s long: up to 5000ms is accepted")
        await #expect(throws: refusal) { try await self.frames(options + ["--at", "30h"]) }
        await #expect(throws: refusal) {
            try await self.frames(options + ["--at", "4s", "--every", "1s", "--for", "2s", "--output", "x.txt"])
        }
        #expect(await Program.run(["check", self.path, "--max-lifetime", "PriceCache=30h"]) == ExitStatus.success)
    }

    @Test("Control characters in recorded names are shown as text and cannot break out of their line.")
    func namesWithCommands() async throws {
        defer { self.remove() }
        let container = Container("app\u{1B}[2J")
        let recorder = try Recorder(
            container,
            path: self.path,
            header: RecordingHeader(container: "", origin: "x", clockOriginNanoseconds: 0)
        )
        try container.bind(Refusing.self) { Refusing() }
        try await container.withScope("GET /\r\n  leak: forged\u{1B}]0;pwned\u{7}") { scope in _ = try await scope.get(Refusing.self) }
        try recorder.finish()
        let text = try RecordingVerdict(path: self.path, limits: RecordingLimits()).text(of: self.path)
        #expect(text.contains("leak: forged␛]0;pwned␇"))
        let controls = text.unicodeScalars.filter { $0.properties.generalCategory == .control && $0 != "\n" }
        #expect(controls.isEmpty)
        #expect(!text.split(separator: "\n").contains { $0.hasPrefix("  leak: forged") })
    }
}

/// A resource whose `dispose` throws an error with control characters in its text.
private final class Refusing: Resource {
    func dispose() async throws {
        throw Refusal()
    }

    private struct Refusal: Error, CustomStringConvertible {
        var description: String { "no\r\n  leak: forged\u{1B}]0;pwned\u{7}" }
    }
}
