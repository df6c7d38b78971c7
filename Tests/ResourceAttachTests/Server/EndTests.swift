import ResourceContainer
import Testing

@testable import ResourceAttach
@testable import ResourceRecording

@Suite("How a stream ends")
struct EndTests {
    private static let stopped = RecordingEnd(reason: "the server was stopped")

    @Test("The end of the container is the last line, after its last events, with the report of the close.")
    func container() throws {
        let server = TestServer()
        let client = server.watch(.full)
        let report = try server.simulation.run { [container = server.container] in
            _ = try container.openScope("a")
            return try await container.close()
        }
        server.end(RecordingEnd(reason: "the container was closed", report: report))
        let lines = try server.lines(of: client)
        #expect(lines.suffix(2).map(\.kind) == ["input", "end"])
        let end = RecordingEnd(reason: "the container was closed", report: report)
        #expect(try server.bodies(.end, RecordingEnd.self, of: client) == [end])
        let last = String(decoding: lines[lines.count - 2].body, as: UTF8.self)
        #expect(last.contains(#""k":"closed""#))
        #expect(server.closed == [client])
    }

    @Test("A client that attaches after the end of the container receives its last state and the end.")
    func late() throws {
        let server = TestServer()
        server.end(RecordingEnd(reason: "the container was closed"))
        let client = server.watch(.full)
        #expect(try server.kinds(of: client) == ["header", "snapshot", "answer", "input", "end"])
        let other = server.connect()
        server.pass(.milliseconds(200))
        #expect(try server.kinds(of: other) == ["header", "snapshot", "input", "end"])
    }

    @Test("A stop ends every stream at once.", arguments: [.full, .summary, .report] as [AttachMode])
    func stop(mode: AttachMode) throws {
        let server = TestServer()
        let client = server.watch(mode)
        server.end(Self.stopped, patience: .zero)
        #expect(try server.bodies(.end, RecordingEnd.self, of: client) == [Self.stopped])
        #expect(try server.kinds(of: client).last == "end")
        #expect(server.closed == [client])
    }

    @Test("A stop closes a connection that has not sent its first line.")
    func stopUndecided() {
        let server = TestServer()
        let client = server.connect()
        server.end(Self.stopped, patience: .zero)
        #expect(server.bytes(of: client).isEmpty)
        #expect(server.closed == [client])
    }

    @Test("The command that closes the container is answered before the end.")
    func answered() throws {
        let server = TestServer()
        let client = server.watch(.full)
        // The server sees the end of the container before the command has answered.
        server.table.change(client) { $0.receive(AttachRequest(id: 7, command: .closeScope(.root, force: false)).line[...]) }
        server.takeSteps()
        server.end(RecordingEnd(reason: "the container was closed"))
        let kinds = try server.kinds(of: client)
        #expect(kinds.suffix(3) == ["answer", "input", "end"])
        #expect(try server.answers(of: client).last?.id == 7)
        #expect(try server.answers(of: client).last?.report?.name == "shop")
    }

    @Test("The lines of a mode are numbered without gaps, in the order of time.", arguments: [.full, .summary, .report] as [AttachMode])
    func numbers(mode: AttachMode) throws {
        let server = TestServer(hasMonitor: true)
        let client = server.watch(mode)
        for number in 0..<20 {
            _ = try server.container.openScope("s")
            server.send(#"{"id":\#(number),"do":"checkHealth"}"# + "\n", from: client)
            server.pass(.milliseconds(150))
        }
        server.end(Self.stopped, patience: .zero)
        let lines = try server.lines(of: client)
        #expect(lines.map(\.number) == Array(0..<UInt64(lines.count)))
        for (before, after) in zip(lines, lines.dropFirst()) where after.kind != "end" { #expect(before.time <= after.time) }
    }
}
