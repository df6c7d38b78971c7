import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

private struct Trouble: Error {}

@Suite("Findings about the lifecycle of resources")
struct FindingsLifecycleTests {
    let world = FindingWorld()

    private func use(_ seconds: Int = 0, name: String? = nil) throws {
        let world = self.world
        try self.world.simulation.run {
            try await world.container.withScope("job") { scope in
                _ = try? await scope.get(Part.self, name: name)
                try await world.time.sleep(for: .seconds(seconds))
            }
        }
    }

    @Test("The finding initialize-slow is raised for an initialization of a second and ends after a quiet minute.")
    func initializeSlow() throws {
        try self.world.bindPart(name: "quick", initialize: { try await $0.time.sleep(for: .milliseconds(999)) })
        try self.world.bindPart(name: "slow", initialize: { try await $0.time.sleep(for: .seconds(1)) })
        try self.use(name: "quick")
        self.world.run(for: .seconds(2))
        #expect(self.world.standing(.initializeSlow).isEmpty)
        try self.use(name: "slow")
        try self.use(name: "slow")
        let finding = try #require(self.world.standing(.initializeSlow).first)
        #expect(finding.isWhole())
        #expect(finding.count == 2)
        #expect(finding.subject.label == "Part(slow)")
        #expect(finding.evidence.contains("limit 1 s, median 1 s of "))
        self.world.run(for: .seconds(58))
        #expect(self.world.standing(.initializeSlow).count == 1)
        self.world.run(for: .seconds(4))
        #expect(self.world.standing(.initializeSlow).isEmpty)
        #expect(self.world.withdrawn(.initializeSlow).count == 1)
    }

    @Test("The finding initialize-slow is raised while the initialization runs, and its end does not count again.")
    func initializeRunning() throws {
        try self.world.bindPart(initialize: { try await $0.time.sleep(for: .seconds(5)) })
        self.world.spawn { try await $0.container.withScope { _ = try await $0.get(Part.self) } }
        self.world.run(for: .milliseconds(900))
        #expect(self.world.standing(.initializeSlow).isEmpty)
        self.world.run(for: .milliseconds(1350))
        #expect(self.world.standing(.initializeSlow).first?.evidence.contains("running for") == true)
        self.world.run(for: .seconds(4))
        #expect(self.world.standing(.initializeSlow).first?.evidence.contains("took 5 s") == true)
        #expect(self.world.standing(.initializeSlow).first?.count == 1)
    }

    @Test("The finding dispose-slow is raised for a dispose of a second and ends after a quiet minute.")
    func disposeSlow() throws {
        try self.world.bindPart(name: "quick", dispose: { try await $0.time.sleep(for: .milliseconds(999)) })
        try self.world.bindPart(name: "slow", dispose: { try await $0.time.sleep(for: .seconds(3)) })
        try self.use(name: "quick")
        self.world.run(for: .seconds(2))
        #expect(self.world.standing(.disposeSlow).isEmpty)
        self.world.spawn { try await $0.container.withScope { _ = try await $0.get(Part.self, name: "slow") } }
        self.world.run(for: .seconds(2))
        #expect(self.world.standing(.disposeSlow).first?.evidence.contains("running for") == true)
        self.world.run(for: .seconds(2))
        let finding = try #require(self.world.standing(.disposeSlow).first)
        #expect(finding.isWhole())
        #expect(finding.count == 1)
        #expect(finding.evidence.contains("took 3 s"))
        self.world.run(for: .seconds(62))
        #expect(self.world.standing(.disposeSlow).isEmpty)
        #expect(self.world.withdrawn(.disposeSlow).count == 1)
    }

    @Test("The finding abandoned is raised for a step beyond its budget and ends when the step returns late.")
    func abandoned() throws {
        let options = BindingOptions(disposeTimeout: .seconds(2))
        try self.world.bindPart(name: "quick", dispose: { try await $0.time.sleep(for: .milliseconds(1999)) }, options: options)
        try self.world.bindPart(name: "hung", dispose: { try await $0.time.sleep(for: .seconds(8)) }, options: options)
        try self.use(name: "quick")
        self.world.run(for: .seconds(1))
        #expect(self.world.standing(.abandoned).isEmpty)
        try self.use(name: "hung")
        self.world.run(for: .seconds(1))
        let finding = try #require(self.world.standing(.abandoned).first)
        #expect(finding.isWhole())
        #expect(finding.severity == .high)
        #expect(finding.isLeak)
        #expect(finding.evidence.contains("dispose of Part(hung)#"))
        self.world.run(for: .seconds(6))
        #expect(self.world.standing(.abandoned).isEmpty)
        #expect(self.world.withdrawn(.abandoned).count == 1)
    }

