import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

/// A strict parser of the text format. Unknown input is a fault.
private struct Exposition {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var values: [String: Double] = [:]
    private(set) var types: [String: String] = [:]

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Fault(description: "the last line does not end") }
        var family = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
            switch words.first {
            case "#" where words[1] == "HELP":
                guard self.types[words[2]] == nil, words[3].hasSuffix(".") else { throw Fault(description: "twice or unhelpful: \(line)") }
                family = words[2]
            case "#" where words[1] == "TYPE":
                guard words[2] == family else { throw Fault(description: "a type without its help: \(line)") }
                self.types[family] = words[3]
            default:
                try self.read(line, family)
            }
        }
    }

    private mutating func read(_ line: Substring, _ family: String) throws {
        guard let brace = line.firstIndex(of: "{"), let end = line.lastIndex(of: "}") else {
            throw Fault(description: "no labels: \(line)")
        }
        let name = String(line[..<brace])
        let suffixes: Set<String> =
            switch self.types[family] {
            case "summary": ["", "_sum", "_count"]
            case "histogram": ["_bucket", "_sum", "_count"]
            case "counter", "gauge": [""]
            default: throw Fault(description: "no type: \(line)")
            }
        guard name.hasPrefix(family), suffixes.contains(String(name.dropFirst(family.count))) else {
            throw Fault(description: "not of \(family): \(line)")
        }
        guard (self.types[family] == "counter") == name.hasSuffix("_total") else {
            throw Fault(description: "a name that misleads: \(line)")
        }
        let rest = line[line.index(after: end)...]
        guard rest.hasPrefix(" "), let value = Double(rest.dropFirst()), value.isFinite else {
            throw Fault(description: "no number: \(line)")
        }
        let labels = try Self.labels(line[line.index(after: brace)..<end])
        let key = name + labels.map { "|\($0.name)=\($0.value)" }.joined()
        guard self.values.updateValue(value, forKey: key) == nil else { throw Fault(description: "twice: \(line)") }
    }

    private static func labels(_ text: Substring) throws -> [(name: String, value: String)] {
        var labels: [(String, String)] = []
        var rest = text[...]
        while !rest.isEmpty {
            guard let equals = rest.firstIndex(of: "=") else { throw Fault(description: "a label without a value: \(text)") }
            let name = String(rest[..<equals])
            rest = rest[rest.index(after: equals)...]
            guard rest.first == "\"" else { throw Fault(description: "a value without quotes: \(text)") }
            rest = rest.dropFirst()
            var value = ""
            while let character = rest.first, character != "\"" {
                rest = rest.dropFirst()
                guard character == "\\" else {
                    value.append(character)
                    continue
                }
                switch rest.first {
                case "n": value.append("\n")
                case "\\", "\"": value.append(rest[rest.startIndex])
                default: throw Fault(description: "an unknown escape: \(text)")
                }
                rest = rest.dropFirst()
            }
            rest = rest.dropFirst()
            if rest.first == "," { rest = rest.dropFirst() } else if !rest.isEmpty { throw Fault(description: "no comma: \(text)") }
            labels.append((name, value))
        }
        return labels
    }

    subscript(_ name: String, _ labels: String...) -> Double? {
        self.values[name + "|container=app" + labels.map { "|" + $0 }.joined()]
    }
}

