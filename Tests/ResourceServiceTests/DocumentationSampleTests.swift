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

/// Compiles and runs the samples of the library's documentation catalog.
@Suite("Samples of the documentation: ResourceService")
struct DocumentationSampleTests {
    private static func serve(_ container: Container, _ worker: Worker, _ logger: Logger) async throws {
        let services: [any Service] = [ContainerService(container, logger: logger), worker]
        let group = ServiceGroup(services: services, logger: logger)
        try await group.run()
    }

    /// Compiled only: a process can bootstrap its logging once.
    static func bootstrap() {
        LoggingSystem.bootstrap(StreamLogHandler.standardError, metadataProvider: .scope(requestTag: "request"))
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

    @Test("A service that is a resource runs until its container closes.")
    func service() async throws {
        let container = Container("shop")
        try container.bind(ServiceResource<Worker>.self, lifetime: .singleton) { ServiceResource(Worker()) }
        let resource = try await container.get(ServiceResource<Worker>.self)  // the worker runs
        let worker = resource.service
        #expect(type(of: worker) == Worker.self)
        #expect(try await resource.healthCheck().status == .healthy)
        let report = try await container.close()
        #expect(report.isClean)
        #expect(report.count(.disposed) == 1)
    }
}
