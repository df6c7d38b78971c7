import Foundation
import HTTPResources
import HTTPTracing
import InMemoryTracing
import ResourceContainer
import ResourceSimulation
import Testing
import Tracing

@Suite("Spans of HTTP requests")
struct HTTPTracingTests {
    private let tracer = InMemoryTracer()

    /// Runs `body` with a client whose stub answers with the status in the path after a second.
    private func simulate(_ body: @escaping @Sendable (Simulation, HTTPClientPool) async throws -> Void) throws {
        let simulation = Simulation(seed: 3)
        let environment = simulation.environment
        let configuration = HTTPConfiguration(observer: .tracing(by: self.tracer))
        try simulation.run {
            let stub = HTTPStub { _, url, _ in
                try await environment.time.sleep(for: .seconds(1))
                guard let status = Int(url.lastPathComponent) else { throw URLError(.cannotConnectToHost) }
                return HTTPStub.Answer(status: status)
            }
            let client = try HTTPClientPool(configuration: configuration, environment: environment, stub: stub)
            try await client.initialize()
            try await body(simulation, client)
            try await client.dispose()
        }
    }

    @Test("A request is a span with the name of its method, within the caller's span.")
    func span() throws {
        try self.simulate { [tracer] _, client in
            try await tracer.withSpan("job") { _ in _ = try await client.get("http://bob:s3cret@shop.test:8080/200?token=s3cret") }
        }
        #expect(self.tracer.finishedSpans.map(\.operationName) == ["GET", "job"])
        let span = try #require(self.tracer.finishedSpans.first)
        #expect(span.kind == .client)
        #expect(span.parentSpanID == self.tracer.finishedSpans.last?.spanID)
        #expect(span.status == nil)
        #expect(span.attributes.get("http.request.method") == .string("GET"))
        #expect(span.attributes.get("url.full") == .string("http://shop.test:8080/200?…"))
        #expect(span.attributes.get("server.address") == .string("shop.test"))
        #expect(span.attributes.get("server.port") == .int64(8080))
        #expect(span.attributes.get("http.response.status_code") == .int64(200))
    }

    @Test("The tracer adds its headers to the request.")
    func propagation() throws {
        try self.simulate { _, client in _ = try await client.get("http://shop.test/200") }
        let span = try #require(self.tracer.finishedSpans.first)
        #expect(self.tracer.performedContextInjections.map(\.context.inMemorySpanContext?.spanID) == [span.spanID])
    }

    @Test("A status from 400 is an error of the span.")
    func status() throws {
        try self.simulate { _, client in _ = try? await client.get("http://shop.test/404") }
        let span = try #require(self.tracer.finishedSpans.first)
        #expect(span.status?.code == .error)
        #expect(span.attributes.get("error.type") == .string("404"))
    }

    @Test("A request that fails is an error of its span.")
    func failure() throws {
        try self.simulate { _, client in
            await #expect(throws: HTTPError.self) { try await client.get("http://shop.test/gone") }
        }
        let span = try #require(self.tracer.finishedSpans.first)
        #expect(span.status?.code == .error)
        #expect(span.attributes.get("error.type") == .string("HTTPError"))
        #expect(span.errors.count == 1)
    }

    @Test("A canceled request is no error of its span.")
    func canceled() throws {
        try self.simulate { simulation, client in
            let task = simulation.environment.start { _ = try? await client.get("http://shop.test/200") }
            try await simulation.environment.time.sleep(for: .milliseconds(500))
            task.cancel()
            await task.value
        }
        let span = try #require(self.tracer.finishedSpans.first)
        #expect(span.status == nil)
        #expect(span.attributes.get("resmon.canceled") == .bool(true))
    }
}
