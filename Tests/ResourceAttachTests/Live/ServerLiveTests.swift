import Foundation
import LocalSockets
import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceAttach
@testable import ResourceRecording

@Suite("A server with its socket", .serialized)
struct ServerLiveTests {
    /// Starts a server with an environment and returns its log.
    private func log(of environment: AttachEnvironment, directory: String? = nil) -> (path: String?, lines: [String]) {
        let log = LogBook()
        let attach = ResourceAttach(
            Container("app"),
            acting: .nobody,
            options: AttachOptions(directory: directory, log: { log.add($0) }),
            environment: environment
        )
        attach.start()
        defer { attach.stop() }
        return (attach.path, log.lines)
    }

    @Test("A client watches, acts, and sees the end of the server.")
    func whole() throws {
        let server = try LiveServer()
        let client = try SocketClient(server.path, .full)
        let header = try client.next("header").decoded(RecordingHeader.self)
        #expect(header.container == "live")
        #expect(header.attach?.pid == getpid())
        #expect(header.attach?.may == ["watch", "act"])
        client.send(AttachRequest(id: 2, command: .openScope(in: .root, name: "mine")).line)
        #expect(try client.next("answer").decoded(AttachAnswer.self).id == 1)
        let answer = try client.next("answer").decoded(AttachAnswer.self)
        #expect(answer.id == 2)
        #expect(answer.scope.flatMap { server.container.scope($0) }?.name == "mine")
        _ = try client.next("input")
        server.attach.stop()
        #expect(try client.readToEnd().last?.kind == "end")
        #expect(!FileManager.default.fileExists(atPath: server.path))
        let by = "by uid \(getuid()) pid \(getpid()) through attach"
        #expect(server.log.lines.first == "resmon attach: live: openScope in 0 named 'mine' \(by)")
    }

    @Test("A client sees the close of the container, with its report.")
    func close() async throws {
        let server = try LiveServer()
        let client = try SocketClient(server.path, .full)
        _ = try client.next("answer")
        try await server.container.close()
        let end = try client.next("end").decoded(RecordingEnd.self)
        #expect(end.reason == "the container was closed")
        #expect(end.report?.name == "live")
        #expect(try client.readToEnd().last?.kind == "end")
    }

    @Test("A client that sends nothing receives the full stream.")
    func silent() throws {
        let server = try LiveServer()
        let client = try SocketClient(server.path)
        _ = try client.next("snapshot")
        client.endInput()
        server.container.note("something")
        _ = try client.next("input")
    }

    @Test("Of a hundred clients, sixteen are served and the others are answered.")
    func hundred() throws {
        let server = try LiveServer()
        let clients = try (0..<100).map { _ in try SocketClient(server.path, .summary) }
        var (served, refused) = (0, 0)
        for client in clients {
            if let line = try? client.next("header", within: .milliseconds(100)) {
                #expect(line.number == 0)
                served += 1
            } else {
                let lines = try client.readToEnd()
                #expect(try lines.first?.decoded(AttachAnswer.self).error?.hasPrefix("16 clients are attached") == true)
                refused += 1
            }
        }
        #expect(served == AttachLimits.clients)
        #expect(refused == 100 - AttachLimits.clients)
        // There is room again when the server has seen that clients are gone.
        for client in clients { client.close() }
        let isServed = (0..<50).contains { _ in
            let line = try? SocketClient(server.path, .summary).next("header", within: .milliseconds(100))
            return line != nil
        }
        #expect(isServed)
    }

    @Test("A server can be started again.")
    func restart() throws {
        let server = try LiveServer()
        server.attach.stop()
        server.attach.stop()
        #expect(server.attach.path == nil)
        server.attach.start()
        server.attach.start()
        let path = try #require(server.attach.path)
        _ = try SocketClient(path, .summary).next("beat")
    }

    @Test("A server that is released stops.")
    func released() throws {
        let folder = try TestFolder()
        var attach: ResourceAttach? = ResourceAttach(
            Container("app"),
            acting: .nobody,
            options: AttachOptions(directory: folder.path),
            environment: AttachEnvironment()
        )
        attach?.start()
        let client = try SocketClient(try #require(attach?.path), .full)
        _ = try client.next("answer")
        attach = nil
        #expect(try client.readToEnd().last?.kind == "end")
    }

    @Test("A server that is switched off states the reason in its log.")
    func off() {
        let (path, lines) = self.log(of: AttachEnvironment(attach: "off"))
        #expect(path == nil)
        #expect(lines == ["resmon attach: app: the server does not start: it is switched off by RESMON_ATTACH=off"])
    }

    @Test("RESMON_ATTACH moves the socket.")
    func moved() throws {
        let folder = try TestFolder()
        let (path, lines) = self.log(of: AttachEnvironment(attach: "unix://\(folder.path)/x-{PID}.sock"))
        #expect(path == "\(folder.path)/x-\(getpid()).sock")
        #expect(lines.isEmpty)
    }

    @Test("RESMON_ATTACH cannot put the socket where others can write.")
    func widened() {
        let (path, lines) = self.log(of: AttachEnvironment(attach: "unix:///tmp/x-{PID}.sock"))
        #expect(path == nil)
        #expect(lines.first?.hasSuffix("cannot be used: its mode 1777 lets others write to it") == true)
    }

    @Test("A path that is too long is an error in the log.")
    func long() throws {
        let folder = try TestFolder()
        let long = "\(folder.path)/\(String(repeating: "x", count: 120)).sock"
        let (path, lines) = self.log(of: AttachEnvironment(attach: "unix://\(long)"))
        #expect(path == nil)
        #expect(lines.first?.contains("a socket's path has at most 107") == true)
    }

    @Test("A chosen folder that cannot be used is in the log, and another one is used.")
    func chosen() throws {
        let folder = try TestFolder()
        let environment = AttachEnvironment(sockets: SocketEnvironment(socketDirectory: folder.path))
        let (path, lines) = self.log(of: environment, directory: "/nowhere/resmon")
        #expect(path?.hasPrefix(folder.path) == true)
        #expect(lines == ["resmon attach: app: '/nowhere/resmon' is not used: it cannot be made: no such file or directory"])
    }
}
