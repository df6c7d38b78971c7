import DemoScenarios
import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

@testable import ResourceRecording

@Suite("The lines of a container as they happen")
struct RecordingPumpTests {
    /// A recorder's file and the lines of a pump, both of the same run. The pump also writes lines of attached streams.
    private static func run(_ name: String, for seconds: Int) async throws -> (recorded: [RecordingLine], pumped: [UInt8]) {
        let scenario = try #require(Scenarios.named(name))
        let header = RecordingHeader(container: "", origin: "a test", clockOriginNanoseconds: 1_767_268_800_000_000_000)
        let file = NSTemporaryDirectory() + "resmon-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: file) }
        var (madeRecorder, madePump) = (Recorder?.none, RecordingPump?.none)
        let options = ScenarioOptions(resources: name == "storm" ? 50 : nil)
        let session = try SimulatedSession(scenario, seed: 5, options: options) { container, _ in
            madeRecorder = try Recorder(container, path: file, header: header)
            madePump = RecordingPump(container, header: header)
        }
        let recorder = try #require(madeRecorder)
        var pump = try #require(madePump)
        var bytes = try pump.begin()
        for step in 0..<seconds * 4 {
            _ = await session.advance()
            try recorder.record()
            let pools = pump.isDue ? session.container.poolSamples() : nil
            bytes += try pump.turn(pools: pools)
            let now = session.container.environment.time.now
            switch step % 4 {
            case 0: bytes += try pump.beat(AttachBeat(lagNanoseconds: 1_000), at: now)
            case 1: bytes += try pump.answer(AttachAnswer(id: step, texts: ["a lease"]), at: now)
            case 2: bytes += try pump.report(session.monitor.report(), at: now)
            default: break
            }
        }
        try recorder.finish()
        // The recorder writes what is left before the end.
        bytes += try pump.turn(pools: nil)
        bytes += try pump.end(RecordingEnd())
        return (try FlightWorld.lines(ofFile: file), bytes)
    }

    @Test(
        "Without the lines of attached streams, the lines are those of a recorder at the same times.",
        arguments: ["checkout", "exhaustion", "outage", "storm"]
    )
    func sameAsRecorder(_ name: String) async throws {
        let (recorded, bytes) = try await Self.run(name, for: name == "storm" ? 3 : 25)
        let lines = try FlightWorld.lines(bytes)
        let attached: Set<String> = ["beat", "answer", "report"]
        #expect(lines.filter { !attached.contains($0.kind) } == recorded)
        #expect(Set(lines.map(\.kind)) == Set(recorded.map(\.kind)).union(attached))
    }

    @Test("A saved stream with lines of attached streams is a whole recording without remarks.")
    func passesTheCheck() async throws {
        let (_, bytes) = try await Self.run("checkout", for: 10)
        let file = try TestFile(Data(bytes))
        let survey = try file.survey
        #expect(survey.remarks.isEmpty)
        #expect(survey.isWhole)
        #expect(survey.unknownLines == 0)
        #expect(try file.verdict.remarks.isEmpty)
    }

    @Test("A pump releases the snapshot that its first lines contain.")
    func releasedSnapshot() throws {
        let container = Container("app")
        var pump = RecordingPump(container, header: RecordingHeader(container: "", origin: "a test", clockOriginNanoseconds: 0))
        #expect(pump.tap.snapshot.scopes.count == 1)
        _ = try pump.begin()
        #expect(pump.tap.snapshot.scopes.isEmpty)
    }

    @Test("A due snapshot is taken in a later turn if the turn in which it becomes due may take none.")
    func laterSnapshot() throws {
        let world = try FlightWorld()
        var pump = RecordingPump(world.container, header: FlightWorld.header)
        _ = try pump.begin()
        #expect(pump.takeSnapshot() != nil)
        func kinds(mayTakeSnapshot: Bool) throws -> [String] {
            let bytes = try pump.turn(pools: nil, mayTakeSnapshot: mayTakeSnapshot)
            return try bytes.split(separator: 0x0A).map { try RecordingLine(parsing: $0).kind }
        }
        try FlightWorld.work(world.container, scopes: 100)
        #expect(try kinds(mayTakeSnapshot: false) == ["input"])
        #expect(pump.takeSnapshot() == nil)
        #expect(try kinds(mayTakeSnapshot: true) == ["input", "snapshot"])
        #expect(pump.takeSnapshot() != nil)
        #expect(try kinds(mayTakeSnapshot: true) == ["input"])
        #expect(pump.takeSnapshot() == nil)
    }

