import ResourceMonitoring

/// The dashboard of a fleet for Grafana, in its classic JSON: a table with a row per process, and a panel per figure.
///
/// It chooses its data source by a variable, so that it can be imported and provisioned without a change.
package enum FleetDashboard {
    /// The text of the file. It ends with a line feed.
    package static var json: String {
        let panels = [Self.table, Self.alerts] + Self.figures.map(Self.panel)
        let dashboard: JSONText = [
            "uid": "resmon-fleet",
            "title": "resmon fleet",
            "description": "Containers and pools of all processes. Printed by: resmon fleet --print grafana",
            "tags": ["resmon"],
            "schemaVersion": 39,
            "version": 1,
            "editable": true,
            "graphTooltip": 1,
            "refresh": "15s",
            "time": ["from": "now-1h", "to": "now"],
            "templating": ["list": .list([Self.source] + Self.variables)],
            "annotations": ["list": [Self.annotation]],
            "panels": .list(panels.enumerated().map { index, panel in panel.written(index) }),
        ]
        return dashboard.written() + "\n"
    }

    /// The PromQL of every panel, annotation, and variable, for checks against a server.
    package static var expressions: [String] {
        FleetColumn.allCases.map { $0.query(matching: Self.match) } + [FleetColumn.alertsQuery(matching: Self.match)]
            + Self.figures.flatMap { $0.series.map(\.query) }
    }

    /// The labels by which the dashboard is filtered, each with the series that has its values.
    private static let filters = FleetColumn.identity

    /// The matchers of the dashboard's variables.
    package static let match = FleetDashboard.filters.map { #"\#($0)=~"$\#($0)""# }.joined(separator: ",")

    private static let dataSource: JSONText = ["type": "prometheus", "uid": "${datasource}"]

    // MARK: Variables

    private static let source: JSONText = [
        "name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus", "refresh": 1, "hide": 0,
        "includeAll": false, "multi": false,
    ]

    /// One variable per label. Each offers the values that the variables before it leave.
    private static var variables: [JSONText] {
        Self.filters.indices.map { index in
            let name = Self.filters[index]
            let before = Self.filters[..<index].map { #"\#($0)=~"$\#($0)""# }.joined(separator: ",")
            let series = MetricName.scopesOpen.rawValue + (before.isEmpty ? "" : "{\(before)}")
            let query = "label_values(\(series), \(name))"
            return [
                "name": .text(name), "type": "query", "datasource": Self.dataSource, "definition": .text(query),
                "query": ["query": .text(query), "refId": .text(name)], "refresh": 2, "sort": 1, "hide": 0, "includeAll": true,
                // An alert about a process that is gone may have no container.
                "multi": true, "allValue": ".*", "current": ["selected": true, "text": ["All"], "value": ["$__all"]],
            ]
        }
    }

    private static let annotation: JSONText = [
        "name": "Alerts", "datasource": Self.dataSource, "enable": true, "hide": false, "iconColor": "red",
        "expr": .text(FleetColumn.alertsQuery(matching: Self.match)), "titleFormat": "{{alertname}}",
        "textFormat": "{{container}} on {{instance}}", "step": "15s",
    ]

    // MARK: Panels

    /// A panel without its position.
    private struct Panel {
        var title: String
        var type: String
        var width: Int
        var height: Int
        var fields: [(String, JSONText)]

        /// The panel as JSON. Panels of half the width alternate between left and right.
        func written(_ index: Int) -> JSONText {
            let isLeft = self.width == 24 || index.isMultiple(of: 2)
            let position: JSONText = [
                "h": .number(self.height), "w": .number(self.width), "x": .number(isLeft ? 0 : 12),
                "y": .number(self.width == 24 ? index * 10 : 20 + (index - 2) / 2 * 8),
            ]
            return .object(
                [
                    ("id", .number(index + 1)), ("title", .text(self.title)), ("type", .text(self.type)),
                    ("datasource", FleetDashboard.dataSource), ("gridPos", position),
                ] + self.fields
            )
        }
    }

    /// A series of a panel: its PromQL and its legend.
    private struct Series {
        var query: String
        var legend: String
        var hasExemplars = false
    }

    /// The row of a process is joined from one query per column.
    private static var table: Panel {
        let targets = FleetColumn.allCases.map { column in
            Self.target(column.rawValue, column.query(matching: Self.match), isInstant: true)
        }
        // The verdict is a label, and its value is always 1.
        let health = Self.value(of: .health)
        let names =
            [(FleetColumn.status, JSONText.text(FleetColumn.health.title))]
            + FleetColumn.allCases.filter { $0 != .health }.map { (Self.value(of: $0), .text($0.title)) }
        let overrides = FleetColumn.allCases.map { column -> JSONText in
            [
                "matcher": ["id": "byName", "options": .text(column.title)],
                "properties": [["id": "unit", "value": .text(Self.unit(column.unit))]],
            ]
        }
        return Panel(
            title: "Processes",
            type: "table",
            width: 24,
            height: 10,
            fields: [
                ("targets", .list(targets)),
                (
                    "transformations",
                    [
                        ["id": "merge", "options": [:]],
                        [
                            "id": "organize",
                            "options": [
                                "excludeByName": .object([("Time", .flag(true)), (health, .flag(true))]), "renameByName": .object(names),
                            ],
                        ],
                    ]
                ),
                ("fieldConfig", ["defaults": [:], "overrides": .list(overrides)]),
            ]
        )
    }

    /// The name of the field with the values of a column's query.
    private static func value(of column: FleetColumn) -> String { "Value #\(column.rawValue)" }

    private static var alerts: Panel {
        Panel(
            title: "Firing alerts",
            type: "table",
            width: 24,
            height: 10,
            fields: [
                ("targets", [Self.target("alerts", FleetColumn.alertsQuery(matching: Self.match), isInstant: true)]),
                (
                    "transformations",
                    [["id": "organize", "options": ["excludeByName": ["Time": true, "Value": true, "__name__": true]]]]
                ),
            ]
        )
    }

    /// A panel with lines over time.
    private struct Figure {
        var title: String
        var unit: FleetColumn.Unit
        var series: [Series]
    }

    private static var figures: [Figure] {
        let process = "{{instance}} {{container}}"
        let pool = "\(process) {{pool}}"
        func column(_ column: FleetColumn, _ title: String) -> Figure {
            let series = Series(query: column.query(matching: Self.match, window: .grafana), legend: process)
            return Figure(title: title, unit: column.unit, series: [series])
        }
        func by(_ labels: String...) -> String { "by (\((FleetColumn.identity + labels).joined(separator: ", ")))" }
        func series(_ metric: MetricName, _ suffix: String = "") -> String { "\(metric.rawValue)\(suffix){\(Self.match)}" }
        func rate(_ metric: MetricName, _ suffix: String = "") -> String { "rate(\(series(metric, suffix))[$__rate_interval])" }
        func recorded(_ record: FleetRecord) -> String { "\(record.name){\(Self.match)}" }
        return [
            column(.active, "Active instances"),
            column(.scopes, "Open scopes"),
            column(.created, "Instances created per second"),
            column(.errors, "Errors per minute"),
            Figure(
                title: "Leased connections, with their limit",
                unit: .count,
                series: [
                    Series(query: recorded(.used), legend: pool),
                    Series(query: recorded(.limit), legend: "\(pool) limit"),
                ]
            ),
            Figure(title: "Waiters", unit: .count, series: [Series(query: recorded(.waiting), legend: pool)]),
            Figure(
                title: "Wait for a connection, p99",
                unit: .seconds,
                series: [
                    Series(
                        query: "histogram_quantile(0.99, sum \(by("pool", "le")) (\(rate(.poolWait, "_bucket"))))",
                        legend: pool,
                        hasExemplars: true
                    )
                ]
            ),
            Figure(
                title: "Use of a connection, p99",
                unit: .seconds,
                series: [
                    Series(query: "histogram_quantile(0.99, sum \(by("pool", "le")) (\(rate(.poolUse, "_bucket"))))", legend: pool)
                ]
            ),
            Figure(
                title: "Errors in closed scopes per second, by tag",
                unit: .perSecond,
                series: [Series(query: "sum \(by("tag")) (\(rate(.closedScopeErrors)))", legend: "\(process) {{tag}}", hasExemplars: true)]
            ),
            Figure(
                title: "Leaked leases, and findings by kind",
                unit: .count,
                series: [
                    Series(query: "sum \(by("pool")) (\(series(.poolLeaked)))", legend: "\(pool) leaked"),
                    Series(query: "sum \(by("kind")) (\(series(.findings))) > 0", legend: "\(process) {{kind}}"),
                ]
            ),
            Figure(
                title: "Delay of tasks",
                unit: .seconds,
                series: [Series(query: "max \(by()) (\(series(.executorLag)))", legend: process)]
            ),
            Figure(
                title: "Events that monitors missed, per second",
                unit: .perSecond,
                series: [Series(query: "sum \(by()) (\(rate(.missedEvents)))", legend: process)]
            ),
        ]
    }

    private static func panel(of figure: Figure) -> Panel {
        let targets = figure.series.enumerated().map { index, series in
            Self.target("\(index)", series.query, legend: series.legend, hasExemplars: series.hasExemplars)
        }
        return Panel(
            title: figure.title,
            type: "timeseries",
            width: 12,
            height: 8,
            fields: [
                ("targets", .list(targets)),
                ("fieldConfig", ["defaults": ["unit": .text(Self.unit(figure.unit)), "min": 0], "overrides": []]),
                ("options", ["tooltip": ["mode": "multi", "sort": "desc"], "legend": ["displayMode": "list", "placement": "bottom"]]),
            ]
        )
    }

    private static func target(
        _ id: String,
        _ query: String,
        legend: String = "__auto",
        isInstant: Bool = false,
        hasExemplars: Bool = false
    ) -> JSONText {
        [
            "refId": .text(id), "datasource": Self.dataSource, "editorMode": "code", "expr": .text(query), "legendFormat": .text(legend),
            "instant": .flag(isInstant), "range": .flag(!isInstant), "format": .text(isInstant ? "table" : "time_series"),
            "exemplar": .flag(hasExemplars),
        ]
    }

    /// The name of a unit in Grafana.
    private static func unit(_ unit: FleetColumn.Unit) -> String {
        switch unit {
        case .count, .status: "short"
        case .seconds: "s"
        case .perSecond: "cps"
        case .perMinute: "cpm"
        case .fraction: "percentunit"
        }
    }
}
