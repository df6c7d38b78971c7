import ResourceContainer

/// The answers of a server to the queries of one table. Pure: it makes the table of them, whichever have arrived.
package struct FleetAnswers: Sendable {
    /// A query of a table.
    package enum Part: Sendable, Hashable {
        /// The figures of a column.
        case column(FleetColumn)
        /// The firing alerts.
        case alerts
        /// The instant of the newest sample.
        case newest
        /// The pools of a server without the recording rules.
        case pools
        /// The numbers of the processes.
        case processes

        /// The name in sentences about the query.
        package var name: String {
            switch self {
            case .column(let column): column.title
            case .alerts: "the names of the alerts"
            case .newest: "the age of the data"
            case .pools: "the pools"
            case .processes: "the numbers of the processes"
            }
        }

        /// All queries of a table.
        package static let all = FleetColumn.allCases.map(Part.column) + [.alerts, .newest, .pools, .processes]
    }

    /// The labels of an alert that are kept, after those of the identity.
    static let alertLabels = ["alertname", "severity", "pool", "key"]

    /// The instant of the figures, in seconds since 1970.
    private let time: Double
    private var rows: [FleetKey: FleetRow] = [:]
    private var newest: Double?
    private var hasPools = false
    private var hasRecords = false
    private var warnings: [String] = []
    private var faults: [Part: FleetFault] = [:]

    /// Creates the answers for an instant, in seconds since 1970.
    package init(at time: Double) {
        self.time = time
    }

    /// The labels that the answer to a query must keep.
    package static func labels(of part: Part) -> [String] {
        switch part {
        case .column(let column): column.labels
        case .alerts: FleetColumn.identity + Self.alertLabels
        case .newest, .pools: []
        case .processes: FleetColumn.identity + [FleetColumn.pid]
        }
    }

    /// Takes the answer to a query, or the reason why there is none. O(series).
    package mutating func take(_ answer: Result<PrometheusAnswer, FleetFault>, for part: Part) {
        switch answer {
        case .failure(let fault): self.faults[part] = fault
        case .success(let answer):
            for warning in answer.warnings where !self.warnings.contains(warning) { self.warnings.append(warning) }
            self.take(answer.series, for: part)
        }
    }

    private mutating func take(_ series: [PrometheusAnswer.Series], for part: Part) {
        switch part {
        case .column(let column):
            if column.needsRules, column != .alerts, !series.isEmpty { self.hasRecords = true }
            for one in series { self.take(one, for: column) }
        case .alerts:
            for one in series {
                let labels = one.labels.dropFirst(FleetColumn.identity.count).map(\.self)
                let subject = labels[2].isEmpty ? labels[3] : labels[2]
                self[FleetKey(labels: one.labels)].alerts.append(FiringAlert(name: labels[0], severity: labels[1], subject: subject))
            }
        case .newest: self.newest = series.first?.points.last?.value
        case .pools: self.hasPools = (series.first?.points.last?.value ?? 0) > 0
        case .processes:
            for one in series {
                let key = FleetKey(labels: one.labels)
                if let process = key.process(one.labels.last ?? "") { self[key].process = process }
            }
        }
    }

    private mutating func take(_ series: PrometheusAnswer.Series, for column: FleetColumn) {
        // NaN is the quantile of no observations.
        guard let value = series.points.last?.value, !value.isNaN else { return }
        let key = FleetKey(labels: series.labels)
        self[key].figures[column] = value
        guard column == .health, let status = series.labels.last else { return }
        // Replicas that are not deduplicated may differ. A verdict must not depend on their order.
        let health = HealthStatus(rawValue: status) ?? .unknown
        if FleetSort.rank(health) < FleetSort.rank(self[key].health) { self[key].health = health }
    }

    private subscript(_ key: FleetKey) -> FleetRow {
        get { self.rows[key] ?? FleetRow(key) }
        _modify { yield &self.rows[key, default: FleetRow(key)] }
    }

    /// Adds the annotations of firing alerts, which queries do not have.
    package mutating func annotate(_ alerts: [AnnotatedAlert]) {
        for alert in alerts {
            guard let index = self.rows[alert.key]?.alerts.firstIndex(where: { $0.name == alert.name && $0.subject == alert.subject })
            else { continue }
            self.rows[alert.key]?.alerts[index].summary = alert.summary
            self.rows[alert.key]?.alerts[index].attach = alert.attach
        }
    }

    /// The table of the answers.
    ///
    /// - Throws: The first fault in the order of the columns if no column that every process has was answered. The processes are not known
    ///   then, and a table of some of them would replace a better one.
    package func table() throws(FleetFault) -> FleetTable {
        let columns = FleetColumn.allCases.filter(\.isOfEveryProcess).map(Part.column)
        if columns.allSatisfy({ self.faults[$0] != nil }), let fault = self.faults[columns[0]] { throw fault }
        let rows = self.rows.values.map { row in
            var row = row
            row.alerts.sort()
            return row
        }
        return FleetTable(
            time: self.time,
            rows: rows.sorted { $0.id < $1.id },
            newest: self.newest.flatMap { $0.isFinite ? $0 : nil },
            lacksRules: self.hasPools && !self.hasRecords && !self.recordsFailed,
            warnings: self.warnings,
            problems: self.problems
        )
    }

    /// Whether a column of recorded series could not be read, so that it is not known whether there are any.
    private var recordsFailed: Bool {
        FleetColumn.allCases.contains { $0.needsRules && $0 != .alerts && self.faults[.column($0)] != nil }
    }

    /// The faults as sentences: parts with the same fault together.
    private var problems: [String] {
        var sentences: [(fault: FleetFault, parts: [String])] = []
        for part in Part.all {
            guard let fault = self.faults[part] else { continue }
            if let index = sentences.firstIndex(where: { $0.fault == fault }) {
                sentences[index].parts.append(part.name)
            } else {
                sentences.append((fault, [part.name]))
            }
        }
        return sentences.map { "\($0.parts.joined(separator: ", ")): \($0.fault)" }
    }
}
