import ResourceContainer

extension MonitorReport {
    /// Returns the report in the Prometheus text exposition format, version 0.0.4. The caller serves it as `text/plain; version=0.0.4`.
    ///
    /// There is one series per key, scope tag, and pool, never per scope or resource. Keys beyond ``keyLimit`` and tags beyond 256 are
    /// added up under `(other)`; `resmon_folded` counts them. Pools that share a name are labeled with their keys. Pools of one key in
    /// several scopes are added up; `resmon_pools` counts them. Times are in seconds.
    ///
    /// - Parameter process: The process that the report is about; nil omits the metrics that describe it.
    /// - Complexity: O(keys, tags, pools, and findings).
    public func prometheusText(of process: ExportedProcess? = .current) -> String {
        self.text(in: .prometheus, of: process)
    }

    /// Returns the report in the OpenMetrics text format, version 1.0.0. The caller serves it as
    /// `application/openmetrics-text; version=1.0.0; charset=utf-8`.
    ///
    /// The series are those of ``prometheusText(of:)``. Exemplars name traces: that of the last scope with errors, per tag
    /// (``failedTraces``), and that of the last acquisition that waited, per bucket of a pool's waits (``Pool/waitTraces``).
    ///
    /// - Parameter process: The process that the report is about; nil omits the metrics that describe it.
    /// - Complexity: O(keys, tags, pools, and findings).
    public func openMetricsText(of process: ExportedProcess? = .current) -> String {
        self.text(in: .openMetrics, of: process)
    }

    private func text(in format: PrometheusText.Format, of process: ExportedProcess?) -> String {
        var text = PrometheusText(container: self.container, format: format)
        self.writeResources(to: &text)
        self.writeScopes(to: &text)
        self.writePools(to: &text)
        self.writeFindings(to: &text)
        text.family(
            .folded,
            [("keys", self.folded.keys), ("scopes", self.folded.scopes), ("finding_subjects", self.folded.findingSubjects)].map {
                ([("of", $0)], Double($1))
            }
        )
        text.family(.missedEvents, [([], Double(self.missedEvents ?? 0))])
        if let executorLag { text.family(.executorLag, [([], executorLag)]) }
        if let process {
            text.family(.processStart, [([], process.startTime)])
            text.family(.attach, [([("pid", "\(process.pid)"), ("version", process.version)], 1)])
        }
        return text.complete
    }

    private func writeResources(to text: inout PrometheusText) {
        let keys = self.keys.sorted { $0.key < $1.key }
        func total(_ name: MetricName, _ value: (Group) -> Int) {
            text.family(name, keys.map { ([("key", $0.key)], Double(value($0.value))) })
        }
        total(.resourcesCreated, \.resourcesCreated)
        total(.resourcesDisposed, \.resourcesDisposed)
        total(.resourcesInitFailed, \.initFailed)
        total(.resourcesAbandoned, \.abandoned)
        total(.resourcesErrors, \.resourceErrors)
        text.family(
            .resourcesActive,
            keys.flatMap { key, group in
                [("initializing", group.initializing), ("ready", group.ready), ("disposing", group.disposing)].map { state, count in
                    ([("key", key), ("state", state)], Double(count))
                }
            }
        )
        text.summaries(
            .resourceLifetime,
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
        text.family(.externalCreated, [([], Double(self.external.resourcesCreated))])
        text.family(.externalDisposed, [([], Double(self.external.resourcesDisposed))])
        text.family(.externalErrors, [([], Double(self.external.resourceErrors))])
    }

    private func writeScopes(to text: inout PrometheusText) {
        text.family(.scopesOpen, [([], Double(self.openScopes))])
        text.family(.scopesClosed, [([], Double(self.closedScopes))])
        text.family(
            .scopeOutcomes,
            (self.outcomes ?? [:]).sorted { $0.key < $1.key }.flatMap { tag, counts in
                counts.named.map { ([("tag", tag), ("outcome", $0.name)], Double($0.count)) }
            }
        )
        let tags = self.tags.sorted { $0.key < $1.key }
        text.family(.closedScopeResources, tags.map { ([("tag", $0.key)], Double($0.value.resourcesCreated)) })
        text.family(
            .closedScopeErrors,
            tags.map { ([("tag", $0.key)], Double($0.value.resourceErrors)) },
            exemplars: tags.compactMap { tag, _ in
                (self.failedTraces?[tag]).map { ([("tag", tag)], PrometheusText.Exemplar(trace: $0.trace, value: Double($0.errors))) }
            }
        )
    }

    private func writePools(to text: inout PrometheusText) {
        func family(_ name: MetricName, _ value: (Pool) -> Int) {
            text.family(name, self.pools.map { ([("pool", $0.label)], Double(value($0))) })
        }
        text.family(
            .poolConnections,
            self.pools.flatMap { pool in
                [("idle", pool.idle), ("used", pool.activeConnections), ("pending", pool.pending)].map { state, count in
                    ([("pool", pool.label), ("state", state)], Double(count))
                }
            }
        )
        text.family(.pools, self.pools.map { ([("pool", $0.label)], 1) })
        family(.poolMinimum, \.minimum)
        family(.poolMaximum, \.maximum)
        family(.poolWaiting, \.waiting)
        family(.poolLeaked, \.leaked)
        family(.poolCreated, \.totalCreated)
        family(.poolLeases, \.leases)
        family(.poolTimeouts, \.timedOut)
        family(.poolExhausted, \.exhausted)
        func histograms(_ name: MetricName, _ buckets: (Pool) -> DurationBuckets, _ examples: (Pool) -> [WaitTrace] = { _ in [] }) {
            text.histograms(
                name,
                self.pools.map { PrometheusText.Histogram(labels: [("pool", $0.label)], buckets: buckets($0), examples: examples($0)) }
            )
        }
        histograms(.poolWait, \.waits) { $0.waitTraces ?? [] }
        histograms(.poolUse, \.holds)
        histograms(.poolCreate, \.creations)
    }

    private func writeFindings(to text: inout PrometheusText) {
        text.family(
            .findings,
            Finding.Kind.allCases.map { kind in ([("kind", kind.rawValue)], Double(self.findings.count { $0.kind == kind })) }
        )
        text.family(.findingSubjects, Finding.Kind.allCases.map { kind in ([("kind", kind.rawValue)], Double(self.subjects(of: kind))) })
        guard let health = self.health else { return }
        text.family(
            .health,
            [HealthStatus.healthy, .degraded, .unhealthy, .unknown].map { ([("status", $0.rawValue)], $0 == health ? 1 : 0) }
        )
        text.family(.healthStale, [([], self.healthIsStale == true ? 1 : 0)])
        let counts = self.healthCounts ?? HealthCounts()
        text.family(.healthResources, HealthStanding.allCases.map { ([("status", $0.rawValue)], Double(counts[$0])) })
    }
}

extension MonitorReport {
    /// Returns the number of subjects of all active findings of `kind`.
    public func subjects(of kind: Finding.Kind) -> Int {
        self.findings.reduce(0) { $0 + ($1.kind == kind ? $1.subjectCount : 0) }
    }
}
