import Foundation
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording
import ResourceSimulation
import Testing

@testable import ResourceAttachClient

@Suite("Attached to a server", .serialized)
struct AttachedSourceTests {
    /// Waits for an update that meets a condition.
    private static func update(of source: AttachedSource, where isWanted: (MonitorUpdate) -> Bool) async throws -> MonitorUpdate {
        var picture: MonitorUpdate?
        for await update in source.updates(rate: 30) where isWanted(update) {
            picture = update
            break
        }
        return try #require(picture)
    }

    @Test("The first update has the container's books, and the row has its figures.")
    func figures() async throws {
        let shop = try await ServedShop()
        let processes = try await shop.processes()
        let source = try #require(processes.first)
        let update = try await Self.update(of: source) { _ in true }
        #expect(update.isReset)
        #expect(update.container == "shop")
        #expect(update.totals.books == shop.container.books().books)
        let row = try #require(processes.rows().first)
        #expect(row.name == "shop")
        #expect(row.pid == ProcessInfo.processInfo.processIdentifier)
        #expect(row.active == 1)
        #expect(row.id == source.process)
        #expect(!row.mayAct)
        guard case .live = row.status else {
            Issue.record("the row is \(row.status)")
            return
        }
    }

    @Test("With the consent of both sides, a scope is opened, filled, and closed in the process.")
    func acts() async throws {
        let shop = try await ServedShop(acting: .owner)
        let processes = try await shop.processes(AttachClientOptions(acts: true))
        let control = try #require(processes.first?.control)
        let scope = try await control.openScope(in: .root, name: "from-outside")
        #expect(shop.container.scope(scope)?.name == "from-outside")
        _ = try await control.get(BindingID(0), in: scope)
        let report = try await control.closeScope(scope, force: false)
        #expect(report.name == "from-outside")
        #expect(shop.container.scope(scope) == nil)
        await #expect(throws: AttachFailure.self) { try await control.closeScope(scope, force: false) }
        #expect(processes.rows().first?.mayAct == true)
    }

    @Test("Without a consent nothing is sent, and the error states what would allow it.")
    func refused() async throws {
        let shop = try await ServedShop()
        let look = try #require(try await shop.processes().first?.control)
        let first = await #expect(throws: AttachFailure.self) { try await look.openScope(in: .root, name: nil) }
        #expect(first?.description.contains("--act") == true)
        let act = try #require(try await shop.processes(AttachClientOptions(acts: true)).first?.control)
        let second = await #expect(throws: AttachFailure.self) { try await act.openScope(in: .root, name: nil) }
        #expect(second?.description.contains("acting: .owner") == true)
    }

    @Test("After the server has stopped, the updates end and the process has ended.")
    func end() async throws {
        let shop = try await ServedShop()
        let processes = try await shop.processes()
        let source = try #require(processes.first)
        _ = try await Self.update(of: source) { _ in true }
        shop.attach.stop()
        for await _ in source.updates(rate: 30) {}
        guard case .ended = source.connection else {
            Issue.record("the connection is \(String(describing: source.connection))")
            return
        }
        #expect(processes.rows().first?.active == 1)
    }

    @Test("The past that the flight recorder keeps is before the first update, and is returned once.")
    func past() async throws {
        let shop = try await ServedShop(hasFlight: true)
        for _ in 0..<2 { shop.flight?.turn() }
        let source = try #require(try await shop.processes().first)
        let past = await source.past(within: .seconds(20))
        let last = try #require(past.last)
        #expect(past.first?.isReset == true)
        #expect(last.totals.books.active == 1)
        let update = try await Self.update(of: source) { _ in true }
        #expect(update.isReset)
        #expect(update.time >= last.time)
        #expect(update.missed == 0)
        #expect(await source.past().isEmpty)
    }

    @Test("The end of a process ends the updates at once, before the time of the next update.")
    func promptEnd() async throws {
        let shop = try await ServedShop()
        // Time that does not pass: the next update is never due.
        let time = Simulation(seed: 1).environment.time
        let link = AttachLink(try #require(shop.find().first).endpoint, time: time)
        let source = AttachedSource(AttachHandle(link, acts: false), id: ProcessID("shop"), processes: nil)
        var updates = source.updates(rate: 1).makeAsyncIterator()
        #expect(await updates.next() != nil)
        shop.attach.stop()
        while await updates.next() != nil {}
        #expect(link.status.hasEnded)
    }

    @Test("A connection in the mode report has the figures of the process, its description, and no container.")
    func reports() async throws {
        let shop = try await ServedShop()
        let listed = try #require(shop.discovery.list().sockets.first)
        let link = AttachLink(listed.process.endpoint, mode: .report)
        link.start()
        while link.report == nil { _ = await link.news.wait() }
        #expect(link.report?.overall.activeResources == 1)
        #expect(link.status == .live(lag: nil) || link.report?.executorLag != nil)
        #expect(link.header?.attach?.version == ExportedProcess.libraryVersion)
        #expect(link.header?.attach?.processStarted.map { $0 <= link.header?.attach?.started ?? 0 } == true)
        #expect(link.takeUpdate() == nil)
        await link.close()
    }

    @Test("Closed connections open no more, and the rows keep their figures.")
    func closed() async throws {
        let shop = try await ServedShop()
        let processes = try await shop.processes()
        let source = try #require(processes.first)
        await processes.close()
        for await _ in source.updates(rate: 30) {}
        #expect(processes.rows().first?.active == 1)
    }

    @Test("Another run at the place of a process is not saved in its recording.")
    func otherRun() async throws {
        let shop = try await ServedShop()
        let path = "\(shop.folder.path)/x.jsonl"
        let recording = try AttachedRecording(try #require(shop.find().first).endpoint, of: "another run", to: path)
        let error = await #expect(throws: RecordingError.self) { try await recording.run() }
        #expect(error?.description.contains("the process has ended") == true)
        #expect(error?.isCutOff == false)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("A saved stream is a whole recording, whether it is stopped by the client or ended by the server.", arguments: [true, false])
    func saved(_ isStopped: Bool) async throws {
        let shop = try await ServedShop()
        let path = "\(shop.folder.path)/x.jsonl"
        let recording = try AttachedRecording(try #require(shop.find().first).endpoint, to: path)
        async let done: Void = recording.run()
        let source = try #require(try await shop.processes().first)
        // An update arrives about once a second.
        for await _ in source.updates(rate: 30) where recording.length > 0 { break }
        if isStopped { recording.stop() } else { shop.attach.stop() }
        try await done
        var reader = RecordingReader()
        for line in try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: 0x0A) { _ = reader.take(Array(line)[...]) }
        #expect(reader.survey.isWhole)
        #expect(reader.header?.container == "shop")
    }
}
