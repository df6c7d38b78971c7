import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

private final class Held: Sendable {}

@Suite("Findings about scopes and what outlives them")
struct FindingsScopeTests {
    let world = FindingWorld()

    @Test("leak: a scope that nobody has any more; one that a variable, a body or a scope inside has is none; closing ends it")
    func leak() throws {
        let world = self.world
        let kept = try self.world.container.openScope(named: "kept")
        let parent = Lock<Scope?>(try self.world.container.openScope(named: "parent"))
        let child = try parent.withLock { $0 }?.openScope(named: "child")
        parent.withLock { $0 = nil }
        self.world.spawn { world in
            try await world.container.withScope("body") { _ in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await world.time.sleep(for: .seconds(20)) }
                    try await group.waitForAll()
                }
            }
        }
        self.world.run(for: .seconds(5))
        #expect(self.world.standing(.leak).isEmpty)
        let id = try self.world.container.openScope(named: "forgotten").id
        self.world.run(for: .seconds(2))
        let finding = try #require(self.world.standing(.leak).first)
        #expect(self.world.standing(.leak).count == 1 && finding.subject == Finding.Subject(label: "forgotten", scope: id))
        #expect(finding.isWhole() && finding.isLeak && finding.severity == .high)
        try self.world.simulation.run { _ = try await world.container.scope(id)?.close() }
        self.world.run(for: .seconds(2))
        #expect(self.world.standing(.leak).isEmpty && self.world.withdrawn(.leak).count == 1)
        #expect(kept.isOpen && child?.isOpen == true)
    }

    @Test("outlived-scope: an instance that is still referenced, where the binding asks for it; letting go ends it")
    func outlived() throws {
        let world = self.world
        try self.world.container.bind(Held.self, name: "watched", options: BindingOptions(trackOutliving: true)) { Held() }
        try self.world.container.bind(Held.self, name: "unwatched") { Held() }
        let held = Lock<[Held]>([])
        func keep(_ name: String, _ isKept: Bool) throws {
            try self.world.simulation.run {
                try await world.container.withScope("job") { scope in
                    let value = try await scope.get(Held.self, name: name)
                    if isKept { held.withLock { $0.append(value) } }
                }
            }
            self.world.run(for: .seconds(2))
        }
        try keep("watched", false)
        try keep("unwatched", true)
        #expect(self.world.standing(.outlivedScope).isEmpty)
        try keep("watched", true)
        let finding = try #require(self.world.standing(.outlivedScope).first)
        #expect(finding.isWhole() && finding.evidence.contains("with job") && finding.subject.label.hasPrefix("Held(watched)#"))
        held.withLock { $0 = [] }
        // Nothing happens in the container by itself: the next thing that does shows it.
        try keep("watched", false)
        #expect(self.world.standing(.outlivedScope).isEmpty && self.world.withdrawn(.outlivedScope).count == 1)
    }

    @Test("scope-open-long: three times what is usual for its tag, and half a minute; the end of the scope ends it")
    func openLong() throws {
        let world = self.world
        func open(_ name: String, tag: String? = nil, for duration: Duration) {
            self.world.spawn { world in
                try await world.container.withScope(name, tag: tag) { _ in try await world.time.sleep(for: duration) }
            }
        }
        // Nothing is usual yet.
        open("new", for: .seconds(400))
        for number in 0..<20 { open("req-\(number)", for: .seconds(20)) }
        self.world.run(for: .seconds(25))
        open("req-77", for: .seconds(58))
        self.world.run(for: .seconds(59))
        #expect(self.world.standing(.scopeOpenLong).isEmpty)
        // The 99th percentile is 58 s by now.
        open("req-78", for: .seconds(200))
        self.world.run(for: .seconds(173))
        #expect(self.world.standing(.scopeOpenLong).isEmpty)
        self.world.run(for: .seconds(3))
        let finding = try #require(self.world.standing(.scopeOpenLong).first)
        #expect(finding.isWhole() && finding.subject.label == "req-78" && finding.evidence.contains("of 21 like it"))
        self.world.run(for: .seconds(120))
        #expect(self.world.standing(.scopeOpenLong).isEmpty && self.world.withdrawn(.scopeOpenLong).count >= 1)
        _ = world
    }

    @Test("scope-open-long is said of the innermost scope, which the ones around it wait for; once it is closed, of the next one")
    func innermostOpenLong() throws {
        let world = self.world
        for number in 0..<20 {
            self.world.spawn { world in
                try await world.container.withScope("usual-\(number)", tag: "part") { _ in try await world.time.sleep(for: .seconds(5)) }
            }
        }
        self.world.run(for: .seconds(6))
        self.world.spawn { world in
            try await world.container.withScope("outer", tag: "part") { outer in
                try await outer.withScope("middle", tag: "part") { middle in
                    try await middle.withScope("inner", tag: "part") { _ in try await world.time.sleep(for: .seconds(60)) }
                    try await world.time.sleep(for: .seconds(300))
                }
            }
        }
        self.world.run(for: .seconds(45))
        #expect(self.world.standing(.scopeOpenLong).map(\.subject.label) == ["inner"])
        #expect(self.world.standing(.scopeOpenLong).first?.evidence.hasSuffix("; 2 scopes around it wait with it") ?? false)
        // The inner one took a minute: three times that is long by now.
        self.world.run(for: .seconds(150))
        #expect(self.world.standing(.scopeOpenLong).map(\.subject.label) == ["middle"])
        #expect(self.world.standing(.scopeOpenLong).first?.evidence.hasSuffix("; the scope around it waits with it") ?? false)
        _ = world
    }

    @Test(
        "Pitfall 10: transients-pile-up: a thousand of one binding in one scope; fewer, or in two scopes, are not; the end of the scope ends it"
    )
    func transients() throws {
        let world = self.world
        try self.world.bindPart(lifetime: .transient)
        func gather(_ counts: [Int]) {
            for count in counts {
                self.world.spawn { world in
                    try await world.container.withScope("job") { scope in
                        for _ in 0..<count { _ = try await scope.get(Part.self) }
                        try await world.time.sleep(for: .seconds(5))
                    }
                }
            }
        }
        gather([999, 900])
        self.world.run(for: .seconds(4))
        #expect(self.world.standing(.transientsPileUp).isEmpty)
        self.world.run(for: .seconds(4))
        gather([1000])
        self.world.run(for: .seconds(3))
        let finding = try #require(self.world.standing(.transientsPileUp).first)
        #expect(finding.isWhole() && finding.evidence.hasPrefix("1000 transient instances live in job"))
        self.world.run(for: .seconds(5))
        #expect(self.world.standing(.transientsPileUp).isEmpty && self.world.withdrawn(.transientsPileUp).count == 1)
        _ = world
    }
}
