#if Hummingbird
    import Hummingbird
    import HummingbirdTesting
    import Logging
    import ResourceContainer
    import ResourceHummingbird
    import ResourceMonitoring
    import Testing

    private final class Orders: Resource {
        func list() -> String { "kettle, tea" }
        func all() async throws -> [String] { ["kettle", "tea"] }
    }

    /// Compiles and runs the sample of the library's documentation catalog.
    @Suite("Sample of the documentation: ResourceHummingbird")
    struct DocumentationSampleTests {
        private static func router(_ container: Container) -> Router<BasicRequestContext> {
            let health = HealthChecker(container)
            let router = Router()
            router.addContainerRoutes(health: health, monitor: ResourceMonitor(container, health: health))
            router.add(middleware: ScopeMiddleware(container))
            router.get("orders") { _, _ in
                try await container.get(Orders.self).list()  // in the scope of the request
            }
            router.get("export") { _, _ in
                let orders = try await container.get(Orders.self)
                return Response(
                    status: .ok,
                    body: ResponseBody { writer in
                        for order in try await orders.all() { try await writer.write(ByteBuffer(string: order + "\n")) }
                        try await writer.finish(nil)
                    }  // the orders are disposed here
                )
            }
            return router
        }

        @Test("A server answers with the resources of the scope of each request, and disposes them.")
        func requests() async throws {
            let container = Container("shop")
            try container.bind(Orders.self) { Orders() }
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            let application = Application(router: Self.router(container), logger: logger)
            try await application.test(.router) { client in
                let list = try await client.execute(uri: "/orders", method: .get)
                #expect(String(buffer: list.body) == "kettle, tea")
                let export = try await client.execute(uri: "/export", method: .get)
                #expect(String(buffer: export.body) == "kettle\ntea\n")
            }
            #expect(container.snapshot().books.disposed == 2)
            try await container.close()
        }
    }
#endif
