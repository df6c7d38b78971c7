import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Random walks over the state machine of a keyed pool")
struct KeyedPoolWalkTests {
    @Test(
        "After every step the books balance, the limits hold, and no waiter that could be served is waiting.",
        arguments: Array(UInt64(1)...Soak.count(30, full: 1_000))
    )
    func walk(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var rules = PoolRules(maximum: Int.random(in: 1...6, using: &random))
        rules.maximumPerKey = Int.random(in: 1...rules.maximum, using: &random)
        rules.creationConcurrency = Int.random(in: 1...4, using: &random)
        rules.validates = Bool.random(using: &random)
        rules.freshness = 2_000_000
        rules.idleTimeout = 10_000_000
        rules.lifetime = Bool.random(using: &random) ? 30_000_000 : .max
        rules.createTimeout = 20_000_000
        rules.failFastAfter = 100_000_000
        var walk = KeyedWalk(rules: rules)
        for step in 1...2_500 {
            let fault = walk.step(&random)
            #expect(fault == nil, "seed \(seed), step \(step)")
            if fault != nil { return }
        }
    }
}

/// A state machine with four keys whose callers and hooks are driven by random numbers.
private struct KeyedWalk {
    private var machine: PoolStateMachine
    private let rules: PoolRules
    private var now: Int64 = 0
    private var steps: [PoolEffects.Step] = []
    private var leases: [PoolStateMachine.Use] = []
    private var pending: [PoolRequests.ID] = []
    private var queued: [PoolRequests.ID] = []

    init(rules: PoolRules) {
        self.rules = rules
        self.machine = PoolStateMachine(rules: rules)
        for _ in 0..<4 { _ = self.machine.addGroup() }
    }

    private var instant: TimeSource.Instant {
        TimeSource.Instant(nanoseconds: self.now)
    }

    mutating func step(_ random: inout SeededRandom) -> String? {
        let group = Int.random(in: 0..<4, using: &random)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<12: if let use = self.machine.lease(group: group, to: .nobody, at: self.instant) { self.leases.append(use) }
        case 12..<32:
            let deadline = self.instant + .milliseconds(Int64.random(in: 1...40, using: &random))
            if case .request(let id) = self.machine.begin(group: group, .nobody, at: self.instant, deadline: deadline) {
                self.pending.append(id)
            }
        case 32..<50:
            guard let index = self.pending.indices.randomElement(using: &random) else { break }
            let id = self.pending.remove(at: index)
            if self.machine.enqueue(id, at: self.instant) { self.queued.append(id) } else { self.collect(id) }
        case 50..<56: if let id = self.queued.randomElement(using: &random) { self.machine.cancel(id, at: self.instant) }
        case 56..<72:
            guard let index = self.leases.indices.randomElement(using: &random) else { break }
            let use = self.leases.remove(at: index)
            if Int.random(in: 0..<8, using: &random) == 0 { _ = self.machine.markBroken(use) }
            if !self.machine.release(use, at: self.instant) { return "a lease was not taken back" }
        case 72..<90: self.endStep(&random)
        default:
            self.now += Int64.random(in: 1...3_000_000, using: &random)
            if self.machine.earliest <= self.instant { self.machine.sweep(at: self.instant, fraction: 0.5) }
        }
        let effects = self.machine.effects.take()
        self.steps += effects.steps
        for id in effects.resumed {
            guard let index = self.queued.firstIndex(of: id) else { continue }
            self.queued.remove(at: index)
            self.collect(id)
        }
        return self.fault
    }

    private mutating func collect(_ id: PoolRequests.ID) {
        if case .lease(let use, _) = self.machine.collect(id) { self.leases.append(use) }
    }

    private mutating func endStep(_ random: inout SeededRandom) {
        guard let index = self.steps.indices.randomElement(using: &random) else { return }
        let step = self.steps.remove(at: index)
        let isGood = Int.random(in: 0..<4, using: &random) > 0
        switch step.kind {
        case .make where isGood: _ = self.machine.creationSucceeded(step.use, at: self.instant, fraction: 0.5)
        case .make: self.machine.creationFailed(step.use, at: self.instant, fraction: 0.5)
        case .validate: self.machine.validationEnded(step.use, isValid: isGood, at: self.instant)
        case .reset: self.machine.resetEnded(step.use, isFit: isGood, at: self.instant)
        case .close: self.machine.itemClosed(step.use, at: self.instant)
        }
    }

    private var fault: String? {
        let machine = self.machine
        let sample = machine.sample(name: "walk", resource: nil, listed: 1_000)
        if !sample.isBalanced { return "the books do not balance: \(sample)" }
        if machine.occupied > self.rules.maximum { return "\(machine.occupied) items of \(self.rules.maximum)" }
        if machine.failingGroups != machine.groups.count(where: { $0.failures > 0 }) { return "the keys that fail" }
        for group in machine.groups.indices {
            let slots = machine.slots.filter { $0.state != .empty && $0.group == group }
            let here = machine.groups[group]
            let limit = self.rules.maximumPerKey ?? 0
            if slots.count != here.occupied || slots.count > limit { return "\(slots.count) items of key \(group)" }
            if slots.count(where: { $0.state == .idle }) != here.idle { return "the idle ones of key \(group)" }
            if slots.count(where: { $0.state == .making }) != here.making { return "those being made of key \(group)" }
            guard machine.requests.count(in: group) > 0 else { continue }
            if let slot = machine.candidate(group), machine.isFresh(slot, at: self.instant) { return "key \(group) waits for what is idle" }
            let isCovered = machine.requests.count(in: group) <= here.making + here.validating
            let mayMake =
                here.occupied < limit && machine.making < self.rules.creationConcurrency
                && (here.failures == 0 || (here.making == 0 && self.instant >= here.retryAt))
            if isCovered || !mayMake { continue }
            if machine.occupied < self.rules.maximum, machine.earliest > self.instant { return "key \(group) waits though there is room" }
            let others = machine.groups.indices.contains { $0 != group && machine.groups[$0].idle > 0 }
            if others, machine.closing == 0, machine.earliest > self.instant { return "key \(group) waits though others could make way" }
        }
        return nil
    }
}
