import ResourceContainer

extension MonitorReport {
    /// Returns the report in the Prometheus text exposition format, version 0.0.4. The caller serves it as `text/plain; version=0.0.4`.
    ///
    /// There is one series per key, scope tag, and pool, never per scope or resource. Keys beyond ``keyLimit`` and tags beyond 256 are
    /// added up under `(other)`; `resmon_folded` counts them. Pools that share a name are labeled with their keys. Pools of one key in
    /// several scopes are added up; `resmon_pools` counts them. Times are in seconds.
    ///
    /// - Complexity: O(keys, tags, pools, and findings).
    public func prometheusText() -> String {
        self.text(in: .prometheus)
    }

    /// Returns the report in the OpenMetrics text format, version 1.0.0. The caller serves it as
    /// `application/openmetrics-text; version=1.0.0; charset=utf-8`.
    ///
    /// The series are those of ``prometheusText()``. The errors of closed scopes have exemplars: per tag, the trace of the last scope with
    /// errors (``failedTraces``).
    ///
    /// - Complexity: O(keys, tags, pools, and findings).
    public func openMetricsText() -> String {
        self.text(in: .openMetrics)
    }

    private func text(in format: PrometheusText.Format) -> String {
        var text = PrometheusText(container: self.container, format: format)
        self.writeResources(to: &text)
        self.writeScopes(to: &text)
        self.writePools(to: &text)
        self.writeFindings(to: &text)
        text.family(
            "resmon_folded",
            .gauge,
            "Entries beyond the row limits: added up under (other), or not kept.",
            [("keys", self.folded.keys), ("scopes", self.folded.scopes), ("finding_subjects", self.folded.findingSubjects)].map {
                ([("of", $0)], Double($1))
            }
        )
        return text.complete
    }

    private func writeResources(to text: inout PrometheusText) {
        let keys = self.keys.sorted { $0.key < $1.key }
        func total(_ name: String, _ help: String, _ value: (Group) -> Int) {
            text.family("resmon_resources_\(name)_total", .counter, help, keys.map { ([("key", $0.key)], Double(value($0.value))) })
        }
        total("created", "Instances created.", \.resourcesCreated)
        total("disposed", "Instances disposed, including those whose dispose threw.", \.resourcesDisposed)
        total("init_failed", "Instances whose initialization failed.", \.initFailed)
        total("abandoned", "Instances whose initialize or dispose did not finish within its budget.", \.abandoned)
        total("errors", "Errors of instances: failed, threw, abandoned, reported, or acquisition failed.", \.resourceErrors)
        text.family(
            "resmon_resources_active",
            .gauge,
            "Active instances by state.",
            keys.flatMap { key, group in
                [("initializing", group.initializing), ("ready", group.ready), ("disposing", group.disposing)].map { state, count in
                    ([("key", key), ("state", state)], Double(count))
                }
            }
        )
        text.summaries(
            "resmon_resource_lifetime_seconds",
            "Lifetime of disposed instances, from ready to the start of dispose.",
            keys.map { key, group in
                let quantiles = [("0.5", group.medianLifetime), ("0.95", group.p95Lifetime), ("0.99", group.p99Lifetime)]
                return PrometheusText.Summary(
                    labels: [("key", key)],
                    quantiles: group.totalLifetimesTracked == 0 ? [] : quantiles,
                    sum: group.avgLifetime * Double(group.totalLifetimesTracked),
                    count: group.totalLifetimesTracked
                )
            }
        )
        text.family(
            "resmon_external_created_total",
            .counter,
            "Resources created outside the container, as counted by the application.",
            [([], Double(self.external.resourcesCreated))]
        )
        text.family(
            "resmon_external_disposed_total",
            .counter,
            "Resources disposed outside the container, as counted by the application.",
            [([], Double(self.external.resourcesDisposed))]
        )
        text.family(
            "resmon_external_errors_total",
            .counter,
            "Errors outside the container, as counted by the application.",
            [([], Double(self.external.resourceErrors))]
        )
    }

