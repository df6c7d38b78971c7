import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

extension SameFiguresTests {
    static func compareErrors(_ moment: ScenarioMoment, _ metrics: Metrics) throws {
        let errors = moment.report.overall.resourceErrors
        let overview = moment.screen(.overview)
        #expect(overview.number("errors ") == errors, moment.subject)
        #expect(overview.tile("ERRORS") == Format.count(errors), moment.subject)
        #expect(try moment.json(.overview)["books"]["errors"].number == errors, moment.subject)
        #expect(metrics.sum("resmon_resources_errors_total") == errors, moment.subject)
        #expect(moment.report.keys.values.reduce(0) { $0 + $1.resourceErrors } == errors, moment.subject)
        // Every event since the beginning is retained, and each error is one line.
        #expect(moment.screen(.events, pressing: "E").number("Errors ") == errors, moment.subject)
        #expect(moment.screen(.events, pressing: "E").rows.first?.contains(" of ") == false, moment.subject)
        #expect(moment.picture.events.count { $0.level == .error } == errors, moment.subject)
        #expect(moment.picture.events.count { $0.event?.kind.isError == true } == errors, moment.subject)
        let scopes = try moment.json(.scopes)["scopes"].list
        for scope in moment.report.scopes {
            let shown = scopes.first { $0["id"].number == Int(scope.id) }?["errors"].number
            #expect(shown == scope.figures.resourceErrors, moment.subject)
        }
    }

    static func compareFindings(_ moment: ScenarioMoment, _ metrics: Metrics) throws {
        let findings = moment.report.findings
        let screen = moment.screen(.findings)
        #expect(screen.number("Findings ") == findings.count, moment.subject)
        #expect((screen.head[1].number(after: "Findings(") ?? 0) == findings.count, moment.subject)
        let overview = moment.screen(.overview)
        #expect(overview.number("Needs attention ") == findings.count, moment.subject)
        #expect(overview.tile("FINDINGS") == Format.count(findings.count), moment.subject)
        #expect(metrics.sum("resmon_findings") == findings.count, moment.subject)
        #expect(metrics.sum("resmon_finding_subjects") == findings.reduce(0) { $0 + $1.subjectCount }, moment.subject)
        for view in [DashboardView.overview, .findings] {
            let shown = try moment.json(view)["findings"].list
            #expect(shown.map { $0["id"].number } == findings.map { Int($0.id) }, moment.subject)
            #expect(shown.map { $0["count"].number } == findings.map(\.count), moment.subject)
            #expect(shown.map { $0["subjectCount"].number } == findings.map(\.subjectCount), moment.subject)
        }
        let places = findings.compactMap { finding in finding.location.map { "\(finding.kind) \($0)" } }
        #expect(Set(places).count == places.count, moment.subject)
        #expect(findings.allSatisfy { $0.kind != .booksUnbalanced }, moment.subject)
        if moment.scenario == "leak" { #expect(findings.count <= 3, moment.subject) }
    }

    static func compareBalance(_ moment: ScenarioMoment, _ metrics: Metrics) throws {
        let overview = moment.screen(.overview)
        let parts = ["disposed ", "active ", "init-failed ", "abandoned "].compactMap { overview.number($0) }
        #expect(parts.count == 4, moment.subject)
        #expect(overview.number("created ") == parts.reduce(0, +), moment.subject)
        #expect(parts.allSatisfy { $0 >= 0 }, moment.subject)
        let overall = moment.report.overall
        #expect(parts == [overall.resourcesDisposed, overall.activeResources, overall.initFailed, overall.abandoned], moment.subject)
        let books = try moment.json(.resources)["books"]
        let figures = ["initializing", "ready", "disposing", "disposed", "initFailed", "abandoned"].compactMap { books[$0].number }
        #expect(books["created"].number == figures.reduce(0, +), moment.subject)
        for (key, group) in moment.report.keys {
            let sum = group.activeResources + group.resourcesDisposed + group.initFailed + group.abandoned
            #expect(group.resourcesCreated == sum, "\(key) in \(moment.scenario)")
        }
        let families = ["disposed_total", "init_failed_total", "abandoned_total", "active"].map { metrics.sum("resmon_resources_\($0)") }
        #expect(metrics.sum("resmon_resources_created_total") == families.reduce(0, +), moment.subject)
    }
}

/// The sums of the metric families in a Prometheus text.
struct Metrics {
    private var sums: [Substring: Double] = [:]

    init(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let brace = line.firstIndex(of: "{"), let blank = line.lastIndex(of: " ") else { continue }
            self.sums[line[..<brace], default: 0] += Double(line[line.index(after: blank)...]) ?? .nan
        }
    }

    func sum(_ family: String) -> Int {
        Int(self.sums[family[...]] ?? 0)
    }
}
