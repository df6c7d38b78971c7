import ResourceContainer
import Testing

@testable import ResourceMonitoring

@Suite("Health takes several answers to change its mind")
struct HealthLedgerTests {
    private func moment(_ seconds: Int64) -> TimeSource.Instant {
        TimeSource.Instant(nanoseconds: seconds * 1_000_000_000)
    }

    private func subject(
        _ id: UInt64,
        _ label: String = "A#1",
        critical: Bool = true,
        probe: Bool = true,
        ready: Bool = true,
        standsInFor: String? = nil
    ) -> HealthSubject {
        HealthSubject(
            id: ResourceID(id),
            label: label,
            binding: BindingID(0),
            isCritical: critical,
            isReady: ready,
            hasProbe: probe,
            standsInFor: standsInFor,
            interval: .seconds(5)
        )
    }

    private func answer(_ status: HealthStatus, at second: Int64) -> HealthResult {
        HealthResult(status: status, message: "it said so", probe: "ping", latency: .zero, time: self.moment(second))
    }

    /// What is held to be the health of one resource after each of these answers.
    private func statuses(_ answers: [HealthStatus], fall: Int = 2, rise: Int = 2) -> [HealthStatus] {
        var policy = HealthPolicy()
        (policy.fall, policy.rise) = (fall, rise)
        var ledger = HealthLedger(policy: policy, at: self.moment(0))
        return answers.enumerated().map { index, status in
            let result = HealthResult(status: status, probe: "ping", latency: .milliseconds(3), time: self.moment(Int64(index)))
            ledger.record(result, of: self.subject(1))
            #expect(
                ledger.verdict == (ledger.entries[ResourceID(1)]?.status == .error ? .unhealthy : ledger.entries[ResourceID(1)]?.status)
            )
            return ledger.entries[ResourceID(1)]?.status ?? .unknown
        }
    }

    @Test("the first answer counts at once; one bad answer does not make bad, and one good one does not mend")
    func hysteresis() {
        #expect(self.statuses([.unhealthy]) == [.unhealthy])
        #expect(
            self.statuses([.healthy, .unhealthy, .healthy, .error, .unhealthy]) == [.healthy, .healthy, .healthy, .healthy, .unhealthy]
        )
        #expect(self.statuses([.error, .healthy, .error, .healthy, .healthy]) == [.error, .error, .error, .error, .healthy])
        #expect(self.statuses([.healthy, .unhealthy], fall: 1) == [.healthy, .unhealthy])
        #expect(self.statuses([.unhealthy, .healthy], rise: 1) == [.unhealthy, .healthy])
    }

    @Test("degraded is shown at once where all was well, takes as many good answers to go, and is better than bad")
    func degraded() {
        #expect(
            self.statuses([.healthy, .degraded, .healthy, .degraded, .healthy, .healthy]) == [.healthy]
                + Array(repeating: .degraded, count: 4) + [.healthy]
        )
        #expect(self.statuses([.unhealthy, .degraded, .healthy, .healthy]) == [.unhealthy, .unhealthy, .healthy, .healthy])
        #expect(self.statuses([.unhealthy, .degraded, .degraded]) == [.unhealthy, .unhealthy, .degraded])
        #expect(self.statuses([.healthy, .unknown, .unhealthy]) == [.healthy, .healthy, .healthy])
    }

    @Test("one that flaps with every answer never changes the verdict")
    func flapping() {
        let answers = (0..<200).map { $0.isMultiple(of: 2) ? HealthStatus.healthy : .unhealthy }
        #expect(Set(self.statuses(answers)) == [.healthy])
    }

    @Test("the verdict is that of the worst critical resource; one that is not critical degrades at most; unknown counts for nothing")
    func verdict() {
        var ledger = HealthLedger(policy: HealthPolicy(), at: self.moment(0))
        func answer(_ id: UInt64, _ status: HealthStatus, critical: Bool = true, at second: Int64) -> HealthStatus {
            ledger.record(self.answer(status, at: second), of: self.subject(id, "R#\(id)", critical: critical))
            return ledger.verdict
        }
        #expect(answer(1, .unknown, at: 1) == .unknown)
        #expect(answer(2, .healthy, at: 2) == .healthy)
        #expect(answer(3, .unhealthy, critical: false, at: 3) == .degraded)
        #expect(answer(4, .error, at: 4) == .unhealthy)
        #expect(ledger.opinion.causes(at: self.moment(4)) == ["R#4 is error: it said so", "R#3 is unhealthy (not critical): it said so"])
        ledger.settle([self.subject(1), self.subject(2), self.subject(3, "R#3", critical: false)], at: self.moment(5))
        #expect(ledger.verdict == .degraded && ledger.since == self.moment(5))
        #expect(ledger.transitions.map(\.to) == [.healthy, .degraded, .unhealthy, .degraded])
    }

    @Test("what was not said again for three intervals is unknown and stale, in the verdict too; the next answer counts as a first one")
    func stale() {
        var ledger = HealthLedger(policy: HealthPolicy(), at: self.moment(0))
        ledger.record(self.answer(.healthy, at: 0), of: self.subject(1))
        ledger.settle([self.subject(1)], at: self.moment(15))
        #expect(ledger.entries[ResourceID(1)]?.status == .healthy)
        #expect(ledger.verdict == .healthy)
        ledger.settle([self.subject(1)], at: self.moment(16))
        #expect(ledger.entries[ResourceID(1)]?.status == .unknown)
        #expect(ledger.entries[ResourceID(1)]?.isStale == true)
        #expect(ledger.verdict == .unknown)
        #expect(ledger.opinion.isStale)
        #expect(ledger.opinion.blocks)
        #expect(ledger.opinion.causes(at: self.moment(16)) == ["A#1 has not answered for 16.0 s"])
        // A single bad answer is enough: nothing is known that it would have to outweigh.
        ledger.record(self.answer(.unhealthy, at: 20), of: self.subject(1))
        #expect(ledger.entries[ResourceID(1)]?.status == .unhealthy)
        #expect(ledger.entries[ResourceID(1)]?.isStale == false)
        #expect(ledger.transitions.map(\.to) == [.healthy, .unknown, .unhealthy])
    }

    @Test("one that is new counts by what its binding last answered; one without a probe, or not ready, does not count")
    func newborn() {
        var ledger = HealthLedger(policy: HealthPolicy(), at: self.moment(0))
        ledger.settle([self.subject(1, probe: false), self.subject(2, ready: false)], at: self.moment(0))
        #expect(ledger.verdict == .unknown)
        #expect(!ledger.opinion.blocks)
        ledger.settle([self.subject(3, "A#3")], at: self.moment(1))
        #expect(ledger.opinion.causes(at: self.moment(1)) == ["A#3 has not answered yet"])
        #expect(ledger.opinion.blocks)
        ledger.record(self.answer(.healthy, at: 2), of: self.subject(3, "A#3"))
        ledger.settle([self.subject(4, "A#4")], at: self.moment(3))
        #expect(ledger.entries[ResourceID(4)]?.status == .unknown)
        #expect(ledger.verdict == .healthy)
        #expect(!ledger.opinion.blocks)
        ledger.record(self.answer(.unhealthy, at: 4), of: self.subject(4, "A#4"))
        ledger.settle([self.subject(5, "A#5")], at: self.moment(5))
        #expect(ledger.opinion.causes(at: self.moment(5)) == ["A#5 has not answered yet, and the last of its binding was unhealthy"])
        #expect(ledger.verdict == .unhealthy)
        // New only for three intervals.
        ledger.settle([self.subject(5, "A#5")], at: self.moment(21))
        #expect(ledger.verdict == .unknown)
        #expect(ledger.opinion.isStale)
    }

    @Test("one that stands in for another is degraded also when it has nothing to be asked, and as long as it stands in")
    func standsIn() {
        var ledger = HealthLedger(policy: HealthPolicy(), at: self.moment(0))
        let standing = self.subject(1, "B#1", probe: false, standsInFor: "A")
        ledger.settle([standing], at: self.moment(1))
        #expect(ledger.verdict == .degraded)
        #expect(ledger.opinion.causes(at: self.moment(1)) == ["B#1 is degraded: stands in for A"])
        ledger.settle([standing], at: self.moment(100))
        #expect(ledger.verdict == .degraded)
        ledger.settle([self.subject(1, "B#1", probe: false)], at: self.moment(101))
        #expect(ledger.verdict == .unknown)
        #expect(ledger.entries.isEmpty)
    }

    @Test("what is kept of a resource is bounded, and goes with it")
    func bounded() {
        var ledger = HealthLedger(policy: HealthPolicy(), at: self.moment(0))
        for second in 0..<1000 {
            let status: HealthStatus = second % 10 < 5 ? .healthy : .unhealthy
            let result = HealthResult(status: status, probe: "ping", latency: .milliseconds(second), time: self.moment(Int64(second)))
            ledger.record(result, of: self.subject(1))
        }
        let entry = ledger.entries[ResourceID(1)]
        #expect(entry?.history.count == HealthPicture.historyLimit && entry?.transitions.count == HealthPicture.transitionLimit)
        #expect(ledger.transitions.count == HealthPicture.transitionLimit)
        ledger.settle([], at: self.moment(1000))
        #expect(ledger.entries.isEmpty && ledger.verdict == .unknown)
    }

    @Test("what depends on something ill is affected, along every way and in a circle too")
    func affected() {
        func id(_ number: UInt64) -> ResourceID { ResourceID(number) }
        // 1 is ill; 2 and 3 stand on it, 4 on both; 5 and 6 ask for each other, and 6 for 1; 7 on nothing.
        let dependencies = [id(2): [id(1)], id(3): [id(1)], id(4): [id(2), id(3), id(7)], id(5): [id(6)], id(6): [id(5), id(1)]]
        var affected = AffectedResources(dependencies: dependencies, ill: [id(1), id(3)])
        #expect([1, 2, 3, 4, 7].map { affected.causes(of: id($0)) } == [[], [id(1)], [id(1)], [id(1), id(3)], []])
        #expect(affected.causes(of: id(5)) == [id(1)] && affected.causes(of: id(6)) == [id(1)])
        var chain: [ResourceID: [ResourceID]] = [:]
        for number in 2...100_000 as ClosedRange<UInt64> { chain[id(number)] = [id(number - 1)] }
        var long = AffectedResources(dependencies: chain, ill: [id(1)])
        #expect(long.causes(of: id(100_000)) == [id(1)])
    }

    @Test("a policy that nothing can be checked with is refused, with what is wrong")
    func policy() {
        let wrong: [(inout HealthPolicy) -> Void] = [
            { $0.deadline = .zero }, { $0.interval = .seconds(-1) }, { $0.jitter = 0.6 }, { $0.jitter = .nan }, { $0.fall = 0 },
            { $0.rise = 0 },
        ]
        for change in wrong {
            var policy = HealthPolicy()
            change(&policy)
            let error = #expect(throws: HealthPolicyError.self) { try HealthChecker(Container(), policy: policy) }
            #expect(error?.description.contains("must be") == true)
        }
    }
}
