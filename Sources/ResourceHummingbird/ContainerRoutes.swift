#if Hummingbird
    public import Hummingbird
    public import ResourceMonitoring
    import WebAdapters

    extension RouterMethods {
        /// Adds `GET` routes for an orchestrator and for Prometheus.
        ///
        /// The routes are `live` and `ready`, with the answers of `health` as JSON and the status 503 for a failure, and `metrics` with the
        /// report of `monitor` as text. The program runs `health` and `monitor`. Add the routes before a `ScopeMiddleware`, so that they
        /// open no scope. Add them to a group for a path prefix.
        ///
        /// - Parameters:
        ///   - health: The checker that answers `live` and `ready`.
        ///   - monitor: The monitor that answers `metrics`; nil for no such route.
        /// - Returns: The router.
        @discardableResult
        public func addContainerRoutes(health: HealthChecker, monitor: ResourceMonitor? = nil) -> Self {
            for page in ContainerPage.all(health: health, monitor: monitor) {
                self.get(RouterPath(page.name)) { _, _ in try page.response() }
            }
            return self
        }
    }

    extension ContainerPage {
        fileprivate func response() throws -> Response {
            let content = try self.content()
            return Response(
                status: content.isPassing ? .ok : .serviceUnavailable,
                headers: [.contentType: content.type],
                body: ResponseBody(byteBuffer: ByteBuffer(string: content.body))
            )
        }
    }
#endif
