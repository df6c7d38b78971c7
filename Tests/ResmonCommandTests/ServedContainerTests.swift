import Foundation
import LocalSockets
import ResourceAttach
import ResourceAttachClient
import ResourceContainer
import ResourceDashboard
import ResourceRecording
import Testing

@testable import resmon

/// Runs the commands for running processes on containers that this process serves.
@Suite("Commands on served containers", .serialized)
struct ServedContainerTests {
    private final class Widget: Resource {}

    /// A directory with the sockets of containers that this process serves.
    private struct Servers {
        let directory: String
        let attaches: [ResourceAttach]

        /// The search in the directory.
        var discovery: ProcessDiscovery { ProcessDiscovery(environment: SocketEnvironment(socketDirectory: self.directory)) }

        /// The path of a new file in the directory.
        func file(_ name: String) -> String { "\(self.directory)/\(name)" }
    }

    /// Serves a container for each name while `body` runs.
    private static func with(
        _ names: [String],
        acting: ResourceAttach.Acting = .nobody,
        hasRecorder: Bool = true,
        _ body: (Servers) async throws -> Void
    ) async throws {
        // Paths of sockets are limited to 107 bytes.
        let directory = "/tmp/rs-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var containers: [Container] = []
        var attaches: [ResourceAttach] = []
        defer { for attach in attaches { attach.stop() } }
        for name in names {
            let container = Container(name)
            try container.bind(Widget.self, lifetime: .singleton) { Widget() }
            _ = try await container.get(Widget.self)
            let flight = hasRecorder ? FlightRecorder(container) : nil
            let options = AttachOptions(directory: directory) { _ in }
            let attach = ResourceAttach(container, flight: flight, acting: acting, options: options)
            attach.start()
            containers.append(container)
            attaches.append(attach)
        }
        try await body(Servers(directory: directory, attaches: attaches))
        for container in containers { try await container.close() }
    }

    private static func path(_ servers: Servers) throws -> String {
        try #require(servers.attaches.first?.path)
    }

    @Test("The list has the served containers with their figures, and what a client may do.")
    func list() async throws {
        try await Self.with(["shop", "mail"], acting: .owner) { servers in
            let rows = servers.discovery.find().processes.map(ProcessTable.Row.init)
            #expect(rows.map(\.name).sorted { ($0 ?? "") < ($1 ?? "") } == ["mail", "shop"])
            #expect(rows.allSatisfy { $0.active == 1 })
            #expect(rows.allSatisfy { $0.pid == ProcessInfo.processInfo.processIdentifier })
            #expect(rows.allSatisfy { $0.problem == nil })
            #expect(ProcessTable(rows: rows).text.components(separatedBy: "look, act").count == 3)
        }
        try await Self.with(["shop"]) { servers in
            let text = ProcessTable(rows: servers.discovery.find().processes.map(ProcessTable.Row.init)).text
            #expect(text.contains("look"))
            #expect(!text.contains("act\n"))
        }
    }

    @Test("A container is found by its name, by the number of its process, and alone without a name.")
    func found() async throws {
        try await Self.with(["shop"]) { servers in
            let path = try Self.path(servers)
            let pid = ProcessInfo.processInfo.processIdentifier
            for words in [[], ["shop"], ["\(pid)"], [path]] {
                #expect(try AttachArguments.one(words, "save", in: servers.discovery).description == path)
            }
        }
    }

    @Test("A name that matches no container is rejected with the names that exist, and with the command that lists them.")
    func notFound() async throws {
        try await Self.with(["shop"]) { servers in
            let fault = #expect(throws: UsageFault.self) { try AttachArguments.one(["mail"], "save", in: servers.discovery) }
            #expect(fault?.description.hasPrefix("save: no container is named 'mail'") == true)
            #expect(fault?.description.contains("shop") == true)
            #expect(fault?.description.contains("'resmon ps'") == true)
        }
        try await Self.with([]) { servers in
            let fault = #expect(throws: UsageFault.self) { try AttachArguments.all([], "attach", in: servers.discovery) }
            #expect(fault?.description.contains("no process of this machine serves a container") == true)
            #expect(fault?.description.contains("resmon demo") == true)
        }
    }

