import Foundation
import LocalSockets
import ResourceContainer
import Testing

@testable import ResourceAttach
@testable import ResourceRecording

extension FaultTests {
    @Suite("Faults of the watched process")
    struct ProcessFaultTests {
        @Test("A process whose pool of threads is blocked is watched and acted on, and its beats report the delay.")
        func blockedPool() throws {
            let child = try ChildServer()
            try FaultRow.measure("blocked pool", child) {
                #expect(try child.ask("block") == "blocked")
                let start = ContinuousClock.now
                let client = try SocketClient(child.path, .full)
                _ = try client.next("snapshot")
                client.send(AttachRequest(id: 2, command: .openScope(in: .root, name: nil)).line)
                #expect(try client.next("answer").decoded(AttachAnswer.self).id == 1)
                #expect(try client.next("answer").decoded(AttachAnswer.self).scope != nil)
                let beat = try client.next("beat").decoded(AttachBeat.self)
                #expect(beat.lagNanoseconds == nil)
                #expect(beat.waitingNanoseconds ?? 0 > 500_000_000)
                // All of it happened while the pool was blocked.
                #expect(ContinuousClock.now - start < .seconds(4))
            }
        }

        @Test("A process that is killed ends the stream without an end line, and its socket is replaced.")
        func killed() throws {
            let child = try ChildServer()
            let client = try SocketClient(child.path, .full)
            _ = try client.next("snapshot")
            child.signal(SIGKILL)
            let start = ContinuousClock.now
            #expect(try client.readToEnd().last?.kind != "end")
            #expect(ContinuousClock.now - start < .seconds(2))
            #expect(FileManager.default.fileExists(atPath: child.path))
            // The old socket refuses connections, so the next process with that number replaces it.
            let location = SocketLocation(user: geteuid(), group: nil)
            let folder = try LockedFolder(child.folder.path, location)
            // The kernel closes the descriptors of a killed process one after the other.
            let isReplaced = try (0..<40).contains { _ in
                let socket = try ListeningSocket(in: folder, pid: child.pid, group: nil)
                if socket.path == child.path { return true }
                socket.remove(from: folder)
                FaultRow.wait(milliseconds: 50)
                return false
            }
            #expect(isReplaced)
        }

        @Test("A server that starts removes the socket of a killed process in its folder, and leaves that of a running one.")
        func leftover() throws {
            let folder = try TestFolder()
            let (running, killed) = (try ChildServer(isBusy: false, in: folder), try ChildServer(isBusy: false, in: folder))
            killed.signal(SIGKILL)
            // The kernel closes the descriptors of a killed process one after the other.
            for _ in 0..<200 where ProcessLife(of: killed.pid) != nil || (try? UnixSocket.connected(to: killed.path)) != nil {
                FaultRow.wait(milliseconds: 50)
            }
            #expect(FileManager.default.fileExists(atPath: killed.path))
            let next = try ChildServer(isBusy: false, in: folder)
            #expect(!FileManager.default.fileExists(atPath: killed.path))
            for server in [running, next] { _ = try SocketClient(server.path, .full).next("snapshot") }
        }

        @Test("The stream of a process that is stopped continues with the process.")
        func stopped() throws {
            let child = try ChildServer()
            let client = try SocketClient(child.path, .full)
            _ = try client.next("snapshot")
            child.signal(SIGSTOP)
            FaultRow.wait(milliseconds: 300)
            while (try? client.next("input", within: .milliseconds(100))) != nil {}
            #expect(throws: SocketClient.TimedOut.self) { try client.next("input", within: .milliseconds(400)) }
            child.signal(SIGCONT)
            _ = try client.next("input")
        }

        @Test("A process without a free descriptor ends new connections and does not spin.")
        func descriptors() throws {
            let child = try ChildServer(isBusy: false)
            let watcher = try SocketClient(child.path, .full)
            _ = try watcher.next("snapshot")
            #expect(try child.ask("fill") == "filled")
            let refused = try SocketClient(child.path)
            #expect(try refused.readToEnd().isEmpty)
            let waiting = try SocketClient(child.path, .summary)
            let before = child.ticks
            FaultRow.wait(milliseconds: 500)
            #expect(child.ticks - before < 20)
            // Attached clients stay attached.
            _ = try watcher.next("beat")
            #expect(try child.ask("empty") == "emptied")
            waiting.close()
            let isServed = (0..<30).contains { _ in
                let line = try? SocketClient(child.path, .summary).next("beat", within: .milliseconds(200))
                return line != nil
            }
            #expect(isServed)
        }

        @Test("A program that the process starts inherits no socket.")
        func inherited() throws {
            let child = try ChildServer(isBusy: false)
            let client = try SocketClient(child.path, .full)
            _ = try client.next("snapshot")
            let sockets = try child.ask("inherited")
            #expect(sockets == "none")
        }

        @Test("A process without clients does not wake up, before and after it was watched.")
        func idle() throws {
            let child = try ChildServer(isBusy: false)
            #expect(self.isQuiet(child))
            let client = try SocketClient(child.path, .full)
            _ = try client.next("beat")
            client.close()
            #expect(self.isQuiet(child))
        }

        /// Whether no thread of the process wakes up for a second, in one of ten seconds. Threads that end wake up once.
        private func isQuiet(_ child: ChildServer) -> Bool {
            (0..<10).contains { _ in
                let before = child.sleeps
                FaultRow.wait(milliseconds: 1000)
                return child.sleeps == before && !before.isEmpty
            }
        }

        @Test("A process that ends its input stops the server, and removes the socket.")
        func ended() throws {
            let child = try ChildServer()
            let client = try SocketClient(child.path, .full)
            _ = try client.next("snapshot")
            #expect(try child.ask("stop") == "stopped")
            let end = try #require(try client.readToEnd().last)
            #expect(try end.decoded(RecordingEnd.self) == RecordingEnd(reason: "the server was stopped"))
            #expect(!FileManager.default.fileExists(atPath: child.path))
        }
    }
}
