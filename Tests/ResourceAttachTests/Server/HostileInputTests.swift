import ResourceContainer
import Testing

@testable import ResourceAttach
@testable import ResourceRecording

@Suite("Lines that are no requests")
struct HostileInputTests {
    @Test("A first line that is no request has an answer, and the container is not read.")
    func garbage() throws {
        let server = TestServer()
        let client = server.connect()
        server.send("GET / HTTP/1.1\r\n\r\n", from: client)
        server.pass(.seconds(1))
        let answers = try server.answers(of: client)
        #expect(answers.count == 1)
        #expect(answers.first?.id == 0)
        #expect(answers.first?.error != nil)
        #expect(Set(try server.kinds(of: client)) == ["header", "answer", "beat"])
    }

    @Test("An answer does not repeat text of the line.")
    func noEcho() throws {
        let server = TestServer()
        let client = server.connect()
        server.send(#"{"id":3,"do":"secret-word"}"# + "\n", from: client)
        let answer = try #require(try server.answers(of: client).first)
        #expect(answer.id == 3)
        #expect(answer.error?.contains("secret-word") == false)
    }

    @Test("A line in UTF-16 whose nesting would trap in the decoder has an answer.")
    func wide() throws {
        let server = TestServer()
        let client = server.connect()
        // The character U+2261 has the byte of a quote.
        let text = #"["≡","# + String(repeating: "[", count: 512)
        server.send(text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] } + [0x0A], from: client)
        #expect(try server.answers(of: client).map(\.id) == [0])
    }

    @Test("Empty lines are no requests.")
    func empty() throws {
        let server = TestServer()
        let client = server.connect()
        server.send("\n \r\n\t\n", from: client)
        #expect(server.bytes(of: client).isEmpty)
        server.pass(.milliseconds(200))
        #expect(try server.kinds(of: client).prefix(2) == ["header", "snapshot"])
    }

    @Test("A line of a megabyte has an answer and ends the connection, without being kept.")
    func long() throws {
        let server = TestServer()
        let client = server.connect()
        server.send([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20), from: client)
        #expect(try server.kinds(of: client) == ["header", "answer", "end"])
        #expect(try server.answers(of: client).first?.error == "a line is longer than 65536 bytes; no further line is read")
        #expect(server.closed == [client])
    }

    @Test("A line of 64 KiB is read.")
    func longest() throws {
        let server = TestServer()
        let client = server.connect()
        let request = #"{"id":4,"do":"checkHealth","more":""#
        let filler = String(repeating: "x", count: AttachLimits.requestLine - request.utf8.count - 2)
        server.send("\(request)\(filler)\"}\n", from: client)
        #expect(try server.answers(of: client) == [AttachAnswer(id: 4, count: 0)])
    }

    @Test("While a client does not read its answers, its requests are not read.")
    func unreadAnswers() throws {
        let server = TestServer()
        let client = server.connect()
        server.room[client] = 0
        server.send(String(repeating: "no request\n", count: 10_000), from: client)
        #expect(!server.table.interest(of: client).reads)
        server.room[client] = nil
        server.proceed()
        // The lines of the one piece that was read are answered.
        #expect(try server.answers(of: client).count == RequestInput.chunk / "no request\n".utf8.count)
        #expect(server.table.interest(of: client).reads)
    }

    @Test("At most eight commands of a client run at a time.")
    func manyCommands() throws {
        let server = TestServer()
        let client = server.connect()
        let lines = (1...12).map { #"{"id":\#($0),"do":"checkHealth"}"# + "\n" }.joined()
        server.send(lines, from: client)
        let answers = try server.answers(of: client)
        #expect(answers.count == 12)
        let refused = answers.filter { $0.error != nil }.map(\.id)
        #expect(refused == [9, 10, 11, 12])
    }

    @Test("The seventeenth client receives the reason why it is not accepted.")
    func manyClients() throws {
        let server = TestServer()
        for _ in 0..<AttachLimits.clients {
            #expect(server.table.obstacle(isOwner: true) == nil)
            _ = server.watch(.summary)
        }
        let obstacle = try #require(server.table.obstacle(isOwner: true))
        #expect(obstacle == "16 clients are attached to this process, and no more are accepted")
        let line = server.source.refusal(obstacle)
        #expect(String(decoding: line, as: UTF8.self).contains(#""kind":"answer","body":{"error":"16 clients"#))
    }

    @Test("Of the sixteen connections, one is reserved for the process's user and root.")
    func reserved() {
        let server = TestServer()
        for _ in 0..<AttachLimits.clients - 1 {
            #expect(server.table.obstacle(isOwner: false) == nil)
            _ = server.watch(.summary)
        }
        let reason = "15 clients are attached to this process, and the last connection is reserved for the process's user and root"
        #expect(server.table.obstacle(isOwner: false) == reason)
        #expect(server.table.obstacle(isOwner: true) == nil)
    }
}
