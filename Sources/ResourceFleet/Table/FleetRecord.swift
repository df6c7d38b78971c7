import ResourceMonitoring

/// A recording rule of a fleet: one figure per pool, whichever library has exported it.
///
/// Each side of an `or` is summed before it, so that a process that exports two of them is not counted twice.
package enum FleetRecord: Sendable, Hashable, CaseIterable {
    /// The leased connections.
    case used
    /// The largest number of connections.
    case limit
    /// The waiters in the queue.
    case waiting
    /// The 99th percentile of the time that acquisitions waited, in seconds, over five minutes.
    case p99

    /// The name of the recorded series.
    package var name: String {
        switch self {
        case .used: "resmon:pool_used:sum"
        case .limit: "resmon:pool_limit:sum"
        case .waiting: "resmon:pool_waiting:sum"
        case .p99: "resmon:pool_wait_seconds:p99_5m"
        }
    }

    /// The PromQL of the rule, in lines.
    package var expression: [String] {
        switch self {
        case .used:
            Self.either(
                resmon: #"sum \#(Self.by) (\#(MetricName.poolConnections.rawValue){state="used"})"#,
                openTelemetry: ("sum \(Self.by)", #"\#(Self.translated(.poolConnections)){db_client_connection_state="used"}"#),
                hikari: "sum \(Self.by) (hikaricp_connections_active)"
            )
        case .limit:
            Self.either(
                resmon: "sum \(Self.by) (\(MetricName.poolMaximum.rawValue))",
                // A program exports the metric under its earlier and its current name.
                openTelemetry: ("max \(Self.by)", #"{__name__=~"\#(Self.translated(.poolMaximum))"}"#),
                hikari: "sum \(Self.by) (hikaricp_connections_max)"
            )
        case .waiting:
            Self.either(
                resmon: "sum \(Self.by) (\(MetricName.poolWaiting.rawValue))",
                openTelemetry: ("sum \(Self.by)", Self.translated(.poolWaiting)),
                hikari: "sum \(Self.by) (hikaricp_connections_pending)"
            )
        case .p99:
            Self.either(
                resmon: "histogram_quantile(0.99, sum \(Self.byBucket) (rate(\(MetricName.poolWait.rawValue)_bucket[5m])))",
                openTelemetry: (
                    "histogram_quantile(0.99, sum \(Self.byBucket)",
                    // Translators append the unit, or do not.
                    #"rate({__name__=~"\#(Self.translated(.poolWait))(_seconds)?_bucket"}[5m])"#
                ),
                hikari: "max \(Self.by) (hikaricp_connections_acquire_seconds_max)"
            )
        }
    }

    /// The labels of a recorded series.
    package static let labels = FleetColumn.identity + ["pool"]

    /// A regular expression of the series of which one is behind every figure: that of resmon, and those of the pools of other libraries.
    static let sources = "\(MetricName.scopesOpen.rawValue)|\(translated(.poolConnections))|hikaricp_connections_active"

    private static let by = "by (\(Self.labels.joined(separator: ", ")))"
    private static let byBucket = "by (\((Self.labels + ["le"]).joined(separator: ", ")))"

    /// The figure of resmon's exposition, else that of OpenTelemetry's conventions, else that of HikariCP through Micrometer.
    private static func either(resmon: String, openTelemetry: (aggregation: String, series: String), hikari: String) -> [String] {
        // A quantile around the aggregation needs another parenthesis.
        let end = openTelemetry.aggregation.hasPrefix("histogram_quantile(") ? ")))" : "))"
        return [
            resmon,
            "or \(openTelemetry.aggregation) (label_replace(label_replace(",
            "  \(openTelemetry.series),",
            #"  "pool", "$1", "db_client_connection_pool_name", "(.*)"), "container", "$1", "service_name", "(.*)"\#(end)"#,
            "or \(hikari)",
        ]
    }

    /// The name of a metric of OpenTelemetry in Prometheus; of several, a regular expression of them.
    private static func translated(_ metric: MetricName) -> String {
        let names = metric.openTelemetry.map { String($0.map { $0 == "." ? "_" : $0 }) }
        guard names.count > 1, let first = names.first else { return names.first ?? "" }
        let stem = first.split(separator: "_").dropLast().joined(separator: "_")
        return "\(stem)_(\(names.map { $0.dropFirst(stem.count + 1) }.joined(separator: "|")))"
    }
}
