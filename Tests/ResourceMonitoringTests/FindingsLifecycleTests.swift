import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

private struct Trouble: Error {}

@Suite("Findings about the lives of resources")
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

    @Test("initialise-slow: one that takes a second, one that takes less, and quiet for a minute")
    func initialiseSlow() throws {
        try self.world.bindPart(name: "quick", initialise: { try await $0.time.sleep(for: .milliseconds(999)) })
        try self.world.bindPart(name: "slow", initialise: { try await $0.time.sleep(for: .seconds(1)) })
        try self.use(name: "quick")
        self.world.run(for: .seconds(2))
        #expect(self.world.standing(.initialiseSlow).isEmpty)
        try self.use(name: "slow")
        try self.use(name: "slow")
        let finding = try #require(self.world.standing(.initialiseSlow).first)
        #expect(
            finding.isWhole() && finding.count == 2 && finding.subject.label == "Part(slow)" && finding.evidence.contains("limit 1.0 s")
        )
        self.world.run(for: .seconds(58))
        #expect(self.world.standing(.initialiseSlow).count == 1)
        self.world.run(for: .seconds(4))
        #expect(self.world.standing(.initialiseSlow).isEmpty && self.world.withdrawn(.initialiseSlow).count == 1)
    }

    @Test("initialise-slow is seen while it runs, and its end is not another one")
    func initialiseRunning() throws {
        try self.world.bindPart(initialise: { try await $0.time.sleep(for: .seconds(5)) })
        self.world.spawn { try await $0.container.withScope { _ = try await $0.get(Part.self) } }
        self.world.run(for: .milliseconds(900))
        #expect(self.world.standing(.initialiseSlow).isEmpty)
        self.world.run(for: .milliseconds(1350))
        #expect(self.world.standing(.initialiseSlow).first?.evidence.contains("is running") == true)
        self.world.run(for: .seconds(4))
        #expect(self.world.standing(.initialiseSlow).first?.evidence.contains("took 5.0 s") == true)
        #expect(self.world.standing(.initialiseSlow).first?.count == 1)
    }

    @Test("dispose-slow: one that takes a second, one that takes less, and quiet for a minute")
    func disposeSlow() throws {
        try self.world.bindPart(name: "quick", dispose: { try await $0.time.sleep(for: .milliseconds(999)) })
        try self.world.bindPart(name: "slow", dispose: { try await $0.time.sleep(for: .seconds(3)) })
        try self.use(name: "quick")
        self.world.run(for: .seconds(2))
        #expect(self.world.standing(.disposeSlow).isEmpty)
        self.world.spawn { try await $0.container.withScope { _ = try await $0.get(Part.self, name: "slow") } }
        self.world.run(for: .seconds(2))
        #expect(self.world.standing(.disposeSlow).first?.evidence.contains("is running") == true)
        self.world.run(for: .seconds(2))
        let finding = try #require(self.world.standing(.disposeSlow).first)
        #expect(finding.isWhole() && finding.count == 1 && finding.evidence.contains("took 3.0 s"))
        self.world.run(for: .seconds(62))
        #expect(self.world.standing(.disposeSlow).isEmpty && self.world.withdrawn(.disposeSlow).count == 1)
    }

    @Test("abandoned: one that does not come back within its budget, one that does, and the late return")
    func abandoned() throws {
        let options = BindingOptions(disposeTimeout: .seconds(2))
        try self.world.bindPart(name: "quick", dispose: { try await $0.time.sleep(for: .milliseconds(1999)) }, options: options)
        try self.world.bindPart(name: "deaf", dispose: { try await $0.time.sleep(for: .seconds(8)) }, options: options)
        try self.use(name: "quick")
        self.world.run(for: .seconds(1))
        #expect(self.world.standing(.abandoned).isEmpty)
        try self.use(name: "deaf")
        self.world.run(for: .seconds(1))
        let finding = try #require(self.world.standing(.abandoned).first)
        #expect(finding.isWhole() && finding.severity == .high && finding.isLeak && finding.evidence.contains("dispose of Part(deaf)#"))
        self.world.run(for: .seconds(6))
        #expect(self.world.standing(.abandoned).isEmpty && self.world.withdrawn(.abandoned).count == 1)
    }

    @Test("a step that holds its thread beyond its budget is found when it comes back, however short: it took its budget or more")
    func overrun() throws {
        let options = BindingOptions(initializeTimeout: .milliseconds(200), disposeTimeout: .milliseconds(100))
        func block(for duration: Duration) -> @Sendable @concurrent (FindingWorld) async throws -> Void {
            { world in world.simulation.time.move(to: world.time.now + duration) }
        }
        try self.world.bindPart(name: "quick", dispose: block(for: .milliseconds(99)), options: options)
        try self.world.bindPart(name: "late", dispose: block(for: .milliseconds(100)), options: options)
        try self.world.bindPart(name: "made late", initialise: block(for: .milliseconds(300)), options: options)
        try self.use(name: "quick")
        self.world.run(for: .seconds(1))
        #expect(self.world.standing(.disposeSlow).isEmpty)
        try self.use(name: "late")
        self.world.run(for: .seconds(1))
        let finding = try #require(self.world.standing(.disposeSlow).first)
        #expect(finding.isWhole())
        #expect(finding.evidence.contains("blocked its thread for 100 ms, when its budget of 100 ms was used up"))
        try self.use(name: "made late")
        self.world.run(for: .seconds(1))
        #expect(self.world.standing(.initialiseSlow).first?.evidence.contains("blocked its thread for 300 ms") == true)
        #expect(self.world.standing(.abandoned).isEmpty)
    }

    @Test("dispose-threw: one that throws, one that does not; it stays")
    func disposeThrew() throws {
        try self.world.bindPart(name: "good")
        try self.world.bindPart(name: "bad", dispose: { _ in throw Trouble() })
        try self.use(name: "good")
        #expect(self.world.standing(.disposeThrew).isEmpty)
        for _ in 0..<3 { try self.use(name: "bad") }
        self.world.run(for: .seconds(7200))
        let finding = try #require(self.world.standing(.disposeThrew).first)
        #expect(finding.isWhole() && finding.count == 3 && finding.evidence.contains("Trouble"))
    }

    @Test("initialise-failing: three in a row; two, a success and two are not; a success ends it")
    func initialiseFailing() throws {
        let outcomes = Lock<[Bool]>([false, false, true, false, false, true, false, false, false, false, true])
        try self.world.bindPart(initialise: { _ in if !outcomes.withLock({ $0.removeFirst() }) { throw Trouble() } })
        for _ in 0..<6 { try self.use() }
        #expect(self.world.standing(.initialiseFailing).isEmpty)
        for _ in 0..<4 { try self.use() }
        let finding = try #require(self.world.standing(.initialiseFailing).first)
        #expect(finding.isWhole() && finding.count == 4 && finding.evidence.hasPrefix("4 initialisations in a row"))
        try self.use()
        #expect(self.world.standing(.initialiseFailing).isEmpty && self.world.withdrawn(.initialiseFailing).count == 1)
    }

    @Test("initialise-storm: five hundred in ten seconds; fewer are not; half as many end it")
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
        #expect(self.world.standing(.initialiseStorm).isEmpty)
        try make(60, seconds: 12)
        let finding = try #require(self.world.standing(.initialiseStorm).first)
        #expect(finding.isWhole() && finding.count == 1 && finding.subject.label == "Part")
        try make(20, seconds: 12)
        #expect(self.world.standing(.initialiseStorm).isEmpty && self.world.withdrawn(.initialiseStorm).count == 1)
    }

    @Test("never-used: what was made early and nobody asks for; what is asked for or made into something is used; asking ends it")
    func neverUsed() throws {
        struct Whole: Sendable {}
        let world = self.world
        let early = BindingOptions(eager: true)
        for name in ["used", "unused", "part"] { try self.world.bindPart(name: name, lifetime: .singleton, options: early) }
        try self.world.container.bind(Whole.self, lifetime: .singleton, using: ResourceKey(Part.self, name: "part")) { _ in Whole() }
        try self.world.simulation.run {
            try await world.container.start()
            _ = try await world.container.get(Part.self, name: "used")
            _ = try await world.container.get(Whole.self)
        }
        self.world.run(for: .seconds(298))
        #expect(self.world.standing(.neverUsed).isEmpty)
        self.world.run(for: .seconds(4))
        #expect(self.world.standing(.neverUsed).map(\.subject.label) == ["Part(unused)#2"])
        #expect(self.world.standing(.neverUsed).first?.isWhole() == true && self.world.standing(.neverUsed).first?.severity == .low)
        try self.world.simulation.run { _ = try await world.container.get(Part.self, name: "unused") }
        self.world.run(for: .seconds(3))
        #expect(self.world.standing(.neverUsed).isEmpty && self.world.withdrawn(.neverUsed).count == 1)
    }
}
