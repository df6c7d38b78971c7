import ResourceContainer
import Testing

@testable import ResourceMonitoring

@Suite("Settled health status: hysteresis and the verdict")
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
        fallbackFor: String? = nil
    ) -> HealthSubject {
        HealthSubject(
            id: ResourceID(id),
            label: label,
            binding: BindingID(0),
            isCritical: critical,
            isReady: ready,
            hasProbe: probe,
            fallbackFor: fallbackFor,
            interval: .seconds(5)
        )
    }

    private func answer(_ status: HealthStatus, at second: Int64) -> HealthResult {
        HealthResult(status: status, message: "no answer", probe: "ping", latency: .zero, time: self.moment(second))
    }

    /// Returns the settled status of one resource after each of these answers.
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

    @Test("The first answer counts immediately; later, a single bad or good answer does not change the status.")
    func hysteresis() {
        #expect(self.statuses([.unhealthy]) == [.unhealthy])
        #expect(
            self.statuses([.healthy, .unhealthy, .healthy, .error, .unhealthy]) == [.healthy, .healthy, .healthy, .healthy, .unhealthy]
        )
        #expect(self.statuses([.error, .healthy, .error, .healthy, .healthy]) == [.error, .error, .error, .error, .healthy])
        #expect(self.statuses([.healthy, .unhealthy], fall: 1) == [.healthy, .unhealthy])
        #expect(self.statuses([.unhealthy, .healthy], rise: 1) == [.unhealthy, .healthy])
    }

    @Test("Degraded replaces healthy immediately, needs as many good answers to clear, and ranks above unhealthy.")
    func degraded() {
        #expect(
            self.statuses([.healthy, .degraded, .healthy, .degraded, .healthy, .healthy]) == [.healthy]
                + Array(repeating: .degraded, count: 4) + [.healthy]
        )
        #expect(self.statuses([.unhealthy, .degraded, .healthy, .healthy]) == [.unhealthy, .unhealthy, .healthy, .healthy])
        #expect(self.statuses([.unhealthy, .degraded, .degraded]) == [.unhealthy, .unhealthy, .degraded])
        #expect(self.statuses([.healthy, .unknown, .unhealthy]) == [.healthy, .healthy, .healthy])
    }

    @Test("A resource that flaps with every answer never changes the verdict.")
    func flapping() {
        let answers = (0..<200).map { $0.isMultiple(of: 2) ? HealthStatus.healthy : .unhealthy }
        #expect(Set(self.statuses(answers)) == [.healthy])
    }

    @Test("The verdict is the worst critical status; non-critical resources only degrade it, and unknown is ignored.")
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
        #expect(ledger.opinion.causes(at: self.moment(4)) == ["R#4 is error: no answer", "R#3 is unhealthy (not critical): no answer"])
        ledger.settle([self.subject(1), self.subject(2), self.subject(3, "R#3", critical: false)], at: self.moment(5))
        #expect(ledger.verdict == .degraded)
        #expect(ledger.since == self.moment(5))
        #expect(ledger.transitions.map(\.to) == [.healthy, .degraded, .unhealthy, .degraded])
    }

    @Test("A status without an answer for three intervals is unknown and stale; the next answer counts as the first.")
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
        #expect(ledger.opinion.causes(at: self.moment(16)) == ["A#1 has not answered for 16 s"])
        // A single bad answer is enough, because there is no known status to outweigh.
        ledger.record(self.answer(.unhealthy, at: 20), of: self.subject(1))
        #expect(ledger.entries[ResourceID(1)]?.status == .unhealthy)
        #expect(ledger.entries[ResourceID(1)]?.isStale == false)
        #expect(ledger.transitions.map(\.to) == [.healthy, .unknown, .unhealthy])
    }

    @Test("A new instance counts by its binding's last answer; one without a probe or not ready does not count.")
    func newInstances() {
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
        #expect(ledger.opinion.causes(at: self.moment(5)) == ["A#5 has not answered yet; the last instance of its binding was unhealthy"])
        #expect(ledger.verdict == .unhealthy)
        // An instance counts as new only for three intervals.
        ledger.settle([self.subject(5, "A#5")], at: self.moment(21))
        #expect(ledger.verdict == .unknown)
        #expect(ledger.opinion.isStale)
    }

    @Test("A fallback without a probe is degraded for as long as it serves.")
    func fallback() {
        var ledger = HealthLedger(policy: HealthPolicy(), at: self.moment(0))
        let standing = self.subject(1, "B#1", probe: false, fallbackFor: "A")
        ledger.settle([standing], at: self.moment(1))
        #expect(ledger.verdict == .degraded)
        #expect(ledger.opinion.causes(at: self.moment(1)) == ["B#1 is degraded: fallback for A"])
        ledger.settle([standing], at: self.moment(100))
        #expect(ledger.verdict == .degraded)
        ledger.settle([self.subject(1, "B#1", probe: false)], at: self.moment(101))
        #expect(ledger.verdict == .unknown)
        #expect(ledger.entries.isEmpty)
    }

    @Test("The history of a resource is bounded and removed with it.")
    func bounded() {
        var ledger = HealthLedger(policy: HealthPolicy(), at: self.moment(0))
        for second in 0..<1000 {
            let status: HealthStatus = second % 10 < 5 ? .healthy : .unhealthy
            let result = HealthResult(status: status, probe: "ping", latency: .milliseconds(second), time: self.moment(Int64(second)))
            ledger.record(result, of: self.subject(1))
        }
        let entry = ledger.entries[ResourceID(1)]
        #expect(entry?.history.count == HealthPicture.historyLimit)
        #expect(entry?.transitions.count == HealthPicture.transitionLimit)
        #expect(ledger.transitions.count == HealthPicture.transitionLimit)
        ledger.settle([], at: self.moment(1000))
        #expect(ledger.entries.isEmpty)
        #expect(ledger.verdict == .unknown)
    }

    @Test("Dependents of an unhealthy resource are marked affected, along every path and through cycles.")
    func affected() {
        func id(_ number: UInt64) -> ResourceID { ResourceID(number) }
        // 1 is unhealthy. 2 and 3 depend on it, and 4 on both. 5 and 6 depend on each other, and 6 on 1. 7 has no dependency.
        let dependencies = [id(2): [id(1)], id(3): [id(1)], id(4): [id(2), id(3), id(7)], id(5): [id(6)], id(6): [id(5), id(1)]]
        var affected = AffectedResources(dependencies: dependencies, ill: [id(1), id(3)])
        #expect([1, 2, 3, 4, 7].map { affected.causes(of: id($0)) } == [[], [id(1)], [id(1)], [id(1), id(3)], []])
        #expect(affected.causes(of: id(5)) == [id(1)])
        #expect(affected.causes(of: id(6)) == [id(1)])
        var chain: [ResourceID: [ResourceID]] = [:]
        for number in 2...100_000 as ClosedRange<UInt64> { chain[id(number)] = [id(number - 1)] }
        var long = AffectedResources(dependencies: chain, ill: [id(1)])
        #expect(long.causes(of: id(100_000)) == [id(1)])
    }

    @Test("An invalid health policy is refused with the reason.")
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
