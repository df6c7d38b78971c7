public import Metrics
import ResourceContainer
public import ResourceMonitoring

/// Hands a monitor's figures to swift-metrics, whatever backend a program has chosen there.
///
/// Pools are told under the names and attributes of OpenTelemetry's semantic conventions for connection pools, everything else under
/// `resmon.`; <doc:Names> has the whole table. Counters are handed on as what was added since the last time, and never go backwards.
/// Push at the rhythm the backend is read, with ``run(every:)`` or by hand.
public final class MetricsExporter: Sendable {
    private let monitor: ResourceMonitor
    private let handlers: Lock<MetricHandlers>

    /// Hands on the figures of `monitor` to `factory`, or to the backend the program has chosen.
    public init(_ monitor: ResourceMonitor, factory: (any MetricsFactory)? = nil) {
        self.monitor = monitor
        self.handlers = Lock(MetricHandlers(factory: factory ?? MetricsSystem.factory))
    }

    /// Hands on the figures of this moment. O(keys and pools, and the waits and leases since the last time).
    public func push() {
        let report = self.monitor.report()
        self.handlers.withLock { $0.push(report) }
    }

    /// Pushes every `interval`, and once more when its task is cancelled.
    public func run(every interval: Duration = .seconds(10)) async {
        let time = self.monitor.time
        while (try? await time.sleep(for: interval)) != nil { self.push() }
        self.push()
    }
}

/// The instruments in use, each made once, and what they were told last.
struct MetricHandlers {
    /// What tells two instruments of one name apart.
    private struct Key: Hashable {
        var name: String
        var values: [String]
    }

    typealias Attributes = [(String, String)]

    /// At most so many durations are handed on singly for one pool at one push; more are thinned out evenly.
    static let recordLimit = 1000

    private let factory: any MetricsFactory
    private var counters: [Key: (counter: Counter, told: Int)] = [:]
    private var gauges: [Key: Gauge] = [:]
    private var recorders: [Key: (recorder: Recorder, told: DurationBuckets)] = [:]

    init(factory: any MetricsFactory) {
        self.factory = factory
    }

    mutating func push(_ report: MonitorReport) {
        for (key, group) in report.keys.sorted(by: { $0.key < $1.key }) { self.push(group, [("resmon.key", key)]) }
        self.gauge("resmon.scopes.open", [], report.openScopes)
        self.counter("resmon.scopes.closed", [], report.closedScopes)
        for kind in Finding.Kind.allCases {
            self.gauge("resmon.findings", [("resmon.finding.kind", kind.rawValue)], report.findings.count { $0.kind == kind })
            self.gauge("resmon.finding_subjects", [("resmon.finding.kind", kind.rawValue)], report.subjects(of: kind))
        }
        if let health = report.health {
            for status in HealthStatus.allCases where status != .error {
                self.gauge("resmon.health", [("resmon.health.status", status.rawValue)], status == health ? 1 : 0)
            }
            self.gauge("resmon.health.stale", [], report.healthIsStale == true ? 1 : 0)
            let counts = report.healthCounts ?? HealthCounts()
            for standing in HealthStanding.allCases {
                self.gauge("resmon.health.resources", [("resmon.health.status", standing.rawValue)], counts[standing])
            }
        }
        var names: [String: Int] = [:]
        for pool in report.pools {
            // Conventions want a name that is unique in the program.
            names[pool.name, default: 0] += 1
            let number = names[pool.name] ?? 1
            self.push(pool, [("db.client.connection.pool.name", number == 1 ? pool.name : "\(pool.name)-\(number)")])
        }
    }

    private mutating func push(_ group: MonitorReport.Group, _ attributes: Attributes) {
        self.counter("resmon.resources.created", attributes, group.resourcesCreated)
        self.counter("resmon.resources.disposed", attributes, group.resourcesDisposed)
        self.counter("resmon.resources.init_failed", attributes, group.initFailed)
        self.counter("resmon.resources.abandoned", attributes, group.abandoned)
        self.counter("resmon.resources.errors", attributes, group.resourceErrors)
        for (state, count) in [("initialising", group.initialising), ("ready", group.ready), ("disposing", group.disposing)] {
            self.gauge("resmon.resources.active", attributes + [("resmon.resource.state", state)], count)
        }
    }

    private mutating func push(_ pool: MonitorReport.Pool, _ attributes: Attributes) {
        for (state, count) in [("idle", pool.idle), ("used", pool.activeConnections)] {
            self.gauge("db.client.connection.count", attributes + [("db.client.connection.state", state)], count)
        }
        self.gauge("db.client.connection.idle.min", attributes, pool.minimum)
        self.gauge("db.client.connection.max", attributes, pool.maximum)
        self.gauge("db.client.connection.pending_requests", attributes, pool.waiting)
        self.counter("db.client.connection.timeouts", attributes, pool.timedOut)
        self.durations("db.client.connection.create_time", attributes, pool.creations)
        self.durations("db.client.connection.wait_time", attributes, pool.waits)
        self.durations("db.client.connection.use_time", attributes, pool.holds)
        self.counter("resmon.pool.exhausted", attributes, pool.exhausted)
        self.gauge("resmon.pool.leaked", attributes, pool.leaked)
    }

    private mutating func counter(_ name: String, _ attributes: Attributes, _ value: Int) {
        let key = Key(name: name, values: attributes.map(\.1))
        let told = self.counters[key]?.told ?? 0
        if self.counters[key] == nil { self.counters[key] = (Counter(label: name, dimensions: attributes, factory: self.factory), 0) }
        // A binding or a pool that took the place of another of its name begins at nought.
        self.counters[key]?.counter.increment(by: value >= told ? value - told : value)
        self.counters[key]?.told = value
    }

    private mutating func gauge(_ name: String, _ attributes: Attributes, _ value: Int) {
        let key = Key(name: name, values: attributes.map(\.1))
        if self.gauges[key] == nil { self.gauges[key] = Gauge(label: name, dimensions: attributes, factory: self.factory) }
        self.gauges[key]?.record(value)
    }

    /// Records each duration since the last time, in seconds and as the end of its bucket: what is kept of it.
    private mutating func durations(_ name: String, _ attributes: Attributes, _ buckets: DurationBuckets) {
        let key = Key(name: name, values: attributes.map(\.1))
        if self.recorders[key] == nil {
            self.recorders[key] = (Recorder(label: name, dimensions: attributes, aggregate: true, factory: self.factory), DurationBuckets())
        }
        guard let (recorder, told) = self.recorders[key] else { return }
        let new = buckets.total >= told.total ? buckets.since(told) : buckets
        let part = min(1, Double(Self.recordLimit) / Double(max(1, new.total)))
        for (end, count) in new.buckets where count > 0 {
            for _ in 0..<max(1, Int((Double(count) * part).rounded())) { recorder.record(end.inSeconds) }
        }
        self.recorders[key]?.told = buckets
    }
}

extension Duration {
    fileprivate var inSeconds: Double {
        Double(self.wholeNanoseconds) / 1e9
    }
}
