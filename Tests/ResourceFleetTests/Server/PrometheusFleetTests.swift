import Foundation
import HTTPResources
import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceFleet

@Suite("A fleet of a server")
struct PrometheusFleetTests {
    private static let start = FleetSample.start

    /// Answers the query for the active instances with two processes, and all others with nothing.
    private static let twoProcesses: StubServer.Answer = { request in
        guard request.parameters["query"] == FleetColumn.active.query() else { return .nothing }
        return .series([series("web1:4711", "shop", "37"), series("web1:4712", "shop", "4")])
    }

    private static func fault(_ status: Int, _ body: String) async throws -> String? {
        let server = StubServer { _ in .text(status, body) }
        let kept = Lock<String?>(nil)
        try await server.withFleet { fleet in
            do throws(FleetFault) {
                _ = try await fleet.table(at: Self.start)
            } catch {
                kept.withLock { $0 = error.description }
            }
        }
        return kept.withLock { $0 }
    }

    @Test("All queries of a table have one time, and are sent by POST.")
    func oneTime() async throws {
        let server = StubServer(Self.twoProcesses)
        try await server.withFleet { fleet in
            let table = try await fleet.table(at: Self.start + 0.25)
            #expect(table.rows.map(\.id.instance) == ["web1:4711", "web1:4712"])
            #expect(table.rows.map { $0.figures[.active] } == [37, 4])
        }
        let queries = server.requests.filter { $0.path == "/api/v1/query" }
        #expect(queries.count == FleetAnswers.Part.all.count)
        #expect(Set(queries.map { $0.parameters["time"] }) == ["1767268800.250"])
        #expect(queries.allSatisfy { $0.method == .post })
        #expect(server.requests.contains { $0.path == "/api/v1/alerts" })
    }

