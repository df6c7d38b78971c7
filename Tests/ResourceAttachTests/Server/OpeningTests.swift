import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceAttach
@testable import ResourceRecording

@Suite("How a stream begins")
struct OpeningTests {
    @Test("A client that sends no line receives the full stream after 200 ms.")
    func silent() throws {
        let server = TestServer()
        let client = server.connect()
        server.pass(.milliseconds(150))
        #expect(server.bytes(of: client).isEmpty)
        server.pass(.milliseconds(50))
        #expect(try server.kinds(of: client).prefix(2) == ["header", "snapshot"])
    }

    @Test("A first line that arrives in time is read before the full stream begins, although the server was delayed.")
    func delayed() throws {
        let server = TestServer()
        let client = server.connect()
        server.lookForInput()
        server.simulation.run(for: .seconds(1))
        // The server has not looked for the client's line since the time for it has passed.
        server.takeSteps()
        #expect(server.bytes(of: client).isEmpty)
        server.send(AttachRequest(id: 1, command: .watch(.summary, last: nil)).line, from: client)
        #expect(try server.kinds(of: client) == ["header", "answer", "beat"])
    }

    @Test("A client that closes its side receives the full stream at once.")
    func closed() throws {
        let server = TestServer()
        let client = server.connect()
        server.endInput(of: client)
        #expect(try server.kinds(of: client) == ["header", "snapshot", "input"])
    }

