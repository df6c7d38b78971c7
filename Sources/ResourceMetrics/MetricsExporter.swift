public import Metrics
import ResourceContainer
public import ResourceMonitoring

/// An exporter of a monitor's figures to a swift-metrics backend.
///
/// Pool metrics use the names and attributes of OpenTelemetry's semantic conventions for connection pools; all other names start with
/// `resmon.`. <doc:Names> lists all metrics. A metric that the conventions renamed has both names for one release. Counters are pushed as
/// increments and never decrease. Durations are in seconds. Push as often as the backend collects metrics, with ``run(every:)`` or
/// ``push()``.
public final class MetricsExporter: Sendable {
    private let monitor: ResourceMonitor
    private let handlers: Lock<MetricHandlers>

    /// Creates an exporter.
    ///
    /// - Parameters:
    ///   - monitor: The monitor whose figures are exported.
    ///   - factory: The backend; nil uses the program's `MetricsSystem` backend.
    public init(_ monitor: ResourceMonitor, factory: (any MetricsFactory)? = nil) {
        self.monitor = monitor
        self.handlers = Lock(MetricHandlers(factory: factory ?? MetricsSystem.factory))
    }

    /// Pushes the current figures.
    ///
    /// - Complexity: O(keys and pools), plus O(waits, leases, and item creations since the last push, at most 1,000 of each per pool).
    public func push() {
        let report = self.monitor.report()
        self.handlers.withLock { $0.push(report) }
    }

    /// Calls ``push()`` every `interval` until the task is canceled, and once more then.
    ///
    /// - Parameter interval: The time between pushes, on the container's time source.
    public func run(every interval: Duration = .seconds(10)) async {
        let time = self.monitor.time
        while (try? await time.sleep(for: interval)) != nil { self.push() }
        self.push()
    }
}

/// The instruments, each created once, with their last values.
struct MetricHandlers {
    /// The identity of an instrument: its name and the values of its attributes.
    private struct Key: Hashable {
        var name: String
        var values: [String]
    }

    typealias Attributes = [(String, String)]

    /// The largest number of durations recorded per histogram and push. If there are more, an even sample is recorded.
    static let recordLimit = 1000

    private let factory: any MetricsFactory
    private var counters: [Key: (counter: Counter, pushed: Int)] = [:]
    private var gauges: [Key: Gauge] = [:]
    private var recorders: [Key: (recorder: Recorder, pushed: DurationBuckets)] = [:]

    init(factory: any MetricsFactory) {
        self.factory = factory
    }

    mutating func push(_ report: MonitorReport) {
        for (key, group) in report.keys.sorted(by: { $0.key < $1.key }) { self.push(group, [("resmon.key", key)]) }
        self.gauge(.scopesOpen, [], report.openScopes)
        self.counter(.scopesClosed, [], report.closedScopes)
        self.counter(.missedEvents, [], Int(clamping: report.missedEvents ?? 0))
        if let lag = report.executorLag { self.gauge(.executorLag, [], lag) }
        for (tag, counts) in (report.outcomes ?? [:]).sorted(by: { $0.key < $1.key }) {
            for (name, count) in counts.named {
                self.counter(.scopeOutcomes, [("resmon.scope.tag", tag), ("resmon.scope.outcome", name)], count)
            }
        }
        for kind in Finding.Kind.allCases {
            self.gauge(.findings, [("resmon.finding.kind", kind.rawValue)], report.findings.count { $0.kind == kind })
            self.gauge(.findingSubjects, [("resmon.finding.kind", kind.rawValue)], report.subjects(of: kind))
        }
        if let health = report.health {
            for status in HealthStatus.allCases where status != .error {
                self.gauge(.health, [("resmon.health.status", status.rawValue)], status == health ? 1 : 0)
            }
            self.gauge(.healthStale, [], report.healthIsStale == true ? 1 : 0)
            let counts = report.healthCounts ?? HealthCounts()
            for standing in HealthStanding.allCases {
                self.gauge(.healthResources, [("resmon.health.status", standing.rawValue)], counts[standing])
            }
        }
        var names: [String: Int] = [:]
        for pool in report.pools {
            // The conventions require a name that is unique in the program.
            names[pool.name, default: 0] += 1
            let number = names[pool.name] ?? 1
            self.push(pool, [("db.client.connection.pool.name", number == 1 ? pool.name : "\(pool.name)-\(number)")])
        }
    }

