import Foundation
import LocalSockets
import LoopbackServers
import ResourceAttachClient
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording
import Testing

/// A Python program that serves a feed, in an empty folder of sockets.
private struct ServedFeed {
    let folder: TemporaryDirectory
    let process: ServerProcess
    let discovery: ProcessDiscovery

    init(_ program: String, _ arguments: [String]) throws {
        self.folder = try TemporaryDirectory()
        let sockets = self.folder.path + "/resmon"
        try FileManager.default.createDirectory(atPath: sockets, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        self.process = try PythonPrograms.current.serve(program, arguments, sockets: sockets, output: self.folder.path + "/output")
        self.discovery = ProcessDiscovery(environment: SocketEnvironment(socketDirectory: sockets))
    }

    /// The served container, as discovery finds it.
    func found() async throws -> LocalProcess {
        #expect(try await eventually { self.discovery.find(within: .seconds(5)).processes.first?.summary != nil })
        return try #require(self.discovery.find(within: .seconds(5)).processes.first)
    }
}

extension PythonTests {
    @Test("A program that serves a feed is found, attached to, checked, and recorded, as a program that serves a container.")
    func served() async throws {
        let served = try ServedFeed("shop_injectq.py", ["--requests", "1000", "--pause", "0.05"])
        let found = try await served.found()
        #expect(found.container == "shop")
        #expect(found.description?.program == "shop_injectq.py")
        #expect(found.description?.may == ["watch"])

        let source = AttachedSource(found.endpoint)
        guard case .live = await source.connect() else {
            Issue.record("the feed is not live: \(String(describing: source.connection))")
            return
        }
        var updates = source.updates(rate: 30).makeAsyncIterator()
        var types: Set<String> = []
        var scopes = 0
        while types.count < 4 || scopes < 3 {
            let update = try #require(await updates.next())
            types.formUnion(update.bindings.map(\.binding.type))
            scopes = update.totals.closedScopes
        }
        #expect(types == ["Database", "Cart", "Session", "Mailer"])
        await source.close()

        let path = served.folder.path + "/shop.jsonl"
        let recording = try AttachedRecording(found.endpoint, to: path)
        let task = Task { try await recording.run() }
        #expect(try await eventually { recording.length > 20_000 })
        recording.stop()
        try await task.value
        let verdict = try RecordingVerdict(path: path, limits: RecordingLimits())
        #expect(verdict.remarks == [])
        #expect(!verdict.violations.contains { $0.rule == "books" })
        await served.process.stop(SIGINT)
    }

    @Test("The end of the program ends the connection, with its reason.")
    func ended() async throws {
        let served = try ServedFeed("shop_dishka.py", ["--requests", "40", "--pause", "0.05"])
        let source = AttachedSource(try await served.found().endpoint)
        _ = await source.connect()
        for await _ in source.updates(rate: 4) {}
        guard case .ended(_, let how) = source.connection else {
            Issue.record("the connection has not ended: \(String(describing: source.connection))")
            return
        }
        #expect(how == "the program ended")
        await source.close()
    }
}
