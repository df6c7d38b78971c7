import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("A pool's state machine does what a naive model does, step by step")
struct PoolModelTests {
    @Test("random walks of 4,000 steps, with the books balanced after each", arguments: Array(UInt64(1)...40))
    func walk(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var walk = PoolWalk(maximum: Int.random(in: 1...6, using: &random), concurrency: Int.random(in: 1...3, using: &random))
        for step in 1...4_000 {
            let fault = walk.step(&random)
            #expect(fault == nil, "seed \(seed), step \(step)")
            if fault != nil { return }
        }
    }
}

/// A state machine and its model, which do the same steps.
private struct PoolWalk {
    private var machine: PoolStateMachine
    private var model: NaivePool
    private var now: Int64 = 0
    private var leases: [Int: PoolStateMachine.Lease] = [:]
    private var oldLeases: [PoolStateMachine.Lease] = []
    private var oldRequests: [PoolRequests.ID] = []
    /// Set by a step whose answer was not the model's.
    private var fault: String?

    init(maximum: Int, concurrency: Int) {
        self.machine = PoolStateMachine(maximum: maximum, creationConcurrency: concurrency)
        self.model = NaivePool(maximum: maximum, concurrency: concurrency)
    }

    private var instant: TimeSource.Instant {
        TimeSource.Instant(nanoseconds: self.now)
    }

