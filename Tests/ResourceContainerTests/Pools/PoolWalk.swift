import ResourceSimulation

@testable import ResourceContainer

/// A state machine and its model that perform the same steps.
struct PoolWalk {
    var machine: PoolStateMachine
    var model: NaivePool
    var leases: [Int: PoolStateMachine.Use] = [:]
    var oldUses: [PoolStateMachine.Use] = []
    var oldRequests: [PoolRequests.ID] = []
    /// The running steps, by slot.
    var steps: [Int: PoolEffects.Step] = [:]
    /// Set by a step whose result differs from the model's.
    var fault: String?

    init(rules: PoolRules) {
        self.machine = PoolStateMachine(rules: rules)
        self.model = NaivePool(rules: rules)
    }

    var instant: TimeSource.Instant {
        TimeSource.Instant(nanoseconds: self.model.now)
    }

    /// Performs one step and returns the fault found after it, or nil.
    mutating func step(_ random: inout SeededRandom) -> String? {
        switch Int.random(in: 0..<200, using: &random) {
        case 0..<26: self.lease(&random)
        case 26..<56: self.begin(&random)
        case 56..<86: self.enqueue(&random)
        case 86..<98: self.cancel(&random)
        case 98..<118: self.collect(&random)
        case 118..<138: self.release(&random)
        case 138..<142: self.useLate(&random)
        case 142..<172: self.endStep(&random)
        case 172..<188: self.passTime(Int64.random(in: 1...60, using: &random) * 100_000, &random)
        case 188..<191: self.markBroken(&random)
        case 191..<193: self.resize(&random)
        case 193: self.expireAll()
        case 194: self.closeScope(&random)
        case 195: self.prefill()
        case 196: if Int.random(in: 0..<40, using: &random) == 0 { self.drain() }
        default: if self.model.phase == .draining { self.close() }
        }
        self.compareEffects()
        return self.fault ?? self.difference
    }

    // MARK: Acquiring

    private mutating func lease(_ random: inout SeededRandom) {
        let scope = ScopeID(UInt64.random(in: 0...3, using: &random))
        let requester = PoolStateMachine.Requester(fileID: "", line: 0, scope: scope, task: 0)
        let lease = self.machine.lease(to: requester, at: self.instant)
        let candidate =
            self.model.phase == .open && self.model.queue.isEmpty ? self.model.candidate.flatMap { self.model.isFresh($0) ? $0 : nil } : nil
        self.expect(lease?.slot == candidate.map { self.model.items[$0].slot }, "lease")
        guard let lease, let candidate else { return }
        self.model.lease(candidate)
        self.model.items[candidate].scope = scope
        self.leases[lease.slot] = lease
    }

    private mutating func begin(_ random: inout SeededRandom) {
        // Deadlines have the scale of the time steps and lie on different grids, so that they interleave.
        let budget = Int64.random(in: 1...200, using: &random)
        let deadline = self.model.now + budget * 100_000 + budget
        switch self.machine.begin(.nobody, at: self.instant, deadline: TimeSource.Instant(nanoseconds: deadline)) {
        case .request(let id):
            self.expect(self.model.refusal() == nil, "begin")
            self.model.pending.append(NaivePool.Request(id: id, deadline: deadline))
        case .refused(let refusal): self.expect(self.model.refusal() == refusal, "begin: refused")
        }
    }

    private mutating func enqueue(_ random: inout SeededRandom) {
        guard let index = self.model.pending.indices.randomElement(using: &random) else { return }
        let request = self.model.pending.remove(at: index)
        let isQueued = self.machine.enqueue(request.id, at: self.instant)
        if self.model.ended[request.id] == .cancelled { return self.expect(!isQueued, "enqueue: canceled before") }
        let isExhausted = self.model.rules.failsWhenEmpty && self.model.queue.count >= self.model.maximum - self.model.count(.leased)
        if let refusal = self.model.refusal() ?? (isExhausted ? .exhausted : nil) {
            self.expect(!isQueued, "enqueue: refused")
            self.model.ended[request.id] = .refused(refusal)
            return
        }
        self.model.isStarted = true
        self.model.queue.append(request)
        self.model.dispatch()
        self.expect(isQueued == (self.model.ended[request.id] == nil), "enqueue")
    }

    private mutating func cancel(_ random: inout SeededRandom) {
        let ids =
            self.model.pending.map(\.id) + self.model.queue.map(\.id) + self.sorted(self.model.ended.keys) + self.oldRequests.suffix(3)
        guard let id = ids.randomElement(using: &random) else { return }
        self.machine.cancel(id, at: self.instant)
        if let index = self.model.queue.firstIndex(where: { $0.id == id }) {
            self.model.queue.remove(at: index)
            self.model.ended[id] = .cancelled
            self.model.resumed.append(id)
            self.model.dispatch()
        } else if case .granted(let slot) = self.model.ended[id], let index = self.model.index(slot) {
            self.model.ended[id] = .cancelled
            self.model.putBack(index)
        } else if self.model.pending.contains(where: { $0.id == id }) {
            self.model.ended[id] = .cancelled
        }
    }

    private mutating func collect(_ random: inout SeededRandom) {
        // A request that was canceled before it queued still passes through the queue.
        let ids = self.sorted(self.model.ended.keys).filter { id in !self.model.pending.contains { $0.id == id } }
        guard let id = ids.randomElement(using: &random), let ending = self.model.ended.removeValue(forKey: id) else { return }
        self.oldRequests.append(id)
        switch (self.machine.collect(id), ending) {
        case (.lease(let lease, _), .granted(let slot)):
            self.expect(lease.slot == slot, "collect: another slot")
            self.leases[slot] = lease
        case (.refused(let refusal), .refused(let expected)): self.expect(refusal == expected, "collect: refused")
        case (.cancelled, .cancelled), (.expired, .expired): break
        default: self.expect(false, "collect: \(ending)")
        }
    }

