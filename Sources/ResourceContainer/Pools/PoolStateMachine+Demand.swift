/// Serving the queue: with fresh idle items first, then validated ones, then new ones, and never more than the queue needs.
extension PoolStateMachine {
    /// The smallest and largest bound of the random pause after a failure. The bound doubles with each failure.
    static let backOff = (shortest: Duration.milliseconds(10), longest: Duration.seconds(5))

    /// Serves the queue and the minimum as far as currently possible. Call after every change that may affect either.
    mutating func dispatch(at now: TimeSource.Instant) {
        guard self.phase == .open else { return }
        if self.rules.isKeyed {
            self.serveKeys(at: now)
        } else {
            self.serveQueue(at: now)
            if self.retiring > 0 { self.retireIdle(at: now) }
            self.keepMinimum(at: now)
        }
    }

    // MARK: The queue

    private mutating func serveQueue(at now: TimeSource.Instant) {
        while let index = self.requests.first {
            if self.grantIdle(0, to: index, at: now) { continue }
            guard self.requests.count > self.groups[0].making + self.groups[0].validating else { return }
            guard self.supply(0, at: now) == .begun else { return }
        }
    }

    /// Serves the queue of a keyed pool in order, so the earliest request has the first claim on room and idle items of other keys are
    /// evicted for it. Ends when nothing more can be served, at the latest when every key with requests is known to be stuck: O(requests up
    /// to the first of the last such key that items in progress do not cover).
    private mutating func serveKeys(at now: TimeSource.Instant) {
        self.pass &+= 1
        var wanted = 0
        // Nothing in a pass adds idle items to a key or lets it create items, so a stuck key stays stuck and keeps its requests.
        var stuck = 0
        var next = self.requests.first
        while let index = next {
            if self.idle == 0 && (self.occupied >= self.maximum || self.making >= self.rules.creationConcurrency) { return }
            if stuck == self.requests.waitingGroups { return }
            next = self.requests[index].next
            let group = self.requests[index].group
            if self.groups[group].pass != self.pass {
                self.groups[group].pass = self.pass
                self.groups[group].covered = self.groups[group].making + self.groups[group].validating
                self.groups[group].isStuck = false
            }
            if self.groups[group].isStuck { continue }
            // If the first request of the key is served here, an item in progress becomes available for this one.
            if let first = self.requests.first(in: group), self.grantIdle(group, to: first, at: now) { continue }
            if self.groups[group].covered > 0 {
                self.groups[group].covered -= 1
                continue
            }
            switch self.supply(group, at: now) {
            case .begun:
                continue
            case .none:
                self.groups[group].isStuck = true
                stuck += 1
                continue
            case .noRoom:
                wanted += 1
            }
            if self.closing < wanted, let other = self.evictable(from: group) {
                self.unlink(other)
                self.counts.evicted += 1
                self.startClosing(other, at: now)
            }
        }
    }

    /// The longest idle item of any other key. O(keys).
    private func evictable(from group: Int) -> Int? {
        var oldest: Int?
        for (other, here) in self.groups.enumerated() where other != group {
            guard let slot = here.oldestIdle else { continue }
            if oldest.map({ self.slots[slot].since < self.slots[$0].since }) ?? true { oldest = slot }
        }
        return oldest
    }

    /// Leases the next idle item of a group to a request if it needs no validation.
    private mutating func grantIdle(_ group: Int, to index: Int, at now: TimeSource.Instant) -> Bool {
        guard let slot = self.candidate(group), self.isFresh(slot, at: now) else { return false }
        self.unlink(slot)
        self.grant(slot, to: index, at: now)
        return true
    }

    private enum Supply {
        case begun
        /// There is no idle item, and none may be created.
        case none
        /// An item could be created if the pool as a whole had room.
        case noRoom
    }

    /// Starts to validate or create an item for a group's queue.
    private mutating func supply(_ group: Int, at now: TimeSource.Instant) -> Supply {
        if let slot = self.candidate(group) {
            self.unlink(slot)
            self.validate(slot, at: now)
            return .begun
        }
        guard self.mayCreate(group, at: now) else { return .none }
        guard self.occupied < self.maximum else { return .noRoom }
        self.create(group, at: now)
        return .begun
    }

    /// Starts to validate an unlinked item.
    mutating func validate(_ slot: Int, at now: TimeSource.Instant) {
        self.start(.validate, slot, .validating, at: now)
        self.counts.validations += 1
        self.validating += 1
        self.groups[self.slots[slot].group].validating += 1
        self.validatingTime.set(running: true, at: now)
        self.noteDeadline(now.later(by: self.rules.validateTimeout))
    }

    // MARK: The minimum

    /// Creates items up to the minimum, replacements for retiring items, and the probe of a group that is refused.
    private mutating func keepMinimum(at now: TimeSource.Instant) {
        guard self.isStarted else { return }
        while self.live + self.making < min(self.maximum, self.minimum + self.retiring) || (self.groups[0].isBroken && self.making == 0) {
            guard self.occupied < self.maximum, self.mayCreate(0, at: now) else { return }
            self.create(0, at: now)
        }
    }

    /// Whether an item may retire without another replacement.
    func mayRetire(live: Int, occupied: Int) -> Bool {
        if live > self.minimum { return true }
        // Without room for a replacement the item is closed first, but only while all other items are present.
        return self.minimum == self.maximum && live == self.minimum && occupied == live
    }