    @Test("Half a line does not delay the full stream, and its rest is read as a request.")
    func half() throws {
        let server = TestServer()
        let client = server.connect()
        server.send(#"{"id":9,"do":"chec"#, from: client)
        server.pass(.milliseconds(200))
        server.send("kHealth\"}\n", from: client)
        #expect(try server.answers(of: client) == [AttachAnswer(id: 9, count: 0)])
        #expect(try server.kinds(of: client).first == "header")
    }

    @Test("In the mode full, the snapshot precedes the answer and the first input, and beats and inputs follow.")
    func full() throws {
        let server = TestServer()
        let client = server.watch(.full)
        #expect(try server.kinds(of: client) == ["header", "snapshot", "answer", "input"])
        #expect(try server.answers(of: client) == [AttachAnswer(id: 1)])
        server.pass(.milliseconds(1000))
        #expect(try server.kinds(of: client).count { $0 == "input" } == 2)
        #expect(Set(try server.kinds(of: client)) == ["header", "snapshot", "answer", "beat", "input"])
    }

    @Test("In the mode full, the figures of the program's monitor follow the snapshot once.")
    func figures() throws {
        let server = TestServer(hasMonitor: true)
        let client = server.watch(.full)
        server.pass(.seconds(3))
        let kinds = try server.kinds(of: client)
        #expect(kinds.prefix(4) == ["header", "snapshot", "answer", "report"])
        #expect(kinds.count { $0 == "report" } == 1)
    }

    @Test("In the mode summary, only beats with figures follow the header, and the container keeps no events.")
    func summary() throws {
        let server = TestServer()
        let client = server.watch(.summary)
        #expect(try server.kinds(of: client) == ["header", "answer", "beat"])
        _ = try server.container.openScope("a")
        server.pass(.seconds(2))
        #expect(try server.kinds(of: client) == ["header", "answer", "beat", "beat", "beat"])
        let beats = try server.bodies(.beat, AttachBeat.self, of: client)
        #expect(beats.map { $0.summary?.scopes } == [0, 1, 1])
        #expect(beats.map { $0.summary?.uptimeNanoseconds } == [0, 1_000_000_000, 2_000_000_000])
    }

    @Test("In the mode report, the figures of a monitor follow the header once a second.", arguments: [false, true])
    func report(hasMonitor: Bool) throws {
        let server = TestServer(hasMonitor: hasMonitor)
        let client = server.watch(.report)
        server.pass(.seconds(2))
        let kinds = try server.kinds(of: client)
        #expect(kinds.first == "header")
        #expect(kinds.count { $0 == "report" } == 3)
        #expect(try server.bodies(.report, MonitorReport.self, of: client).last?.executorLag == 0)
        #expect(!kinds.contains("snapshot"))
    }

    @Test("In the mode past, the client receives what the flight recorder keeps, and the end.")
    func past() throws {
        let server = TestServer(hasFlight: true)
        _ = try server.container.openScope("a")
        server.simulation.run(for: .seconds(1))
        let client = server.watch(.past)
        let kinds = try server.kinds(of: client)
        #expect(kinds.prefix(2) == ["header", "snapshot"])
        #expect(kinds.last == "end")
        #expect(server.closed == [client])
        #expect(try server.lines(of: client).map(\.number) == Array(0..<UInt64(kinds.count)))
        let header = try #require(try server.bodies(.header, RecordingHeader.self, of: client).first)
        #expect(header.container == "shop")
        #expect(header.attach?.pid == 4711)
        #expect(header.attach?.may == ["watch", "act"])
    }

    @Test("If the flight recorder keeps nothing, the request has an answer with its number, and the stream ends.")
    func emptyPast() throws {
        let server = TestServer(hasFlight: true, flightLimit: 100)
        let client = server.connect()
        server.send(AttachRequest(id: 9, command: .watch(.past, last: nil)).line, from: client)
        #expect(try server.kinds(of: client) == ["header", "answer", "end"])
        let answer = try #require(try server.answers(of: client).first)
        #expect(answer.id == 9)
        #expect(answer.error?.hasPrefix("a snapshot of the container takes ") == true)
        #expect(server.closed == [client])
    }

    @Test("The past of a client that has not read it within a minute ends, and releases its memory.")
    func slowPast() throws {
        let server = TestServer(hasFlight: true)
        for _ in 0..<40 {
            server.container.note(String(repeating: "x", count: 100))
            server.simulation.run(for: .milliseconds(250))
            server.setup.flight?.turn()
        }
        let client = server.connect()
        server.room[client] = 0
        server.send(AttachRequest(id: 1, command: .watch(.past, last: nil)).line, from: client)
        for _ in 0..<59 {
            // A byte a second keeps a connection from being stuck.
            server.room[client] = 1
            server.pass(.seconds(1))
        }
        #expect(server.closed.isEmpty)
        server.room[client] = 1
        server.pass(.seconds(1))
        #expect(server.closed == [client])
    }

    @Test("Without a flight recorder, the mode past is an error.")
    func noPast() throws {
        let server = TestServer()
        let client = server.watch(.past)
        #expect(try server.answers(of: client) == [AttachAnswer(id: 1, error: "this process has no flight recorder")])
        #expect(try !server.kinds(of: client).contains("snapshot"))
    }

    @Test("The first line determines what a connection watches.")
    func again() throws {
        let server = TestServer()
        let client = server.watch(.summary)
        server.send(AttachRequest(id: 2, command: .watch(.full, last: nil)).line, from: client)
        let error = "the first line of a connection determines what it watches; open another connection"
        #expect(try server.answers(of: client).last == AttachAnswer(id: 2, error: error))
        server.pass(.seconds(1))
        #expect(try !server.kinds(of: client).contains("snapshot"))
    }

    @Test("A request for the full stream that arrives after it has begun is no error.")
    func late() throws {
        let server = TestServer()
        let client = server.connect()
        server.pass(.milliseconds(200))
        server.send(AttachRequest(id: 5, command: .watch(.full, last: nil)).line, from: client)
        #expect(try server.answers(of: client) == [AttachAnswer(id: 5)])
        #expect(try server.kinds(of: client).count { $0 == "snapshot" } == 1)
    }

    @Test("The full stream can be requested once.")
    func twice() throws {
        let error = "the first line of a connection determines what it watches; open another connection"
        let server = TestServer()
        let asked = server.watch(.full)
        server.send(AttachRequest(id: 2, command: .watch(.full, last: nil)).line, from: asked)
        #expect(try server.answers(of: asked).last == AttachAnswer(id: 2, error: error))
        let unasked = server.connect()
        server.pass(.milliseconds(200))
        for id in [3, 4] { server.send(AttachRequest(id: id, command: .watch(.full, last: nil)).line, from: unasked) }
        #expect(try server.answers(of: unasked) == [AttachAnswer(id: 3), AttachAnswer(id: 4, error: error)])
    }

    @Test("In each round, one stream begins with a snapshot, so that beats are sent in between.")
    func oneSnapshot() throws {
        let server = TestServer()
        let clients = (0..<3).map { _ in server.connect() }
        let beating = server.watch(.summary)
        for client in clients {
            server.table.change(client) { $0.receive(AttachRequest(id: 1, command: .watch(.full, last: nil)).line[...]) }
        }
        for begun in 1...3 {
            let hasMore = server.takeSteps()
            #expect(hasMore)
            #expect(clients.count { !server.bytes(of: $0).isEmpty } == begun)
        }
        #expect(!server.takeSteps())
        #expect(try server.kinds(of: beating) == ["header", "answer", "beat"])
        for client in clients { #expect(try server.kinds(of: client) == ["header", "snapshot", "answer", "input"]) }
    }

    @Test("Clients that attach within a second share a snapshot, and a later one has another.")
    func shared() throws {
        let server = TestServer()
        let first = server.watch(.full)
        server.pass(.milliseconds(500))
        server.container.note("something")
        let second = server.watch(.full)
        server.pass(.milliseconds(1000))
        let third = server.watch(.full)
        let times = try [first, second, third].map { client in try server.lines(of: client).first { $0.kind == "snapshot" }?.time }
        #expect(times[0] != nil)
        #expect(times[1] == times[0])
        #expect(times[2] != times[0])
        for client in [first, second] {
            var reader = RecordingReader()
            let items = server.bytes(of: client).split(separator: 0x0A).flatMap { reader.take($0) }
            let events = items.flatMap { item in if case .input(let input) = item { input.batch.events } else { [] } }
            #expect(events.count == 1)
        }
    }

    @Test("The header names the process and what this client may do.")
    func header() throws {
        let server = TestServer(acting: .nobody)
        let client = server.watch(.full)
        let header = try #require(try server.bodies(.header, RecordingHeader.self, of: client).first)
        let attach = try #require(header.attach)
        #expect(header.container == "shop")
        #expect(attach.pid == 4711)
        #expect(attach.host == "web1")
        #expect(attach.may == ["watch"])
        #expect(attach.commands == ["watch"])
        #expect(attach.pastNanoseconds == nil)
        let other = TestServer(acting: .owner, hasFlight: true)
        let actor = try #require(try other.bodies(.header, RecordingHeader.self, of: other.watch(.full)).first?.attach)
        #expect(actor.may == ["watch", "act"])
        #expect(actor.commands == AttachCommand.Name.allCases.map(\.rawValue))
        #expect(actor.pastNanoseconds == 0)
    }
}
