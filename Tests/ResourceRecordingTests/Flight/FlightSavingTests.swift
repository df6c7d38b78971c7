import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

@testable import ResourceRecording

@Suite("A flight recorder that saves by itself")
struct FlightSavingTests {
    /// The sentences that a recorder has logged.
    private final class Log: Sendable {
        private let kept = Lock<[String]>([])

        func add(_ sentence: String) { self.kept.withLock { $0.append(sentence) } }
        var sentences: [String] { self.kept.withLock { $0 } }
    }

    private static func recorder(_ world: FlightWorld, _ saving: FlightSaving, _ log: Log = Log()) -> FlightRecorder {
        FlightRecorder(world.container, header: FlightWorld.header, saving: saving) { log.add($0) }
    }

    @Test("A chosen finding causes one file with mode 0600, which contains the finding, and another one a minute later.")
    func finding() throws {
        let world = try FlightWorld()
        let log = Log()
        let flight = Self.recorder(world, try FlightSaving(directory: world.directory, findings: ["leak:upload-*", "never-used"]), log)
        _ = try world.container.openScope("download-1")
        world.run(for: .seconds(3)) { flight.turn() }
        #expect(world.names.isEmpty)
        _ = try world.container.openScope("upload-1")
        world.run(for: .seconds(3)) { flight.turn() }
        let name = try #require(world.names.first)
        #expect(world.names.count == 1)
        let parsed = try #require(FlightFileName(name, container: "app"))
        #expect(parsed.reason == .finding(.leak))
        #expect((3...6).contains(parsed.unixSeconds - Simulation.epochSeconds))
        let path = "\(world.directory)/\(name)"
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        let verdict = try RecordingVerdict(path: path, limits: RecordingLimits())
        #expect(verdict.violations.map(\.rule) == ["leak", "leak"])
        let sentence = try #require(log.sentences.first)
        #expect(log.sentences.count == 1)
        #expect(sentence.hasSuffix(" are saved to '\(path)': the finding leak was raised"))
        // The finding continues, and another subject waits for the end of the minute.
        _ = try world.container.openScope("upload-2")
        world.run(for: .seconds(50)) { flight.turn() }
        #expect(world.names.count == 1)
        world.run(for: .seconds(20)) { flight.turn() }
        #expect(world.names.count == 2)
        world.run(for: .seconds(120)) { flight.turn() }
        #expect(world.names.count == 2)
    }

