@testable import ResourceContainer

/// Comparison of the state machine with the model.
extension PoolWalk {
    mutating func compareEffects() {
        let effects = self.machine.effects.take()
        // Requests that expire at the same instant expire in no defined order.
        self.expect(self.sorted(effects.resumed) == self.sorted(self.model.resumed), "resumed \(effects.resumed.map(\.index))")
        let made = effects.steps.filter { $0.kind == .make }.map(\.use.slot)
        // The model's new items get the slots that the machine chose.
        for (slot, index) in zip(made, self.model.items.indices.filter { self.model.items[$0].slot < 0 }) {
            self.expect(self.model.index(slot) == nil, "slot \(slot) was taken twice")
            let item = self.model.items[index]
            self.model.items[index] = NaivePool.Item(
                slot: slot,
                epoch: item.epoch,
                failuresBefore: item.failuresBefore,
                since: item.since,
                stepSince: item.stepSince
            )
        }
        let steps = effects.steps.map { step -> NaivePool.Effect in
            switch step.kind {
            case .make: .make
            case .validate: .validate(step.use.slot)
            case .reset: .reset(step.use.slot)
            case .close: .close(step.use.slot)
            }
        }
        self.expect(steps == self.model.effects, "steps \(steps), expected \(self.model.effects)")
        for step in effects.steps {
            if let replaced = self.steps[step.use.slot] { self.oldUses.append(replaced.use) }
            self.steps[step.use.slot] = step
        }
        for (slot, step) in self.steps where self.machine.slots[slot].generation != step.use.generation {
            self.oldUses.append(step.use)
            self.steps[slot] = nil
        }
        (self.model.effects, self.model.resumed) = ([], [])
    }

    /// The first difference between the two or inconsistency of one of them; nil if there is none.
    var difference: String? {
        let sample = self.machine.sample(name: "walk", resource: nil, listed: 1_000)
        if !sample.isBalanced { return "the books do not balance: \(sample)" }
        let model = self.model
        let pending = model.count(.making, .validating, .resetting, .closing)
        let counts = [
            sample.idle, sample.leased, sample.pending, sample.validating, sample.resetting, sample.waiting, sample.made, sample.failed,
            sample.closed, sample.abandoned, sample.timedOut, sample.leaseLimit, sample.leaksSuspected, sample.leaksWithdrawn, sample.lost,
            sample.reaped, sample.brokenDiscarded,
        ]
        let expected = [
            model.count(.idle), model.count(.leased), pending, model.count(.validating), model.count(.resetting), model.queue.count,
            model.made, model.failed, model.closed, model.abandoned, model.timedOut, model.leaseLimit, model.suspected, model.withdrawn,
            model.lost, model.reaped, model.brokenDiscarded,
        ]
        if counts != expected { return "counts \(counts), expected \(expected)" }
        if sample.waiters.map(\.deadline.nanoseconds) != model.queue.map(\.deadline) { return "the queue's order" }
        if Set(sample.holders.map(\.slot)) != Set(model.slots(.leased)) { return "the holders" }
        if self.machine.groups[0].isBroken != model.isBroken || self.machine.groups[0].failures != model.failures { return "failures" }
        if self.machine.retiring != model.items.count(where: \.isRetiring) { return "retiring" }
        let uncollected = Set(model.pending.map(\.id)).union(model.queue.map(\.id)).union(model.ended.keys)
        if self.machine.requests.inUse != uncollected.count { return "a request was not removed" }
        if model.phase == .open, !model.queue.isEmpty, let candidate = model.candidate, model.isFresh(candidate) {
            return "a request waits although an item is idle"
        }
        if let due = model.queue.map(\.deadline).min(), self.machine.earliest.nanoseconds > due { return "a deadline is missed" }
        return nil
    }

    mutating func expect(_ condition: Bool, _ text: String) {
        if !condition, self.fault == nil { self.fault = text }
    }

    /// Sorts in an order that does not depend on the process's hash seed.
    func sorted(_ ids: some Sequence<PoolRequests.ID>) -> [PoolRequests.ID] {
        ids.sorted { ($0.index, $0.generation) < ($1.index, $1.generation) }
    }
}
