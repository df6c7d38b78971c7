import DemoScenarios
import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import ResourceSimulation
import Testing

@testable import ResourceRecording

@Suite("The flight recorder saves what a recorder would have written")
struct FlightEqualityTests {
    @Test(
        "A saved recording has the same bytes as a recording of the same time.",
        arguments: ["checkout", "exhaustion", "flaky", "outage"]
    )
    func scenario(_ name: String) async throws {
        let world = try FlightWorld()
        let scenario = try #require(Scenarios.named(name))
        let (recorded, saved) = (try world.path("recorded.jsonl"), try world.path())
        var madeRecorder: Recorder?
        var madeFlight: FlightRecorder?
        let session = try SimulatedSession(scenario, seed: 5) { container, _ in
            madeRecorder = try Recorder(container, path: recorded, header: FlightWorld.header)
            madeFlight = FlightRecorder(container, header: FlightWorld.header)
        }
        let (recorder, flight) = (try #require(madeRecorder), try #require(madeFlight))
        for _ in 0..<25 * 4 {
            _ = await session.advance()
            try recorder.record()
            flight.turn()
        }
        try recorder.finish()
        try flight.save(to: saved)
        #expect(try Data(contentsOf: URL(fileURLWithPath: saved)) == Data(contentsOf: URL(fileURLWithPath: recorded)))
        #expect(!flight.isShortened)
        #expect(flight.reach == .seconds(25))
        #expect(world.names == ["recorded.jsonl", "saved.jsonl"])
    }

    @Test("A recorder and a flight recorder that run at the same time write the same bytes.")
    func running() throws {
        let world = try FlightWorld()
        let (recorded, saved) = (try world.path("recorded.jsonl"), try world.path())
        let container = world.container
        let recorder = try Recorder(container, path: recorded, header: FlightWorld.header)
        let flight = FlightRecorder(container, header: FlightWorld.header)
        world.simulation.spawn { try? await recorder.run() }
        world.simulation.spawn { await flight.run() }
        world.simulation.spawn {
            let time = container.environment.time
            // Never at a point of the sampling grid, at which the order of the tasks would matter.
            try? await time.sleep(for: .milliseconds(1))
            for _ in 0..<800 {
                try? FlightWorld.work(container)
                try? await time.sleep(for: .milliseconds(10))
            }
            try? await time.sleep(for: .seconds(5))
            for _ in 0..<12 {
                try? FlightWorld.work(container, scopes: 3)
                try? await time.sleep(for: .milliseconds(670))
            }
        }
        world.simulation.run(for: .seconds(24))
        recorder.stop()
        world.simulation.runUntilIdle()
        try flight.save(to: saved)
        #expect(try Data(contentsOf: URL(fileURLWithPath: saved)) == Data(contentsOf: URL(fileURLWithPath: recorded)))
    }

    @Test("After the oldest lines were dropped, the saved lines equal the end of a recording in time, kind, and body.")
    func dropped() throws {
        let world = try FlightWorld()
        let container = world.container
        let flight = FlightRecorder(container, keeping: .seconds(20), header: FlightWorld.header)
        var header = FlightWorld.header
        header.container = container.name
        var tap = MonitorTap(container)
        var writer = try RecordingWriter(path: try world.path("recorded.jsonl"), header: header, snapshot: tap.snapshot)
        // A recording with snapshots at the same times: the lines after a snapshot are written in full.
        func record(_ act: () throws -> Void) throws {
            let before = flight.pictureCount
            try act()
            try writer.write(tap.next())
            if flight.pictureCount > before { try writer.write(container.snapshot()) }
        }
        var steps = 0
        try world.run(for: .seconds(90)) {
            steps += 1
            if steps % 3 != 0 { try FlightWorld.work(container, scopes: steps % 7) }
            try record { flight.turn() }
            #expect(flight.reach >= .seconds(min(steps / 4, 20)))
            #expect(flight.reach <= .seconds(26))
        }
        let saved = try world.path()
        try record { try flight.save(to: saved) }
        try writer.end()
        let (kept, all) = (try FlightWorld.lines(ofFile: saved), try FlightWorld.lines(ofFile: writer.path))
        let first = try #require(all.firstIndex(of: kept[1]))
        #expect(first > 100)
        #expect(kept[0].kind == "header")
        #expect(kept[0].body == all[0].body)
        #expect(kept[1].kind == "snapshot")
        #expect(Array(kept[1...]) == Array(all[first...]))
        #expect(try TestFile(Data(contentsOf: URL(fileURLWithPath: saved))).survey.isWhole)
        #expect(try RecordingVerdict(path: saved, limits: RecordingLimits()).passed)
    }

    @Test("The last seconds begin with the snapshot at or before them.")
    func lastSeconds() throws {
        let world = try FlightWorld()
        let flight = FlightRecorder(world.container, header: FlightWorld.header)
        try world.run(for: .seconds(60)) {
            try FlightWorld.work(world.container)
            flight.turn()
        }
        for seconds in [0, 1, 10, 30] {
            let excerpt = try flight.excerpt(last: .seconds(seconds))
            #expect(excerpt.end == world.simulation.now)
            #expect(excerpt.end - excerpt.beginning >= .seconds(seconds))
            #expect(excerpt.end - excerpt.beginning <= .seconds(seconds + 6))
        }
        let lines = FlightWorld.lines(of: flight, last: .seconds(10))
        #expect(try FlightWorld.survey(lines).isWhole)
        #expect(try FlightWorld.lines(Array(lines.joined())).map(\.kind).prefix(3) == ["header", "snapshot", "input"])
        #expect(lines.count < FlightWorld.lines(of: flight).count)
    }
}

@Suite("The files and the end of a flight recorder")
struct FlightRecorderTests {
    @Test("A saved file has mode 0600, and an existing file is left unchanged.")
    func files() throws {
        let world = try FlightWorld()
        let flight = FlightRecorder(world.container, header: FlightWorld.header)
        let path = try world.path()
        try flight.save(to: path)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        world.run(for: .seconds(1)) { flight.turn() }
        #expect(throws: RecordingError("cannot save to '\(path)': it already exists and is left unchanged")) { try flight.save(to: path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(world.names == ["saved.jsonl"])
    }

