import Foundation
import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceRecording

@Suite("Impossible figures in a recording")
struct ImpossibleFiguresTests {
    /// A change of one line, with the expected reason.
    struct Change: Sendable, CustomTestStringConvertible {
        var line: Int
        var old: String
        var new: String
        var reason: String

        init(_ line: Int, _ old: String, _ new: String, _ reason: String) {
            (self.line, self.old, self.new, self.reason) = (line, old, new, reason)
        }

        var testDescription: String { "line \(self.line): \(self.new.prefix(60))" }
    }

    static let changes = [
        Change(1, #""clockOriginNanoseconds":1767268800000000000"#, #""clockOriginNanoseconds":-9223372036854775808"#, "clock's origin"),
        Change(1, #""clockOffsetSeconds":0"#, #""clockOffsetSeconds":9223372036854775807"#, "the offset from UTC"),
        Change(1, #""stormRate":50"#, #""stormRate":-1"#, "a threshold for findings"),
        Change(1, #""slowDispose":1000000000"#, #""slowDispose":-1"#, "a threshold for findings"),
        Change(1, #""scopeFactor":3"#, #""scopeFactor":-3"#, "the factor for scopes"),
        Change(2, #""created":0,"disposed":0"#, #""created":9223372036854775807,"disposed":0"#, "the books of the container"),
        Change(2, #""ready":0},"id":0"#, #""ready":9223372036854775807},"id":0"#, "the books of scope 0"),
        Change(2, #""ready":0},"id":0"#, #""ready":-1},"id":0"#, "the books of scope 0"),
        Change(2, #""sequence":1,"time":0"#, #""sequence":1,"time":-1"#, "the time of the snapshot"),
        Change(2, #""closedScopes":0"#, #""closedScopes":-1"#, "closed scopes"),
        Change(2, #""openedAt":0"#, #""openedAt":-5"#, "the start of scope 0"),
        Change(2, #""id":0,"name":"app""#, #""id":4,"name":"app""#, "scope 4 has no parent"),
        Change(3, #""n":5"#, #""n":6"#, "event 6 follows event 4"),
        Change(3, #""s":0,"t":1000000}"#, #""s":0,"t":-1000000}"#, "before the clock's origin"),
        Change(3, #""t":4000000,"#, #""t":4000000000,"#, "is after the line's time"),
        Change(3, #""took":1000000}"#, #""took":-9000000000000000000}"#, "is not a duration"),
        Change(3, #""took":1000000}"#, #""took":100000000000}"#, "lasts longer than its instance"),
        Change(3, #""k":"ready","n":5,"order":1,"r":1"#, #""k":"ready","n":5,"order":1,"r":2"#, "an unknown instance"),
        Change(3, #""b":0,"k":"ready""#, #""b":7,"k":"ready""#, "an unknown binding"),
        Change(3, #""parent":0,"s":1"#, #""parent":1,"s":1"#, "which is not open"),
        Change(3, #""parent":0,"s":1"#, #""parent":0,"values":[9],"s":1"#, "provides a value of an unknown binding"),
        Change(3, #""order":1"#, #""needs":[1],"order":1"#, "depends on itself"),
        Change(3, #""k":"initialising""#, #""k":"imagining""#, "has an unknown kind"),
        Change(4, #""uses":[1,2]"#, #""uses":[1,-2]"#, "its body"),
        Change(4, #""uses":[1,2]"#, #""uses":[1,9223372036854775807]"#, "the uses of instance #1"),
        Change(5, #""k":"disposed""#, #""k":"abandoned","phase":"initialise","budget":1"#, "becomes abandoned but is disposing"),
        Change(5, #""k":"disposing","n":7,"r":1,"s":1"#, #""k":"disposing","n":7,"r":1,"s":0"#, "has changed its binding or scope"),
        Change(5, #""disposed":1,"k":"closed""#, #""disposed":2,"k":"closed""#, "reports 2 disposed instances"),
        Change(5, #""threw":0"#, #""threw":3"#, "3 disposes that threw"),
        Change(5, #""k":"closing","n":6,"s":1"#, #""k":"closing","n":6,"s":9"#, "scope 9 closes but is not open"),
    ]

    @Test("A line with an impossible figure is damaged, and the check fails with the line and the reason.", arguments: Self.changes)
    func damaged(_ change: Change) throws {
        let file = try TestFile(WrittenRecording.plain.replacing(change.old, with: change.new, inLine: change.line).data())
        let verdict = try file.verdict
        let evidence = verdict.violations.first { $0.rule == "damaged" }?.evidence ?? "nothing is damaged"
        #expect(evidence.hasPrefix("line \(change.line) is damaged: "))
        #expect(evidence.contains(change.reason), "\(evidence)")
        let overall = verdict.report.overall
        #expect(overall.resourcesCreated == overall.activeResources + overall.resourcesDisposed + overall.initFailed + overall.abandoned)
    }

    @Test("A header with an impossible figure is skipped, and the other lines are still used.")
    func impossibleHeader() throws {
        let wrong = WrittenRecording.plain.replacing(#""stormRate":50"#, with: #""stormRate":-1"#, inLine: 1)
        let verdict = try TestFile(wrong.data()).verdict
        #expect(verdict.report.overall.resourcesCreated == 1)
        #expect(verdict.report.overall.resourcesDisposed == 1)
        #expect(verdict.violations.map(\.rule) == ["damaged"])
    }

    @Test("Any valid figure is accepted, however large: limits that are never reached and endless waiting times.")
    func largeFigures() throws {
        let never = WrittenRecording.plain.replacing(#""stormRate":50"#, with: #""stormRate":9223372036854775807"#, inLine: 1)
            .replacing(#""scopeFactor":3"#, with: #""scopeFactor":1e300"#, inLine: 1)
            .replacing(#""quietAfter":60000000000"#, with: #""quietAfter":9223372036854775807"#, inLine: 1)
        let verdict = try TestFile(never.data()).verdict
        #expect(verdict.passed, "\(verdict.violations)")
    }

    @Test("An impossible figure in a snapshot that is not needed is reported and affects no other line.")
    func unneededSnapshot() throws {
        var recording = WrittenRecording.plain
        let picture = recording.lines[1]
        recording.lines.insert(picture, at: 2)
        #expect(try TestFile(recording.data()).verdict.passed)
        recording = recording.replacing(#""sequence":1"#, with: #""sequence":1,"x":0"#, inLine: 3)
            .replacing(#""closedScopes":0"#, with: #""closedScopes":3"#, inLine: 3)
        let verdict = try TestFile(recording.data()).verdict
        #expect(verdict.violations.map(\.rule) == ["damaged"])
        #expect(verdict.violations.first?.evidence.hasPrefix("line 3 is damaged") == true)
        #expect(verdict.report.overall.resourcesDisposed == 1)
    }

    @Test("A text of more than 64 kB is not read, and longer texts are shortened when they are written.")
    func texts() throws {
        let long = String(repeating: "x", count: 70_000)
        let read = WrittenRecording.plain.replacing(#""name":"req-1""#, with: #""name":"\#(long)""#, inLine: 3)
        let evidence = try TestFile(read.data()).verdict.violations.first?.evidence
        #expect(evidence?.contains("a text of 70000 bytes") == true)

        let time = TimeSource.Instant(nanoseconds: 1)
        let scope = ScopeSnapshot(
            id: ScopeID(1),
            name: String(repeating: "ü\n\u{1B}", count: 700_000),
            parent: .root,
            location: CodeLocation(file: "App/Main.swift", line: 1),
            openedAt: time
        )
        let event = ResourceEvent(sequence: 1, time: time, scope: scope.id, kind: .scopeOpened(scope))
        var encoder = RecordingEncoder()
        let line = try encoder.line(MonitorInput(time: time, batch: EventBatch(events: [event])))
        #expect(line.count < 50_000)
    }

    @Test("Shortened texts end at a complete character and a complete escape sequence.")
    func cuts() throws {
        let text = String(repeating: "aü€😀\u{1B}\"\\", count: 20)
        for limit in 5...60 {
            var json = JSONBytes(textLimit: limit)
            json.open("{")
            json.field("short", "b")
            json.field("text", text)
            json.close("}")
            let cut = try JSONDecoder().decode([String: String].self, from: Data(json.bytes))
            let kept = try #require(cut["text"])
            #expect(kept.hasSuffix("…"))
            #expect(text.hasPrefix(kept.dropLast()))
            #expect(cut["short"] == "b")
        }
    }
}
