import HTTPResources
import HTTPTracing
import InMemoryTracing
import ResourceContainer
import Testing
import Tracing

/// Compiles and runs the samples of the library's documentation catalog.
@Suite("Sample of the documentation: HTTPTracing")
struct DocumentationSampleTests {
    private static func bind(in container: Container) throws {
        let configuration = HTTPConfiguration(observer: .tracing())
        try container.bind(HTTPClientPool.self, lifetime: .singleton) { try HTTPClientPool(configuration: configuration) }
    }

    private static func combined(_ tracer: any Tracer, _ counter: HTTPObserver) -> HTTPObserver {
        let observer = HTTPObserver(combining: [.tracing(by: tracer), counter])
        return observer
    }

    @Test("A client with the observer is created, and a combination of observers is one.")
    func samples() async throws {
        let container = Container("shop")
        try Self.bind(in: container)
        let client = try await container.get(HTTPClientPool.self)
        #expect(client.configuration.observer != nil)
        let counter = HTTPObserver { _ in HTTPObserver.Observation { _ in } }
        let configuration = HTTPConfiguration(observer: Self.combined(InMemoryTracer(), counter))
        #expect(configuration.observer != nil)
        try await container.close()
    }
}
