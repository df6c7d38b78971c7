#if FlyingFox
    import FlyingFox
    import FlyingSocks
    import Foundation
    import ResourceContainer
    import ResourceFlyingFox
    import ResourceMonitoring
    import Testing

    private final class Orders: Resource {
        func list() -> String { "kettle, tea" }
    }

    /// Compiles and runs the sample of the library's documentation catalog.
    @Suite("Sample of the documentation: ResourceFlyingFox")
    struct DocumentationSampleTests {
        private static func server(_ container: Container, port: UInt16) async throws -> HTTPServer {
            var routes = RoutedHTTPHandler()
            routes.appendRoute("GET /orders") { _ in
                let orders = try await container.get(Orders.self)  // in the scope of the request
                return HTTPResponse(statusCode: .ok, body: Data(orders.list().utf8))
            }
            let health = HealthChecker(container)
            let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: port), logger: .disabled)
            await server.appendContainerRoutes(health: health, monitor: ResourceMonitor(container, health: health))
            await server.appendRoute("*", to: ScopeHandler(container, to: routes))
            return server
        }

        @Test("A server answers with the resources of the scope of each request, and disposes them.")
        func requests() async throws {
            let container = Container("shop")
            try container.bind(Orders.self) { Orders() }
            let server = try await Self.server(container, port: 0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                // A stopped server throws.
                group.addTask { do { try await server.run() } catch  where Task.isCancelled {} }
                try await server.waitUntilListening(timeout: 60)
                let address = try #require(try await server.address)
                #expect(try await Self.body(of: "/orders", at: address) == "kettle, tea")
                #expect(try await Self.body(of: "/live", at: address).contains("isPassing"))
                group.cancelAll()
                await server.stop()
            }
            #expect(container.snapshot().books.disposed == 1)
            try await container.close()
        }

        private static func body(of path: String, at address: sockaddr_in) async throws -> String {
            let request = HTTPRequest(
                method: .GET,
                version: .http11,
                path: path,
                query: [],
                headers: [.connection: "close"],
                body: HTTPBodySequence()
            )
            var client = HTTPClient()
            let response = try await client.sendHTTPRequest(request, to: address)
            let body = String(decoding: try await response.bodyData, as: UTF8.self)
            // Until here, because the client closes the connection at its end.
            _ = consume client
            return body
        }
    }

    extension HTTPServer {
        /// The address at which the server listens, with the port that the system chose.
        fileprivate var address: sockaddr_in? {
            get throws {
                guard case .ip4(let host, let port) = self.listeningAddress else { return nil }
                return try .inet(ip4: host, port: port)
            }
        }
    }
#endif
