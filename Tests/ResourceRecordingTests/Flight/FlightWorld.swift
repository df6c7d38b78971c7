import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceRecording

/// A simulated container for tests of the flight recorder, and a directory that is removed at the end.
final class FlightWorld: Sendable {
    struct Part: Sendable {}
    struct Trouble: Error {}

    let simulation = Simulation(seed: 1)
    let container: Container
    let directory = NSTemporaryDirectory() + "resmon-flight-\(UUID().uuidString)"
    static let header = RecordingHeader(
        container: "",
        origin: "a test",
        clockOriginNanoseconds: Simulation.epochSeconds * 1_000_000_000
    )

    init() throws {
        self.container = Container("app", environment: self.simulation.environment)
        try self.container.bind(Part.self) { Part() }
        try self.container.bind(Part.self, name: "bad", lifecycle: .managed(onDispose: { _ in throw Trouble() })) { Part() }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.directory)
    }

    /// A path for a new file.
    func path(_ name: String = "saved.jsonl") throws -> String {
        try FileManager.default.createDirectory(atPath: self.directory, withIntermediateDirectories: true)
        return "\(self.directory)/\(name)"
    }

    /// The names of the files in the directory, in order.
    var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: self.directory).sorted()) ?? []
    }

    /// Opens and closes `count` scopes with one instance each, without suspension.
    static func work(_ container: Container, scopes count: Int = 1, part: String? = nil) throws {
        for number in 0..<count { try container.withScope("request-\(number)") { _ = try $0.get(Part.self, name: part) } }
    }

    /// Runs the simulation for `duration` and calls `turn` at every point of the 250 ms grid.
    func run(for duration: Duration, turn: () throws -> Void) rethrows {
        let end = self.simulation.now + duration
        while self.simulation.now < end {
            self.simulation.run(for: .milliseconds(250))
            try turn()
        }
    }

    /// The lines of a recording without their numbers, which are checked.
    static func lines(_ bytes: [UInt8]) throws -> [RecordingLine] {
        #expect(bytes.last == 0x0A)
        var expected: UInt64 = 0
        return try bytes.dropLast().split(separator: 0x0A).map { text in
            var line = try RecordingLine(parsing: text)
            #expect(line.number == expected)
            expected += 1
            line.number = 0
            return line
        }
    }

    /// The lines of the file at `path` without their numbers, which are checked.
    static func lines(ofFile path: String) throws -> [RecordingLine] {
        try Self.lines([UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
    }

    /// The lines of an excerpt, each with its line feed; none if nothing is kept.
    static func lines(of flight: FlightRecorder, last duration: Duration? = nil) -> [[UInt8]] {
        guard let excerpt = try? flight.excerpt(last: duration) else { return [] }
        var lines: [[UInt8]] = []
        while let line = excerpt.next() { lines.append(line) }
        return lines
    }

    /// The result of reading lines as a recording.
    static func survey(_ lines: [[UInt8]]) throws -> RecordingSurvey {
        try TestFile(Data(lines.joined())).survey
    }
}
