import Foundation
import LocalSockets
import Logging
import ResourceAttachService
import ResourceContainer
import ResourceService
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

@testable import ResourceAttach
@testable import ResourceRecording

private final class Database: Resource {}

/// A service that runs until graceful shutdown.
private struct Worker: Service {
    func run() async throws {
        try await gracefulShutdown()
    }
}

/// Compiles and runs the samples of the libraries' documentation catalogs.
@Suite("Samples of the documentation: ResourceAttach, ResourceAttachService")
struct DocumentationSampleTests {
    @Test("A container is served from start to stop.")
    func serving() throws {
        let container = Container("shop")
        let attach = ResourceAttach(container, acting: .owner)
        attach.start()
        defer { attach.stop() }
        // The server does not start if the environment of the tests switches it off.
        if let path = attach.path { #expect(path.hasSuffix(".sock")) }
    }

    private static func serve(_ container: Container, _ worker: Worker, _ logger: Logger, _ options: AttachOptions) async throws {
        let attach = ResourceAttach(container, acting: .owner, options: options)
        let services: [any Service] = [AttachService(attach), ContainerService(container), worker]
        let group = ServiceGroup(services: services, logger: logger)
        try await group.run()
    }

    @Test("A client of a service group sees the teardown of the container, and its report.")
    func teardown() async throws {
        let folder = try TestFolder()
        let container = Container("shop")
        try container.bind(Database.self, lifetime: .singleton, options: BindingOptions(eager: true)) { Database() }
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let path = SocketName(pid: getpid(), number: 0).path(in: folder.path)
        try await testGracefulShutdown { trigger in
            async let run: Void = Self.serve(container, Worker(), logger, AttachOptions(directory: folder.path))
            while container.snapshot().books.ready == 0 || !FileManager.default.fileExists(atPath: path) { await Task.yield() }
            let client = try SocketClient(path, .full)
            _ = try client.next("answer")
            trigger.triggerGracefulShutdown()
            try await run
            let end = try client.next("end").decoded(RecordingEnd.self)
            #expect(end.reason == "the container was closed")
            #expect(end.report?.count(.disposed) == 1)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
