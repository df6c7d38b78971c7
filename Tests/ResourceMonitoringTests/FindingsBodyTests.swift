import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

private struct Refused: Error, CustomStringConvertible {
    let description = "refused"
}

@Suite("The finding about scopes whose bodies throw")
struct FindingsBodyTests {
    let world = FindingWorld()

    /// Runs scopes whose bodies end at once. The first `failing` of them throw.
    private func run(_ number: Int, failing: Int, in world: FindingWorld) throws {
        let container = world.container
        try world.simulation.run {
            for index in 0..<number {
                try? await container.withScope("job-\(index)", tag: "job") { _ in if index < failing { throw Refused() } }
            }
        }
    }

    @Test("The finding scopes-failing is raised if ten bodies of one source location throw within ten seconds, and ends when they stop.")
    func raised() throws {
        try self.run(9, failing: 9, in: self.world)
        self.world.run(for: .seconds(2))
        #expect(self.world.standing(.scopesFailing).isEmpty)
        self.world.run(for: .seconds(12))
        try self.run(12, failing: 10, in: self.world)
        self.world.run(for: .seconds(2))
        let finding = try #require(self.world.standing(.scopesFailing).first)
        #expect(finding.isWhole())
        #expect(finding.subject.label == "job")
        #expect(finding.severity == .high)
        #expect(finding.evidence == "10 of 12 bodies that ended within 10 s threw; the last: threw Refused: refused")
        self.world.run(for: .seconds(12))
        #expect(self.world.standing(.scopesFailing).isEmpty)
        #expect(self.world.withdrawn(.scopesFailing).count == 1)
    }

    @Test("Bodies that throw raise no finding if more than half of the bodies do not.")
    func mostReturn() throws {
        try self.run(40, failing: 15, in: self.world)
        self.world.run(for: .seconds(2))
        #expect(self.world.standing(.scopesFailing).isEmpty)
    }

    @Test("A rule can suppress the finding for a tag.")
    func allowed() throws {
        var rules = FindingRules()
        try rules.allow(named: "scopes-failing:job")
        let world = FindingWorld(rules: rules)
        try self.run(20, failing: 20, in: world)
        world.run(for: .seconds(2))
        #expect(world.standing(.scopesFailing).isEmpty)
    }

    @Test("A body that throws is no error of a resource.")
    func noError() throws {
        try self.run(20, failing: 20, in: self.world)
        self.world.run(for: .seconds(2))
        #expect(self.world.container.snapshot().books.errors == 0)
        #expect(self.world.standing(.errorBurst).isEmpty)
    }
}
