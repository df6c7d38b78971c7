import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

@testable import ResourceAttach
@testable import ResourceRecording

private final class Part: Resource {}

@Suite("A saved stream is a recording")
struct RecordingEqualityTests {
    /// The error of every fifth request.
    private struct Refused: Error {}

    /// A file name for one test.
    private static func path() -> String {
        NSTemporaryDirectory() + "resmon-\(UUID().uuidString).jsonl"
    }

    /// Opens scopes, creates and disposes instances, and leases from a pool, in simulated time.
    private func startLoad(_ server: TestServer) throws {
        let environment = server.simulation.environment
        try server.container.bind(Part.self) { Part() }
        try server.container.bind(ResourcePool<Int>.self, lifetime: .singleton) {
            try ResourcePool(name: "db", configuration: PoolConfiguration(maximum: 2), environment: environment, make: { 1 })
        }
        for worker in 0..<3 {
            server.simulation.spawn { [container = server.container] in
                for number in 0..<200 {
                    try? await container.withScope("request-\(worker)-\(number)", tag: "request") { scope in
                        _ = try await scope.get(Part.self)
                        try await scope.get(ResourcePool<Int>.self).withLease { _ in
                            try await environment.time.sleep(for: .milliseconds(30 + 7 * Int64(worker)))
                        }
                        if number.isMultiple(of: 5) { throw Refused() }
                    }
                }
            }
        }
    }

    /// A line without its number and its checksum.
    private struct Contents: Equatable, CustomStringConvertible {
        let time: TimeSource.Instant
        let kind: String
        let body: [UInt8]

        var description: String { "\(self.time) \(self.kind) \(String(decoding: self.body, as: UTF8.self))" }
    }

    /// The lines of a recorder in a stream: without those of attached streams, and with the header of a file.
    private static func contents(_ lines: [RecordingLine]) throws -> [Contents] {
        try lines.filter { !["beat", "answer", "report"].contains($0.kind) }.map { line in
            var body = line.body
            if line.kind == "header" {
                var header = try JSONDecoder().decode(RecordingHeader.self, from: Data(line.body))
                header.attach = nil
                var stream = RecordingStream()
                body = try RecordingLine(parsing: try stream.header(header, at: line.time).dropLast()).body
            }
            // A recorder writes no reason.
            return Contents(time: line.time, kind: line.kind, body: line.kind == "end" ? Array("{}".utf8) : body)
        }
    }

    @Test("Without its own kinds of lines, a stream has the lines of a recording made inside.", arguments: [1, 2, 3] as [UInt64])
    func equality(seed: UInt64) throws {
        let server = TestServer(hasMonitor: true, seed: seed)
        let client = server.watch(.full)
        var header = try #require(try server.bodies(.header, RecordingHeader.self, of: client).first)
        header.attach = nil
        let path = Self.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let recorder = try Recorder(server.container, path: path, header: header)
        // The stream has its first turn at once.
        var inputs = try server.kinds(of: client).count { $0 == "input" }
        #expect(inputs == 1)
        try recorder.record()
        try self.startLoad(server)
        for step in 0..<80 {
            // The load ends in between, so that idle seconds are compared, too.
            server.simulation.run(until: server.now + .milliseconds(250))
            if step.isMultiple(of: 7) { server.send("no request\n", from: client) } else { server.proceed() }
            let count = try server.kinds(of: client).count { $0 == "input" }
            if count > inputs { try recorder.record() }
            inputs = count
        }
        #expect(inputs > 20)
        try recorder.finish()
        server.end(RecordingEnd(reason: "the server was stopped"), patience: .zero)
        let file = try Data(contentsOf: URL(fileURLWithPath: path))
        let recorded = try Array(file).split(separator: 0x0A).map { try RecordingLine(parsing: $0) }
        let (streamed, inside) = (try Self.contents(try server.lines(of: client)), try Self.contents(recorded))
        #expect(streamed.count == inside.count)
        for (stream, record) in zip(streamed, inside) { #expect(stream == record) }
    }

    @Test("A saved stream passes the check of recordings, and nothing in it is unused.")
    func verdict() throws {
        let server = TestServer(hasMonitor: true)
        let client = server.watch(.full)
        try self.startLoad(server)
        server.pass(.seconds(5))
        server.send(AttachRequest(id: 2, command: .openScope(in: .root, name: nil)).line, from: client)
        server.pass(.seconds(5))
        server.end(RecordingEnd(reason: "the server was stopped"), patience: .zero)
        let path = Self.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(server.bytes(of: client)).write(to: URL(fileURLWithPath: path))
        #expect(try RecordingVerdict(path: path, limits: RecordingLimits()).passed)
        var cursor = RecordingCursor(try RecordingFile(path: path))
        while try cursor.nextInput() != nil {}
        #expect(cursor.survey.faults.isEmpty)
        #expect(cursor.survey.unused == 0)
        #expect(cursor.survey.isComplete)
    }
}