    @Test("A recorder that runs ends with its container, and what it keeps includes the close.")
    func endedContainer() throws {
        let world = try FlightWorld()
        let flight = FlightRecorder(world.container, header: FlightWorld.header)
        let hasEnded = Lock(false)
        world.simulation.spawn {
            await flight.run()
            hasEnded.withLock { $0 = true }
        }
        world.simulation.run(for: .seconds(3))
        try FlightWorld.work(world.container)
        let container = world.container
        _ = try world.simulation.run { try await container.close() }
        world.simulation.run(for: .seconds(2))
        #expect(hasEnded.withLock { $0 })
        let path = try world.path()
        try flight.save(to: path)
        let verdict = try RecordingVerdict(path: path, limits: RecordingLimits())
        #expect(verdict.passed)
        #expect(verdict.report.overall.activeResources == 0)
        #expect(verdict.report.overall.resourcesCreated == 1)
        let kept = FlightWorld.lines(of: flight)
        #expect(kept.contains { String(decoding: $0, as: UTF8.self).contains(#""k":"closed","n""#) })
    }

    @Test("A recorder whose task is canceled ends, and its lines can be saved.")
    func cancellation() throws {
        let world = try FlightWorld()
        let flight = FlightRecorder(world.container, header: FlightWorld.header)
        let hasEnded = Lock(false)
        let task = world.simulation.spawn {
            await flight.run()
            hasEnded.withLock { $0 = true }
        }
        world.simulation.run(for: .seconds(3))
        task.cancel()
        world.simulation.runUntilIdle()
        #expect(hasEnded.withLock { $0 })
        #expect(try FlightWorld.survey(FlightWorld.lines(of: flight)).isWhole)
    }

    @Test("A recorder that has ended keeps what it has, and the container keeps no events for it.")
    func released() throws {
        let world = try FlightWorld()
        let flight = FlightRecorder(world.container, header: FlightWorld.header)
        let task = world.simulation.spawn { await flight.run() }
        try world.run(for: .seconds(3)) { try FlightWorld.work(world.container) }
        #expect(world.container.tableSizes["subscriber rows"] == 2)
        task.cancel()
        world.simulation.runUntilIdle()
        #expect(world.container.tableSizes["subscriber rows"] == 0)
        try FlightWorld.work(world.container)
        let lines = FlightWorld.lines(of: flight)
        #expect(try FlightWorld.survey(lines).isWhole)
        #expect(lines.count > 5)
        flight.turn()
        #expect(FlightWorld.lines(of: flight) == lines)
        #expect(flight.reach == .seconds(3))
    }

    @Test("An excerpt has the header that its reader passes.")
    func otherHeader() throws {
        let world = try FlightWorld()
        let flight = FlightRecorder(world.container, header: FlightWorld.header)
        var served = FlightWorld.header
        served.origin = "served"
        let line = try #require(try flight.excerpt(header: served).next())
        #expect(try RecordingDecoder.header(RecordingLine(parsing: line.dropLast())) == served)
    }

    @Test("Without a header, the recordings have the system's time of day.")
    func ownHeader() throws {
        let container = Container("shop")
        let flight = FlightRecorder(container)
        let line = try #require(FlightWorld.lines(of: flight).first)
        let header = try RecordingDecoder.header(RecordingLine(parsing: line.dropLast()))
        #expect(header.container == "shop")
        #expect(header.origin == "in-process")
        let now = header.clockOriginNanoseconds + container.environment.time.now.nanoseconds
        #expect(abs(Double(now) / 1e9 - Date().timeIntervalSince1970) < 60)
    }
}
