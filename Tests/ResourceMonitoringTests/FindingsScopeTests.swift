import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

private final class Held: Sendable {}

@Suite("Findings about scopes and instances that outlive them")
struct FindingsScopeTests {
    let world = FindingWorld()

    @Test("The finding leak is raised for an unreferenced open scope and ends when the scope is closed.")
    func leak() throws {
        let world = self.world
        let kept = try self.world.container.openScope("kept")
        let parent = Lock<Scope?>(try self.world.container.openScope("parent"))
        let child = try parent.withLock { $0 }?.openScope("child")
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
        let id = try self.world.container.openScope("forgotten").id
        self.world.run(for: .seconds(2))
        let finding = try #require(self.world.standing(.leak).first)
        #expect(self.world.standing(.leak).count == 1)
        #expect(finding.subject == Finding.Subject(label: "forgotten", scope: id))
        #expect(finding.isWhole())
        #expect(finding.isLeak)
        #expect(finding.severity == .high)
        try self.world.simulation.run { _ = try await world.container.scope(id)?.close() }
        self.world.run(for: .seconds(2))
        #expect(self.world.standing(.leak).isEmpty)
        #expect(self.world.withdrawn(.leak).count == 1)
        #expect(kept.isOpen)
        #expect(child?.isOpen == true)
    }

    @Test("The finding outlived-scope is raised for tracked instances that are still referenced and ends with their release.")
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
        #expect(finding.isWhole())
        #expect(finding.evidence.contains("with job"))
        #expect(finding.subject.label.hasPrefix("Held(watched)#"))
        held.withLock { $0 = [] }
        // Nothing happens in the container by itself. The next event makes the release visible.
        try keep("watched", false)
        #expect(self.world.standing(.outlivedScope).isEmpty)
        #expect(self.world.withdrawn(.outlivedScope).count == 1)
    }

    @Test("The finding scope-open-long is raised at three times the tag's usual duration, at least half a minute.")
    func openLong() throws {
        let world = self.world
        func open(_ name: String, tag: String? = nil, for duration: Duration) {
            self.world.spawn { world in
                try await world.container.withScope(name, tag: tag) { _ in try await world.time.sleep(for: duration) }
            }
        }
        // The tag has no usual duration yet.
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
        #expect(finding.isWhole())
        #expect(finding.subject.label == "req-78")
        #expect(finding.evidence.contains("of 21 earlier ones"))
        self.world.run(for: .seconds(120))
        #expect(self.world.standing(.scopeOpenLong).isEmpty)
        #expect(self.world.withdrawn(.scopeOpenLong).count >= 1)
        _ = world
    }

    @Test("The finding scope-open-long names the innermost scope; once that is closed, the next one that is open too long.")
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
        #expect(self.world.standing(.scopeOpenLong).first?.evidence.hasSuffix("; 2 enclosing scopes wait for it") ?? false)
        // The inner scope took a minute, so three times that counts as long.
        self.world.run(for: .seconds(150))
        #expect(self.world.standing(.scopeOpenLong).map(\.subject.label) == ["middle"])
        #expect(self.world.standing(.scopeOpenLong).first?.evidence.hasSuffix("; the enclosing scope waits for it") ?? false)
        _ = world
    }

    @Test(
        "The finding transients-pile-up is raised at a thousand instances of a binding in one scope and ends with it."
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
        #expect(finding.isWhole())
        #expect(finding.evidence.hasPrefix("1000 transient instances in job live"))
        self.world.run(for: .seconds(5))
        #expect(self.world.standing(.transientsPileUp).isEmpty)
        #expect(self.world.withdrawn(.transientsPileUp).count == 1)
        _ = world
    }
}
