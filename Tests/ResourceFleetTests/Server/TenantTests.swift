import FlyingFox
import Foundation
import ResourceContainer
import Testing

@testable import ResourceFleet

/// A stub of Mimir on loopback. Its documentation (references/http-api, "Authentication"): the API has the prefix `/prometheus`, and a
/// request names its tenant in the header `X-Scope-OrgID`; one without it gets status 401 and the text `no org id`.
@Suite("Mimir", .timeLimit(.minutes(1)))
struct TenantTests {
    private static func withMimir(_ body: (PrometheusAddress) async throws -> Void) async throws {
        let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: 0))
        await server.appendRoute("/prometheus/api/v1/*") { request in
            guard request.headers[HTTPHeader("X-Scope-OrgID")] == "team" else {
                return HTTPResponse(statusCode: .unauthorized, body: Data("no org id\n".utf8))
            }
            let text = String(decoding: try await request.bodyData, as: UTF8.self)
            let rows = text.contains("resmon_resources_active") ? series("web1:4711", "shop", "37") : ""
            return HTTPResponse(
                statusCode: .ok,
                body: Data(#"{"status":"success","data":{"resultType":"vector","result":[\#(rows)]}}"#.utf8)
            )
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            try await server.waitUntilListening()
            guard case .ip4(_, let port)? = await server.listeningAddress else { throw FleetFault("the server does not listen") }
            try await body(try PrometheusAddress("http://127.0.0.1:\(port)/prometheus"))
            await server.stop()
            group.cancelAll()
            while let _ = await group.nextResult() {}
        }
    }

    @Test("A request with the header of its tenant gets the figures of the tenant.")
    func tenant() async throws {
        try await Self.withMimir { address in
            try await PrometheusAPI.with(address, headers: { () throws(FleetFault) in ["X-Scope-OrgID": "team"] }) { server in
                let table = try await PrometheusFleet(server).table(at: FleetSample.start)
                #expect(table.rows.map { $0.figures[.active] } == [37])
            }
        }
    }

    @Test("A request without a tenant is refused, and the fault names the options.")
    func withoutTenant() async throws {
        try await Self.withMimir { address in
            try await PrometheusAPI.with(address, headers: { () throws(FleetFault) in [:] }) { server in
                let fault = await #expect(throws: FleetFault.self) { try await PrometheusFleet(server).table(at: FleetSample.start) }
                #expect(fault?.description == "status 401, without an answer of the Prometheus API: give --token-file or --header")
            }
        }
    }
}
