import Foundation
import LocalSockets
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording
import Testing

@testable import ResourceAttachClient

@Suite("Connections through commands", .serialized)
struct CommandConnectionTests {
    @Test("A command that fails is refused with its status and the last line of its errors.")
    func failure() async throws {
        let source = AttachedSource(.command(["/bin/sh", "-c", "echo first >&2; echo no such host >&2; exit 7"]))
        let status = await source.connect()
        guard case .refused(let reason) = status else {
            Issue.record("the status is \(status)")
            return
        }
        #expect(reason == "/bin/sh ended with status 7: no such host")
    }

    @Test("A command that does not exist is refused with its name.")
    func absent() async throws {
        let source = AttachedSource(.command(["/no/such/program"]))
        #expect(await source.connect() == .refused("there is no command '/no/such/program'"))
    }

    @Test("A stream from the output of a command is shown.")
    func stream() async throws {
        let served = try ServedStream()
        let bytes = try served.begin() + served.turn()
        let folder = try TestFolder()
        let path = "\(folder.path)/stream.jsonl"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let source = AttachedSource(.command(["/bin/sh", "-c", "cat \"$0\"; exec sleep 60", path]))
        _ = await source.connect()
        var updates = source.updates(rate: 30).makeAsyncIterator()
        let update = try #require(await updates.next())
        #expect(update.totals.books.created == 1)
    }

    /// Writes the bytes of a stream with a state to a file in `folder`, and returns the path.
    private static func written(in folder: TestFolder, ends: Bool = false) throws -> (path: String, bytes: [UInt8]) {
        let served = try ServedStream()
        var bytes = try served.begin() + served.turn()
        if ends { bytes += try served.end() }
        let path = "\(folder.path)/stream.jsonl"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return (path, bytes)
    }

    @Test("A close returns after the command has ended.")
    func closed() async throws {
        let folder = try TestFolder()
        let (stream, number) = (try Self.written(in: folder).path, "\(folder.path)/pid")
        let script = "echo $$ > \"$1\"; cat \"$0\"; exec sleep 60"
        let source = AttachedSource(.command(["/bin/sh", "-c", script, stream, number]))
        _ = await source.connect()
        let text = try String(contentsOfFile: number, encoding: .utf8)
        let pid = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(ProcessLife(of: pid)?.isAlive == true)
        await source.close()
        #expect(ProcessLife(of: pid) == nil)
    }

    @Test("A command that writes more warnings than a pipe holds is recorded to its end.")
    func warnings() async throws {
        let folder = try TestFolder()
        let (stream, bytes) = try Self.written(in: folder, ends: true)
        let command = ["/bin/sh", "-c", "head -c 200000 /dev/zero >&2; cat \"$0\"", stream]
        let recording = try AttachedRecording(.command(command), to: "\(folder.path)/x.jsonl")
        try await recording.run()
        #expect(recording.length == bytes.count)
    }

    @Test("A command that runs and sends nothing is described by its last error.")
    func complaint() async throws {
        let link = AttachLink(.command(["/bin/sh", "-c", "echo no route to web1 >&2; exec sleep 60"], target: "ssh://web1"))
        link.start()
        while true {
            let news = link.news
            if link.complaint != nil { break }
            _ = await news.wait()
        }
        #expect(AttachedProcesses.refusal(of: link) == "ssh://web1 does not answer: no route to web1")
        await link.close()
    }
}

@Suite("Connections to processes that a probe has seen", .serialized)
struct ProbedConnectionTests {
    @Test("A process that is gone before its header has ended, so that the search for its successor continues.")
    func gone() async throws {
        let folder = try TestFolder()
        var probed = LocalProcess(pid: .max, number: 0, path: "\(folder.path)/\(Int32.max)-0.sock")
        probed.container = "shop"
        probed.description = ServedStream.description(instance: "run-2")
        let link = AttachLink(probed.endpoint, probed: probed)
        link.start()
        #expect(await link.settle(within: .seconds(20)) == .ended(at: nil, how: "without goodbye"))
        let ended = try #require(EndedProcess(ProcessID("4901"), link))
        #expect(ended.container == "shop")
        #expect(ended.description.instance == "run-2")
        await link.close()
    }
}