    private mutating func push(_ group: MonitorReport.Group, _ attributes: Attributes) {
        self.counter(.resourcesCreated, attributes, group.resourcesCreated)
        self.counter(.resourcesDisposed, attributes, group.resourcesDisposed)
        self.counter(.resourcesInitFailed, attributes, group.initFailed)
        self.counter(.resourcesAbandoned, attributes, group.abandoned)
        self.counter(.resourcesErrors, attributes, group.resourceErrors)
        for (state, count) in [("initializing", group.initializing), ("ready", group.ready), ("disposing", group.disposing)] {
            self.gauge(.resourcesActive, attributes + [("resmon.resource.state", state)], count)
        }
    }

    private mutating func push(_ pool: MonitorReport.Pool, _ attributes: Attributes) {
        for (state, count) in [("idle", pool.idle), ("used", pool.activeConnections)] {
            self.gauge(.poolConnections, attributes + [("db.client.connection.state", state)], count)
        }
        self.gauge(.poolMinimum, attributes, pool.minimum)
        self.gauge(.poolMaximum, attributes, pool.maximum)
        self.gauge(.poolWaiting, attributes, pool.waiting)
        self.counter(.poolTimeouts, attributes, pool.timedOut)
        self.durations(.poolCreate, attributes, pool.creations)
        self.durations(.poolWait, attributes, pool.waits)
        self.durations(.poolUse, attributes, pool.holds)
        self.counter(.poolExhausted, attributes, pool.exhausted)
        self.gauge(.poolLeaked, attributes, pool.leaked)
    }

    private mutating func counter(_ metric: MetricName, _ attributes: Attributes, _ value: Int) {
        for name in metric.openTelemetry { self.counter(named: name, attributes, value) }
    }

    private mutating func gauge(_ metric: MetricName, _ attributes: Attributes, _ value: some BinaryInteger) {
        self.gauge(metric, attributes, Double(value))
    }

    private mutating func gauge(_ metric: MetricName, _ attributes: Attributes, _ value: Double) {
        for name in metric.openTelemetry { self.gauge(named: name, attributes, value) }
    }

    private mutating func durations(_ metric: MetricName, _ attributes: Attributes, _ buckets: DurationBuckets) {
        for name in metric.openTelemetry { self.durations(named: name, attributes, buckets) }
    }

    private mutating func counter(named name: String, _ attributes: Attributes, _ value: Int) {
        let key = Key(name: name, values: attributes.map(\.1))
        let pushed = self.counters[key]?.pushed ?? 0
        if self.counters[key] == nil { self.counters[key] = (Counter(label: name, dimensions: attributes, factory: self.factory), 0) }
        // A replacement of a binding or pool with the same name starts at zero.
        self.counters[key]?.counter.increment(by: value >= pushed ? value - pushed : value)
        self.counters[key]?.pushed = value
    }

    private mutating func gauge(named name: String, _ attributes: Attributes, _ value: Double) {
        let key = Key(name: name, values: attributes.map(\.1))
        if self.gauges[key] == nil { self.gauges[key] = Gauge(label: name, dimensions: attributes, factory: self.factory) }
        self.gauges[key]?.record(value)
    }

    /// Records the durations since the last push, in seconds. The value of each is the end of its bucket.
    private mutating func durations(named name: String, _ attributes: Attributes, _ buckets: DurationBuckets) {
        let key = Key(name: name, values: attributes.map(\.1))
        if self.recorders[key] == nil {
            self.recorders[key] = (Recorder(label: name, dimensions: attributes, aggregate: true, factory: self.factory), DurationBuckets())
        }
        guard let (recorder, pushed) = self.recorders[key] else { return }
        let new = buckets.total >= pushed.total ? buckets.since(pushed) : buckets
        let part = min(1, Double(Self.recordLimit) / Double(max(1, new.total)))
        for (end, count) in new.buckets where count > 0 {
            for _ in 0..<max(1, Int((Double(count) * part).rounded())) { recorder.record(end.inSeconds) }
        }
        self.recorders[key]?.pushed = buckets
    }
}
