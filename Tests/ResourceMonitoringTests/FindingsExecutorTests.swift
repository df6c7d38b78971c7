import ResourceContainer
import Testing

@testable import ResourceMonitoring

@Suite("Findings about the concurrency pool")
struct FindingsExecutorTests {
    private let begin = TimeSource.Instant(nanoseconds: 0)

    private func replay(_ rules: FindingRules = FindingRules()) -> MonitorReplay {
        MonitorReplay(ContainerSnapshot(container: "shop", time: self.begin), rules: rules)
    }

    @Test("The finding executor-starved is raised if an empty task waits for a second, and ends when one waits less.")
    func starved() throws {
        var replay = self.replay()
        replay.noteExecutorLag(.milliseconds(999), at: self.begin)
        #expect(replay.findings.isEmpty)
        replay.noteExecutorLag(.seconds(1), at: self.begin + .seconds(1))
        let finding = try #require(replay.findings.first)
        #expect(finding.kind == .executorStarved)
        #expect(finding.isWhole(placed: false))
        #expect(finding.subject.label == "shop")
        #expect(!finding.isLeak)
        replay.noteExecutorLag(.milliseconds(2), at: self.begin + .seconds(2))
        #expect(replay.findings.isEmpty)
        let update = replay.update(at: self.begin + .seconds(2))
        #expect(update.findings.isEmpty)
        #expect(update.withdrawnFindings.map(\.kind) == [.executorStarved])
    }

    @Test("While the concurrency pool stays starved, executor-starved counts once, and its evidence has the last lag.")
    func lasting() throws {
        var replay = self.replay()
        for seconds in 1...12 { replay.noteExecutorLag(.seconds(seconds), at: self.begin + .seconds(seconds)) }
        let finding = try #require(replay.update(at: self.begin + .seconds(12)).findings.first)
        #expect(finding.count == 1)
        #expect(finding.firstSeen == self.begin + .seconds(1))
        #expect(finding.lastSeen == self.begin + .seconds(12))
        #expect(finding.evidence.contains(Duration.seconds(12).brief))
    }

    @Test("Missed events do not end executor-starved, and it can be suppressed.")
    func persistence() throws {
        var replay = self.replay()
        replay.noteExecutorLag(.seconds(3), at: self.begin)
        let snapshot = ContainerSnapshot(container: "shop", sequence: 40_000, time: self.begin + .seconds(1))
        replay.take(MonitorInput(time: snapshot.time, batch: EventBatch(missed: 40_000, snapshot: snapshot, events: [])))
        #expect(replay.findings.map(\.kind) == [.executorStarved])

        var rules = FindingRules()
        try rules.allow(named: "executor-starved")
        var suppressed = self.replay(rules)
        suppressed.noteExecutorLag(.seconds(3), at: self.begin)
        #expect(suppressed.findings.isEmpty)
    }
}
