#if FlyingFox
    public import FlyingFox
    import Foundation
    public import ResourceMonitoring
    import WebAdapters

    extension HTTPServer {
        /// Adds `GET` routes for an orchestrator and for Prometheus, which open no scope.
        ///
        /// The routes are `/live` and `/ready`, with the answers of `health` as JSON and the status 503 for a failure, and `/metrics` with
        /// the report of `monitor` as text. The program runs `health` and `monitor`. A route that is added earlier and matches the same
        /// path takes precedence.
        ///
        /// - Parameters:
        ///   - health: The checker that answers `/live` and `/ready`.
        ///   - monitor: The monitor that answers `/metrics`; nil for no such route.
        ///   - prefix: The path before the names of the routes, such as `/internal`.
        public func appendContainerRoutes(health: HealthChecker, monitor: ResourceMonitor? = nil, prefix: String = "") {
            for page in ContainerPage.all(health: health, monitor: monitor) {
                self.appendRoute("\(prefix)/\(page.name)", for: [.GET]) { _ in try page.response() }
            }
        }
    }

    extension RoutedHTTPHandler {
        /// Adds `GET` routes for an orchestrator and for Prometheus. See `HTTPServer.appendContainerRoutes(health:monitor:prefix:)`.
        ///
        /// - Parameters:
        ///   - health: The checker that answers `/live` and `/ready`.
        ///   - monitor: The monitor that answers `/metrics`; nil for no such route.
        ///   - prefix: The path before the names of the routes, such as `/internal`.
        public mutating func appendContainerRoutes(health: HealthChecker, monitor: ResourceMonitor? = nil, prefix: String = "") {
            for page in ContainerPage.all(health: health, monitor: monitor) {
                self.appendRoute("\(prefix)/\(page.name)", for: [.GET]) { _ in try page.response() }
            }
        }
    }

    extension ContainerPage {
        fileprivate func response() throws -> HTTPResponse {
            let content = try self.content()
            return HTTPResponse(
                statusCode: content.isPassing ? .ok : .serviceUnavailable,
                headers: [.contentType: content.type],
                body: Data(content.body.utf8)
            )
        }
    }
#endif
