import ResourceContainer
import ResourceMonitoring

/// The samples of the articles on monitoring. What a sample leaves to its reader is a parameter here.
enum MonitoringSamples {
    static func ask(_ container: Container) async throws -> (Int, String) {
        let monitor = ResourceMonitor(container)
        try await container.withScope("request") { scope in
            _ = try await scope.get(Database.self)
        }
        let report = monitor.report()
        let created = report.overall.resourcesCreated
        let text = report.prometheusText()
        return (created, text)
    }

    static func follow(_ monitor: ResourceMonitor, note: (Any) -> Void) async {
        for await update in monitor.updates(rate: 4) {
            for row in update.resources where row.errors > 0 { note(row) }
            if update.missed > 0 { note(update.missed) }
        }
    }

    static func keepWatch(_ monitor: ResourceMonitor, serve: @Sendable () async -> Void) async {
        await withTaskGroup { group in
            group.addTask { await monitor.run() }
            await serve()
            group.cancelAll()
        }
    }

    static func rules(_ container: Container) throws -> (ResourceMonitor, FindingRules) {
        var rules = FindingRules()
        rules.slowInitialize = .seconds(3)
        try rules.allow(.neverUsed, of: "Cache*")
        try rules.allow(named: "dispose-slow")
        let monitor = ResourceMonitor(container, rules: rules)
        return (monitor, rules)
    }

    static func watchHealth(_ container: Container, serve: @Sendable () async -> Void) async throws -> HealthChecker {
        var policy = HealthPolicy()
        policy.interval = .seconds(10)
        let health = try HealthChecker(container, policy: policy)
        await withTaskGroup { group in
            group.addTask { await health.run() }
            await serve()
            group.cancelAll()
        }
        return health
    }

    static func answer(_ health: HealthChecker, note: (String) -> Void) -> (Bool, Bool) {
        let ready = health.readiness()
        let alive = health.liveness()
        for reason in ready.reasons { note(reason) }
        return (ready.isPassing, alive.isPassing)
    }
}
