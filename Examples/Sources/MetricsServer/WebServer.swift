import FlyingFox
import Foundation
import ResourceMonitoring
import ServiceLifecycle

/// Serves the report on loopback: as text for Prometheus, as JSON, and as readiness and liveness for an orchestrator.
struct WebServer: Service {
    let port: UInt16
    let monitor: ResourceMonitor
    let health: HealthChecker

    func run() async throws {
        let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: self.port), logger: .disabled)
        await server.appendRoute("GET /metrics") { _ in
            let body = Data(self.monitor.report().prometheusText().utf8)
            return HTTPResponse(statusCode: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"], body: body)
        }
        await server.appendRoute("GET /report") { _ in try Self.json(self.monitor.report()) }
        await server.appendRoute("GET /ready") { _ in try Self.answer(self.health.readiness()) }
        await server.appendRoute("GET /live") { _ in try Self.answer(self.health.liveness()) }
        try await withGracefulShutdownHandler {
            do {
                try await server.run()
            } catch {
                // A stopped server throws.
                guard Task.isShuttingDownGracefully else { throw error }
            }
        } onGracefulShutdown: {
            // The handler is synchronous, and the stop has its own time limit.
            Task { await server.stop(timeout: 2) }
        }
    }

    private static func answer(_ answer: ServiceAnswer) throws -> HTTPResponse {
        try self.json(answer, status: answer.isPassing ? .ok : .serviceUnavailable)
    }

    private static func json(_ value: some Encodable, status: HTTPStatusCode = .ok) throws -> HTTPResponse {
        HTTPResponse(statusCode: status, headers: [.contentType: "application/json"], body: try JSONEncoder().encode(value))
    }
}
