import Foundation
import HTTPResources
import ResourceContainer
import ResourceSimulation
import Testing

extension TestServer {
    func url(_ path: String, host: String = "127.0.0.1", user: String = "") throws -> URL {
        try #require(URL(string: "http://\(user)\(host):\(self.port)\(path)"))
    }
}

extension ScriptedServer {
    nonisolated func url(_ path: String) throws -> URL {
        try #require(URL(string: "http://127.0.0.1:\(self.port)\(path)"))
    }
}

/// Runs `body` with an initialized client, which is disposed afterward.
func withClient<Result>(
    _ configuration: HTTPConfiguration = HTTPConfiguration(),
    environment: ResourceEnvironment = .system,
    _ body: (HTTPClientPool) async throws -> Result
) async throws -> Result {
    let client = try HTTPClientPool(configuration: configuration, environment: environment)
    try await client.initialize()
    do {
        let result = try await body(client)
        try? await client.dispose()
        return result
    } catch {
        try? await client.dispose()
        throw error
    }
}

extension ManualTime {
    /// Advances the time, running all work that is due.
    func pass(_ duration: Duration) {
        let end = self.now + duration
        while self.meetNextDeadline(until: end) {}
        self.move(to: end)
    }
}

/// Waits for a condition in real time; records an issue after ten seconds.
func eventually(
    _ comment: Comment,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(10)
    while clock.now < deadline {
        if try await condition() { return }
        try await clock.sleep(for: .milliseconds(2))
    }
    Issue.record(comment, sourceLocation: sourceLocation)
}