@Suite("The report in the Prometheus text format")
struct PrometheusTextTests {
    @Test("The text contains every figure of the report, for every key, tag, and pool.", arguments: 0..<5 as Range<UInt64>)
    func figures(seed: UInt64) throws {
        let load = try MonitorLoad(seed: seed)
        let time = load.simulation.environment.time
        let pool = try ResourcePool<Int>(
            name: "Pool",
            configuration: PoolConfiguration(maximum: 2, minimumSize: 1),
            environment: load.simulation.environment,
            make: {
                try await time.sleep(for: .milliseconds(30))
                return 1
            }
        )
        try load.container.bind(ResourcePool<Int>.self, lifetime: .singleton) { pool }
        let monitor = ResourceMonitor(load.container, health: HealthChecker(load.container))
        load.start()
        for number in 0..<60 {
            load.simulation.spawn { [container = load.container] in
                try? await time.sleep(for: .milliseconds(number * 40))
                _ = try? await container.get(ResourcePool<Int>.self).withLease { _ in try await time.sleep(for: .milliseconds(100)) }
            }
        }
        load.simulation.run(for: .milliseconds(2100))
        let report = monitor.report()
        let text = try Exposition(report.prometheusText())
        for (key, group) in report.keys {
            #expect(text["resmon_resources_created_total", "key=\(key)"] == Double(group.resourcesCreated))
            #expect(text["resmon_resources_disposed_total", "key=\(key)"] == Double(group.resourcesDisposed))
            #expect(text["resmon_resources_init_failed_total", "key=\(key)"] == Double(group.initFailed))
            #expect(text["resmon_resources_abandoned_total", "key=\(key)"] == Double(group.abandoned))
            #expect(text["resmon_resources_errors_total", "key=\(key)"] == Double(group.resourceErrors))
            let active = ["initializing", "ready", "disposing"].compactMap { text["resmon_resources_active", "key=\(key)", "state=\($0)"] }
            #expect(active == [group.initializing, group.ready, group.disposing].map(Double.init))
            #expect(active.reduce(0, +) == Double(group.activeResources))
            #expect(text["resmon_resource_lifetime_seconds_count", "key=\(key)"] == Double(group.totalLifetimesTracked))
            if group.totalLifetimesTracked > 0 {
                #expect(text["resmon_resource_lifetime_seconds", "key=\(key)", "quantile=0.99"] == group.p99Lifetime)
            }
        }
        for (tag, group) in report.tags {
            #expect(text["resmon_closed_scope_resources_total", "tag=\(tag)"] == Double(group.resourcesCreated))
        }
        for (tag, counts) in try #require(report.outcomes) {
            #expect(text["resmon_scope_outcomes_total", "tag=\(tag)", "outcome=returned"] == Double(counts.returned))
        }
        #expect(text["resmon_scopes_open"] == Double(report.openScopes))
        #expect(text["resmon_scopes_closed_total"] == Double(report.closedScopes))
        let figures = try #require(report.pools.first)
        #expect(text["resmon_pool_connections", "pool=Pool", "state=used"] == Double(figures.activeConnections))
        #expect(text["resmon_pool_pending_requests", "pool=Pool"] == Double(figures.waiting))
        #expect(figures.waiting > 0)
        #expect(text["resmon_pool_connections_max", "pool=Pool"] == 2)
        #expect(text["resmon_pool_leases_total", "pool=Pool"] == Double(figures.leases))
        #expect(text["resmon_pool_wait_seconds_count", "pool=Pool"] == Double(figures.waits.total))
        #expect(figures.waits.total > 10)
        #expect(text["resmon_pool_use_seconds_sum", "pool=Pool"] == figures.holds.sum.inSeconds)
        #expect(text["resmon_pool_use_seconds_bucket", "pool=Pool", "le=+Inf"] == Double(figures.holds.total))
        #expect(text["resmon_pool_create_seconds_bucket", "pool=Pool", "le=\(Duration.nanoseconds(1 << 24).inSeconds)"] == 0)
        #expect(
            text["resmon_pool_create_seconds_bucket", "pool=Pool", "le=\(Duration.nanoseconds(1 << 26).inSeconds)"]
                == Double(figures.creations.total)
        )
        #expect(text["resmon_health", "status=unknown"] == 1)
        #expect(text["resmon_health", "status=healthy"] == 0)
        for kind in Finding.Kind.allCases {
            #expect(text["resmon_findings", "kind=\(kind.rawValue)"] == Double(report.findings.count { $0.kind == kind }))
            #expect(text["resmon_finding_subjects", "kind=\(kind.rawValue)"] == Double(report.subjects(of: kind)))
        }
    }

    @Test("Labels are escaped, and pools of one name are distinguished by the keys under which they are bound.")
    func labels() throws {
        let simulation = Simulation(seed: 1)
        let container = Container("app", environment: simulation.environment)
        let name = "a \"quoted\" \\ name\nof two lines, \u{1F980} and {braces=\"x\"}"
        try container.bind(Int.self, name: name) { 1 }
        let pools = try (0..<2).map { number in
            try ResourcePool<Int>(
                name: "twin",
                configuration: PoolConfiguration(maximum: 2 + number),
                environment: simulation.environment,
                make: { 1 }
            )
        }
        for (number, pool) in pools.enumerated() {
            try container.bind(ResourcePool<Int>.self, name: "\(number)", lifetime: .singleton) { pool }
        }
        let monitor = ResourceMonitor(container)
        try simulation.run {
            _ = try await container.withScope { try await $0.get(Int.self, name: name) }
            for number in 0..<2 { _ = try await container.get(ResourcePool<Int>.self, name: "\(number)").withLease { $0 } }
        }
        let text = try Exposition(monitor.report().prometheusText())
        // In a report a name is human-readable text, so a line break becomes a space.
        let shown = String(name.map { $0 == "\n" ? " " : $0 })
        #expect(text["resmon_resources_created_total", "key=Int(\(shown))"] == 1)
        for number in 0..<2 {
            let pool = "pool=twin (ResourcePool<Int>(\(number)))"
            #expect(text["resmon_pool_connections_max", pool] == Double(2 + number))
            #expect(text["resmon_pool_leases_total", pool] == 1)
            #expect(text["resmon_pool_wait_seconds_count", pool] == 1)
            #expect(text["resmon_pools", pool] == 1)
        }
        #expect(text["resmon_pool_connections_max", "pool=twin"] == nil)
        #expect(PrometheusText.escape("\u{1B}[31m\t\u{7F}") == "?[31m??")
    }

    @Test("Pools of one key in several scopes are one series with the sums, and the text gives their number.")
    func scopedPools() throws {
        let simulation = Simulation(seed: 1)
        let container = Container("app", environment: simulation.environment)
        try container.bind(ResourcePool<Int>.self, lifetime: .scoped) {
            try ResourcePool<Int>(
                name: "scoped",
                configuration: PoolConfiguration(maximum: 4),
                environment: simulation.environment,
                make: { 1 }
            )
        }
        let monitor = ResourceMonitor(container)
        let scopes = try ["first", "second"].map { try container.openScope($0) }
        try simulation.run {
            for scope in scopes { _ = try await scope.get(ResourcePool<Int>.self).withLease { $0 } }
        }
        let exposition = try Exposition(monitor.report().prometheusText())
        #expect(exposition["resmon_pools", "pool=scoped"] == 2)
        #expect(exposition["resmon_pool_connections_max", "pool=scoped"] == 8)
        #expect(exposition["resmon_pool_leases_total", "pool=scoped"] == 2)
        try simulation.run { for scope in scopes { _ = try await scope.close() } }
    }

    @Test("The text of a container with one key matches the expected output.")
    func golden() throws {
        let simulation = Simulation(seed: 1)
        let container = Container("app", environment: simulation.environment)
        let time = simulation.environment.time
        try container.bind(Part.self, lifecycle: .managed()) { Part() }
        let monitor = ResourceMonitor(container)
        try simulation.run {
            try await container.withScope("job") { scope in
                _ = try await scope.get(Part.self)
                try await time.sleep(for: .milliseconds(1500))
            }
        }
        let lines = monitor.report().prometheusText().split(separator: "\n").filter {
            $0.contains("lifetime") || $0.contains("created_total")
        }
        #expect(
            lines == [
                "# HELP resmon_resources_created_total Instances created.",
                "# TYPE resmon_resources_created_total counter",
                #"resmon_resources_created_total{container="app",key="Part"} 1"#,
                "# HELP resmon_resource_lifetime_seconds Lifetime of disposed instances, from ready to the start of dispose.",
                "# TYPE resmon_resource_lifetime_seconds summary",
                #"resmon_resource_lifetime_seconds{container="app",key="Part",quantile="0.5"} 1.5"#,
                #"resmon_resource_lifetime_seconds{container="app",key="Part",quantile="0.95"} 1.5"#,
                #"resmon_resource_lifetime_seconds{container="app",key="Part",quantile="0.99"} 1.5"#,
                #"resmon_resource_lifetime_seconds_sum{container="app",key="Part"} 1.5"#,
                #"resmon_resource_lifetime_seconds_count{container="app",key="Part"} 1"#,
                "# HELP resmon_external_created_total Resources created outside the container, as counted by the application.",
                "# TYPE resmon_external_created_total counter",
                #"resmon_external_created_total{container="app"} 0"#,
            ]
        )
    }

    @Test("The OpenMetrics text has the samples of the Prometheus text, names counters without their suffix, and has an end.")
    func openMetrics() throws {
        let simulation = Simulation(seed: 1)
        let container = Container("app", environment: simulation.environment)
        try container.bind(Part.self, lifecycle: .managed()) { Part() }
        let monitor = ResourceMonitor(container)
        try simulation.run { try await container.withScope("job") { _ = try await $0.get(Part.self) } }
        let report = monitor.report()
        func samples(_ text: String) -> [Substring] { text.split(separator: "\n").filter { !$0.hasPrefix("#") } }
        #expect(samples(report.openMetricsText()) == samples(report.prometheusText()))
        #expect(report.openMetricsText().contains("# TYPE resmon_scopes_closed counter\n"))
        #expect(!report.openMetricsText().contains("# TYPE resmon_scopes_closed_total"))
        #expect(report.openMetricsText().hasSuffix("\n# EOF\n"))
        #expect(!report.prometheusText().contains("# EOF"))
        #expect(report.failedTraces == nil)
    }
}