    private mutating func release(_ random: inout SeededRandom) {
        guard let slot = self.leases.keys.sorted().randomElement(using: &random), let lease = self.leases.removeValue(forKey: slot),
            let index = self.model.index(slot)
        else { return }
        self.oldUses.append(lease)
        self.model.release(index)
        self.expect(self.machine.release(lease, at: self.instant), "release")
    }

    /// Performs every operation with the identity of an ended use.
    private mutating func useLate(_ random: inout SeededRandom) {
        guard let use = self.oldUses.randomElement(using: &random) else { return }
        self.expect(!self.machine.release(use, at: self.instant), "a stale lease was released")
        self.expect(!self.machine.markBroken(use), "a stale lease was marked")
        self.expect(!self.machine.creationSucceeded(use, at: self.instant, fraction: 0), "a late creation was accepted")
        self.expect(!self.machine.creationFailed(use, at: self.instant, fraction: 0), "a late failure was counted")
        self.expect(!self.machine.itemClosed(use, at: self.instant), "a late close was counted")
        self.machine.validationEnded(use, isValid: false, at: self.instant)
        self.machine.resetEnded(use, isFit: false, at: self.instant)
    }

    private mutating func markBroken(_ random: inout SeededRandom) {
        guard let slot = self.leases.keys.sorted().randomElement(using: &random), let lease = self.leases[slot] else { return }
        self.expect(self.machine.markBroken(lease), "mark broken")
        if let index = self.model.index(slot) { self.model.items[index].isBroken = true }
    }

    // MARK: Background steps

    private mutating func endStep(_ random: inout SeededRandom) {
        guard let slot = self.steps.keys.sorted().randomElement(using: &random), let step = self.steps.removeValue(forKey: slot) else {
            return
        }
        self.oldUses.append(step.use)
        let isGood = Int.random(in: 0..<4, using: &random) > 0
        guard let index = self.model.index(slot) else { return }
        switch step.kind {
        case .make:
            if isGood {
                let wasLifetime = self.model.rules.lifetime
                if wasLifetime < .max {
                    self.model.items[index].retireAt = self.model.now + wasLifetime - Int64(Double(wasLifetime) * 0.05)
                }
                (self.model.failures, self.model.retryAt, self.model.isBroken) = (0, .min, false)
                self.model.place(index)
                self.expect(self.machine.creationSucceeded(step.use, at: self.instant, fraction: 0.5), "made")
            } else {
                self.model.failed += 1
                self.model.fail(index, fraction: 0.5)
                self.model.dispatch()
                self.expect(self.machine.creationFailed(step.use, at: self.instant, fraction: 0.5), "not made")
            }
        case .validate:
            if isGood {
                self.model.place(index)
            } else {
                self.model.close(index)
                self.model.dispatch()
            }
            self.machine.validationEnded(step.use, isValid: isGood, at: self.instant)
        case .reset:
            self.model.endReset(index, isFit: isGood)
            self.machine.resetEnded(step.use, isFit: isGood, at: self.instant)
        case .close:
            self.model.items.remove(at: index)
            self.model.closed += 1
            self.model.dispatch()
            self.expect(self.machine.itemClosed(step.use, at: self.instant), "closed")
        }
    }

    // MARK: Time and the whole pool

    private mutating func passTime(_ nanoseconds: Int64, _ random: inout SeededRandom) {
        let before = self.machine.earliest
        self.model.now += nanoseconds
        // The housekeeper runs at the time that the machine returned, or later. Before that it has nothing to do.
        guard before <= self.instant else { return }
        self.model.sweep(fraction: 0.5)
        self.machine.sweep(at: self.instant, fraction: 0.5)
    }

    private mutating func resize(_ random: inout SeededRandom) {
        let maximum = Int.random(in: 1...6, using: &random)
        let minimum = Int.random(in: 0...maximum, using: &random)
        self.model.resize(maximum: maximum, minimum: minimum)
        self.machine.resize(maximum: maximum, minimum: minimum, at: self.instant)
    }

    private mutating func expireAll() {
        self.model.epoch += 1
        for index in self.model.idle { self.model.close(index) }
        self.model.dispatch()
        self.machine.expireAll(at: self.instant)
    }

    private mutating func closeScope(_ random: inout SeededRandom) {
        let scope = ScopeID(UInt64.random(in: 0...3, using: &random))
        for index in self.model.items.indices where self.model.items[index].state == .leased && self.model.items[index].scope == scope {
            if !self.model.items[index].isLost { self.model.lost += 1 }
            self.model.items[index].isLost = true
        }
        self.machine.scopeClosed(scope, at: self.instant)
    }

    private mutating func prefill() {
        guard self.model.phase == .open else { return }
        self.model.isStarted = true
        self.model.dispatch()
        self.machine.prefill(at: self.instant)
    }

    private mutating func drain() {
        guard self.model.phase == .open else { return }
        self.model.phase = .draining
        for request in self.model.queue { self.model.ended[request.id] = .refused(.closed) }
        self.model.resumed += self.model.queue.map(\.id)
        self.model.queue = []
        self.machine.beginDraining()
    }

    private mutating func close() {
        self.model.close()
        self.machine.beginClosing(at: self.instant)
    }
}
