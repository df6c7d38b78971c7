import Foundation
import Testing

@testable import ResourceFleet

@Suite("The Grafana dashboard of a fleet")
struct FleetDashboardTests {
    private struct Dashboard: Decodable {
        struct Source: Decodable, Equatable {
            var type: String
            var uid: String
        }
        struct Target: Decodable {
            var refId: String
            var expr: String
            var datasource: Source
            var exemplar: Bool
            var instant: Bool
        }
        struct Position: Decodable {
            var x: Int
            var y: Int
            var w: Int
            var h: Int
        }
        struct Panel: Decodable {
            var id: Int
            var title: String
            var type: String
            var datasource: Source
            var gridPos: Position
            var targets: [Target]
        }
        struct Variable: Decodable {
            var name: String
            var type: String
            var datasource: Source?
        }
        struct Variables: Decodable { var list: [Variable] }

        var uid: String
        var schemaVersion: Int
        var templating: Variables
        var panels: [Panel]
    }

    private let dashboard: Dashboard

    init() throws {
        self.dashboard = try JSONDecoder().decode(Dashboard.self, from: Data(FleetDashboard.json.utf8))
    }

    @Test("It needs no inputs: every panel, query, and variable uses the data source of a variable.")
    func source() {
        let source = Dashboard.Source(type: "prometheus", uid: "${datasource}")
        #expect(!FleetDashboard.json.contains("__inputs"))
        #expect(self.dashboard.templating.list.first?.name == "datasource")
        #expect(self.dashboard.templating.list.first?.type == "datasource")
        #expect(self.dashboard.templating.list.dropFirst().map(\.name) == FleetColumn.identity)
        #expect(self.dashboard.templating.list.dropFirst().allSatisfy { $0.datasource == source })
        #expect(self.dashboard.panels.allSatisfy { $0.datasource == source })
        #expect(self.dashboard.panels.flatMap(\.targets).allSatisfy { $0.datasource == source })
    }

    @Test("The table has one query per column, and every query is listed for checks.")
    func queries() throws {
        let table = try #require(self.dashboard.panels.first)
        #expect(table.type == "table")
        #expect(table.targets.map(\.refId) == FleetColumn.allCases.map(\.rawValue))
        #expect(table.targets.allSatisfy { $0.instant })
        let listed = Set(FleetDashboard.expressions)
        #expect(Set(self.dashboard.panels.flatMap(\.targets).map(\.expr)) == listed)
        for query in listed { #expect(query.contains(FleetDashboard.match), "\(query)") }
    }

    @Test("Rates over time use the interval of Grafana, and the panel of waits shows exemplars.")
    func overTime() {
        let panels = self.dashboard.panels.filter { $0.type == "timeseries" }
        #expect(panels.count > 10)
        for target in panels.flatMap(\.targets) where target.expr.contains("rate(") {
            #expect(target.expr.contains("[$__rate_interval]"), "\(target.expr)")
        }
        let waits = panels.first { $0.title.hasPrefix("Wait for") }
        #expect(waits?.targets.allSatisfy { $0.exemplar } == true)
    }

    @Test("Panels have distinct numbers and titles, lie in the grid, and do not overlap.")
    func layout() {
        let panels = self.dashboard.panels
        #expect(Set(panels.map(\.id)).count == panels.count)
        #expect(Set(panels.map(\.title)).count == panels.count)
        var cells: Set<[Int]> = []
        for panel in panels {
            let place = panel.gridPos
            #expect(place.x + place.w <= 24, "\(panel.title)")
            for x in place.x..<place.x + place.w {
                for y in place.y..<place.y + place.h { #expect(cells.insert([x, y]).inserted, "\(panel.title)") }
            }
        }
    }

    @Test("Text in JSON is quoted as JSON requires.")
    func quoting() throws {
        let text = "a \"b\" \\ c\nd é"
        let written = JSONText.text(text).written()
        #expect(try JSONDecoder().decode(String.self, from: Data(written.utf8)) == text)
        #expect(JSONText.object([]).written() == "{}")
        #expect(JSONText.list([1, true]).written() == "[\n  1,\n  true\n]")
    }
}