    private func writeScopes(to text: inout PrometheusText) {
        text.family("resmon_scopes_open", .gauge, "Open scopes, without the root.", [([], Double(self.openScopes))])
        text.family("resmon_scopes_closed_total", .counter, "Scopes closed.", [([], Double(self.closedScopes))])
        text.family(
            "resmon_scope_outcomes_total",
            .counter,
            "Scopes closed, by tag and by the outcome of their body.",
            (self.outcomes ?? [:]).sorted { $0.key < $1.key }.flatMap { tag, counts in
                counts.named.map { ([("tag", tag), ("outcome", $0.name)], Double($0.count)) }
            }
        )
        let tags = self.tags.sorted { $0.key < $1.key }
        text.family(
            "resmon_closed_scope_resources_total",
            .counter,
            "Instances created in scopes that have closed, by tag.",
            tags.map { ([("tag", $0.key)], Double($0.value.resourcesCreated)) }
        )
        text.family(
            "resmon_closed_scope_errors_total",
            .counter,
            "Errors in scopes that have closed, by tag.",
            tags.map { ([("tag", $0.key)], Double($0.value.resourceErrors)) },
            exemplars: tags.compactMap { tag, _ in
                (self.failedTraces?[tag]).map { ([("tag", tag)], PrometheusText.Exemplar(trace: $0.trace, value: Double($0.errors))) }
            }
        )
    }

    private func writePools(to text: inout PrometheusText) {
        func family(_ name: String, _ type: PrometheusText.Kind, _ help: String, _ value: (Pool) -> Int) {
            text.family("resmon_pool_\(name)", type, help, self.pools.map { ([("pool", $0.label)], Double(value($0))) })
        }
        text.family(
            "resmon_pool_connections",
            .gauge,
            "Items by state.",
            self.pools.flatMap { pool in
                [("idle", pool.idle), ("used", pool.activeConnections), ("pending", pool.pending)].map { state, count in
                    ([("pool", pool.label), ("state", state)], Double(count))
                }
            }
        )
        text.family("resmon_pools", .gauge, "Pools added up under one label.", self.pools.map { ([("pool", $0.label)], 1) })
        family("connections_min", .gauge, "Items that the pool keeps open.", \.minimum)
        family("connections_max", .gauge, "Largest number of items.", \.maximum)
        family("pending_requests", .gauge, "Waiters in the queue.", \.waiting)
        family("leaked_leases", .gauge, "Current leases that are suspected leaks or lost.", \.leaked)
        family("created_total", .counter, "Items created, including failed creations.", \.totalCreated)
        family("leases_total", .counter, "Leases granted.", \.leases)
        family("timeouts_total", .counter, "Acquisitions that timed out.", \.timedOut)
        family("exhausted_total", .counter, "Acquisitions refused because the pool was empty.", \.exhausted)
        func histograms(_ name: String, _ help: String, _ buckets: (Pool) -> DurationBuckets) {
            text.histograms("resmon_pool_\(name)_seconds", help, self.pools.map { ([("pool", $0.label)], buckets($0)) })
        }
        histograms("wait", "Time that acquisitions waited.", \.waits)
        histograms("use", "Time that leases were held.", \.holds)
        histograms("create", "Time that item creations took.", \.creations)
    }

    private func writeFindings(to text: inout PrometheusText) {
        text.family(
            "resmon_findings",
            .gauge,
            "Active findings by kind, one per source location.",
            Finding.Kind.allCases.map { kind in ([("kind", kind.rawValue)], Double(self.findings.count { $0.kind == kind })) }
        )
        text.family(
            "resmon_finding_subjects",
            .gauge,
            "Subjects of active findings by kind: scopes, instances, bindings.",
            Finding.Kind.allCases.map { kind in ([("kind", kind.rawValue)], Double(self.subjects(of: kind))) }
        )
        guard let health = self.health else { return }
        text.family(
            "resmon_health",
            .gauge,
            "1 for the current health verdict, 0 for the others.",
            [HealthStatus.healthy, .degraded, .unhealthy, .unknown].map { ([("status", $0.rawValue)], $0 == health ? 1 : 0) }
        )
        text.family(
            "resmon_health_stale",
            .gauge,
            "1 if the verdict is unknown because answers have been missing for three intervals.",
            [([], self.healthIsStale == true ? 1 : 0)]
        )
        let counts = self.healthCounts ?? HealthCounts()
        text.family(
            "resmon_health_resources",
            .gauge,
            "Active instances by health status.",
            HealthStanding.allCases.map { ([("status", $0.rawValue)], Double(counts[$0])) }
        )
    }
}

extension MonitorReport {
    /// Returns the number of subjects of all active findings of `kind`.
    public func subjects(of kind: Finding.Kind) -> Int {
        self.findings.reduce(0) { $0 + ($1.kind == kind ? $1.subjectCount : 0) }
    }
}

/// A writer of metric families in the Prometheus text format.
struct PrometheusText {
    typealias Labels = [(name: String, value: String)]

    enum Kind: String {
        case counter, gauge, summary, histogram
    }

    enum Format {
        case prometheus, openMetrics
    }

    /// A sample value with the trace in which it was observed.
    struct Exemplar {
        var trace: TraceID
        var value: Double
    }

    struct Summary {
        var labels: Labels
        var quantiles: [(String, Double)]
        var sum: Double
        var count: Int
    }

