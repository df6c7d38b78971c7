import Foundation
import LoopbackServers
import ResourceFleet
import ResourceMonitoring
import Testing

/// The tests run one after the other, because the later ones end the load and a process.
@Suite("A fleet that a real Prometheus scrapes", .serialized, .fleet)
struct ScrapedFleetTests {
    /// A query of the dashboard as Grafana sends it.
    private static func filled(_ expression: String) -> String {
        var expression = expression.replacing("$__rate_interval", with: "4s")
        for label in FleetColumn.identity { expression = expression.replacing("$\(label)\"", with: ".*\"") }
        return expression
    }

    @Test("Prometheus finds all processes by the list, and names them apart although the containers of two have one name.")
    func found() async throws {
        let world = try FleetWorld.current
        let samples = try await world.eventually { () -> [PrometheusServer.Sample]? in
            let samples = try world.prometheus.query(#"up{job="resmon"} == 1"#)
            return samples.count == 3 ? samples : nil
        }
        #expect(samples.compactMap { $0.labels["container"] }.sorted() == ["foreign", "shop", "shop"])
        #expect(Set(samples.compactMap { $0.labels["process"] }) == ["FleetTestChild", "foreign_shop.py"])
        let numbers = samples.compactMap { $0.labels["instance"]?.split(separator: ":").last.flatMap { Int32($0) } }
        #expect(Set(numbers) == Set(world.children.map(\.pid) + [world.foreign.pid]))
        // The labels of the text are those of the list, and none is renamed.
        #expect(try world.prometheus.query(#"{exported_container!=""}"#).isEmpty)
    }

    @Test("Every query of the dashboard has rows.", arguments: FleetDashboard.expressions)
    func dashboard(expression: String) async throws {
        let world = try FleetWorld.current
        let samples = try await world.eventually {
            let samples = try world.prometheus.query(Self.filled(expression))
            return samples.isEmpty ? nil : samples
        }
        #expect(samples.allSatisfy { $0.labels["exported_container"] == nil })
    }

    @Test("The exemplars of waits and of errors are the traces of the process that waited.")
    func exemplars() async throws {
        struct Row: Decodable {
            struct Exemplar: Decodable {
                var labels: [String: String]
                var value: String
            }
            var seriesLabels: [String: String]
            var exemplars: [Exemplar]
        }
        let world = try FleetWorld.current
        let rows = try await world.eventually { () -> [Row]? in
            let end = Date().timeIntervalSince1970
            let rows = try world.prometheus.api(
                "query_exemplars",
                ["query": MetricName.poolWait.rawValue + "_bucket", "start": "\(end - 600)", "end": "\(end)"],
                as: [Row].self
            )
            return Set(rows.compactMap { $0.seriesLabels["instance"] }).count == 2 ? rows : nil
        }
        for row in rows {
            let pid = row.seriesLabels["instance"]?.split(separator: ":").last ?? ""
            #expect(row.exemplars.allSatisfy { $0.labels["trace_id"] == "trace-\(pid)" })
            let bound = row.seriesLabels["le"].flatMap(Double.init) ?? .infinity
            for exemplar in row.exemplars { #expect(try #require(Double(exemplar.value)) <= bound) }
        }
    }

    @Test("The alert for a starved pool fires, with the command line that shows the pool.")
    func starved() async throws {
        let world = try FleetWorld.current
        let alert = try await world.eventually {
            try world.prometheus.alerts().first {
                $0.labels["alertname"] == FleetAlert.starved.rawValue && $0.state == "firing"
            }
        }
        let instance = try #require(alert.labels["instance"])
        let host = try #require(instance.split(separator: ":").first)
        let number = try #require(instance.split(separator: ":").last)
        #expect(alert.labels["pool"] == "db")
        #expect(alert.annotations["attach"] == "resmon attach ssh://\(host) \(number)-0 --view pools")
        #expect(alert.annotations["summary"]?.hasPrefix("shop on \(instance): pool db is empty and ") == true)
    }

    @Test("A selector of any label of the processes limits pools and alerts, too.")
    func selected() async throws {
        let world = try FleetWorld.current
        func pids(_ column: FleetColumn, _ match: String) throws -> Set<String> {
            let instances = try world.prometheus.query(column.query(matching: match)).compactMap { $0.labels["instance"] }
            return Set(instances.compactMap { $0.split(separator: ":").last.map(String.init) })
        }
        let children = Set(world.children.map { "\($0.pid)" })
        for column in [FleetColumn.pool, .waiting, .alerts] {
            _ = try await world.eventually { try pids(column, #"process="FleetTestChild""#) == children ? true : nil }
            #expect(try pids(column, #"process="FleetTestChild",container="mail""#).isEmpty, "\(column)")
            #expect(try pids(column, #"process="foreign_shop.py""#).isDisjoint(with: children), "\(column)")
        }
        #expect(try world.prometheus.query(FleetColumn.poolsWithoutRulesQuery(matching: #"process="FleetTestChild""#)).isEmpty)
        let numbers = try world.prometheus.query(FleetColumn.processesQuery(matching: #"process="FleetTestChild""#))
        #expect(Set(numbers.compactMap { $0.labels["pid"] }) == Set(world.children.map { "\($0.pid)" }))
    }

    @Test("Over a steady time, the rates are those of the processes within a tenth.")
    func rates() async throws {
        let world = try FleetWorld.current
        // The columns have a window of a minute.
        let isSoak = ProcessInfo.processInfo.environment["RESMON_SOAK"] == "1"
        let seconds = isSoak ? 60 : 8
        let pids = world.children.map(\.pid) + [world.foreign.pid]
        let clock = ContinuousClock()
        let (before, began) = (try pids.map(world.created), clock.now)
        try await Task.sleep(for: .seconds(seconds + 1))
        let (after, elapsed) = (try pids.map(world.created), (clock.now - began) / .seconds(1))
        let processes = isSoak ? try await world.printedFleet { $0.count == 3 } : []
        for (index, pid) in pids.enumerated() {
            let own = (after[index] - before[index]) / elapsed
            #expect(own > 10)
            let shown: Double?
            if isSoak {
                shown = processes.first { $0.pid == pid }?.created
            } else {
                let query = FleetColumn.created.query(matching: #"instance=~".*:\#(pid)""#, window: .grafana)
                shown = try world.prometheus.query(query.replacing("$__rate_interval", with: "\(seconds)s")).first?.value
            }
            let rate = try #require(shown)
            #expect(abs(rate - own) <= own / 10, "\(pid): \(rate), its own report \(own)")
        }
    }

    @Test("promtool accepts the text of every page.")
    func pages() async throws {
        let world = try FleetWorld.current
        let promtool = try #require(PrometheusServer.program("promtool"))
        for path in ["/metrics"] + (world.children + [world.foreign]).map({ "/metrics/\($0.pid)-0" }) {
            let answer = try LoopbackHTTP.get(path, port: Int(world.exporter.address.port), accept: "text/plain")
            #expect(answer.status == 200, "\(path)")
            let file = "\(world.folder.path)/page"
            try answer.body.write(to: URL(fileURLWithPath: file))
            try await ServerProcess.run("/bin/sh", ["-c", "exec \"$0\" check metrics < \"$1\"", promtool, file])
        }
    }

    @Test("At rest, every gauge and counter equals the process's own report.")
    func equal() async throws {
        let world = try FleetWorld.current
        let reports = try await world.restingReports()
        for (pid, report) in reports {
            let match = #"job="resmon",instance=~".*:\#(pid)""#
            func counter(_ metric: MetricName) -> String { "sum(\(metric.rawValue){\(match)})" }
            let expected: [(String, Double)] = [
                (FleetColumn.scopes.query(matching: match), Double(report.openScopes)),
                (FleetColumn.active.query(matching: match), Double(report.overall.activeResources)),
                (FleetColumn.waiting.query(matching: match), 0),
                (FleetColumn.leaks.query(matching: match), Double(report.pools.reduce(0) { $0 + $1.leaked })),
                (FleetColumn.findings.query(matching: match), Double(report.findings.count)),
                (FleetColumn.pool.query(matching: match), 1),
                (counter(.resourcesCreated), Double(report.overall.resourcesCreated)),
                (counter(.resourcesErrors), Double(report.overall.resourceErrors)),
                (counter(.scopesClosed), Double(report.closedScopes)),
                (counter(.poolLeases), Double(report.pools.reduce(0) { $0 + $1.leases })),
                ("sum(\(MetricName.poolWait.rawValue)_count{\(match)})", Double(report.pools.reduce(0) { $0 + $1.waits.total })),
            ]
            #expect(report.overall.resourcesCreated > 10)
            for (query, value) in expected {
                let sample = try await world.eventually(within: .seconds(10)) {
                    try world.prometheus.query(query).first { $0.value == value }
                }
                #expect(sample.value == value, "\(query)")
            }
        }
    }

    @Test("At rest, the figures of a program in another language equal its own counts.")
    func foreign() async throws {
        let world = try FleetWorld.current
        let counts = try await world.restingCounts()
        let match = #"job="resmon",instance=~".*:\#(world.foreign.pid)""#
        let expected: [(String, String)] = [
            ("created", "sum(\(MetricName.resourcesCreated.rawValue){\(match)})"),
            ("failed", "sum(\(MetricName.resourcesErrors.rawValue){\(match)})"),
            ("closed", "sum(\(MetricName.scopesClosed.rawValue){\(match)})"),
            ("open", FleetColumn.scopes.query(matching: match)),
            ("active", FleetColumn.active.query(matching: match)),
        ]
        for (count, query) in expected {
            let value = Double(try #require(counts[count]))
            let sample = try await world.eventually(within: .seconds(10)) { try world.prometheus.query(query).first { $0.value == value } }
            #expect(sample.value == value, "\(query)")
        }
    }

    @Test("At rest, `resmon fleet --once --json` prints the figures of the processes' own reports, and the p99 is in its bucket.")
    func table() async throws {
        let world = try FleetWorld.current
        let counts = try await world.restingCounts()
        // Findings end a while after the load, and a scrape may be older than a report.
        var reports: [Int32: MonitorReport] = [:]
        var processes: [FleetWorld.PrintedProcess] = []
        for _ in 0..<10 {
            processes = try await world.printedFleet { $0.count == 3 && $0.allSatisfy { $0.waiting ?? 0 == 0 } }
            reports = try await world.restingReports()
            if processes.allSatisfy({ process in
                let report = process.pid.flatMap { reports[$0] }
                return report == nil || Double(report?.findings.count ?? 0) == process.findings
            }) {
                break
            }
            try await Task.sleep(for: .milliseconds(500))
        }
        for (pid, report) in reports {
            let process = try #require(processes.first { $0.pid == pid })
            #expect(process.container == "shop")
            #expect(process.scopes == Double(report.openScopes))
            #expect(process.active == Double(report.overall.activeResources))
            #expect(process.findings == Double(report.findings.count))
            #expect(process.leaks == Double(report.pools.reduce(0) { $0 + $1.leaked }))
            #expect(process.pool == 1)
            #expect(process.health == report.health)
            let waits = try #require(report.pools.first { $0.name == "db" }).waits
            let bounds = try world.prometheus.query(#"\#(MetricName.poolWait.rawValue)_bucket{pool="db",instance=~".*:\#(pid)"}"#)
                .compactMap { $0.labels["le"].flatMap(Double.init) }
            // The report's quantile is at most a quarter above the true value.
            let high = waits.quantile(0.99) / .seconds(1)
            let lower = bounds.filter { $0 < high / 1.25 }.max() ?? 0
            let upper = bounds.filter { $0 >= high }.min() ?? .infinity
            let p99 = try #require(process.p99)
            #expect(p99 >= lower, "\(p99) in \(lower)...\(upper)")
            #expect(p99 <= upper, "\(p99) in \(lower)...\(upper)")
        }
        let foreign = try #require(processes.first { $0.pid == world.foreign.pid })
        #expect(foreign.scopes == counts["open"].map(Double.init))
        #expect(foreign.active == counts["active"].map(Double.init))
        #expect(foreign.pool == 0.25)
    }

    @Test("A process that is killed is listed with the status 503, and the alert for it fires.")
    func killed() async throws {
        let world = try FleetWorld.current
        let child = try #require(world.children.last)
        child.kill()
        let gone = try await world.eventually {
            try world.prometheus.query(#"ALERTS{alertname="\#(FleetAlert.gone.rawValue)",alertstate="firing"}"#).first
        }
        #expect(gone.labels["instance"]?.hasSuffix(":\(child.pid)") == true)
        let answer = try LoopbackHTTP.get("/metrics/\(child.pid)-0", port: Int(world.exporter.address.port))
        #expect(answer.status == 503)
        #expect(String(decoding: answer.body, as: UTF8.self) == "\(child.pid): the process has ended: without goodbye\n")
    }

    @Test("The command line of an alert opens the view with its cause.")
    func opened() async throws {
        let world = try FleetWorld.current
        let child = try #require(world.children.first)
        // In place of ssh, a program that runs the command here.
        let bin = "\(world.folder.path)/bin"
        try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
        let ssh = "#!/bin/sh\nwhile [ \"${1%% *}\" != resmon ]; do shift; done\nexec sh -c \"$*\"\n"
        #expect(FileManager.default.createFile(atPath: "\(bin)/ssh", contents: Data(ssh.utf8), attributes: [.posixPermissions: 0o755]))
        let alert = try await world.eventually {
            try world.prometheus.alerts().first {
                $0.labels["alertname"] == FleetAlert.starved.rawValue && $0.labels["instance"]?.hasSuffix(":\(child.pid)") == true
            }
        }
        let command = try #require(alert.annotations["attach"])
        let screen = try await TerminalScreen(
            "PATH='\(bin)':'\(FleetWorld.programs.path)':$PATH RESMON_SOCKET_DIR='\(world.folder.path)' \(command)",
            folder: world.folder.path
        ).text { $0.contains("archive") }
        #expect(screen.contains("▌Pools"))
        #expect(screen.contains("shop"))
    }
}
