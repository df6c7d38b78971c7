import Foundation
import LocalSockets
import ResourceContainer
import Testing

@testable import ResourceAttach
@testable import ResourceRecording

@Suite("A round of the server's thread")
struct AttachLoopTests {
    @Test("A round accepts at most sixteen connections.")
    func accepts() throws {
        let folder = try TestFolder()
        let user = geteuid()
        let binder = SocketBinder(
            location: SocketLocation(user: user, group: nil),
            environment: AttachEnvironment(),
            directory: folder.path,
            pid: 7
        )
        let setup = AttachSetup(
            container: Container("app"),
            health: nil,
            monitor: nil,
            flight: nil,
            consent: Consent(acting: .nobody, user: user, group: nil),
            options: AttachOptions(log: { _ in }),
            description: .ofThisProcess(),
            time: .system,
            startedAt: TimeSource.system.now
        )
        let mailbox = AttachMailbox(try WakePipe())
        let socket = try binder.bound().socket
        var loop = AttachLoop(setup, mailbox, AttachListener(socket, binder, at: setup.time.now) { _ in })
        let clients = try (0..<20).map { _ in try SocketClient(socket.path) }
        loop.takeRound()
        for client in clients[16...] {
            try client.readArrived()
            #expect(client.received.isEmpty)
        }
        loop.takeRound()
        for client in clients[16...] { _ = try client.next("answer") }
        mailbox.stop()
        loop.run()
    }
}
