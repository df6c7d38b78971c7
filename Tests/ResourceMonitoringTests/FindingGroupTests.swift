import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

@Suite("Findings are grouped by kind and source location")
struct FindingGroupTests {
    let world = FindingWorld()

    /// Opens scopes at one line and forgets them.
    private func forget(_ names: ClosedRange<Int>) throws {
        for number in names { _ = try self.world.container.openScope("upload-\(number)") }
        self.world.run(for: .seconds(2))
    }

    private func close(_ name: String) throws {
        let world = self.world
        try world.simulation.run {
            let id = world.container.snapshot().scopes.first { $0.name == name }?.id
            _ = try await world.container.scope(id ?? .root)?.close()
        }
        world.run(for: .seconds(2))
    }

    @Test("Scopes forgotten at one line are one finding that counts them and names the newest five.")
    func oneLine() throws {
        try self.forget(1...12)
        let findings = self.world.monitor.findings()
        #expect(findings.map(\.kind) == [.leak])
        let finding = try #require(findings.first)
        #expect(finding.count == 12)
        #expect(finding.subjectCount == 12)
        #expect(finding.subjects.map(\.label) == ["upload-12", "upload-11", "upload-10", "upload-9", "upload-8"])
        #expect(finding.subject == finding.subjects.first)
        #expect(finding.evidence.hasPrefix("12 subjects, the oldest upload-1: open for "))
        #expect(finding.location?.file == "ResourceMonitoringTests/FindingGroupTests.swift")
    }

    @Test("A finding keeps its identity while a subject is active, and its count decreases with each that ends.")
    func decreasingCount() throws {
        try self.forget(1...3)
        let before = try #require(self.world.standing(.leak).first)
        try self.close("upload-1")
        let after = try #require(self.world.standing(.leak).first)
        #expect(after.id == before.id)
        #expect(after.count == 2)
        #expect(after.subjects.map(\.label) == ["upload-3", "upload-2"])
        let withdrawn = try #require(self.world.withdrawn(.leak).first)
        #expect(withdrawn.subjects.map(\.label) == ["upload-1"])
        #expect(withdrawn.id != after.id)
    }

    @Test("Findings withdrawn at one line are one finding, with the newest subject first.")
    func withdrawn() throws {
        try self.forget(1...4)
        for number in [2, 1, 4, 3] { try self.close("upload-\(number)") }
        #expect(self.world.standing(.leak).isEmpty)
        let withdrawn = self.world.withdrawn(.leak)
        #expect(withdrawn.count == 1)
        #expect(withdrawn.first?.count == 4)
        #expect(withdrawn.first?.subjectCount == 4)
        #expect(withdrawn.first?.subjects.map(\.label) == ["upload-3", "upload-4", "upload-1", "upload-2"])
    }

    @Test("A subject that recurs is withdrawn as one finding with one subject.")
    func recurringSubject() throws {
        let outcome = Lock(false)
        let world = self.world
        try world.bindPart(initialize: { _ in if !outcome.withLock({ $0 }) { throw CancellationError() } })
        for _ in 0..<3 {
            for succeeds in [false, false, false, true] {
                outcome.withLock { $0 = succeeds }
                try world.simulation.run { try await world.container.withScope { _ = try? await $0.get(Part.self) } }
            }
        }
        world.run(for: .seconds(1))
        let withdrawn = world.withdrawn(.initializeFailing)
        #expect(withdrawn.map(\.count) == [9])
        #expect(withdrawn.map(\.subjectCount) == [1])
        #expect(withdrawn.first?.subjects.map(\.label) == ["Part"])
    }

    @Test("Suppressing a kind for a label withdraws the matching subjects, and the finding counts the others.")
    func allowing() throws {
        try self.forget(1...12)
        try self.world.monitor.allow(named: "leak:upload-7")
        #expect(self.world.standing(.leak).map(\.count) == [11])
        try self.world.monitor.allow(named: "leak:upload-1*")
        #expect(self.world.standing(.leak).map(\.count) == [7])
        self.world.run(for: .seconds(3))
        #expect(self.world.standing(.leak).first?.subjects.map(\.label) == ["upload-9", "upload-8", "upload-6", "upload-5", "upload-4"])
        try self.world.monitor.allow(named: "leak")
        #expect(self.world.standing(.leak).isEmpty)
    }

    @Test("A leaked scope that is open for long is one finding with both kinds; without the leak, the other is separate.")
    func folded() throws {
        let world = self.world
        for _ in 0..<20 {
            world.spawn { world in try await world.container.withScope("upload-0") { _ in try await world.time.sleep(for: .seconds(1)) } }
        }
        world.run(for: .seconds(2))
        func open() throws -> Scope { try world.container.openScope("upload-1") }
        let kept = Lock<Scope?>(try open())
        world.run(for: .seconds(40))
        #expect(world.monitor.findings().map(\.kind) == [.scopeOpenLong])
        kept.withLock { $0 = nil }
        world.run(for: .seconds(2))
        let findings = world.monitor.findings()
        #expect(findings.map(\.kind) == [.leak])
        #expect(findings.first?.folded == [.scopeOpenLong])
        #expect(findings.first?.evidence.hasSuffix("; scope-open-long of 1") == true)
        let text = world.monitor.report().prometheusText()
        #expect(text.contains("resmon_findings{container=\"app\",kind=\"leak\"} 1\n"))
        #expect(text.contains("resmon_findings{container=\"app\",kind=\"scope-open-long\"} 0\n"))
    }

    @Test("The Prometheus text counts findings in one family and their subjects in another.")
    func prometheus() throws {
        try self.forget(1...12)
        let text = self.world.monitor.report().prometheusText()
        #expect(text.contains("resmon_findings{container=\"app\",kind=\"leak\"} 1\n"))
        #expect(text.contains("resmon_finding_subjects{container=\"app\",kind=\"leak\"} 12\n"))
        #expect(text.contains("resmon_finding_subjects{container=\"app\",kind=\"lease-lost\"} 0\n"))
    }

    @Test("Findings are ordered by severity, then newest first.")
    func order() throws {
        try self.forget(1...1)
        _ = try self.world.container.openScope("other")
        try self.world.bindPart(dispose: { _ in throw CancellationError() })
        let world = self.world
        try world.simulation.run { try await world.container.withScope { _ = try await $0.get(Part.self) } }
        world.run(for: .seconds(2))
        #expect(world.monitor.findings().map(\.subject.label) == ["other", "upload-1", "Part"])
    }
}