    @Test("Several containers that match are listed where only one can be meant.")
    func severalMatch() async throws {
        try await Self.with(["shop", "shop", "mail"]) { servers in
            let all = try AttachArguments.all([], "attach", in: servers.discovery)
            #expect(all.count == 3)
            let shops = try AttachArguments.all(["shop"], "attach", in: servers.discovery)
            #expect(shops.count == 2)
            let fault = #expect(throws: UsageFault.self) { try AttachArguments.one(["shop"], "save", in: servers.discovery) }
            let pid = ProcessInfo.processInfo.processIdentifier
            #expect(fault?.description.hasPrefix("save: 2 served containers are named 'shop': \(pid)") == true)
            #expect(fault?.description.contains("shop, \(pid)-1 shop") == true)
            #expect(fault?.description.contains("mail") == false)
        }
    }

    @Test("The past of a process is saved as a complete recording; an existing file is not changed.")
    func save() async throws {
        try await Self.with(["shop"]) { servers in
            let (path, file) = (try Self.path(servers), servers.file("past.jsonl"))
            #expect(await Program.run(["save", path, "--last", "1m", "-o", file]) == ExitStatus.success)
            let verdict = try RecordingVerdict(path: file, limits: RecordingLimits())
            #expect(verdict.report.container == "shop")
            #expect(verdict.remarks == [])
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(await Program.run(["save", path, "-o", file]) == ExitStatus.usage)
            #expect(await Program.run(["save", path, "--last", "soon", "-o", servers.file("x.jsonl")]) == ExitStatus.usage)
        }
    }

    @Test("Without a flight recorder there is no past to save, and no file is left behind.")
    func nothingToSave() async throws {
        try await Self.with(["shop"], hasRecorder: false) { servers in
            let file = servers.file("past.jsonl")
            let path = try Self.path(servers)
            #expect(await Program.run(["save", path, "-o", file]) == ExitStatus.failure)
            #expect(!FileManager.default.fileExists(atPath: file))
        }
    }

    @Test("A running process is recorded and checked as a scenario is.")
    func recordAndCheck() async throws {
        try await Self.with(["shop"]) { servers in
            let (path, file) = (try Self.path(servers), servers.file("live.jsonl"))
            #expect(await Program.run(["record", "--attach", path, "--for", "300ms", "--output", file]) == ExitStatus.success)
            #expect(try RecordingVerdict(path: file, limits: RecordingLimits()).passed)
            let check = ["check", "--attach", path, "--for", "300ms"]
            #expect(await Program.run(check) == ExitStatus.success)
            #expect(await Program.run(check + ["--max-active", "Widget=0"]) == ExitStatus.checkFailed)
            #expect(await Program.run(check + ["--max-active", "Gadget=0"]) == ExitStatus.usage)
            #expect(await Program.run(["check", "--attach", path + "x", "--for", "300ms"]) == ExitStatus.failure)
        }
    }

    @Test("A snapshot of a running process shows its present moment.")
    func snapshot() async throws {
        try await Self.with(["shop"]) { servers in
            let surroundings = Surroundings(environment: [:], executable: "/nowhere/resmon")
            let arguments = ["--attach", try Self.path(servers), "--view", "resources"]
            var frames: [String] = []
            for format in ["text", "json"] {
                let plan = try SnapshotPlan(try SnapshotCommand.parse(arguments + ["--format", format]), surroundings)
                try await plan.frames { frames.append($0) }
            }
            #expect(frames.count == 2)
            #expect(frames[0].contains("shop"))
            #expect(frames[0].contains("Widget#"))
            #expect(frames[1].contains(#""process" : ""#))
        }
    }
}
