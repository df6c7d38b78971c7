/// Slots exposed in the front, where callers lease and release them without the state machine.
extension PoolStateMachine {
    /// Whether idle slots may be exposed: no request is queued, and nothing but the lifetime of an item decides about its next release.
    private var mayExpose: Bool {
        self.phase == .open && self.requests.count == 0 && self.retiring == 0 && self.leaseLimit <= self.maximum
            && self.occupied - self.closing <= self.maximum
    }

    /// The idle slots to expose, longest idle first.
    func slotsToExpose(_ front: PoolFront) -> [Int] {
        guard front.capacity > 0, self.idle > 0, self.mayExpose else { return [] }
        var slots: [Int] = []
        var next = self.groups[0].oldestIdle
        while let slot = next {
            next = self.slots[slot].newer
            if slot < front.capacity { slots.append(slot) }
        }
        return slots
    }

    /// Exposes an idle slot.
    mutating func expose(_ slot: Int, at now: TimeSource.Instant) {
        self.unlink(slot)
        self.slots[slot].state = .exposed
        self.exposed.append(slot)
        // No lease and no release in the front notes a deadline, so the earliest one that either can have is noted here.
        self.noteDeadline(now.later(by: min(self.rules.leakThreshold, self.rules.idleTimeout, self.rules.keepalive)))
    }

    /// Takes all exposed slots back, in the order in which they became idle.
    mutating func takeBack(_ front: PoolFront) {
        var idle: [PoolFront.Returned] = []
        for slot in self.exposed {
            let returned = front.take(slot)
            if returned.rest == nil { self.takeLeased(returned) } else { idle.append(returned) }
        }
        self.exposed.removeAll(keepingCapacity: true)
        idle.sort { left, right in
            guard let left = left.rest, let right = right.rest else { return false }
            return (left.since, left.stamp) < (right.since, right.stamp)
        }
        for returned in idle { self.takeIdle(returned, front) }
        self.readHolders(front)
    }

    /// Takes back the exposed slots that are leased to a scope.
    mutating func takeBack(leasedTo scope: ScopeID, _ front: PoolFront) {
        for slot in self.exposed where front.isLeased(slot, to: scope) {
            let returned = front.take(slot)
            if returned.rest == nil { self.takeLeased(returned) } else { self.takeIdle(returned, front) }
        }
        self.exposed.removeAll { self.slots[$0].state != .exposed }
        self.readHolders(front)
    }

    /// Takes a slot back if it is exposed.
    mutating func takeBack(_ slot: Int, _ front: PoolFront) {
        guard self.slots.indices.contains(slot), self.slots[slot].state == .exposed else { return }
        let returned = front.take(slot)
        if returned.rest == nil { self.takeLeased(returned) } else { self.takeIdle(returned, front) }
        self.exposed.removeAll { $0 == slot }
        self.readHolders(front)
    }

    private mutating func takeIdle(_ returned: PoolFront.Returned, _ front: PoolFront) {
        guard let rest = returned.rest else { return }
        let slot = returned.slot
        self.countLeases(of: returned)
        front.moveHolds(of: slot, to: &self.counts.holds)
        self.slots[slot].since = rest.since
        self.slots[slot].provenAt = rest.provenAt
        self.linkAsNewest(slot)
    }

    private mutating func takeLeased(_ returned: PoolFront.Returned) {
        let slot = returned.slot
        self.countLeases(of: returned)
        self.leased += 1
        self.slots[slot].state = .leased
        self.slots[slot].requester = .nobody
        self.slots[slot].since = TimeSource.Instant(nanoseconds: .max)
        self.unpublished.append(slot)
    }

    private mutating func countLeases(of returned: PoolFront.Returned) {
        self.counts.leases += Int(returned.generation &- self.slots[returned.slot].generation)
        self.slots[returned.slot].generation = returned.generation
    }

    /// Reads the holders that had not been written when their slots were taken back.
    mutating func readHolders(_ front: PoolFront) {
        if self.unpublished.isEmpty { return }
        self.unpublished.removeAll { slot in
            guard self.slots[slot].isUnpublished else { return true }
            guard let holder = front.holder(of: slot, generation: self.slots[slot].generation) else { return false }
            self.slots[slot].requester = holder.requester
            self.slots[slot].since = holder.since
            return true
        }
    }
}