    @Test("A finding name that does not exist is refused, and the error lists the names.")
    func unknownFinding() throws {
        let error = #expect(throws: RecordingError.self) { try FlightSaving(directory: "d", findings: ["leak", "leek"]) }
        #expect(error?.description.hasPrefix("unknown finding 'leek': expected one of leak, ") == true)
        #expect(throws: RecordingError("'leak:' names no subject; write leak for all, or leak:upload-* for some")) {
            try FlightSaving(directory: "d", findings: ["leak:"])
        }
        let saving = try FlightSaving(directory: "d", findings: ["books-unbalanced", "initialize-slow:Database*"])
        #expect(saving.needsFindings)
    }

    @Test("A close with errors is saved before the recorder ends, and a close without errors is not saved.", arguments: [true, false])
    func close(withErrors: Bool) throws {
        let world = try FlightWorld()
        let log = Log()
        let flight = Self.recorder(world, try FlightSaving(directory: world.directory), log)
        let names = Lock<[String]?>(nil)
        world.simulation.spawn {
            await flight.run()
            names.withLock { $0 = world.names }
        }
        world.simulation.run(for: .seconds(2))
        // An error before the close is none of the close.
        let container = world.container
        _ = try world.simulation.run {
            let scope = try container.openScope("first")
            _ = try await scope.get(FlightWorld.Part.self, name: "bad")
            return try await scope.close()
        }
        world.simulation.run(for: .seconds(2))
        _ = try world.simulation.run {
            let scope = try container.openScope("last")
            _ = try await scope.get(FlightWorld.Part.self, name: withErrors ? "bad" : nil)
            return try await container.close()
        }
        world.simulation.run(for: .seconds(2))
        let saved = try #require(names.withLock { $0 })
        #expect(saved == (withErrors ? ["flight-app-20260101T120004Z-close.jsonl"] : []))
        guard withErrors else { return }
        let verdict = try RecordingVerdict(path: "\(world.directory)/\(saved[0])", limits: RecordingLimits())
        #expect(verdict.report.overall.activeResources == 0)
        #expect(log.sentences.first?.hasSuffix(": the container was closed with errors") == true)
    }

    @Test("A close with errors is saved although the recorder is canceled right after it, as in a service group.")
    func canceledClose() throws {
        let world = try FlightWorld()
        let flight = Self.recorder(world, try FlightSaving(directory: world.directory))
        let task = world.simulation.spawn { await flight.run() }
        world.simulation.run(for: .milliseconds(2_100))
        let container = world.container
        _ = try world.simulation.run {
            let scope = try container.openScope("last")
            _ = try await scope.get(FlightWorld.Part.self, name: "bad")
            let report = try await container.close()
            task.cancel()
            return report
        }
        world.simulation.runUntilIdle()
        #expect(world.names == ["flight-app-20260101T120002Z-close.jsonl"])
        let verdict = try RecordingVerdict(path: "\(world.directory)/\(world.names[0])", limits: RecordingLimits())
        #expect(verdict.report.overall.activeResources == 0)
    }

    @Test("A file is saved in each interval, and files that are too old are dropped. Other files stay.")
    func interval() throws {
        let world = try FlightWorld()
        let others = ["flight-app-notes.jsonl", "flight-shop-20260101T120000Z-leak.jsonl", "flight-app-20260101T120000Z-leak.jsonl.gz"]
        for name in others { try Data("other".utf8).write(to: URL(fileURLWithPath: try world.path(name))) }
        let old = "flight-app-20260101T090000Z-never-used-2.jsonl"
        try Data("old".utf8).write(to: URL(fileURLWithPath: try world.path(old)))
        let saving = try FlightSaving(directory: world.directory, every: .seconds(3_600), retain: .seconds(2 * 3_600))
        let flight = Self.recorder(world, saving)
        flight.turn()
        #expect(world.names == others.sorted())
        for _ in 0..<5 * 60 + 30 {
            world.simulation.run(for: .seconds(60))
            flight.turn()
        }
        let files = ["flight-app-20260101T160000Z-interval.jsonl", "flight-app-20260101T170000Z-interval.jsonl"]
        #expect(world.names == (others + files).sorted())
        for file in files { #expect(try TestFile(Data(contentsOf: URL(fileURLWithPath: world.path(file)))).survey.isWhole) }
    }

    @Test("If the files are too large together, the oldest ones are dropped, and the newest one stays.")
    func totalSize() throws {
        let world = try FlightWorld()
        let flight = Self.recorder(world, try FlightSaving(directory: world.directory, every: .seconds(3_600), atMost: 1))
        for _ in 0..<3 * 60 {
            world.simulation.run(for: .seconds(60))
            flight.turn()
        }
        #expect(world.names == ["flight-app-20260101T150000Z-interval.jsonl"])
    }

    @Test("A file that exists is never replaced, and neither is a link.")
    func existingFile() throws {
        let world = try FlightWorld()
        let (first, second) = ("flight-app-20260101T130000Z-interval.jsonl", "flight-app-20260101T130000Z-interval-2.jsonl")
        try Data("mine".utf8).write(to: URL(fileURLWithPath: try world.path(first)))
        try FileManager.default.createSymbolicLink(atPath: try world.path(second), withDestinationPath: "nowhere")
        let flight = Self.recorder(world, try FlightSaving(directory: world.directory, every: .seconds(3_600)))
        for _ in 0..<60 {
            world.simulation.run(for: .seconds(60))
            flight.turn()
        }
        #expect(world.names == [second, "flight-app-20260101T130000Z-interval-3.jsonl", first].sorted())
        #expect(try Data(contentsOf: URL(fileURLWithPath: world.path(first))) == Data("mine".utf8))
    }

    @Test("An error of saving is logged and does not end the recording.")
    func errors() throws {
        let world = try FlightWorld()
        let log = Log()
        let file = try world.path("file")
        try Data().write(to: URL(fileURLWithPath: file))
        let flight = Self.recorder(world, try FlightSaving(directory: "\(file)/flights", every: .seconds(60)), log)
        world.run(for: .seconds(61)) { flight.turn() }
        let sentence = try #require(log.sentences.first)
        #expect(log.sentences.count == 1)
        #expect(sentence.hasPrefix("the flight recorder cannot save: the directory '\(file)/flights' cannot be created: "))
        #expect(try FlightWorld.survey(FlightWorld.lines(of: flight)).isWhole)
    }
}

@Suite("The names of the files of a flight recorder")
struct FlightFileNameTests {
    @Test("A name contains the container, the time in UTC, and the reason, and is read as it was written.")
    func roundTrip() throws {
        var name = FlightFileName(container: "shop", unixSeconds: 1_767_268_805, reason: .finding(.neverUsed))
        #expect(name.text == "flight-shop-20260101T120005Z-never-used.jsonl")
        for reason in [.failedClose, .interval, .finding(.leak), .finding(.leaseHeldTooLong)] as [FlightReason] {
            for attempt in [1, 2, 17] {
                (name.reason, name.attempt) = (reason, attempt)
                #expect(FlightFileName(name.text, container: "shop") == name)
            }
        }
    }

    @Test(
        "Names of other files are not taken for names of a recorder's files.",
        arguments: [
            "flight-shop-20260101T120005Z-leak.json", "flight-shop-20260101T120005Z-leak", "flight-shop-20260101T120005Z.jsonl",
            "flight-shop-20260101T120005Z-other.jsonl", "flight-shop-20260101T120005-leak.jsonl", "flight-shop.jsonl",
            "flight-shop-eu-20260101T120005Z-leak.jsonl", "flight-shop-20261301T120005Z-leak.jsonl", "recording-20260101-120005-123.jsonl",
            "flight-shop-20260101T120005Z-leak-1.jsonl", "flight-shop-20260101T120005Z-leak-02.jsonl",
            "flight-shop-20260101T120005Z-leak-+2.jsonl", "Flight-shop-20260101T120005Z-leak.jsonl", "",
        ]
    )
    func others(_ text: String) {
        #expect(FlightFileName(text, container: "shop") == nil)
    }

    @Test("Characters that have a meaning in paths are replaced in the container's name.")
    func container() {
        #expect(FlightFileName.part(of: "shop/../a 1ü") == "shop_.._a_1_")
        #expect(FlightFileName.part(of: String(repeating: "x", count: 200)).count == 60)
    }
}