    @Test("A selector limits every query, with or without braces.", arguments: [#"{job="shop",}"#, #"job="shop""#, #" { job="shop" , } "#])
    func match(selector: String) async throws {
        #expect(PrometheusFleet.matchers(selector) == #"job="shop""#)
        let server = StubServer(Self.twoProcesses)
        try await server.withFleet(match: selector) { fleet in _ = try await fleet.table(at: Self.start) }
        let queries = server.requests.filter { $0.path == "/api/v1/query" }
        #expect(queries.allSatisfy { $0.parameters["query"]?.contains(#"job="shop""#) == true })
    }

    @Test("Shapes are a query for the ten minutes before an instant.")
    func shapes() async throws {
        let server = StubServer { request in
            #expect(request.path == "/api/v1/query_range")
            let body =
                #"{"metric":{"job":"resmon","instance":"web1:4711","container":"shop"},"values":[[1767268785,"3"],[1767268800,"5"]]}"#
            return .text(200, #"{"status":"success","data":{"resultType":"matrix","result":[\#(body)]}}"#)
        }
        try await server.withFleet { fleet in
            let shape = try await fleet.shapes(at: Self.start)[FleetSample.key("web1:4711", "shop")]
            #expect(shape.suffix(2) == [3, 5])
        }
        let parameters = try #require(server.requests.first?.parameters)
        #expect(parameters["start"] == "1767268200.000")
        #expect(parameters["end"] == "1767268800.000")
        #expect(parameters["step"] == "15.000")
    }

    @Test("A server that refuses POST with status 405 gets the queries by GET, and no later one by POST.")
    func refusedPost() async throws {
        let server = StubServer { request in
            request.method == .post ? .text(405, "method not allowed") : try await Self.twoProcesses(request)
        }
        try await server.withFleet { fleet in
            let first = try await fleet.table(at: Self.start)
            #expect(first.rows.count == 2)
            let posts = server.requests.count { $0.method == .post }
            let second = try await fleet.table(at: Self.start + 5)
            #expect(second.rows.count == 2)
            #expect(server.requests.count { $0.method == .post } == posts)
        }
    }

    @Test(
        "The address may have a path, such as that of Mimir.",
        arguments: ["http://mimir:8080/prometheus", "http://mimir:8080/prometheus//"]
    )
    func path(address: String) async throws {
        let server = StubServer(Self.twoProcesses)
        try await server.withFleet(address) { fleet in
            _ = try await fleet.table(at: Self.start)
            #expect(fleet.label == "http://mimir:8080/prometheus")
        }
        #expect(server.requests.allSatisfy { $0.path.hasPrefix("/prometheus/api/v1/") })
    }

    @Test("An address that is no URL of an http server, or has a query, is refused, and a password is not shown.")
    func addresses() throws {
        for text in ["", "prometheus:9090", "ftp://x", "http://", "http://x?tenant=1", "http://x#top"] {
            #expect(throws: FleetFault.self) { try PrometheusAddress(text) }
        }
        #expect(try PrometheusAddress("https://me:secret@prometheus:9090/").label == "https://prometheus:9090")
    }

    @Test(
        "An error status is one line, with the server's own words if it has any.",
        arguments: [
            (400, #"{"status":"error","errorType":"bad_data","error":"invalid parameter"}"#, "status 400, bad_data: invalid parameter"),
            (503, #"{"status":"error","errorType":"timeout","error":"query timed out"}"#, "status 503, timeout: query timed out"),
            (503, "<html>Service Unavailable</html>", "status 503, without an answer of the Prometheus API"),
            (401, "", "status 401, without an answer of the Prometheus API: give --token-file or --header"),
            (
                404, "not here",
                "status 404, without an answer of the Prometheus API: check the path of the address, such as /prometheus of Mimir"
            ),
            (200, "hello", "the answer is not JSON of the Prometheus API"),
            (204, "", "status 204, without an answer of the Prometheus API"),
        ]
    )
    func statuses(status: Int, body: String, expected: String) async throws {
        #expect(try await Self.fault(status, body) == expected)
    }

    @Test("An answer that is too large is a fault, with advice that the command has an option for.")
    func tooLarge() async throws {
        let fault = try await Self.fault(200, String(repeating: " ", count: 2 << 20))
        #expect(fault == "the answers need more than 1 MiB: limit the processes with --match")
    }

    @Test("An answer without room leaves the others what they need, and is released.")
    func budget() async throws {
        let server = StubServer { request in
            guard request.parameters["query"] == FleetColumn.created.query() else { return try await Self.twoProcesses(request) }
            return .text(200, String(repeating: " ", count: 600 << 10))
        }
        try await server.withFleet { fleet in
            for _ in 0..<4 {
                let table = try await fleet.table(at: Self.start)
                #expect(table.problems == ["NEW/S: the answers need more than 1 MiB: limit the processes with --match"])
                #expect(table.rows.count == 2)
            }
        }
    }

    @Test("All answers together have a budget.")
    func budgetOfAll() {
        let budget = AnswerBudget(100)
        let shares = (0..<3).map { _ in budget.share() }
        #expect(shares[0].take(50))
        #expect(!shares[0].take(1))
        #expect(shares[1].take(50))
        #expect(!shares[2].take(1))
        shares[0].release()
        #expect(shares[2].take(50))
        shares[0].release()
        #expect(!shares[1].take(1))
    }

    @Test(
        "A redirect that turns a form into a request without parameters is a fault with the address to give.",
        arguments: [301, 302, 303]
    )
    func redirected(status: Int) async throws {
        let server = StubServer { request in
            if request.path.hasPrefix("/new/") { return .text(400, #"{"status":"error","errorType":"bad_data","error":"no query"}"#) }
            return HTTPStub.Answer(status: status, headers: ["Location": "http://other:9090/new\(request.path)"])
        }
        try await server.withFleet { fleet in
            let fault = await #expect(throws: FleetFault.self) { try await fleet.table(at: Self.start) }
            let expected = "redirected to http://other:9090/new/api/v1/query: give --prometheus http://other:9090/new"
            #expect(fault?.description == expected)
        }
    }

    @Test("A redirect that keeps the form is followed.", arguments: [307, 308])
    func followed(status: Int) async throws {
        let server = StubServer { request in
            if request.path.hasPrefix("/new/") { return try await Self.twoProcesses(request) }
            return HTTPStub.Answer(status: status, headers: ["Location": "/new\(request.path)"])
        }
        try await server.withFleet { fleet in
            let table = try await fleet.table(at: Self.start)
            #expect(table.rows.count == 2)
        }
    }

    @Test("A server that does not answer is a fault after the timeout.")
    func slow() throws {
        let simulation = Simulation(seed: 3)
        let environment = simulation.environment
        try simulation.run {
            let server = StubServer { _ in
                try await environment.time.sleep(for: .seconds(3600))
                return .nothing
            }
            try await server.withFleet(environment: environment, timeout: .seconds(4)) { fleet in
                let fault = await #expect(throws: FleetFault.self) { try await fleet.table(at: Self.start) }
                #expect(fault?.description.contains("was not answered in time: ") == true)
                #expect(fault?.description.contains("raise") == false)
            }
            #expect(environment.time.now.nanoseconds == 4_000_000_000)
        }
    }

    @Test("Without the recording rules, the columns of pools are empty, and the table notes it.")
    func withoutRules() async throws {
        let server = StubServer { request in
            let query = request.parameters["query"] ?? ""
            return query.hasPrefix("count(resmon_pool_connections_max")
                ? .series([#"{"metric":{},"value":[1,"2"]}"#]) : try await Self.twoProcesses(request)
        }
        try await server.withFleet { fleet in
            let table = try await fleet.table(at: Self.start)
            #expect(table.lacksRules)
            #expect(table.rows.allSatisfy { $0.figures[.pool] == nil && $0.figures[.waiting] == nil && $0.figures[.p99] == nil })
        }
    }

    @Test("A firing alert has the annotations of the endpoint for alerts; a pending one is left out.")
    func annotations() async throws {
        let server = StubServer { request in
            if request.path == "/api/v1/alerts" {
                let labels =
                    #""labels":{"alertname":"ResmonPoolStarved","job":"resmon","instance":"web1:4711","container":"shop","pool":"db"}"#
                let annotations = #""annotations":{"summary":"6 wait","attach":"resmon attach ssh://web1 shop --view pools"}"#
                return .text(
                    200,
                    #"{"status":"success","data":{"alerts":[{\#(labels),\#(annotations),"state":"firing","activeAt":"2026-01-01T12:00:00Z","value":"6e+00"},{"labels":{},"state":"pending"}]}}"#
                )
            }
            guard request.parameters["query"] == FleetColumn.alertsQuery() else { return .nothing }
            return .series([series("web1:4711", "shop", "1", extra: #","alertname":"ResmonPoolStarved","severity":"critical","pool":"db""#)]
            )
        }
        try await server.withFleet { fleet in
            let alerts = try await fleet.table(at: Self.start).rows.flatMap(\.alerts)
            #expect(
                alerts == [
                    FiringAlert(
                        name: "ResmonPoolStarved",
                        severity: "critical",
                        subject: "db",
                        summary: "6 wait",
                        attach: "resmon attach ssh://web1 shop --view pools"
                    )
                ]
            )
        }
    }

    @Test("A server without the endpoint for alerts has its alerts shown without annotations.")
    func withoutAlerts() async throws {
        let server = StubServer { request in
            if request.path == "/api/v1/alerts" { return .text(404, "404 page not found") }
            guard request.parameters["query"] == FleetColumn.alertsQuery() else { return .nothing }
            return .series([series("web1:4711", "", "1", extra: #","alertname":"ResmonGone""#)])
        }
        try await server.withFleet { fleet in
            let table = try await fleet.table(at: Self.start)
            #expect(table.rows.map { $0.alerts.map(\.name) } == [["ResmonGone"]])
            #expect(table.problems.isEmpty)
        }
    }

    // The documentation of Thanos (components/query.md, "Partial Response"): with partial responses, the answer to a query is a success with
    // `warnings`. Series are deduplicated over replicas by default.
    @Test("The warning of Thanos about a partial response is part of the table, once.")
    func thanos() async throws {
        let warning = "No StoreAPIs matched for this query"
        let server = StubServer { request in
            guard request.parameters["query"] == FleetColumn.active.query() else { return .series([], warnings: [warning]) }
            return .series([series("web1:4711", "shop", "37")], warnings: [warning])
        }
        try await server.withFleet { fleet in
            let table = try await fleet.table(at: Self.start)
            #expect(table.warnings == [warning])
            #expect(table.rows.count == 1)
        }
    }
}
