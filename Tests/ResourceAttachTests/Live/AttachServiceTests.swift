import ResourceAttachService
import ResourceContainer
import Testing

@testable import ResourceAttach

@Suite("The service of a served container")
struct AttachServiceTests {
    @Test("The server is started on a thread that may block, not on one of the cooperative pool.")
    func thread() async throws {
        let log = LogBook()
        // The first folder is refused, which is a line of the log.
        let options = AttachOptions(directory: "/nowhere/resmon") { _ in log.add(LibraryThread.role == .steps ? "apart" : "in the pool") }
        let service = AttachService(ResourceAttach(Container("app"), options: options))
        let run = Task { try await service.run() }
        run.cancel()
        try await run.value
        #expect(log.lines.first == "apart")
    }
}
