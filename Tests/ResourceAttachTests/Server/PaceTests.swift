import ResourceContainer
import Testing

@testable import ResourceAttach
@testable import ResourceRecording

@Suite("The pace of a stream")
struct PaceTests {
    /// Makes the container write events.
    private func work(_ server: TestServer, events: Int) {
        for _ in 0..<events { server.container.note("something") }
    }

    @Test("After the first input, there is one for each step of the grid while something happens, and one a second otherwise.")
    func inputs() throws {
        let server = TestServer()
        let client = server.watch(.full)
        for _ in 0..<8 {
            self.work(server, events: 1)
            server.pass(.milliseconds(250))
        }
        #expect(try server.kinds(of: client).count { $0 == "input" } == 9)
        server.pass(.seconds(4))
        let inputs = try server.kinds(of: client).count { $0 == "input" }
        #expect(inputs == 13)
    }

    @Test("A beat follows each second in every mode but the past.", arguments: [.full, .summary, .report] as [AttachMode])
    func beats(mode: AttachMode) throws {
        let server = TestServer()
        let client = server.watch(mode)
        let before = try server.kinds(of: client).count { $0 == "beat" }
        server.pass(.seconds(10))
        #expect(try server.kinds(of: client).count { $0 == "beat" } == before + 10)
    }

    @Test(
        "Beats report how late an empty task ran, while a client watches in the mode full or report.",
        arguments: [.full, .report] as [AttachMode]
    )
    func lag(mode: AttachMode) throws {
        let server = TestServer()
        let client = server.watch(mode)
        server.pass(.seconds(3))
        let beats = try server.bodies(.beat, AttachBeat.self, of: client)
        #expect(beats.suffix(3).map(\.lagNanoseconds) == [0, 0, 0])
        #expect(beats.suffix(3).allSatisfy { $0.waitingNanoseconds == nil })
        let other = TestServer()
        let list = other.watch(.summary)
        other.pass(.seconds(3))
        #expect(try other.bodies(.beat, AttachBeat.self, of: list).allSatisfy { $0.lagNanoseconds == nil && $0.waitingNanoseconds == nil })
    }

    @Test("Beats report the present reach of the flight recorder, and nothing without one.")
    func reach() throws {
        let server = TestServer(hasFlight: true)
        let client = server.watch(.full)
        for _ in 0..<3 {
            server.setup.flight?.turn()
            server.pass(.seconds(1))
        }
        let beats = try server.bodies(.beat, AttachBeat.self, of: client)
        #expect(beats.map(\.pastNanoseconds) == [0, 1_000_000_000, 2_000_000_000])
        let other = TestServer()
        let without = other.watch(.full)
        other.pass(.seconds(3))
        #expect(try other.bodies(.beat, AttachBeat.self, of: without).allSatisfy { $0.pastNanoseconds == nil })
    }

    @Test("A client that does not read costs one line, and then misses events and continues with a snapshot.")
    func stopped() throws {
        let server = TestServer()
        let client = server.watch(.full)
        server.room[client] = 0
        self.work(server, events: 1)
        server.pass(.milliseconds(250))
        let waiting = server.table.interest(of: client).pending
        #expect(waiting > 0)
        self.work(server, events: 33_000)
        server.pass(.seconds(5))
        #expect(server.table.interest(of: client).pending == waiting)
        server.room[client] = nil
        server.pass(.milliseconds(500))
        let inputs = try server.lines(of: client).filter { $0.kind == "input" }.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(inputs.contains { $0.contains(#""missed":"#) && $0.contains(#""snapshot":"#) })
    }

    @Test("A client that keeps missing events receives at most one snapshot a second for them.")
    func pictures() throws {
        let server = TestServer()
        let client = server.watch(.full)
        for _ in 0..<8 {
            self.work(server, events: 33_000)
            server.pass(.milliseconds(250))
        }
        server.pass(.seconds(1))
        let missed = try server.lines(of: client).filter { line in
            line.kind == "input" && String(decoding: line.body, as: UTF8.self).contains(#""missed":"#)
        }
        #expect((2...4).contains(missed.count))
        for (before, after) in zip(missed, missed.dropFirst()) { #expect(after.time - before.time >= .seconds(1)) }
    }

    @Test("A connection that accepts no byte for 60 s is closed.")
    func stuck() {
        let server = TestServer()
        let client = server.watch(.full)
        server.room[client] = 0
        server.pass(.seconds(59))
        #expect(server.closed.isEmpty)
        server.pass(.seconds(3))
        #expect(server.closed == [client])
    }

    @Test("A client that reads slowly is not closed, and receives whole lines.")
    func slow() throws {
        let server = TestServer()
        let client = server.watch(.full)
        for _ in 0..<100 {
            server.room[client] = 7
            server.pass(.seconds(1))
        }
        #expect(server.closed.isEmpty)
        server.room[client] = nil
        server.pass(.seconds(1))
        #expect(try server.kinds(of: client).prefix(2) == ["header", "snapshot"])
    }
}