    @Test("A recorder writes once for each step of the grid while something happens, and once a second otherwise.")
    func pace() {
        let pace = RecordingPace()
        let last = TimeSource.Instant(nanoseconds: 1_260_000_000)
        #expect(pace.due(after: last, hasNews: true) == TimeSource.Instant(nanoseconds: 1_500_000_000))
        #expect(pace.due(after: last, hasNews: false) == TimeSource.Instant(nanoseconds: 2_260_000_000))
    }
}

@Suite("The stream of a recording's lines")
struct RecordingStreamTests {
    private static let header = RecordingHeader(container: "app", origin: "a test", clockOriginNanoseconds: 0)

    private static func time(_ milliseconds: Int64) -> TimeSource.Instant { TimeSource.Instant(nanoseconds: milliseconds * 1_000_000) }

    private static func line(_ bytes: [UInt8]) throws -> RecordingLine {
        try RecordingLine(parsing: bytes.dropLast())
    }

    @Test("Lines are numbered, and a snapshot that is older than the last input is not written.")
    func numbers() throws {
        var stream = RecordingStream()
        var snapshot = ContainerSnapshot(container: "app", sequence: 4, time: Self.time(5))
        let first = try stream.header(Self.header, at: snapshot.time)
        let second = try stream.picture(snapshot) ?? []
        let event = ResourceEvent(sequence: 5, time: Self.time(6), scope: .root, kind: .scopeClosing)
        let third = try stream.input(MonitorInput(time: Self.time(7), batch: EventBatch(events: [event])))
        let older = try stream.picture(snapshot)
        #expect(older == nil)
        snapshot.sequence = 5
        let fourth = try stream.picture(snapshot) ?? []
        let numbers = try [first, second, third, fourth].map { try Self.line($0).number }
        #expect(numbers == [0, 1, 2, 3])
        #expect(try Self.line(fourth).time == Self.time(7))
    }

    @Test("The lines of attached streams do not go back in time, and the end line has the time of the last input.")
    func times() throws {
        var stream = RecordingStream()
        _ = try stream.header(Self.header, at: Self.time(5))
        _ = try stream.picture(ContainerSnapshot(container: "app", time: Self.time(5)))
        _ = try stream.input(MonitorInput(time: Self.time(250)))
        let beat = try stream.beat(AttachBeat(), at: Self.time(300))
        #expect(try Self.line(beat).time == Self.time(300))
        let answer = try stream.answer(AttachAnswer(id: 1), at: Self.time(200))
        #expect(try Self.line(answer).time == Self.time(300))
        #expect(stream.time == Self.time(250))
        let last = try stream.end(RecordingEnd(reason: "the container was closed"))
        let end = try Self.line(last)
        #expect(end.time == Self.time(250))
        #expect(String(decoding: end.body, as: UTF8.self) == #"{"reason":"the container was closed"}"#)
    }

    @Test("Beats do not make a snapshot due.")
    func beats() throws {
        var stream = RecordingStream()
        _ = try stream.header(Self.header, at: Self.time(0))
        _ = try stream.picture(ContainerSnapshot(container: "app", time: Self.time(0)))
        var length = 0
        for second in 1...1_000 { length += try stream.beat(AttachBeat(lagNanoseconds: 5), at: Self.time(Int64(second) * 1_000)).count }
        #expect(length > 64 << 10)
        #expect(!stream.isPictureDue)
        _ = try stream.input(MonitorInput(time: Self.time(1_001_000)))
        #expect(stream.isPictureDue)
    }
}
