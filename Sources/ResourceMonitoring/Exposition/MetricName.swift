/// A metric of a container: its name, type, and meaning in the Prometheus text, and its names in OpenTelemetry backends.
///
/// This is the only table of these names. The raw value is the name in the Prometheus text. A renamed metric keeps its earlier name beside the
/// new one for one release.
package enum MetricName: String, Sendable, Hashable, CaseIterable {
    case resourcesCreated = "resmon_resources_created_total"
    case resourcesDisposed = "resmon_resources_disposed_total"
    case resourcesInitFailed = "resmon_resources_init_failed_total"
    case resourcesAbandoned = "resmon_resources_abandoned_total"
    case resourcesErrors = "resmon_resources_errors_total"
    case resourcesActive = "resmon_resources_active"
    case resourceLifetime = "resmon_resource_lifetime_seconds"
    case externalCreated = "resmon_external_created_total"
    case externalDisposed = "resmon_external_disposed_total"
    case externalErrors = "resmon_external_errors_total"
    case scopesOpen = "resmon_scopes_open"
    case scopesClosed = "resmon_scopes_closed_total"
    case scopeOutcomes = "resmon_scope_outcomes_total"
    case closedScopeResources = "resmon_closed_scope_resources_total"
    case closedScopeErrors = "resmon_closed_scope_errors_total"
    case poolConnections = "resmon_pool_connections"
    case pools = "resmon_pools"
    case poolMinimum = "resmon_pool_connections_min"
    case poolMaximum = "resmon_pool_connections_max"
    case poolWaiting = "resmon_pool_pending_requests"
    case poolLeaked = "resmon_pool_leaked_leases"
    case poolCreated = "resmon_pool_created_total"
    case poolLeases = "resmon_pool_leases_total"
    case poolTimeouts = "resmon_pool_timeouts_total"
    case poolExhausted = "resmon_pool_exhausted_total"
    case poolWait = "resmon_pool_wait_seconds"
    case poolUse = "resmon_pool_use_seconds"
    case poolCreate = "resmon_pool_create_seconds"
    case findings = "resmon_findings"
    case findingSubjects = "resmon_finding_subjects"
    case health = "resmon_health"
    case healthStale = "resmon_health_stale"
    case healthResources = "resmon_health_resources"
    case folded = "resmon_folded"
    case missedEvents = "resmon_monitor_missed_events_total"
    case executorLag = "resmon_executor_lag_seconds"
    case processStart = "resmon_process_start_time_seconds"
    case attach = "resmon_attach_info"

    /// The type of a metric.
    package enum Kind: String, Sendable, Hashable {
        case counter, gauge, summary, histogram, info
    }

    /// The type.
    package var kind: Kind {
        switch self {
        case .resourceLifetime: .summary
        case .poolWait, .poolUse, .poolCreate: .histogram
        case .attach: .info
        default: self.rawValue.hasSuffix("_total") ? .counter : .gauge
        }
    }

    /// The meaning, as a sentence.
    package var help: String {
        switch self {
        case .resourcesCreated: "Instances created."
        case .resourcesDisposed: "Instances disposed, including those whose dispose threw."
        case .resourcesInitFailed: "Instances whose initialization failed."
        case .resourcesAbandoned: "Instances whose initialize or dispose did not finish within its budget."
        case .resourcesErrors: "Errors of instances: failed, threw, abandoned, reported, or acquisition failed."
        case .resourcesActive: "Active instances by state."
        case .resourceLifetime: "Lifetime of disposed instances, from ready to the start of dispose."
        case .externalCreated: "Resources created outside the container, as counted by the application."
        case .externalDisposed: "Resources disposed outside the container, as counted by the application."
        case .externalErrors: "Errors outside the container, as counted by the application."
        case .scopesOpen: "Open scopes, without the root."
        case .scopesClosed: "Scopes closed."
        case .scopeOutcomes: "Scopes closed, by tag and by the outcome of their body."
        case .closedScopeResources: "Instances created in scopes that have closed, by tag."
        case .closedScopeErrors: "Errors in scopes that have closed, by tag."
        case .poolConnections: "Items by state."
        case .pools: "Pools added up under one label."
        case .poolMinimum: "Items that the pool keeps open."
        case .poolMaximum: "Largest number of items."
        case .poolWaiting: "Waiters in the queue."
        case .poolLeaked: "Current leases that are suspected leaks or lost."
        case .poolCreated: "Items created, including failed creations."
        case .poolLeases: "Leases granted."
        case .poolTimeouts: "Acquisitions that timed out."
        case .poolExhausted: "Acquisitions refused because the pool was empty."
        case .poolWait: "Time that acquisitions waited."
        case .poolUse: "Time that leases were held."
        case .poolCreate: "Time that item creations took."
        case .findings: "Active findings by kind, one per source location."
        case .findingSubjects: "Subjects of active findings by kind: scopes, instances, bindings."
        case .health: "1 for the current health verdict, 0 for the others."
        case .healthStale: "1 if the verdict is unknown because answers have been missing for three intervals."
        case .healthResources: "Active instances by health status."
        case .folded: "Entries beyond the row limits: added up under (other), or not kept."
        case .missedEvents: "Events that the monitor did not receive because it read too rarely. Counts include them, statistics do not."
        case .executorLag: "Delay with which a task of the process last ran."
        case .processStart: "Start of the process, in seconds of Unix time."
        case .attach: "The process as resmon attach finds it: its number and the version of its libraries."
        }
    }

    /// The names in OpenTelemetry backends, the current one first; empty for a metric that is not exported there. Those of pools are the ones
    /// of OpenTelemetry's semantic conventions.
    package var openTelemetry: [String] {
        switch self {
        case .resourcesCreated: ["resmon.resources.created"]
        case .resourcesDisposed: ["resmon.resources.disposed"]
        case .resourcesInitFailed: ["resmon.resources.init_failed"]
        case .resourcesAbandoned: ["resmon.resources.abandoned"]
        case .resourcesErrors: ["resmon.resources.errors"]
        case .resourcesActive: ["resmon.resources.active"]
        case .scopesOpen: ["resmon.scopes.open"]
        case .scopesClosed: ["resmon.scopes.closed"]
        case .scopeOutcomes: ["resmon.scopes.outcomes"]
        case .poolConnections: ["db.client.connection.count"]
        case .poolMinimum: ["db.client.connection.idle.min"]
        // The conventions renamed `max` to `limit`. Both are exported in one release.
        case .poolMaximum: ["db.client.connection.limit", "db.client.connection.max"]
        case .poolWaiting: ["db.client.connection.pending_requests"]
        case .poolLeaked: ["resmon.pool.leaked"]
        case .poolTimeouts: ["db.client.connection.timeouts"]
        case .poolExhausted: ["resmon.pool.exhausted"]
        case .poolWait: ["db.client.connection.wait_time"]
        case .poolUse: ["db.client.connection.use_time"]
        case .poolCreate: ["db.client.connection.create_time"]
        case .findings: ["resmon.findings"]
        case .findingSubjects: ["resmon.finding_subjects"]
        case .health: ["resmon.health"]
        case .healthStale: ["resmon.health.stale"]
        case .healthResources: ["resmon.health.resources"]
        case .missedEvents: ["resmon.monitor.missed_events"]
        case .executorLag: ["resmon.executor.lag"]
        case .resourceLifetime, .externalCreated, .externalDisposed, .externalErrors, .closedScopeResources, .closedScopeErrors, .pools,
            .poolCreated, .poolLeases, .folded, .processStart, .attach:
            []
        }
    }
}
