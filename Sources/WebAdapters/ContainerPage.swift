package import ResourceMonitoring

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A page about a container that a server offers beside its own routes.
package struct ContainerPage: Sendable {
    /// The content of a page at the time of a request.
    package struct Content: Sendable {
        /// Whether the status is 200. Otherwise it is 503.
        package var isPassing: Bool
        /// The value of the header `Content-Type`.
        package var type: String
        /// The body.
        package var body: String
    }

    /// The last component of the path.
    package let name: String
    /// Returns the current content.
    package let content: @Sendable () throws -> Content

    /// The pages `live` and `ready` of `health`, and `metrics` of `monitor` if there is one.
    package static func all(health: HealthChecker, monitor: ResourceMonitor?) -> [ContainerPage] {
        var pages = [
            ContainerPage(name: "live") { try Self.probe(health.liveness()) },
            ContainerPage(name: "ready") { try Self.probe(health.readiness()) },
        ]
        if let monitor { pages.append(ContainerPage(name: "metrics") { Self.metrics(monitor.report()) }) }
        return pages
    }

    private static func probe(_ answer: ServiceAnswer) throws -> Content {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Content(
            isPassing: answer.isPassing,
            type: "application/json",
            body: String(decoding: try encoder.encode(answer), as: UTF8.self)
        )
    }

    private static func metrics(_ report: MonitorReport) -> Content {
        Content(isPassing: true, type: "text/plain; version=0.0.4; charset=utf-8", body: report.prometheusText())
    }
}
