import ResourceMonitoring

/// A column of the table of a fleet: one figure per process, with the PromQL that computes it.
///
/// The screen of `resmon fleet`, its JSON, and the Grafana dashboard are made of these columns, so all of them show the same figures.
package enum FleetColumn: String, Sendable, Hashable, CaseIterable {
    /// The time since the start of the process, in seconds.
    case up
    /// The open scopes.
    case scopes
    /// The active instances.
    case active
    /// The instances created per second.
    case created
    /// The errors of instances per minute.
    case errors
    /// The use of the pool with the highest use, from 0 to 1.
    case pool
    /// The waiters in the queues of all pools.
    case waiting
    /// The 99th percentile of the time that acquisitions waited in the slowest pool, in seconds.
    case p99
    /// The leases that are suspected leaks.
    case leaks
    /// The active findings.
    case findings
    /// The health verdict, as the label ``status`` of a series whose value is 1.
    case health
    /// The firing alerts of the rules.
    case alerts

    /// The unit of a column's figures.
    package enum Unit: Sendable, Hashable {
        case count, seconds, perSecond, perMinute, fraction, status
    }

    /// The window of a rate.
    package enum Window: Sendable, Hashable {
        /// The window of the column's definition, for tables.
        case fixed
        /// The window that Grafana computes from the scrape interval and the width of a panel.
        case grafana
    }

    /// The labels that identify a process. Two processes with containers of one name differ in `instance`.
    package static let identity = ["job", "instance", "container"]
    /// The label of ``health`` with the verdict.
    package static let status = "status"
    /// The time that the sparkline of a row shows, in seconds. It is ``active`` over this time.
    package static let shapeSeconds = 600

    /// The title in tables, in capitals.
    package var title: String {
        switch self {
        case .up: "UP"
        case .scopes: "SCOPES"
        case .active: "ACTIVE"
        case .created: "NEW/S"
        case .errors: "ERR/MIN"
        case .pool: "POOL WORST"
        case .waiting: "WAIT"
        case .p99: "P99"
        case .leaks: "LEAK"
        case .findings: "FIND"
        case .health: "HEALTH"
        case .alerts: "ALERTS"
        }
    }

    /// The meaning, as a clause for help texts and the titles of panels.
    package var meaning: String {
        switch self {
        case .up: "time since the start of the process"
        case .scopes: "open scopes"
        case .active: "active instances"
        case .created: "instances created per second"
        case .errors: "errors per minute"
        case .pool: "use of the pool with the highest use"
        case .waiting: "waiters in the queues of all pools"
        case .p99: "99th percentile of the wait for the slowest pool"
        case .leaks: "leases that are suspected leaks"
        case .findings: "active findings"
        case .health: "health verdict"
        case .alerts: "firing alerts"
        }
    }

    /// The unit of the figures.
    package var unit: Unit {
        switch self {
        case .scopes, .active, .waiting, .leaks, .findings, .alerts: .count
        case .up, .p99: .seconds
        case .created: .perSecond
        case .errors: .perMinute
        case .pool: .fraction
        case .health: .status
        }
    }

    /// Whether the column is computed from the recording rules, and is empty in a server without them.
    package var needsRules: Bool {
        switch self {
        case .pool, .waiting, .p99, .alerts: true
        case .up, .scopes, .active, .created, .errors, .leaks, .findings, .health: false
        }
    }

    /// Whether every process that exposes figures of resmon has the column.
    package var isOfEveryProcess: Bool {
        switch self {
        case .up, .scopes: true
        case .active, .created, .errors, .pool, .waiting, .p99, .leaks, .findings, .health, .alerts: false
        }
    }

    /// The labels of the series: those of ``identity``, for ``health`` with its verdict.
    package var labels: [String] {
        self == .health ? Self.identity + [Self.status] : Self.identity
    }

    /// The PromQL of the column: one series per process.
    ///
    /// - Parameters:
    ///   - match: Label matchers that limit the processes, such as `job="shop",instance=~"web.*"`, without braces; empty for all.
    ///   - window: The window of rates.
    package func query(matching match: String = "", window: Window = .fixed) -> String {
        let match = FleetMatch(match)
        func series(_ metric: MetricName) -> String { metric.rawValue + (match.all.isEmpty ? "" : "{\(match.all)}") }
        func recorded(_ record: FleetRecord) -> String { record.name + (match.own.isEmpty ? "" : "{\(match.own)}") }
        let limit = match.recordedLimit
        func rate(_ metric: MetricName, _ length: String) -> String {
            "rate(\(series(metric))[\(window == .grafana ? "$__rate_interval" : length)])"
        }
        let by = "by (\(self.labels.joined(separator: ", ")))"
        return switch self {
        case .up: "time() - max \(by) (\(series(.processStart)))"
        case .scopes: "sum \(by) (\(series(.scopesOpen)))"
        case .active: "sum \(by) (\(series(.resourcesActive)))"
        case .created: "sum \(by) (\(rate(.resourcesCreated, "1m")))"
        case .errors: "60 * sum \(by) (\(rate(.resourcesErrors, "5m")))"
        case .pool: "max \(by) (\(recorded(.used)) / \(recorded(.limit))\(limit))"
        case .waiting: "sum \(by) (\(recorded(.waiting))\(limit))"
        case .p99: "max \(by) (\(recorded(.p99))\(limit))"
        case .leaks: "sum \(by) (\(series(.poolLeaked)))"
        case .findings: "sum \(by) (\(series(.findings)))"
        case .health: "max \(by) (\(series(.health))) == 1"
        case .alerts: "count \(by) (\(Self.alerts(match)))"
        }
    }

    /// The PromQL of the firing alerts themselves: one series per alert, with its labels.
    ///
    /// - Parameter match: Label matchers that limit the processes; empty for all.
    package static func alertsQuery(matching match: String = "") -> String {
        Self.alerts(FleetMatch(match))
    }

    /// The PromQL of the number of pools without any recorded series of the server: it has a result only if there are pools and no rules.
    ///
    /// - Parameter match: Label matchers that limit the processes; empty for all.
    package static func poolsWithoutRulesQuery(matching match: String = "") -> String {
        let pools = MetricName.poolMaximum.rawValue + (match.isEmpty ? "" : "{\(match)}")
        return "count(\(pools)) unless on () count(\(FleetRecord.limit.name))"
    }

    /// The label with the number of a process, in the series of ``processesQuery(matching:)``.
    package static let pid = "pid"

    /// The PromQL of the processes with their numbers.
    ///
    /// - Parameter match: Label matchers that limit the processes; empty for all.
    package static func processesQuery(matching match: String = "") -> String {
        let labels = (Self.identity + [Self.pid]).joined(separator: ", ")
        return "max by (\(labels)) (\(MetricName.attach.rawValue)\(match.isEmpty ? "" : "{\(match)}"))"
    }

    private static func alerts(_ match: FleetMatch) -> String {
        "ALERTS{\(Self.firing)\(match.own.isEmpty ? "" : ",\(match.own)")}\(match.alertsLimit)"
    }

    private static let firing = #"alertstate="firing",alertname=~"Resmon.*""#
}
