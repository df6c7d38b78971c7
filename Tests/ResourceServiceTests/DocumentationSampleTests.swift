import Logging
import ResourceContainer
import ResourceService
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

private final class Database: Resource {}

/// A service that runs until graceful shutdown.
private struct Worker: Service {
    func run() async throws {
        try await gracefulShutdown()
    }
}

/// Compiles and runs the sample of the library's documentation catalog.
@Suite("Sample of the documentation: ResourceService")
struct DocumentationSampleTests {
    private static func serve(_ container: Container, _ worker: Worker, _ logger: Logger) async throws {
        let services: [any Service] = [ContainerService(container, logger: logger), worker]
        let group = ServiceGroup(services: services, logger: logger)
        try await group.run()
    }

    @Test("A service group starts the eager singletons of a container and closes the container at its shutdown.")
    func group() async throws {
        let container = Container("shop")
        try container.bind(Database.self, lifetime: .singleton, options: BindingOptions(eager: true)) { Database() }
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        try await testGracefulShutdown { trigger in
            async let run: Void = Self.serve(container, Worker(), logger)
            while container.snapshot().books.ready == 0 { await Task.yield() }
            trigger.triggerGracefulShutdown()
            try await run
        }
        #expect(!container.root.isOpen)
        #expect(container.snapshot().books.disposed == 1)
    }
}
