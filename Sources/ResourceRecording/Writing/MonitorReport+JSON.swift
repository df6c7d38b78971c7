import ResourceContainer
import ResourceMonitoring

extension MonitorReport: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("closed_scopes", self.closedScopes)
        json.field("container", self.container)
        json.field("executor_lag", ifPresent: self.executorLag)
        json.field("external", self.external)
        if let failedTraces { json.field("failed_traces", failedTraces) }
        json.field("findings", self.findings)
        json.field("folded", self.folded)
        json.field("health", ifPresent: self.health)
        json.field("health_counts", ifPresent: self.healthCounts)
        json.field("health_is_stale", ifPresent: self.healthIsStale)
        json.field("keys", self.keys)
        json.field("missed_events", ifPresent: self.missedEvents)
        json.field("open_scopes", self.openScopes)
        json.field("outcomes", ifPresent: self.outcomes)
        json.field("overall", self.overall)
        json.field("pools", self.pools)
        json.field("rates", self.rates)
        json.field("scopes", self.scopes)
        json.field("sequence", self.sequence)
        json.field("tags", self.tags)
        json.close("}")
    }
}

extension MonitorReport.Group: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("abandoned", self.abandoned)
        json.field("active_resources", self.activeResources)
        json.field("avg_lifetime", self.avgLifetime)
        json.field("disposing", self.disposing)
        json.field("init_failed", self.initFailed)
        json.field("initializing", self.initializing)
        json.field("max_lifetime", self.maxLifetime)
        json.field("median_lifetime", self.medianLifetime)
        json.field("p95_lifetime", self.p95Lifetime)
        json.field("p99_lifetime", self.p99Lifetime)
        json.field("ready", self.ready)
        json.field("resource_errors", self.resourceErrors)
        json.field("resources_created", self.resourcesCreated)
        json.field("resources_disposed", self.resourcesDisposed)
        json.field("total_lifetimes_tracked", self.totalLifetimesTracked)
        json.close("}")
    }
}

extension MonitorReport.Scope: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("figures", self.figures)
        json.field("id", self.id)
        json.field("name", self.name)
        json.close("}")
    }
}

extension MonitorReport.FailedTrace: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("errors", self.errors)
        json.field("trace", self.trace.rawValue)
        json.close("}")
    }
}

extension MonitorReport.Pool: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("active_connections", self.activeConnections)
        json.field("avg_connection_time", self.avgConnectionTime)
        json.field("creations", self.creations)
        json.field("exhausted", self.exhausted)
        json.field("holds", self.holds)
        json.field("idle", self.idle)
        json.field("label", self.label)
        json.field("leaked", self.leaked)
        json.field("leases", self.leases)
        json.field("max_connection_time", self.maxConnectionTime)
        json.field("maximum", self.maximum)
        json.field("minimum", self.minimum)
        json.field("name", self.name)
        json.field("pending", self.pending)
        json.field("timed_out", self.timedOut)
        json.field("total_created", self.totalCreated)
        if let waitTraces { json.field("wait_traces", waitTraces) }
        json.field("waiting", self.waiting)
        json.field("waits", self.waits)
        json.close("}")
    }
}

extension MonitorReport.Folded: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("finding_subjects", self.findingSubjects)
        json.field("keys", self.keys)
        json.field("scopes", self.scopes)
        json.close("}")
    }
}

extension WindowedRates: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("one_second", self.oneSecond)
        json.field("sixty_seconds", self.sixtySeconds)
        json.field("ten_seconds", self.tenSeconds)
        json.close("}")
    }
}

extension ActivityRates: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("created", self.created)
        json.field("ended", self.ended)
        json.field("errors", self.errors)
        json.field("events", self.events)
        json.close("}")
    }
}

extension HealthCounts: JSONWritable {
    func write(into json: inout JSONBytes) {
        json.open("{")
        json.field("degraded", self.degraded)
        json.field("error", self.error)
        json.field("healthy", self.healthy)
        json.field("no_probe", self.noProbe)
        json.field("not_asked", self.notAsked)
        json.field("unhealthy", self.unhealthy)
        json.field("unknown", self.unknown)
        json.close("}")
    }
}
