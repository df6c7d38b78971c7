import FlyingFox
import ResourceContainer
import ResourceDashboardLive
import SQLiteResources

/// A server with a dashboard of its own container: `DashboardServer PORT`.
@main
struct DashboardServer {
    static func main() async throws {
        guard let port = CommandLine.arguments.dropFirst().first.flatMap({ UInt16($0) }) else {
            print("usage: DashboardServer PORT")
            return
        }
        let container = Container("notes")
        try Notes.bind(into: container)
        let outcome = try await self.serve(container, port: port)
        let report = try await container.close()
        for line in outcome.summary { print(line) }
        print("closed \(report.name): \(report.count(.disposed)) disposed")
    }

    /// Serves until the user quits the dashboard or the task is canceled. Returns when no request is running.
    static func serve(_ container: Container, port: UInt16) async throws -> DashboardOutcome {
        let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: port), logger: .disabled)
        await server.appendRoute("GET /notes") { _ in
            try await container.withScope("GET /notes", tag: "request") { scope in
                HTTPResponse(statusCode: .ok, body: try await scope.get(Notes.self).all())
            }
        }
        await server.appendRoute("POST /notes") { request in
            let text = String(decoding: try await request.bodyData, as: UTF8.self)
            return try await container.withScope("POST /notes", tag: "request") { scope in
                try await scope.get(Notes.self).add(text)
                return HTTPResponse(statusCode: .created)
            }
        }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // A stopped server throws.
                do { try await server.run() } catch  where Task.isCancelled {}
            }
            try await server.waitUntilListening()
            let outcome = try await Dashboard(container).run()
            group.cancelAll()
            await server.stop(timeout: 2)
            return outcome
        }
    }
}
