#if FlyingFox
    import FlyingFox
    import Foundation
    import ResourceContainer
    import ResourceFlyingFox
    import ResourceMonitoring
    import Testing

    @Suite("FlyingFox: routes for an orchestrator and for Prometheus")
    struct ContainerRoutesTests {
        private static func answer(_ path: String, of container: Container, prefix: String = "") async throws -> HTTPResponse {
            var routes = RoutedHTTPHandler()
            let health = HealthChecker(container)
            routes.appendContainerRoutes(health: health, monitor: ResourceMonitor(container, health: health), prefix: prefix)
            let request = HTTPRequest(
                method: .GET,
                version: .http11,
                path: path,
                query: [],
                headers: [:],
                body: HTTPBodySequence()
            )
            return try await routes.handleRequest(request)
        }

        @Test("An open container answers all routes with the status 200.", arguments: ["live", "ready", "metrics"])
        func open(name: String) async throws {
            let container = Container("web")
            let answer = try await Self.answer("/\(name)", of: container)
            #expect(answer.statusCode == .ok)
            #expect(answer.headers[.contentType] == (name == "metrics" ? "text/plain; version=0.0.4; charset=utf-8" : "application/json"))
            #expect(try await !answer.bodyData.isEmpty)
            try await container.close()
        }

        @Test("A closed container is not ready: the status is 503.")
        func closed() async throws {
            let container = Container("web")
            try await container.close()
            let answer = try await Self.answer("/ready", of: container)
            #expect(answer.statusCode == .serviceUnavailable)
        }

        @Test("A prefix moves the routes.")
        func prefix() async throws {
            let container = Container("web")
            let answer = try await Self.answer("/internal/live", of: container, prefix: "/internal")
            #expect(answer.statusCode == .ok)
            await #expect(throws: HTTPUnhandledError.self) { try await Self.answer("/live", of: container, prefix: "/internal") }
            try await container.close()
        }
    }
#endif
