import ArgumentParser
import Foundation
import ResourceContainer
import ResourceRecording
import Testing

@testable import resmon

@Suite("Feeds in place of recordings")
struct FeedFileTests {
    private let path = NSTemporaryDirectory() + "resmon-\(UUID().uuidString).jsonl"

    private func write(_ lines: String...) throws {
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: self.path))
    }

    private func remove() {
        try? FileManager.default.removeItem(atPath: self.path)
    }

    private static let header = #"{"resmon":1,"container":"shop","at":1700000000}"#

    @Test("A feed is read as a recording, and the temporary file is removed.")
    func feed() throws {
        defer { self.remove() }
        try self.write("Listening on :8080", Self.header, #"{"make":"Cart","id":"c1","at":1700000001}"#, #"{"ready":"c1","at":1700000012}"#)
        let file = try FeedFile(self.path)
        #expect(file.isFeed)
        #expect(file.path != self.path)
        let verdict = try RecordingVerdict(path: file.path, limits: RecordingLimits())
        #expect(verdict.passed)
        #expect(verdict.remarks == [])
        #expect(verdict.report.overall.resourcesCreated == 1)
        #expect(verdict.seconds == 12)
        file.remove()
        #expect(!FileManager.default.fileExists(atPath: file.path))
        #expect(FileManager.default.fileExists(atPath: self.path))
    }

    @Test("A check of a feed fails with the exit code of a check, and a frame of it shows its types.")
    func commands() async throws {
        defer { self.remove() }
        try self.write(Self.header, #"{"open":"r1"}"#, #"{"make":"Session","id":"s1","in":"r1"}"#, #"{"ready":"s1"}"#, #"{"close":"r1"}"#)
        #expect(await Program.run(["check", self.path]) == ExitStatus.checkFailed)
        #expect(await Program.run(["check", self.path, "--fail-on", "books"]) == ExitStatus.success)
        let words = ["--recording", self.path, "--view", "findings"]
        let plan = try SnapshotPlan(try SnapshotCommand.parse(words), Surroundings(environment: [:], executable: "/nowhere/resmon"))
        var frames: [String] = []
        try await plan.frames { frames.append($0) }
        #expect(frames.first?.contains("Session") == true)
    }

    @Test("A check states how many lines of a feed were not used.")
    func unusedLines() throws {
        defer { self.remove() }
        try self.write(Self.header, #"{"ready":"gone"}"#, #"{"make":"Cart"}"#, #"{"open":"r1"}"#)
        let file = try FeedFile(self.path)
        defer { file.remove() }
        let remark = try #require(file.remark)
        #expect(remark.hasPrefix("2 lines of the feed could not be used; the first: "))
        #expect(remark.contains("gone"))
    }

    @Test("A feed of another version is refused with its version and the name of the file.")
    func otherVersion() throws {
        defer { self.remove() }
        try self.write(#"{"resmon":2}"#)
        let error = #expect(throws: RecordingError.self) { try FeedFile(self.path) }
        let text = try #require(error).description
        #expect(text.contains("the feed has version 2, and this resmon reads version 1"))
        #expect(text.contains(self.path))
    }

    @Test("The check and the dashboard state the same about an instance that was left behind.")
    func leftBehind() throws {
        defer { self.remove() }
        try self.write(Self.header, #"{"open":"r1"}"#, #"{"make":"Session","id":"s1","in":"r1"}"#, #"{"ready":"s1"}"#, #"{"close":"r1"}"#)
        let file = try FeedFile(self.path)
        defer { file.remove() }
        let verdict = try RecordingVerdict(path: file.path, limits: RecordingLimits())
        #expect(verdict.violations.map(\.rule) == ["abandoned"])
        #expect(verdict.violations.first?.evidence == ResourceEvent.droppedText)
    }

    @Test("A file that is no feed is left to the reader of recordings.", arguments: ["", "no feed", #"{"n":0,"t":0}"#])
    func otherFiles(text: String) throws {
        defer { self.remove() }
        try self.write(text)
        let file = try FeedFile(self.path)
        #expect(!file.isFeed)
        #expect(file.path == self.path)
        #expect(try !FeedFile("/nowhere/feed.jsonl").isFeed)
    }
}