    /// The bounds of histograms: every second power of two in nanoseconds. They are bucket ends, so that counts are exact.
    private static let bounds: [Duration] = stride(from: 10, through: 36, by: 2).map { .nanoseconds(1 << Int64($0)) }

    private var text = ""
    private let container: String
    private let format: Format

    init(container: String, format: Format) {
        self.container = container
        self.format = format
    }

    /// The text with its end.
    var complete: String {
        switch self.format {
        case .prometheus: self.text
        case .openMetrics: self.text + "# EOF\n"
        }
    }

    /// Writes a family of plain values. Values with the same labels are added up; a family without values is omitted. Prometheus text has
    /// no exemplars, so they are omitted there.
    mutating func family(
        _ name: String,
        _ kind: Kind,
        _ help: String,
        _ values: [(Labels, Double)],
        exemplars: [(Labels, Exemplar)] = []
    ) {
        var order: [String] = []
        var sums: [String: Double] = [:]
        for (labels, value) in values {
            let written = self.write(labels)
            if sums.updateValue((sums[written] ?? 0) + value, forKey: written) == nil { order.append(written) }
        }
        if order.isEmpty { return }
        self.head(name, kind, help)
        let examples = Dictionary(exemplars.map { (self.write($0.0), $0.1) }) { _, last in last }
        for labels in order { self.line(name, labels, sums[labels] ?? 0, examples[labels]) }
    }

    /// Writes a family of summaries. Their labels must be distinct.
    mutating func summaries(_ name: String, _ help: String, _ summaries: [Summary]) {
        if summaries.isEmpty { return }
        self.head(name, .summary, help)
        for summary in summaries {
            for (quantile, value) in summary.quantiles { self.line(name, self.write(summary.labels + [("quantile", quantile)]), value) }
            self.line(name + "_sum", self.write(summary.labels), summary.sum)
            self.line(name + "_count", self.write(summary.labels), Double(summary.count))
        }
    }

    /// Writes a family of histograms. Histograms with the same labels are added up.
    mutating func histograms(_ name: String, _ help: String, _ values: [(Labels, DurationBuckets)]) {
        if values.isEmpty { return }
        self.head(name, .histogram, help)
        var order: [String] = []
        var groups: [String: (labels: Labels, buckets: [DurationBuckets])] = [:]
        for (labels, buckets) in values {
            let written = self.write(labels)
            if groups[written] == nil { order.append(written) }
            groups[written, default: (labels, [])].buckets.append(buckets)
        }
        for written in order {
            guard let (labels, buckets) = groups[written] else { continue }
            for bound in Self.bounds {
                // A bucket's end is exclusive.
                let count = buckets.reduce(0) { $0 + $1.count(upTo: bound - .nanoseconds(1)) }
                self.line(name + "_bucket", self.write(labels + [("le", "\(bound.inSeconds)")]), Double(count))
            }
            let total = buckets.reduce(0) { $0 + $1.total }
            self.line(name + "_bucket", self.write(labels + [("le", "+Inf")]), Double(total))
            self.line(name + "_sum", written, buckets.reduce(0) { $0 + $1.sum.inSeconds })
            self.line(name + "_count", written, Double(total))
        }
    }

    private mutating func head(_ name: String, _ kind: Kind, _ help: String) {
        // In OpenMetrics, the suffix of a counter belongs to its sample and not to the family.
        let isSuffixed = self.format == .openMetrics && kind == .counter && name.hasSuffix("_total")
        let family = isSuffixed ? String(name.dropLast("_total".count)) : name
        self.text += "# HELP \(family) \(help)\n# TYPE \(family) \(kind.rawValue)\n"
    }

    private mutating func line(_ name: String, _ labels: String, _ value: Double, _ exemplar: Exemplar? = nil) {
        self.text += "\(name)\(labels) \(Self.number(value))"
        if self.format == .openMetrics, let exemplar {
            self.text += " # {trace_id=\"\(exemplar.trace)\"} \(Self.number(exemplar.value))"
        }
        self.text += "\n"
    }

    private static func number(_ value: Double) -> String {
        let isWhole = value.rounded() == value && abs(value) < 9e15
        return isWhole ? "\(Int64(value))" : "\(value)"
    }

    private func write(_ labels: Labels) -> String {
        let all = [("container", self.container)] + labels
        return "{" + all.map { "\($0)=\"\(Self.escape($1))\"" }.joined(separator: ",") + "}"
    }

    /// Escapes backslash, quote, and line feed, as the format requires. Replaces other control characters by `?`.
    static func escape(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            case _ where scalar.value < 32 || scalar.value == 127: escaped += "?"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
