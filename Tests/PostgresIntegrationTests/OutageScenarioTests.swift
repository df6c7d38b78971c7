import DemoScenarios
import Foundation
import LoopbackServers
import PostgresResources
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

extension PostgresTests {
    @Suite("The outage scenario with a PostgreSQL server")
    struct OutageScenarioTests {
        private func url(of server: PostgresServer) throws -> String {
            let password = try #require(PostgresTemplate.password.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            return "postgres://\(PostgresTemplate.user):\(password)@127.0.0.1:\(server.port)/postgres"
        }

        @Test("The service is unhealthy while its server is killed or stopped, recovers, and shows no password.")
        func outage() async throws {
            let server = try await TestServers.current.template.server()
            let url = try self.url(of: server)
            #expect(OutageScenario.fault(ofService: url) == nil)
            let session = try LiveSession(OutageScenario.self, options: ScenarioOptions(service: url))
            let subscription = session.container.subscribe()
            let told = Lock<[String]>([])
            /// Whether the stock service gets this health status, with a finding if it is unhealthy.
            func becomes(_ status: HealthStatus) async throws -> Bool {
                try await eventually(within: .seconds(30)) {
                    let texts = subscription.drain().events.map { "\($0)" } + session.monitor.findings().map { "\($0)" }
                    told.withLock { $0 += texts }
                    let row = session.health.picture().rows.first { $0.label.hasPrefix("StockService") }
                    let found = session.monitor.findings().contains { $0.kind == .unhealthy }
                    return row?.status == status && found == (status == .unhealthy)
                }
            }
            #expect(try await becomes(.healthy))
            await server.kill()
            #expect(try await becomes(.unhealthy))
            try await server.start()
            #expect(try await becomes(.healthy))
            server.pause()
            #expect(try await becomes(.unhealthy))
            server.resume()
            #expect(try await becomes(.healthy))
            let report = try #require(await session.end())
            #expect(report.count(.abandoned) == 0)
            let texts = told.withLock { $0 }
            #expect(texts.count > 20)
            #expect(!texts.contains { $0.contains(PostgresTemplate.password) || $0.contains(url) })
            await server.stop()
        }

        @Test("An invalid URL is reported without its content.")
        func fault() {
            let fault = OutageScenario.fault(ofService: "mysql://app:topsecret@127.0.0.1/shop")
            #expect(fault != nil)
            #expect(fault?.contains("topsecret") == false)
        }
    }
}
