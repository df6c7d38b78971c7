import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

/// Compares the health of every resource and the counts over all resources.
extension SameFiguresTests {
    private static let glyphs = GlyphSet.braille

    static func compareHealth(_ moment: ScenarioMoment) throws {
        let health = try #require(moment.picture.health, moment.subject)
        let expected = Dictionary(uniqueKeysWithValues: health.rows.map { ($0.resource.rawValue, $0.standing) })
        #expect(Set(expected.keys) == Set(moment.picture.resources.keys.map(\.rawValue)), moment.subject)
        for view in [DashboardView.resources, .scopes, .graph, .health] {
            let shown = Self.standings(moment.screen(view))
            #expect(shown == expected, "\(moment.subject), \(view)")
        }
        for view in [DashboardView.resources, .scopes, .graph] {
            var shown: [UInt64: HealthStanding] = [:]
            for resource in try moment.json(view)["resources"].list {
                guard let id = resource["id"].number else { continue }
                shown[UInt64(id)] = resource["healthStanding"].text.flatMap(HealthStanding.init)
                let status = health.rows.first { $0.resource.rawValue == UInt64(id) }?.status
                #expect(resource["health"].text == status?.rawValue, moment.subject)
            }
            #expect(shown == expected, "\(moment.subject), JSON of \(view)")
        }
        try Self.compareEnded(moment)
        try Self.compareDetails(moment, expected)
        try Self.compareCounts(moment, health)
        let unhealthy = Set(expected.filter { $0.value == .unhealthy || $0.value == .error }.keys)
        let found = moment.picture.findings.filter { $0.kind == .unhealthy }.compactMap(\.subject.resource?.rawValue)
        #expect(Set(found) == unhealthy, moment.subject)
    }

    /// Expects that ended resources have no health.
    private static func compareEnded(_ moment: ScenarioMoment) throws {
        let ended = Set(moment.picture.endedResources.map(\.resource.id.rawValue))
        let screen = moment.screen(.resources, showsEnded: true)
        for (id, row) in screen.instances(before: "Peek ") where ended.contains(id) {
            #expect(Self.standing(in: row) == nil, moment.subject)
        }
        for resource in try moment.json(.resources, showsEnded: true)["resources"].list {
            guard let id = resource["id"].number, ended.contains(UInt64(id)) else { continue }
            #expect(resource["health"].text == nil, moment.subject)
        }
    }

    /// Compares the detail view of one resource for each health standing.
    private static func compareDetails(_ moment: ScenarioMoment, _ expected: [UInt64: HealthStanding]) throws {
        for standing in HealthStanding.allCases {
            guard let id = expected.filter({ $0.value == standing }).keys.min() else { continue }
            let row = try #require(moment.detail(of: ResourceID(id)).rows.first { $0.contains("   health ") }, moment.subject)
            #expect(Self.standing(in: row) == standing, moment.subject)
        }
    }

    /// Compares the counts over all resources.
    private static func compareCounts(_ moment: ScenarioMoment, _ health: HealthPicture) throws {
        let report = moment.report
        let counts = health.counts
        let title = try #require(moment.screen(.health).rows.first, moment.subject)
        #expect(title.number(after: "Health ") == report.overall.activeResources, moment.subject)
        if report.overall.activeResources > 0 { #expect(title.contains(counts.words(Self.glyphs)), moment.subject) }
        #expect(report.healthCounts == counts, moment.subject)
        #expect(report.health == health.verdict, moment.subject)
        #expect(report.healthIsStale == health.isStale, moment.subject)
        let verdict = Mark(health.verdict)
        let text = report.prometheusText()
        for view in DashboardView.allCases {
            #expect(try moment.json(view)["healthVerdict"].text == health.verdict.rawValue, moment.subject)
            #expect(try moment.json(view)["healthCounts"]["no_probe"].number == counts.noProbe, moment.subject)
            #expect(moment.screen(view).head[0].hasPrefix(" resmon \(Self.glyphs[verdict.glyph]) "), moment.subject)
        }
        let tile = try #require(moment.screen(.overview).tile("HEALTH"), moment.subject)
        #expect(tile == "\(Self.glyphs[verdict.glyph]) \(verdict.word)", moment.subject)
        #expect(text.contains("resmon_health{container=\"app\",status=\"\(health.verdict.rawValue)\"} 1\n"), moment.subject)
        for standing in HealthStanding.allCases {
            let line = "resmon_health_resources{container=\"app\",status=\"\(standing.rawValue)\"} \(counts[standing])\n"
            #expect(text.contains(line), moment.subject)
        }
    }

    // MARK: Reading the screen

    /// Returns the health standing of each instance in a table. Rows of the same instance must agree.
    private static func standings(_ screen: Screen) -> [UInt64: HealthStanding] {
        // The rows below a table describe its selected row.
        let table = screen.instances(before: "Overall", "Peek ")
        var found: [UInt64: HealthStanding] = [:]
        for (id, row) in table {
            guard let standing = Self.standing(in: row) else { continue }
            if let other = found[id] { #expect(other == standing, "\(row)") }
            found[id] = standing
        }
        return found
    }

    /// Returns the health standing that a row shows with its glyph.
    private static func standing(in row: String) -> HealthStanding? {
        HealthStanding.allCases.first { row.contains(" \(Mark($0).span(Self.glyphs).text)") }
    }
}
