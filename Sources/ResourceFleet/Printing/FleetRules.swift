/// The rules of a fleet as a file of Prometheus: the recording rules, then the alerts.
package enum FleetRules {
    /// The text of the file. It ends with a line feed.
    package static var text: String {
        let lines =
            [
                "# The rules of resmon for Prometheus 2.42 and later. Printed by: resmon fleet --print rules",
                "# One row per pool, exported by resmon, under OpenTelemetry's names after translation, or by HikariCP through Micrometer.",
                "groups:",
                "  - name: resmon.columns",
                "    interval: 15s",
                "    rules:",
            ] + FleetRecord.allCases.flatMap(Self.lines) + [
                "  - name: resmon.alerts",
                "    rules:",
            ] + FleetAlert.allCases.flatMap(Self.lines)
        return lines.map { $0 + "\n" }.joined()
    }

    private static func lines(of record: FleetRecord) -> [String] {
        ["      - record: \(record.name)"] + Self.expression(record.expression)
    }

    private static func lines(of alert: FleetAlert) -> [String] {
        var lines = ["      - alert: \(alert.rawValue)"] + Self.expression(alert.expression)
        if let delay = alert.delay { lines.append("        for: \(delay)") }
        if let time = alert.keepFiring { lines.append("        keep_firing_for: \(time)") }
        lines.append("        labels: {severity: \(alert.severity.rawValue)}")
        let annotations = [("summary", alert.summary), ("attach", alert.attach)]
        if annotations.contains(where: { $0.1 != nil }) { lines.append("        annotations:") }
        for (name, text) in annotations {
            // A quote in a quoted text of YAML is doubled.
            if let text { lines.append("          \(name): '\(text.replacing("'", with: "''"))'") }
        }
        return lines
    }

    private static func expression(_ lines: [String]) -> [String] {
        ["        expr: |"] + lines.map { "          \($0)" }
    }
}