    /// Closes idle items past their lifetime, as far as they have been replaced.
    mutating func retireIdle(at now: TimeSource.Instant) {
        var next = self.groups[0].oldestIdle
        while self.retiring > 0, let slot = next, self.mayRetire(live: self.live, occupied: self.occupied) {
            next = self.slots[slot].newer
            guard self.slots[slot].isRetiring else { continue }
            self.unlink(slot)
            self.counts.retired += 1
            self.startClosing(slot, at: now)
        }
    }

    // MARK: Creating

    private mutating func mayCreate(_ group: Int, at now: TimeSource.Instant) -> Bool {
        let here = self.groups[group]
        guard self.making < self.rules.creationConcurrency, here.failures == 0 || here.making == 0 else { return false }
        if let limit = self.rules.maximumPerKey, here.occupied >= limit { return false }
        if now >= here.retryAt { return true }
        self.noteDeadline(here.retryAt)
        return false
    }

    private mutating func create(_ group: Int, at now: TimeSource.Instant) {
        let slot = self.empty.popLast() ?? self.slots.count
        if slot == self.slots.count { self.slots.append(Slot()) }
        self.slots[slot].group = group
        self.slots[slot].epoch = self.epoch
        self.slots[slot].failuresBefore = self.groups[group].failures
        self.groups[group].occupied += 1
        self.groups[group].making += 1
        self.making += 1
        self.made += 1
        self.start(.make, slot, .making, at: now)
        self.noteDeadline(now.later(by: self.rules.createTimeout))
        self.creatingTime.set(running: true, at: now)
    }

    private mutating func endMaking(_ slot: Int) {
        self.making -= 1
        self.groups[self.slots[slot].group].making -= 1
    }

    /// The pause after a failure counts as creating, too.
    private mutating func noteCreating(at now: TimeSource.Instant) {
        self.creatingTime.set(running: self.making > 0 || self.failingGroups > 0, at: now)
    }

    /// Reports that the item of a slot was created. It serves the queue even if the requests that caused it are gone.
    ///
    /// Returns false if the item comes too late and must be closed outside the books. The item's lifetime is shortened by the part
    /// `fraction` (0 to 1) of the jitter.
    mutating func creationSucceeded(_ use: Use, at now: TimeSource.Instant, fraction: Double) -> Bool {
        guard let slot = self.find(use, .making) else { return false }
        let group = self.slots[slot].group
        self.counts.creations.record(nanoseconds: now.nanoseconds(since: self.slots[slot].stepSince))
        self.endMaking(slot)
        if self.groups[group].failures > 0 { self.failingGroups -= 1 }
        self.groups[group].failures = 0
        self.groups[group].retryAt = TimeSource.Instant(nanoseconds: .min)
        if self.groups[group].isBroken {
            self.groups[group].isBroken = false
            self.effects.report(.circuitClosed)
        }
        self.noteCreating(at: now)
        if self.rules.lifetime < .max {
            let jitter = Double(self.rules.lifetime) * self.rules.lifetimeJitter * fraction
            self.slots[slot].retireAt = now.later(by: self.rules.lifetime - Int64(jitter))
            self.noteDeadline(self.slots[slot].retireAt)
        }
        self.place(slot, at: now)
        return true
    }

    /// Reports that the creation of an item failed.
    ///
    /// The group creates nothing until the part `fraction` (0 to 1) of the current back-off bound has passed, and then one item at a time
    /// until a creation succeeds. Returns false if the creation had been abandoned.
    @discardableResult
    mutating func creationFailed(_ use: Use, at now: TimeSource.Instant, fraction: Double) -> Bool {
        guard let slot = self.find(use, .making) else { return false }
        self.failed += 1
        self.endFailedMaking(slot, at: now, fraction: fraction)
        self.dispatch(at: now)
        return true
    }

    /// Updates the back-off and health of a group after a creation failed or timed out.
    mutating func endFailedMaking(_ slot: Int, at now: TimeSource.Instant, fraction: Double) {
        let group = self.slots[slot].group
        self.endMaking(slot)
        // Creations that began before the last failure carry no new information.
        if self.slots[slot].failuresBefore >= self.groups[group].failures {
            if self.groups[group].failures == 0 {
                self.groups[group].failingSince = now
                self.failingGroups += 1
            }
            let doublings = min(self.groups[group].failures, 16)
            let bound = min(Self.backOff.longest, Self.backOff.shortest * (1 << doublings))
            self.groups[group].failures += 1
            // At least one millisecond, because the random part may be zero.
            self.groups[group].retryAt = now + max(.milliseconds(1), bound * fraction)
            if self.rules.isKeyed { self.noteDeadline(self.groups[group].retryAt.later(by: self.rules.failFastAfter)) }
        }
        self.noteCreating(at: now)
        let here = self.groups[group]
        self.vacate(slot)
        let hasLive = here.occupied - 1 > here.making + self.slots.count { $0.state == .closing && $0.group == group }
        if !hasLive, (now - here.failingSince).wholeNanoseconds >= self.rules.failFastAfter { self.openCircuit(group) }
    }

    /// Refuses the queue and all new requests of a group until an item can be created again.
    private mutating func openCircuit(_ group: Int) {
        if !self.groups[group].isBroken {
            self.groups[group].isBroken = true
            self.effects.report(.circuitOpened)
        }
        while let index = self.requests.first(in: group) {
            self.requests.dequeue(index, to: .refused(.unavailable))
            self.counts.refused += 1
            self.effects.resume(self.requests.id(of: index))
        }
    }
}
