import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

private struct Pinged: Pingable {
    func ping() async throws {}
}

@Suite("Extreme health intervals and deadlines are refused or saturate")
struct HealthExtremesTests {
    /// Values up to the limit of `Duration`, which is far more than fits into nanoseconds.
    static let longest: [Duration] = [.nanoseconds(Int64.max), .seconds(Int64.max), .seconds(Int64.max) + .seconds(Int64.max)]
    private static let jitters = [0, 0.1, 0.5]

    @Test("A policy with the longest interval or deadline delivers rounds, snapshots, and answers like any other.", arguments: Self.longest)
    func policy(longest: Duration) throws {
        for jitter in Self.jitters {
            for change in [{ $0.interval = longest }, { $0.deadline = longest }] as [(inout HealthPolicy) -> Void] {
                let simulation = Simulation(seed: 1)
                let container = Container(environment: simulation.environment)
                try container.bind(Pinged.self, lifetime: .singleton) { Pinged() }
                try simulation.run { _ = try await container.get(Pinged.self) }
                var policy = HealthPolicy()
                policy.jitter = jitter
                change(&policy)
                let checker = try HealthChecker(container, policy: policy)
                #expect(checker.liveness().isPassing)
                let running = simulation.spawn { await checker.run() }
                simulation.run(for: .seconds(60))
                #expect(checker.liveness() == ServiceAnswer(isPassing: true, reasons: []))
                #expect(checker.readiness() == ServiceAnswer(isPassing: true, reasons: []))
                #expect(checker.picture().verdict == .healthy)
                running.cancel()
                simulation.runUntilIdle()
            }
        }
    }

    @Test("A binding with the longest health interval or deadline is checked once and not again.", arguments: Self.longest)
    func binding(longest: Duration) throws {
        for options in [BindingOptions(healthInterval: longest), BindingOptions(healthDeadline: longest)] {
            let simulation = Simulation(seed: 3)
            let container = Container(environment: simulation.environment)
            try container.bind(Pinged.self, lifetime: .singleton, options: options) { Pinged() }
            try simulation.run { _ = try await container.get(Pinged.self) }
            let checker = HealthChecker(container)
            let running = simulation.spawn { await checker.run() }
            simulation.run(for: .seconds(100))
            #expect(checker.picture().verdict == .healthy)
            if options.healthInterval != nil { #expect(checker.picture().rows.first?.history.count == 1) }
            running.cancel()
            simulation.runUntilIdle()
        }
    }

    @Test(
        "Intervals and deadlines of zero or less are refused, both in a policy and in a binding.",
        arguments: [Duration.zero, .seconds(-1), .seconds(Int64.min)]
    )
    func refused(wrong: Duration) throws {
        var policy = HealthPolicy()
        policy.interval = wrong
        #expect(throws: HealthPolicyError.self) { try HealthChecker(Container(), policy: policy) }
        policy = HealthPolicy()
        policy.deadline = wrong
        #expect(throws: HealthPolicyError.self) { try HealthChecker(Container(), policy: policy) }
        for options in [BindingOptions(healthInterval: wrong), BindingOptions(healthDeadline: wrong)] {
            #expect(throws: ResourceError.self) { try Container().bind(Pinged.self, options: options) { Pinged() } }
        }
        // This initializer cannot throw, so it applies the shortest deadline that lets a check begin.
        #expect(HealthChecker(Container(), deadline: wrong).policy.deadline == .milliseconds(1))
    }

    @Test("The shortest interval makes at most a thousand rounds per second.")
    func shortest() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(Pinged.self, lifetime: .singleton) { Pinged() }
        try simulation.run { _ = try await container.get(Pinged.self) }
        var policy = HealthPolicy()
        policy.interval = .nanoseconds(1)
        let checker = try HealthChecker(container, policy: policy)
        let running = simulation.spawn { await checker.run() }
        simulation.run(for: .milliseconds(30))
        #expect((20...40).contains(checker.picture().rows.first?.history.count ?? 0))
        running.cancel()
        simulation.runUntilIdle()
    }
}
