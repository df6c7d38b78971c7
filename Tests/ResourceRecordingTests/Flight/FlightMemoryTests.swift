import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceRecording

@Suite("The memory of the flight recorder")
struct FlightMemoryTests {
    @Test("In a storm the memory stays within the limit, less time is kept, and every excerpt is a valid recording.")
    func storm() throws {
        let world = try FlightWorld()
        let limit = 1 << 20
        let flight = FlightRecorder(world.container, keeping: .seconds(60), atMost: limit, header: FlightWorld.header)
        var steps = 0
        try world.run(for: .seconds(15)) {
            steps += 1
            try FlightWorld.work(world.container, scopes: 300)
            flight.turn()
            #expect(flight.memory <= limit)
            if steps % 10 == 0 { #expect(try FlightWorld.survey(FlightWorld.lines(of: flight)).isWhole) }
        }
        #expect(flight.isShortened)
        #expect(flight.reach < .seconds(10))
        #expect(flight.reach > .milliseconds(250))
        // A minute later the storm is no longer among the time to keep.
        world.run(for: .seconds(61)) { flight.turn() }
        #expect(!flight.isShortened)
        #expect(flight.reach >= .seconds(60))
    }

    @Test("An input that exceeds the limit is dropped with everything before it, and the recording begins again.")
    func burst() throws {
        let world = try FlightWorld()
        let limit = 1 << 20
        let flight = FlightRecorder(world.container, atMost: limit, header: FlightWorld.header)
        world.run(for: .seconds(2)) { flight.turn() }
        try FlightWorld.work(world.container, scopes: 4_000)
        world.simulation.run(for: .milliseconds(250))
        flight.turn()
        #expect(flight.memory <= limit)
        #expect(flight.isShortened)
        #expect(flight.reach == .zero)
        let lines = FlightWorld.lines(of: flight)
        #expect(try FlightWorld.lines(Array(lines.joined())).map(\.kind) == ["header", "snapshot", "input", "end"])
        #expect(try FlightWorld.survey(lines).isWhole)
    }

    @Test("Events that the recorder missed are recorded as missed.")
    func missed() throws {
        let world = try FlightWorld()
        let flight = FlightRecorder(world.container, header: FlightWorld.header)
        world.run(for: .seconds(2)) { flight.turn() }
        try FlightWorld.work(world.container, scopes: 6_000)
        world.run(for: .seconds(2)) { flight.turn() }
        let survey = try FlightWorld.survey(FlightWorld.lines(of: flight))
        #expect(survey.isWhole)
        #expect(survey.missedEvents > 32_768)
        #expect(!flight.isShortened)
    }

    @Test("A save during a storm writes the lines from before it if it keeps pace, and its memory counts toward the limit.")
    func saveDuringStorm() throws {
        let world = try FlightWorld()
        let limit = 1 << 20
        let flight = FlightRecorder(world.container, keeping: .seconds(60), atMost: limit, header: FlightWorld.header)
        try world.run(for: .seconds(20)) {
            try FlightWorld.work(world.container, scopes: 10)
            flight.turn()
        }
        let expected = FlightWorld.lines(of: flight)
        let excerpt = try flight.excerpt()
        var lines: [[UInt8]] = []
        var isReading = true
        try world.run(for: .seconds(20)) {
            try FlightWorld.work(world.container, scopes: 300)
            flight.turn()
            #expect(flight.memory <= limit)
            for _ in 0..<60 where isReading {
                if let line = excerpt.next() { lines.append(line) } else { isReading = false }
            }
        }
        #expect(!isReading)
        // Both excerpts began at the same time with a read of the container; the later one has one more input without events.
        #expect(lines.count == expected.count + 1)
        #expect(lines.dropLast(2).elementsEqual(expected.dropLast()))
        #expect(try FlightWorld.survey(lines).isWhole)
        #expect(flight.isShortened)
        #expect(try FlightWorld.survey(FlightWorld.lines(of: flight)).isWhole)
    }

    @Test("A reader that does not keep pace in a storm does not make the recorder forget: its excerpt ends early.")
    func stuckReader() throws {
        let world = try FlightWorld()
        let limit = 1 << 20
        let flight = FlightRecorder(world.container, keeping: .seconds(60), atMost: limit, header: FlightWorld.header)
        try world.run(for: .seconds(10)) {
            try FlightWorld.work(world.container, scopes: 300)
            flight.turn()
        }
        let excerpt = try flight.excerpt()
        #expect(excerpt.next() != nil)
        try world.run(for: .seconds(10)) {
            try FlightWorld.work(world.container, scopes: 300)
            flight.turn()
            #expect(flight.memory <= limit)
            #expect(flight.reach > .milliseconds(250))
        }
        #expect(excerpt.isCut)
        #expect(excerpt.next() == nil)
        let path = try world.path()
        let error = #expect(throws: RecordingError.self) { try excerpt.write(to: try OutputTarget(path).begin(mode: 0o600)) }
        #expect(error?.description.hasSuffix("dropped lines before they were written") == true)
        #expect(world.names.isEmpty)
    }

    @Test("An excerpt that is abandoned releases its memory.")
    func abandonedExcerpt() throws {
        let world = try FlightWorld()
        let flight = FlightRecorder(world.container, keeping: .seconds(2), header: FlightWorld.header)
        try world.run(for: .seconds(4)) {
            try FlightWorld.work(world.container, scopes: 100)
            flight.turn()
        }
        var excerpt: FlightExcerpt? = try flight.excerpt()
        #expect(excerpt?.next() != nil)
        world.run(for: .seconds(20)) { flight.turn() }
        let held = flight.memory
        excerpt = nil
        #expect(flight.memory < held / 2)
    }

    @Test("If a snapshot of the container exceeds the limit, nothing is kept and a save states the reason.")
    func tooSmall() throws {
        let world = try FlightWorld()
        let flight = FlightRecorder(world.container, atMost: 100, header: FlightWorld.header)
        world.run(for: .seconds(2)) { flight.turn() }
        #expect(flight.memory == 0)
        #expect(flight.reach == .zero)
        #expect(FlightWorld.lines(of: flight).isEmpty)
        let path = try world.path()
        let error = #expect(throws: RecordingError.self) { try flight.save(to: path) }
        #expect(error?.description.hasPrefix("cannot save to '\(path)': a snapshot of the container takes ") == true)
        #expect(world.names.isEmpty)
    }
}