    /// One step; what was wrong after it, if something was.
    mutating func step(_ random: inout SeededRandom) -> String? {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<14: self.lend()
        case 14..<32: self.begin(budget: Int64.random(in: 1...200, using: &random))
        case 32..<48: self.enqueue(&random)
        case 48..<58: self.cancel(&random)
        case 58..<70: self.collect(&random)
        case 70..<80: self.giveBack(&random)
        case 80..<83: self.giveBackLate(&random)
        case 83..<92: self.create(&random)
        case 92..<98: self.passTime(Int64.random(in: 1...60, using: &random) * 100_000)
        case 98: if Int.random(in: 0..<60, using: &random) == 0 { self.drain() }
        default: if self.model.phase == .draining { self.close() } else { self.finishClosing() }
        }
        return self.fault ?? self.difference
    }

    private mutating func lend() {
        let lease = self.machine.lend(to: .nobody, at: self.instant)
        let isExpected = self.model.phase == .open && !self.model.idle.isEmpty
        self.expect((lease != nil) == isExpected, "lend")
        if let lease {
            self.expect(self.model.idle.popLast() == lease.slot, "lend: not the newest")
            self.model.lent[lease.slot] = .some(nil)
            self.leases[lease.slot] = lease
        }
    }

    private mutating func begin(budget: Int64) {
        // Deadlines in the scale of the steps of time, and on different grids so that they mix.
        let deadline = self.now + budget * 100_000 + budget
        switch self.machine.begin(.nobody, at: self.instant, deadline: TimeSource.Instant(nanoseconds: deadline)) {
        case .request(let id):
            self.expect(self.model.phase == .open, "begin")
            self.model.pending[id] = deadline
        case .closed: self.expect(self.model.phase != .open, "begin: closed")
        case .exhausted: self.expect(false, "begin: exhausted")
        }
    }

    private mutating func enqueue(_ random: inout SeededRandom) {
        guard let id = self.any(self.model.pending.keys, &random), let deadline = self.model.pending[id] else { return }
        self.model.pending[id] = nil
        let isQueued = self.machine.enqueue(id, at: self.instant)
        if self.model.ended[id] == .cancelled {
            self.expect(!isQueued, "enqueue: cancelled before")
        } else if self.model.phase != .open {
            self.expect(!isQueued, "enqueue: closed")
            self.model.ended[id] = .refused
        } else if let slot = self.model.idle.popLast() {
            self.expect(!isQueued, "enqueue: idle")
            self.model.lent[slot] = .some(id)
            self.model.ended[id] = .granted(slot: slot)
        } else {
            self.expect(isQueued, "enqueue")
            self.model.queue.append(NaivePool.Request(id: id, deadline: deadline))
        }
    }

    private mutating func cancel(_ random: inout SeededRandom) {
        let ids = Array(self.model.pending.keys) + self.model.queue.map(\.id) + Array(self.model.ended.keys) + self.oldRequests.suffix(3)
        guard let id = self.any(ids, &random) else { return }
        let answer = self.machine.cancel(id, at: self.instant)
        if let index = self.model.queue.firstIndex(where: { $0.id == id }) {
            self.model.queue.remove(at: index)
            self.model.ended[id] = .cancelled
            self.expect(answer == .resume, "cancel: queued")
        } else if case .granted(let slot) = self.model.ended[id] {
            self.model.ended[id] = .cancelled
            self.model.lent[slot] = nil
            self.expect(answer == .passedOn(self.model.place(slot)), "cancel: granted")
        } else {
            if self.model.pending[id] != nil { self.model.ended[id] = .cancelled }
            self.expect(answer == .none, "cancel: nothing to do")
        }
    }

    private mutating func collect(_ random: inout SeededRandom) {
        // One that was cancelled before it queued still comes by the queue.
        let ids = self.model.ended.keys.filter { self.model.pending[$0] == nil }
        guard let id = self.any(ids, &random), let ending = self.model.ended.removeValue(forKey: id) else { return }
        self.oldRequests.append(id)
        switch (self.machine.collect(id), ending) {
        case (.lease(let lease, _), .granted(let slot)):
            self.expect(lease.slot == slot, "collect: another slot")
            self.leases[slot] = lease
            self.model.lent[slot] = .some(nil)
        case (.cancelled, .cancelled), (.refused, .refused), (.expired, .expired): break
        default: self.expect(false, "collect: \(ending)")
        }
    }

    private mutating func giveBack(_ random: inout SeededRandom) {
        guard let slot = self.any(self.leases.keys, &random), let lease = self.leases.removeValue(forKey: slot) else { return }
        self.oldLeases.append(lease)
        self.model.lent[slot] = nil
        self.expect(self.machine.giveBack(lease, at: self.instant) == self.model.place(slot), "give back")
    }

    private mutating func giveBackLate(_ random: inout SeededRandom) {
        guard let lease = self.oldLeases.randomElement(using: &random) else { return }
        self.expect(self.machine.giveBack(lease, at: self.instant) == nil, "a stale lease was taken back")
    }

    private mutating func create(_ random: inout SeededRandom) {
        while let slot = self.machine.beginCreation(at: self.instant) {
            self.expect(self.model.mayCreate && self.now >= self.model.retryAt, "creation: not wanted")
            self.model.making.append(slot)
            self.model.made += 1
        }
        self.expect(!(self.model.mayCreate && self.now >= self.model.retryAt), "creation: missing")
        guard let index = self.model.making.indices.randomElement(using: &random), Bool.random(using: &random) else { return }
        let slot = self.model.making.remove(at: index)
        if Int.random(in: 0..<3, using: &random) > 0 {
            self.model.failures = 0
            self.model.retryAt = .min
            self.expect(self.machine.creationSucceeded(slot, at: self.instant) == self.model.place(slot), "creation")
        } else {
            self.machine.creationFailed(slot, at: self.instant, fraction: 0.5)
            self.model.failed += 1
            self.model.retryAt = self.now + min(5_000_000_000, 10_000_000 << Int64(min(self.model.failures, 16))) / 2
            self.model.failures += 1
        }
    }

    private mutating func passTime(_ nanoseconds: Int64) {
        self.now += nanoseconds
        let due = self.model.queue.filter { $0.deadline <= self.now }
        self.model.queue.removeAll { $0.deadline <= self.now }
        for request in due { self.model.ended[request.id] = .expired }
        self.model.timedOut += due.count
        self.expect(Set(self.machine.expire(at: self.instant)) == Set(due.map(\.id)), "expire")
    }

    private mutating func drain() {
        guard self.model.phase == .open else { return }
        self.model.phase = .draining
        self.expect(self.machine.beginDraining() == self.model.queue.map(\.id), "drain")
        for request in self.model.queue { self.model.ended[request.id] = .refused }
        self.model.queue = []
    }

    private mutating func close() {
        self.model.phase = .closed
        self.model.abandoned += self.model.making.count
        for slot in self.model.making { self.expect(self.machine.slots[slot].state == .making, "close") }
        self.expect(self.machine.beginClosing() == self.model.idle.reversed(), "close: slots")
        for slot in self.model.making {
            self.expect(self.machine.creationSucceeded(slot, at: self.instant) == nil, "an abandoned creation was taken")
        }
        self.model.closing += self.model.idle
        (self.model.idle, self.model.making) = ([], [])
    }

    private mutating func finishClosing() {
        guard let slot = self.model.closing.popLast() else { return }
        self.machine.itemClosed(slot)
        self.model.closed += 1
    }

    /// What differs between the two, or is wrong by itself.
    private var difference: String? {
        let sample = self.machine.sample(name: "walk", resource: nil, listed: 1_000)
        if !sample.isBalanced { return "the books do not balance: \(sample)" }
        let model = self.model
        let counts = [sample.idle, sample.leased, sample.pending, sample.waiting, sample.made, sample.failed, sample.closed]
        let expected = [
            model.idle.count, model.lent.count, model.making.count + model.closing.count, model.queue.count, model.made, model.failed,
            model.closed,
        ]
        if counts != expected { return "counts \(counts), expected \(expected)" }
        if sample.abandoned != model.abandoned || sample.timedOut != model.timedOut { return "abandoned or timed out" }
        if sample.waiters.map(\.deadline.nanoseconds) != model.queue.map(\.deadline) { return "the queue's order" }
        let uncollected = Set(model.pending.keys).union(model.queue.map(\.id)).union(model.ended.keys)
        if self.machine.requests.inUse != uncollected.count { return "a request left something behind" }
        if let earliest = model.queue.map(\.deadline).min() {
            let alarm = model.failures > 0 && model.mayCreate ? min(earliest, model.retryAt) : earliest
            if self.machine.nextDeadline?.nanoseconds != alarm { return "the next deadline" }
        } else if self.machine.nextDeadline != nil {
            return "a deadline that nobody has"
        }
        return nil
    }

    private mutating func expect(_ condition: Bool, _ text: String) {
        if !condition, self.fault == nil { self.fault = text }
    }

    /// Any of them; drawn in an order that does not depend on the hash seed of the process.
    private func any<Elements: Sequence>(_ elements: Elements, _ random: inout SeededRandom) -> Elements.Element?
    where Elements.Element: Orderable {
        elements.sorted { $0.order < $1.order }.randomElement(using: &random)
    }
}

/// Something with a place in an order that is the same in every process.
private protocol Orderable {
    var order: UInt64 { get }
}

extension Int: Orderable {
    fileprivate var order: UInt64 { UInt64(self) }
}

extension PoolRequests.ID: Orderable {
    fileprivate var order: UInt64 { UInt64(self.index) << 32 | self.generation }
}
