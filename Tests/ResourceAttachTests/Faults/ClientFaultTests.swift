import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceAttach
@testable import ResourceRecording

extension FaultTests {
    @Suite("Faults of clients")
    struct ClientFaultTests {
        @Test("Sixteen clients that do not read cost the process no memory and no pause.")
        func stoppedReaders() throws {
            let child = try ChildServer()
            try FaultRow.measure("16 stopped readers", child) {
                let clients = try (0..<AttachLimits.clients).map { _ in try SocketClient(child.path, .full) }
                for client in clients { _ = try client.next("snapshot") }
                FaultRow.wait(milliseconds: 500)
                let before = try child.number("memory")
                FaultRow.wait(milliseconds: 500)
                #expect(try child.number("memory") - before < 16 << 10)
                for client in clients { client.close() }
            }
            try child.expectService()
        }

        @Test("A client that dies at any byte of a request changes nothing.")
        func killedInRequest() throws {
            let child = try ChildServer()
            try FaultRow.measure("client killed at every byte of a request", child) {
                let line = AttachRequest(id: 1, command: .openScope(in: .root, name: nil)).line
                for count in 0...line.count {
                    let client = try SocketClient(child.path)
                    client.send(Array(line.prefix(count)))
                    client.close()
                }
            }
            try child.expectService()
            try child.expectNoScopes()
        }

        @Test("The scopes of a client that dies are closed within five seconds.")
        func killedWithScopes() throws {
            let child = try ChildServer()
            try FaultRow.measure("client killed with open scopes", child) {
                let client = try SocketClient(child.path, .summary)
                for id in 2...5 { client.send(AttachRequest(id: id, command: .openScope(in: .root, name: nil)).line) }
                for _ in 1...5 { _ = try client.next("answer") }
                #expect(try child.number("scopes") == 4)
                client.close()
                let start = ContinuousClock.now
                try child.expectNoScopes()
                #expect(ContinuousClock.now - start < AttachLimits.orphanClose)
            }
        }

        @Test("Half a line delays nothing.")
        func halfLine() throws {
            let child = try ChildServer()
            try FaultRow.measure("half a line", child) {
                let client = try SocketClient(child.path)
                client.send(#"{"id":1,"do":"wat"#)
                _ = try client.next("snapshot")
                _ = try client.next("input")
            }
        }

        @Test("A line of a megabyte is answered and ends the connection.")
        func longLine() throws {
            let child = try ChildServer()
            try FaultRow.measure("a line of 1 MB", child) {
                let client = try SocketClient(child.path)
                client.send([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20))
                let lines = try client.readToEnd()
                #expect(try lines.first { $0.kind == "answer" }?.decoded(AttachAnswer.self).error?.hasPrefix("a line is longer") == true)
            }
            try child.expectService()
        }

        @Test("A hundred clients that connect and leave cost no pause.")
        func hundredClients() throws {
            let child = try ChildServer()
            try FaultRow.measure("100 clients", child) {
                let clients = try (0..<100).map { _ in try SocketClient(child.path, .full) }
                let served = clients.count { client in (try? client.next("snapshot", within: .milliseconds(200))) != nil }
                #expect(served == AttachLimits.clients)
                for client in clients { client.close() }
            }
        }

        @Test("Clients that send noise change nothing.")
        func noise() throws {
            let child = try ChildServer()
            try FaultRow.measure("noise of 40 clients", child) {
                for seed in 0..<40 as Range<UInt64> {
                    var random = SeededRandom(seed: seed)
                    let client = try SocketClient(child.path)
                    let count = Int.random(in: 0...100_000, using: &random)
                    client.send((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }, within: .milliseconds(100))
                    client.close()
                }
            }
            try child.expectService()
            try child.expectNoScopes()
        }

        @Test("An act while the container closes has an answer or an end, and nothing hangs.")
        func actWhileClosing() throws {
            let child = try ChildServer()
            let client = try SocketClient(child.path, .full)
            _ = try client.next("snapshot")
            for id in 2...8 { client.send(AttachRequest(id: id, command: .openScope(in: .root, name: nil)).line) }
            #expect(try child.ask("close") == "closed")
            let end = try #require(try client.readToEnd().last)
            #expect(end.kind == "end")
            #expect(try end.decoded(RecordingEnd.self).report?.name == "child")
        }

        @Test("Another user cannot connect, and is refused if the socket is open to all.", .enabled(if: FaultTests.canChangeUser))
        func otherUser() throws {
            let child = try ChildServer(isBusy: false)
            #expect(try self.connect(to: child.path) == "error \(EACCES)\n")
            chmod(child.folder.path, 0o755)
            chmod(child.path, 0o666)
            let answer = try self.connect(to: child.path)
            #expect(answer.contains("only user 0 and root may watch this process, and the client runs as user 12345"))
        }

        @Test("A member of the group watches, also with more than 64 groups.", .enabled(if: FaultTests.canChangeUser))
        func member() throws {
            let folder = try TestFolder()
            chmod(folder.path, 0o755)
            let log = LogBook()
            let attach = ResourceAttach(
                Container("app"),
                acting: .owner,
                options: AttachOptions(directory: "\(folder.path)/resmon", group: 1_099, log: { log.add($0) }),
                environment: AttachEnvironment()
            )
            attach.start()
            defer { attach.stop() }
            let path = try #require(attach.path)
            #expect(path.hasPrefix(folder.path))
            let answer = try self.connect(to: path, groups: 1_000...1_099)
            #expect(answer.contains(#""kind":"header""#))
            #expect(answer.contains(#""may":["watch"]"#))
            #expect(log.lines.isEmpty)
        }

        @Test("The user of a server is the effective one of its process.", .enabled(if: FaultTests.canChangeUser))
        func effectiveUser() throws {
            let child = try ChildServer(isBusy: false, realUser: 12_345)
            let header = try SocketClient(child.path, .full).next("header").decoded(RecordingHeader.self)
            #expect(header.attach?.uid == 0)
        }

        /// Connects to a socket as another user with these groups, and returns what the program printed.
        private func connect(to path: String, groups: ClosedRange<Int>? = nil) throws -> String {
            let programs = try TestFolder()
            let program = "\(programs.path)/child"
            // A process copies the file: a file that this process writes could be open in a child of another test, and would not start.
            let copy = try Process.run(URL(fileURLWithPath: "/usr/bin/install"), arguments: ["-m", "755", ChildServer.program, program])
            copy.waitUntilExit()
            chmod(programs.path, 0o755)
            let process = Process()
            let output = Pipe()
            let others = groups.map { ["--groups", $0.map(String.init).joined(separator: ",")] } ?? ["--clear-groups"]
            process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
            process.arguments = ["--reuid", "12345", "--regid", "12345"] + others + [program, "connect", path]
            process.standardOutput = output
            try process.run()
            let data = output.fileHandleForReading.readDataToEndOfFile()
            return String(decoding: data, as: UTF8.self)
        }
    }
}
