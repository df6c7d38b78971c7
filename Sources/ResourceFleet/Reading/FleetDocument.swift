import ResourceContainer
import ResourceDashboard

/// A table as JSON, for scripts. The keys of the figures are the names of the columns; an absent figure has no key.
package struct FleetDocument: Encodable, Sendable {
    private struct Process: Encodable {
        var row: FleetRow
        var shape: [Double?]

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(self.row.id.job, forKey: Key("job"))
            try container.encode(self.row.id.instance, forKey: Key("instance"))
            try container.encode(self.row.id.container, forKey: Key("container"))
            for (column, figure) in self.row.figures where column != .health {
                try container.encode(figure, forKey: Key(column.rawValue))
            }
            try container.encodeIfPresent(self.row.health, forKey: Key(FleetColumn.health.rawValue))
            try container.encode(self.row.alerts.map(Alert.init), forKey: Key("firing"))
            try container.encode(self.shape, forKey: Key("shape"))
        }
    }

    private struct Alert: Encodable {
        var name, severity, subject, summary, attach: String

        init(_ alert: FiringAlert) {
            self.name = alert.name
            self.severity = alert.severity
            self.subject = alert.subject
            self.summary = alert.summary
            self.attach = alert.attach
        }
    }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { self.stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    private let source: String
    private let time: Double
    private let newest: Double?
    private let lacksRules: Bool
    private let warnings: [String]
    private let problems: [String]
    private let processes: [Process]

    /// Creates the document of a table with its shapes, from a source with this label.
    package init(_ table: FleetTable, _ shapes: FleetShapes, from source: String) {
        self.source = source
        self.time = table.time
        self.newest = table.newest
        self.lacksRules = table.lacksRules
        self.warnings = table.warnings
        self.problems = table.problems
        self.processes = table.rows.map { Process(row: $0, shape: shapes[$0.id]) }
    }

    /// The document as text with a newline at its end: the same bytes for the same table.
    package func text() throws -> String {
        try StableJSON.encode(self)
    }
}