    @Test("A step that blocks its thread for its budget or longer is found slow when it returns, even if it is short.")
    func overrun() throws {
        let options = BindingOptions(initializeTimeout: .milliseconds(200), disposeTimeout: .milliseconds(100))
        func block(for duration: Duration) -> @Sendable @concurrent (FindingWorld) async throws -> Void {
            { world in world.simulation.time.move(to: world.time.now + duration) }
        }
        try self.world.bindPart(name: "quick", dispose: block(for: .milliseconds(99)), options: options)
        try self.world.bindPart(name: "late", dispose: block(for: .milliseconds(100)), options: options)
        try self.world.bindPart(name: "made late", initialize: block(for: .milliseconds(300)), options: options)
        try self.use(name: "quick")
        self.world.run(for: .seconds(1))
        #expect(self.world.standing(.disposeSlow).isEmpty)
        try self.use(name: "late")
        self.world.run(for: .seconds(1))
        let finding = try #require(self.world.standing(.disposeSlow).first)
        #expect(finding.isWhole())
        #expect(finding.evidence.contains("blocked its thread for 100 ms, with a budget of 100 ms"))
        try self.use(name: "made late")
        self.world.run(for: .seconds(1))
        #expect(self.world.standing(.initializeSlow).first?.evidence.contains("blocked its thread for 300 ms") == true)
        #expect(self.world.standing(.abandoned).isEmpty)
    }

    @Test("The finding dispose-threw is raised for a dispose that throws, and it persists.")
    func disposeThrew() throws {
        try self.world.bindPart(name: "good")
        try self.world.bindPart(name: "bad", dispose: { _ in throw Trouble() })
        try self.use(name: "good")
        #expect(self.world.standing(.disposeThrew).isEmpty)
        for _ in 0..<3 { try self.use(name: "bad") }
        self.world.run(for: .seconds(7200))
        let finding = try #require(self.world.standing(.disposeThrew).first)
        #expect(finding.isWhole())
        #expect(finding.count == 3)
        #expect(finding.evidence.contains("Trouble"))
    }

    @Test("The finding initialize-failing is raised at three consecutive failures and ends with a success.")
    func initializeFailing() throws {
        let outcomes = Lock<[Bool]>([false, false, true, false, false, true, false, false, false, false, true])
        try self.world.bindPart(initialize: { _ in if !outcomes.withLock({ $0.removeFirst() }) { throw Trouble() } })
        for _ in 0..<6 { try self.use() }
        #expect(self.world.standing(.initializeFailing).isEmpty)
        for _ in 0..<4 { try self.use() }
        let finding = try #require(self.world.standing(.initializeFailing).first)
        #expect(finding.isWhole())
        #expect(finding.count == 4)
        #expect(finding.evidence.hasPrefix("4 initializations in a row"))
        try self.use()
        #expect(self.world.standing(.initializeFailing).isEmpty)
        #expect(self.world.withdrawn(.initializeFailing).count == 1)
    }

    @Test("The finding initialize-storm is raised at five hundred instances in ten seconds and ends at half as many.")
    func storm() throws {
        try self.world.bindPart()
        let world = self.world
        func make(_ perSecond: Int, seconds: Int) throws {
            for _ in 0..<seconds {
                try self.world.simulation.run {
                    for _ in 0..<perSecond { try await world.container.withScope { _ = try await $0.get(Part.self) } }
                }
                self.world.run(for: .seconds(1))
            }
        }
        try make(49, seconds: 15)
        #expect(self.world.standing(.initializeStorm).isEmpty)
        try make(60, seconds: 12)
        let finding = try #require(self.world.standing(.initializeStorm).first)
        #expect(finding.isWhole())
        #expect(finding.count == 1)
        #expect(finding.subject.label == "Part")
        try make(20, seconds: 12)
        #expect(self.world.standing(.initializeStorm).isEmpty)
        #expect(self.world.withdrawn(.initializeStorm).count == 1)
    }

    @Test("The finding never-used is raised for an eager instance without requests or dependents and ends with a request.")
    func neverUsed() throws {
        struct Whole: Sendable {}
        let world = self.world
        let early = BindingOptions(eager: true)
        for name in ["used", "unused", "part"] { try self.world.bindPart(name: name, lifetime: .singleton, options: early) }
        try self.world.container.bind(Bind(Whole.self, lifetime: .singleton, using: ResourceKey(Part.self, name: "part")) { _ in Whole() })
        try self.world.simulation.run {
            try await world.container.start()
            _ = try await world.container.get(Part.self, name: "used")
            _ = try await world.container.get(Whole.self)
        }
        self.world.run(for: .seconds(298))
        #expect(self.world.standing(.neverUsed).isEmpty)
        self.world.run(for: .seconds(4))
        #expect(self.world.standing(.neverUsed).map(\.subject.label) == ["Part(unused)#2"])
        #expect(self.world.standing(.neverUsed).first?.isWhole() == true)
        #expect(self.world.standing(.neverUsed).first?.severity == .low)
        try self.world.simulation.run { _ = try await world.container.get(Part.self, name: "unused") }
        self.world.run(for: .seconds(3))
        #expect(self.world.standing(.neverUsed).isEmpty)
        #expect(self.world.withdrawn(.neverUsed).count == 1)
    }
}
