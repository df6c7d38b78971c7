import ResourceContainer
import ResourceMonitoring

@testable import ResourceAttach

/// A container that is served at a socket in a temporary folder.
final class LiveServer {
    /// The server did not start.
    struct NotStarted: Error, CustomStringConvertible {
        let description: String
    }

    let folder: TestFolder
    let container: Container
    let attach: ResourceAttach
    let log = LogBook()
    let path: String

    init(acting: ResourceAttach.Acting = .owner, monitor: ResourceMonitor? = nil) throws {
        let (folder, log) = (try TestFolder(), self.log)
        self.folder = folder
        self.container = Container("live")
        self.attach = ResourceAttach(
            self.container,
            monitor: monitor,
            acting: acting,
            options: AttachOptions(directory: folder.path, log: { log.add($0) }),
            environment: AttachEnvironment()
        )
        self.attach.start()
        guard let path = self.attach.path else { throw NotStarted(description: log.lines.joined(separator: "\n")) }
        self.path = path
    }

    deinit {
        self.attach.stop()
    }
}
