import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

@Suite("Exemplars, and the figures of the process, in the text for Prometheus")
struct ExemplarTests {
    private let simulation = Simulation(seed: 1)
    private static let process = ExportedProcess(pid: 4711, startTime: 1_700_000_000.25, version: "1.2.3")

    /// The report of a container with a pool of one item, after a lease of one second for which another acquisition waited.
    private func report(trace: TraceID?) throws -> MonitorReport {
        var traced = self.simulation.environment
        traced.traceID = { trace }
        let environment = traced
        let (container, time) = (Container("app", environment: environment), environment.time)
        try container.bind(ResourcePool<Int>.self, lifetime: .singleton) {
            try ResourcePool<Int>(name: "db", configuration: PoolConfiguration(maximum: 1), environment: environment, make: { 1 })
        }
        let monitor = ResourceMonitor(container)
        for _ in 0..<2 {
            self.simulation.spawn {
                _ = try? await container.get(ResourcePool<Int>.self).withLease { _ in try await time.sleep(for: .seconds(1)) }
            }
        }
        self.simulation.run(for: .seconds(5))
        return monitor.report()
    }

    @Test("The bucket of a wait has its trace and its seconds, in OpenMetrics only.")
    func wait() throws {
        let report = try self.report(trace: TraceID("trace-7"))
        let lines = report.openMetricsText(of: nil).split(separator: "\n").filter { $0.contains("trace_id") }
        let bound = Duration.nanoseconds(1 << 30).inSeconds
        #expect(lines.last == "resmon_pool_wait_seconds_bucket{container=\"app\",pool=\"db\",le=\"\(bound)\"} 2 # {trace_id=\"trace-7\"} 1")
        #expect(lines.allSatisfy { $0.hasPrefix("resmon_pool_wait_seconds_bucket{") })
        #expect(!report.prometheusText(of: nil).contains("trace"))
        #expect(try !self.report(trace: nil).openMetricsText(of: nil).contains("trace"))
    }

    @Test("An exemplar is not above the bound of its bucket.")
    func bounds() throws {
        var report = try self.report(trace: nil)
        let trace = try #require(TraceID("t"))
        report.pools[0].waitTraces = (0..<40).map { WaitTrace(trace: trace, waited: .nanoseconds(1 << $0)) }
        let lines = report.openMetricsText(of: nil).split(separator: "\n").filter { $0.contains("trace_id") }
        #expect(lines.count == DurationBuckets.exportedBounds.count + 1)
        for line in lines.dropLast() {
            let bound = line.split(separator: "le=\"").last?.split(separator: "\"").first.flatMap { Double($0) }
            let value = line.split(separator: " ").last.flatMap { Double($0) }
            #expect(try #require(value) < (try #require(bound)), "\(line)")
        }
    }

    @Test("The process has its number, its version, and its start.")
    func process() throws {
        let report = try self.report(trace: nil)
        let lines = report.prometheusText(of: Self.process).split(separator: "\n")
        #expect(lines.contains("resmon_process_start_time_seconds{container=\"app\"} 1700000000.25"))
        #expect(lines.contains("resmon_attach_info{container=\"app\",pid=\"4711\",version=\"1.2.3\"} 1"))
        #expect(lines.contains("# TYPE resmon_attach_info gauge"))
        #expect(report.openMetricsText(of: Self.process).contains("# TYPE resmon_attach info\nresmon_attach_info{"))
        #expect(!report.prometheusText(of: nil).contains("resmon_process"))
        #expect(report.prometheusText().contains("resmon_attach_info{container=\"app\",pid=\"\(ExportedProcess.current.pid)\""))
    }

    @Test("Missed events are counted, and the delay of tasks is present if it was measured.")
    func monitor() throws {
        var report = try self.report(trace: nil)
        #expect(report.missedEvents == nil)
        #expect(report.prometheusText(of: nil).contains("resmon_monitor_missed_events_total{container=\"app\"} 0\n"))
        #expect(!report.prometheusText(of: nil).contains("resmon_executor_lag_seconds"))
        report.missedEvents = 12
        report.executorLag = 0.25
        #expect(report.prometheusText(of: nil).contains("resmon_monitor_missed_events_total{container=\"app\"} 12\n"))
        #expect(report.prometheusText(of: nil).contains("resmon_executor_lag_seconds{container=\"app\"} 0.25\n"))
    }

    @Test("A monitor that runs measures how late its task runs.")
    func lag() throws {
        let container = Container("app", environment: self.simulation.environment)
        let monitor = ResourceMonitor(container)
        #expect(monitor.report().executorLag == nil)
        let task = self.simulation.spawn { await monitor.run() }
        self.simulation.run(for: .seconds(1))
        #expect(monitor.report().executorLag == 0)
        task.cancel()
        self.simulation.runUntilIdle()
    }

}

@Suite("The start of a process")
struct ExportedProcessTests {
    private static let system = "cpu 1 2 3\nbtime 1700000000\nprocesses 9\n"

    @Test("The start is the start of the system and the ticks since then, for any name of the program.")
    func start() {
        let fields = (3...22).map { "\($0 == 22 ? 12_345 : 0)" }.joined(separator: " ")
        for name in ["sh", "a) R 1 (b", "x y"] {
            let start = ExportedProcess.startTime(process: "4711 (\(name)) \(fields)", system: Self.system, ticksPerSecond: 100)
            #expect(start == 1_700_000_123.45)
        }
    }

    @Test(
        "Texts of another form have no start.",
        arguments: [("", system), ("4711 (sh) R 1", system), ("4711 (sh) " + String(repeating: "x ", count: 20), system), ("4711 sh", "")]
    )
    func unreadable(process: String, system: String) {
        #expect(ExportedProcess.startTime(process: process, system: system, ticksPerSecond: 100) == nil)
    }

    @Test("This process started before now, and not before the year 2020.")
    func current() {
        #expect(ExportedProcess.current.startTime > 1_577_836_800)
        #expect(ExportedProcess.current.version == ExportedProcess.libraryVersion)
    }
}

@Suite("The table of metrics")
struct MetricNameTests {
    @Test("Names follow the rules of Prometheus: counters end in _total, durations in _seconds, and only those.")
    func prometheus() {
        for metric in MetricName.allCases {
            #expect(metric.rawValue.hasPrefix("resmon_"))
            #expect(metric.rawValue.hasSuffix("_total") == (metric.kind == .counter), "\(metric)")
            #expect(metric.rawValue.hasSuffix("_info") == (metric.kind == .info), "\(metric)")
            #expect(metric.help.hasSuffix("."), "\(metric)")
        }
    }

    @Test("Names in OpenTelemetry are distinct, and only the limit of a pool has two.")
    func openTelemetry() {
        let names = MetricName.allCases.flatMap(\.openTelemetry)
        #expect(Set(names).count == names.count)
        #expect(MetricName.allCases.filter { $0.openTelemetry.count > 1 } == [.poolMaximum])
        #expect(MetricName.poolMaximum.openTelemetry == ["db.client.connection.limit", "db.client.connection.max"])
    }
}
