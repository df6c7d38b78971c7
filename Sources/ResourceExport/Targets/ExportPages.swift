import ResourceMonitoring

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The pages of the exporter at one moment: a pure function of a request.
package struct ExportPages: Sendable {
    /// The path of the exporter's own metrics, and of those of the containers below it.
    package static let metrics = "/metrics"
    /// The path of the list for HTTP service discovery.
    package static let targets = "/targets"

    private static let prometheus = "text/plain; version=0.0.4; charset=utf-8"
    private static let openMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8"

    /// The containers, in the order of their processes.
    package var containers: [ExportTarget]
    /// The reasons why folders and sockets are not used.
    package var problems: [String]
    /// The number of answers so far, by status.
    package var answers: [HTTPStatus: Int]
    /// The address of the server, for clients that name no host.
    package var address: String

    /// Creates the pages.
    package init(containers: [ExportTarget], problems: [String] = [], answers: [HTTPStatus: Int] = [:], address: String) {
        self.containers = containers
        self.problems = problems
        self.answers = answers
        self.address = address
    }

    /// The answer to a request.
    package func response(to request: HTTPRequest) -> HTTPResponse {
        switch request.path {
        case "/": return HTTPResponse(body: self.index)
        case Self.targets: return HTTPResponse(type: "application/json", body: self.list(for: request.host))
        case Self.metrics: return HTTPResponse(type: Self.prometheus, body: self.ownMetrics)
        default: break
        }
        guard let target = self.containers.first(where: { $0.path == request.path }) else {
            return HTTPResponse(.notFound, body: "there is no page \(request.path); \(Self.targets) lists the containers\n")
        }
        guard let report = target.report else {
            return HTTPResponse(.unavailable, body: "\(target.label): \(target.problem ?? "there are no figures")\n")
        }
        if Self.acceptsOpenMetrics(request.accept) {
            return HTTPResponse(type: Self.openMetrics, body: report.openMetricsText(of: target.process))
        }
        return HTTPResponse(type: Self.prometheus, body: report.prometheusText(of: target.process))
    }

    /// Whether a client accepts OpenMetrics. Clients of Prometheus that do prefer it.
    static func acceptsOpenMetrics(_ accept: String) -> Bool {
        accept.lowercased().split(separator: ",").contains { range in
            let parts = range.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            guard parts.first == "application/openmetrics-text" else { return false }
            let quality = parts.last { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
            return quality != 0
        }
    }

    // MARK: Pages

    /// An entry of HTTP service discovery.
    private struct Entry: Encodable {
        var targets: [String]
        var labels: [String: String]
    }

    /// The containers that have answered once, each as one target. The address is the one by which the client has reached this server.
    private func list(for host: String?) -> String {
        let address = host.flatMap { Self.isAddress($0) ? $0 : nil } ?? self.address
        let entries = self.containers.compactMap { target in
            target.container.map { container in
                Entry(
                    targets: [address],
                    labels: [
                        "__metrics_path__": target.path, "instance": target.instance, "process": target.program, "container": container,
                    ]
                )
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts always have an encoding.
        let bytes = (try? encoder.encode(entries)) ?? Data("[]".utf8)
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }

    /// Whether a text is the name or the number of a host, with or without a port.
    private static func isAddress(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_:[]".contains($0)) }
    }

    /// The exporter's own figures. They are about no container.
    private var ownMetrics: String {
        var text = ""
        func family(_ name: String, _ type: String, _ help: String, _ values: [(labels: String, value: Int)]) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
            for (labels, value) in values { text += "\(name)\(labels) \(value)\n" }
        }
        let live = self.containers.count { $0.report != nil }
        family(
            "resmon_export_containers",
            "gauge",
            "Containers of this machine by whether they have current figures.",
            [(#"{state="live"}"#, live), (#"{state="failing"}"#, self.containers.count - live)]
        )
        if !self.containers.isEmpty {
            family(
                "resmon_export_up",
                "gauge",
                "1 for a container with current figures, 0 for one without.",
                self.containers.map { (#"{path="\#($0.path)"}"#, $0.report == nil ? 0 : 1) }
            )
        }
        family("resmon_export_folder_problems", "gauge", "Folders and sockets that are not used.", [("", self.problems.count)])
        family(
            "resmon_export_answers_total",
            "counter",
            "Answers of this server by status.",
            HTTPStatus.allCases.map { (#"{status="\#($0.rawValue)"}"#, self.answers[$0] ?? 0) }
        )
        return text
    }

    /// The containers and the failures in words.
    private var index: String {
        var lines = ["resmon export: \(Self.targets) lists the containers for HTTP service discovery.", ""]
        for target in self.containers {
            let name = [target.container ?? "?", target.program].filter { !$0.isEmpty }.joined(separator: " of ")
            lines.append("\(target.path)  \(name): \(target.problem ?? "live")")
        }
        if self.containers.isEmpty { lines.append("No process of this machine serves a container to this user.") }
        for problem in self.problems { lines.append("Problem: \(problem)") }
        return lines.map { $0 + "\n" }.joined()
    }
}
