import ResourceMonitoring
import Testing

@testable import ResourceFleet

@Suite("The columns, records, and alerts of a fleet")
struct FleetColumnTests {
    /// The PromQL of every column, as tables and dashboards use it.
    private static let queries =
        FleetColumn.allCases.flatMap { [$0.query(), $0.query(matching: #"job="shop""#), $0.query(window: .grafana)] }
        + FleetRecord.allCases.map { $0.expression.joined(separator: "\n") }
        + FleetAlert.allCases.map { $0.expression.joined(separator: "\n") }

    @Test("Each name of a metric in a query is in the table of metrics.")
    func names() {
        let known = Set(MetricName.allCases.flatMap { [$0.rawValue, $0.rawValue + "_bucket"] })
        for query in Self.queries {
            let words = query.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
            for word in words where word.hasPrefix("resmon_") { #expect(known.contains(String(word)), "\(word) in \(query)") }
        }
    }

    @Test("Matchers limit each series of a column.")
    func matchers() {
        let match = #"job="shop",instance=~"web.*""#
        for column in FleetColumn.allCases {
            let query = column.query(matching: match)
            let series = query.components(of: "resmon_") + query.components(of: "resmon:") + query.components(of: "ALERTS")
            #expect(query.components(of: match) == series, "\(query)")
            #expect(column.query().components(of: "{}") == 0)
        }
    }

    /// The series by which recorded series and alerts are limited.
    private static let sources = #"__name__=~"resmon_scopes_open|db_client_connection_count|hikaricp_connections_active""#

    @Test("By labels that recorded series and alerts have lost, they are limited through the series of the processes.")
    func otherLabels() {
        let match = #"container="shop",process=~"a,b}\"c", job='shop'"#
        let own = #"container="shop",job='shop'"#
        let limit = #"and on (job, instance) {\#(Self.sources),process=~"a,b}\"c",job='shop'}"#
        #expect(FleetColumn.waiting.query(matching: match).contains(#"(resmon:pool_waiting:sum{\#(own)} \#(limit))"#))
        #expect(FleetColumn.pool.query(matching: match).contains(#"resmon:pool_limit:sum{\#(own)} \#(limit))"#))
        #expect(FleetColumn.p99.query(matching: match).contains(#"(resmon:pool_wait_seconds:p99_5m{\#(own)} \#(limit))"#))
        let recent = #"last_over_time({\#(Self.sources),process=~"a,b}\"c",job='shop'}[1h])"#
        #expect(FleetColumn.alertsQuery(matching: match).hasSuffix(#",\#(own)} and on (job, instance) \#(recent)"#))
        #expect(FleetColumn.scopes.query(matching: match).contains("{\(match)}"))
    }

    @Test("The pool is a label of recorded series and of alerts, and none of the series by which they are limited.")
    func pool() {
        let query = FleetColumn.waiting.query(matching: #"pool="db""#)
        #expect(query.hasSuffix(#"(resmon:pool_waiting:sum{pool="db"})"#))
        let limited = FleetColumn.waiting.query(matching: #"pool="db",process="shop""#)
        #expect(limited.hasSuffix(#"(resmon:pool_waiting:sum{pool="db"} and on (job, instance) {\#(Self.sources),process="shop"})"#))
    }

    @Test("Without a matcher of the identity, recorded series have none.")
    func onlyOtherLabels() {
        let query = FleetColumn.waiting.query(matching: #"process="resmon""#)
        #expect(query.contains(#"(resmon:pool_waiting:sum and on (job, instance) {\#(Self.sources),process="resmon"})"#))
        let alerts = FleetColumn.alertsQuery(matching: #""my.label"!="x""#)
        #expect(alerts.contains(#"ALERTS{alertstate="firing",alertname=~"Resmon.*"} and on"#))
    }

    @Test(
        "Matchers that cannot be parsed are left to the server.",
        arguments: ["job=", "job", #"job="a" x"#, #"="a""#, #"__name__="a""#, #"job="a"#]
    )
    func opaque(match: String) {
        #expect(FleetColumn.waiting.query(matching: match).contains("(resmon:pool_waiting:sum{\(match)})"))
    }

    @Test("The question for missing rules does not depend on the matchers of recorded series.")
    func missingRules() {
        let query = FleetColumn.poolsWithoutRulesQuery(matching: #"pool="db""#)
        #expect(query == #"count(resmon_pool_connections_max{pool="db"}) unless on () count(resmon:pool_limit:sum)"#)
    }

    @Test("Grafana chooses the window of rates, and only of those.")
    func windows() {
        #expect(FleetColumn.created.query(window: .grafana).contains("[$__rate_interval]"))
        #expect(FleetColumn.created.query().contains("[1m]"))
        for column in FleetColumn.allCases where !column.query().contains("[") {
            #expect(column.query(window: .grafana) == column.query(), "\(column)")
        }
    }

    @Test("A column needs the rules exactly if its query reads what they record.")
    func rules() {
        for column in FleetColumn.allCases {
            let reads = FleetRecord.allCases.contains { column.query().contains($0.name) } || column.query().contains("ALERTS")
            #expect(column.needsRules == reads, "\(column)")
        }
    }

    @Test("Every series of a table is one per process, and that of the health one per verdict.")
    func labels() {
        for column in FleetColumn.allCases {
            #expect(column.query().contains("by (\(column.labels.joined(separator: ", ")))"), "\(column)")
        }
        #expect(FleetColumn.health.labels.last == FleetColumn.status)
        #expect(FleetColumn.scopes.labels == ["job", "instance", "container"])
    }

    @Test("Parentheses and quotes of every query are balanced.")
    func balance() {
        for query in Self.queries {
            #expect(query.count { $0 == "(" } == query.count { $0 == ")" }, "\(query)")
            #expect(query.count { $0 == "\"" }.isMultiple(of: 2), "\(query)")
        }
    }

    @Test("Both names of a renamed metric of OpenTelemetry count as the limit of a pool.")
    func renamed() {
        #expect(FleetRecord.limit.expression.joined().contains(#"{__name__=~"db_client_connection_(limit|max)"}"#))
        #expect(FleetRecord.used.expression.joined().contains(#"db_client_connection_count{db_client_connection_state="used"}"#))
        #expect(FleetRecord.p99.expression.joined().contains(#"db_client_connection_wait_time(_seconds)?_bucket"#))
    }

    @Test("An alert names the command line that shows its cause, except for a process that is gone.")
    func attach() {
        for alert in FleetAlert.allCases {
            #expect((alert.attach == nil) == (alert == .gone), "\(alert)")
            #expect((alert.summary == nil) == (alert == .gone), "\(alert)")
            if let attach = alert.attach { #expect(attach.hasPrefix("resmon attach ssh://"), "\(alert)") }
        }
        #expect(FleetAlert.starved.attach?.hasSuffix(" --view pools") == true)
    }
}

extension String {
    /// The number of occurrences of a text.
    fileprivate func components(of text: String) -> Int {
        self.ranges(of: text).count
    }
}
