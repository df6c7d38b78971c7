import LocalSockets
import ResourceAttach
import ResourceContainer
import ResourceMonitoring
import ResourceRecording

@testable import ResourceAttachClient

/// A container of the test process that a server serves in a folder of its own test.
final class ServedShop {
    final class Part: Resource {}

    let folder: TestFolder
    let container = Container("shop")
    /// The recorder of the container's past; nil for a shop without one.
    let flight: FlightRecorder?
    let attach: ResourceAttach

    init(acting: ResourceAttach.Acting = .nobody, hasFlight: Bool = false) async throws {
        let folder = try TestFolder()
        self.folder = folder
        self.flight = hasFlight ? FlightRecorder(self.container) : nil
        try self.container.bind(Part.self, lifetime: .singleton) { Part() }
        _ = try await self.container.get(Part.self)
        let options = AttachOptions(directory: folder.path, log: { _ in })
        self.attach = ResourceAttach(self.container, flight: self.flight, acting: acting, options: options)
        self.attach.start()
    }

    deinit {
        self.attach.stop()
    }

    /// The search in the folder only.
    var discovery: ProcessDiscovery {
        ProcessDiscovery(environment: SocketEnvironment(socketDirectory: self.folder.path))
    }

    /// The served containers. The limit is never reached, because the search ends with the last answer.
    func find() -> [LocalProcess] {
        self.discovery.find(within: .seconds(20)).processes
    }

    /// A connection to the server.
    func processes(_ options: AttachClientOptions = AttachClientOptions()) async throws -> AttachedProcesses {
        try await AttachedProcesses.attach(to: self.find().map(\.endpoint), options: options, discovery: self.discovery)
    }
}
