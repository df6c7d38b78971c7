import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

/// A typical mail service: a pool of connections with a probe, and parts of each request, some of them with a probe.
private enum Mail {
    final class Server: Pingable, Sendable {
        let isUp = Lock(true)
        func ping() async throws { if !self.isUp.withLock({ $0 }) { throw CancellationError() } }
    }

    /// Has no probe.
    struct Draft: Sendable {}

    /// Has a probe and lives as long as its request.
    final class Session: Pingable, Sendable {
        let server: Server
        init(_ server: Server) { self.server = server }
        func ping() async throws { try await self.server.ping() }
    }
}

@Suite("Readiness of a server under load")
struct HealthUnderLoadTests {
    let simulation = Simulation(seed: 1)
    let container: Container
    private let server = Mail.Server()

    init() throws {
        self.container = Container("mail", environment: self.simulation.environment)
        let server = self.server
        try self.container.bind(Mail.Server.self, lifetime: .singleton) { server }
        try self.container.bind(Mail.Draft.self) { Mail.Draft() }
        try self.container.bind(Mail.Session.self, Mail.Session.init)
    }

    /// Runs requests without a pause, a few at a time, each of which lives for `length`.
    private func load(_ length: Duration) -> [Task<Void, Never>] {
        let (container, time) = (self.container, self.simulation.environment.time)
        return (0..<3).map { number in
            self.simulation.spawn {
                try? await time.sleep(for: length / 3 * number)
                while !Task.isCancelled {
                    try? await container.withScope("request") { scope in
                        _ = try await scope.get(Mail.Session.self)
                        _ = try await scope.get(Mail.Draft.self)
                        try await time.sleep(for: length)
                    }
                }
            }
        }
    }

    @Test("A server stays ready from the first answered check on, however short its requests are.", arguments: [3, 50, 700, 20_000])
    func ready(milliseconds: Int) throws {
        let checker = HealthChecker(self.container)
        let tasks = [self.simulation.spawn { await checker.run() }] + self.load(.milliseconds(milliseconds))
        var answers: [Bool] = []
        for _ in 0..<3_000 {
            self.simulation.run(for: .milliseconds(10))
            answers.append(checker.readiness().isPassing)
        }
        let first = try #require(answers.firstIndex(of: true))
        #expect(first < 50)
        #expect(answers[first...].allSatisfy { $0 })
        #expect(checker.picture().verdict == .healthy)
        for task in tasks { task.cancel() }
        self.simulation.runUntilIdle()
    }

    @Test("A container whose instances have no probe is ready, with and without load.")
    func noProbes() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Mail.Draft.self) { Mail.Draft() }
        let checker = HealthChecker(container)
        #expect(checker.readiness().isPassing)
        let running = self.simulation.spawn { await checker.run() }
        let load = self.simulation.spawn {
            while !Task.isCancelled {
                try? await container.withScope { scope in
                    _ = try await scope.get(Mail.Draft.self)
                    try await time.sleep(for: .milliseconds(50))
                }
            }
        }
        for _ in 0..<300 {
            self.simulation.run(for: .milliseconds(37))
            #expect(checker.readiness() == ServiceAnswer(isPassing: true, reasons: []))
            #expect(checker.liveness().isPassing)
        }
        for task in [running, load] { task.cancel() }
        self.simulation.runUntilIdle()
    }

    @Test("Unhealthy parts of requests make the server unready, including new ones; it recovers when they answer.")
    func unhealthyParts() throws {
        let checker = HealthChecker(self.container)
        let tasks = [self.simulation.spawn { await checker.run() }] + self.load(.milliseconds(50))
        self.simulation.run(for: .seconds(20))
        #expect(checker.readiness().isPassing)
        self.server.isUp.withLock { $0 = false }
        self.simulation.run(for: .seconds(15))
        for _ in 0..<100 {
            self.simulation.run(for: .milliseconds(7))
            #expect(!checker.readiness().isPassing)
        }
        self.server.isUp.withLock { $0 = true }
        self.simulation.run(for: .seconds(15))
        #expect(checker.readiness().isPassing)
        for task in tasks { task.cancel() }
        self.simulation.runUntilIdle()
    }

    @Test("A checker that waits for a first instance wakes a few times per second at most and is idle without events.")
    func idleWithoutEvents() throws {
        let checker = HealthChecker(self.container)
        let running = self.simulation.spawn { await checker.run() }
        self.simulation.run(for: .seconds(1))
        // An idle checker has no deadline.
        #expect(self.simulation.time.earliestDeadline == nil)
        let load = self.load(.milliseconds(5))
        self.simulation.run(for: .seconds(60))
        #expect(checker.picture().rows.first?.history.count ?? 0 < 20)
        for task in load + [running] { task.cancel() }
        self.simulation.runUntilIdle()
    }
}
