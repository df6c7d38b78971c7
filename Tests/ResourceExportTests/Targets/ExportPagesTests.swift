import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

@testable import ResourceExport

@Suite("The pages of the exporter")
struct ExportPagesTests {
    private static func report(_ name: String = "shop") -> MonitorReport {
        let simulation = Simulation(seed: 1)
        return ResourceMonitor(Container(name, environment: simulation.environment)).report()
    }

    private static func target(
        _ id: String = "4711-0",
        _ label: String = "4711",
        report: MonitorReport? = ExportPagesTests.report(),
        problem: String? = nil
    ) -> ExportTarget {
        ExportTarget(
            id: id,
            label: label,
            container: "shop",
            program: "Server",
            host: "web1",
            process: ExportedProcess(pid: 4711, startTime: 1_700_000_000.5, version: "9.9"),
            report: report,
            problem: problem
        )
    }

    private static func pages(_ containers: [ExportTarget] = [ExportPagesTests.target()], problems: [String] = []) -> ExportPages {
        ExportPages(containers: containers, problems: problems, answers: [.ok: 3], address: "127.0.0.1:9464")
    }

    private struct Entry: Decodable {
        var targets: [String]
        var labels: [String: String]
    }

    private static func list(_ pages: ExportPages, host: String? = nil) throws -> [Entry] {
        let response = pages.response(to: HTTPRequest(path: "/targets", host: host))
        #expect(response.type == "application/json")
        return try JSONDecoder().decode([Entry].self, from: Data(response.body.utf8))
    }

    @Test("The page of a container is its report, with the figures of its process and not of the exporter's.")
    func metrics() {
        let report = Self.report()
        let pages = Self.pages([Self.target(report: report)])
        let response = pages.response(to: HTTPRequest(path: "/metrics/4711-0"))
        #expect(response.status == .ok)
        #expect(response.type == "text/plain; version=0.0.4; charset=utf-8")
        #expect(response.body == report.prometheusText(of: ExportedProcess(pid: 4711, startTime: 1_700_000_000.5, version: "9.9")))
        #expect(response.body.contains("resmon_process_start_time_seconds{container=\"shop\"} 1700000000.5\n"))
        #expect(response.body.contains("resmon_attach_info{container=\"shop\",pid=\"4711\",version=\"9.9\"} 1\n"))
    }

    @Test(
        "A client that accepts OpenMetrics gets it.",
        arguments: [
            ("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5", true),
            ("Application/OpenMetrics-Text; q=0.1", true),
            ("text/plain, application/openmetrics-text", true), ("application/openmetrics-text;q=0", false), ("text/plain", false),
            ("", false),
            ("*/*", false), ("application/openmetrics-texts", false),
        ]
    )
    func formats(accept: String, isOpenMetrics: Bool) {
        let response = Self.pages().response(to: HTTPRequest(path: "/metrics/4711-0", accept: accept))
        #expect(response.type.hasPrefix("application/openmetrics-text; version=1.0.0") == isOpenMetrics)
        #expect(response.body.hasSuffix("# EOF\n") == isOpenMetrics)
    }

    @Test("A container without current figures is answered with 503 and the reason.")
    func failing() {
        let pages = Self.pages([Self.target(report: nil, problem: "the connection was lost")])
        let response = pages.response(to: HTTPRequest(path: "/metrics/4711-0"))
        #expect(response.status == .unavailable)
        #expect(response.body == "4711: the connection was lost\n")
    }

    @Test("The list has one target for each container, with its path and its labels.")
    func targets() throws {
        var unknown = Self.target("4712-0", "4712", report: nil)
        unknown.container = nil
        let entries = try Self.list(Self.pages([Self.target(), Self.target("4711-1", "4711-1"), unknown]))
        #expect(entries.count == 2)
        #expect(entries.allSatisfy { $0.targets == ["127.0.0.1:9464"] })
        #expect(
            entries.first?.labels == [
                "__metrics_path__": "/metrics/4711-0", "instance": "web1:4711", "process": "Server", "container": "shop",
            ]
        )
        #expect(entries.last?.labels["instance"] == "web1:4711-1")
    }

    @Test("The list names the host by which the client has reached the exporter, if that is one.")
    func host() throws {
        #expect(try Self.list(Self.pages(), host: "host.docker.internal:9464").first?.targets == ["host.docker.internal:9464"])
        #expect(try Self.list(Self.pages(), host: "[::1]:9464").first?.targets == ["[::1]:9464"])
        #expect(try Self.list(Self.pages(), host: "a b/\"").first?.targets == ["127.0.0.1:9464"])
    }

    @Test("The exporter's own page has its figures and failures, and none of a container.")
    func ownMetrics() {
        let pages = Self.pages([Self.target(), Self.target("4712-0", "4712", report: nil)], problems: ["unsafe"])
        let lines = pages.response(to: HTTPRequest(path: "/metrics")).body.split(separator: "\n")
        #expect(lines.contains(#"resmon_export_containers{state="live"} 1"#))
        #expect(lines.contains(#"resmon_export_containers{state="failing"} 1"#))
        #expect(lines.contains(#"resmon_export_up{path="/metrics/4712-0"} 0"#))
        #expect(lines.contains("resmon_export_folder_problems 1"))
        #expect(lines.contains(#"resmon_export_answers_total{status="200"} 3"#))
        #expect(lines.allSatisfy { $0.hasPrefix("#") || $0.hasPrefix("resmon_export_") })
    }

    @Test("The first page states the containers and the failures in words.")
    func index() {
        let pages = Self.pages([Self.target(), Self.target("4712-0", "4712", report: nil, problem: "lost")], problems: ["unsafe"])
        let text = pages.response(to: HTTPRequest(path: "/")).body
        #expect(text.contains("/metrics/4711-0  shop of Server: live\n"))
        #expect(text.contains("/metrics/4712-0  shop of Server: lost\n"))
        #expect(text.contains("Problem: unsafe\n"))
        #expect(Self.pages([]).response(to: HTTPRequest(path: "/")).body.contains("No process"))
    }

    @Test("Other paths are not found.", arguments: ["/metrics/", "/metrics/4711", "/metrics/4711-0/", "/favicon.ico", "/../etc/passwd"])
    func notFound(path: String) {
        #expect(Self.pages().response(to: HTTPRequest(path: path)).status == .notFound)
    }
}
