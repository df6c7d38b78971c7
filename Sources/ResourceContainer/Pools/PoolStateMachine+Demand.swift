/// Serving the queue: idle items first, then validated ones, then new ones, and no more of them than are needed.
extension PoolStateMachine {
    /// The shortest and the longest bound of the random pause after a failure; it doubles in between.
    static let backOff = (shortest: Duration.milliseconds(10), longest: Duration.seconds(5))

    /// Does for those who wait, and for the minimum, what can be done now. To be called after everything that could have changed it.
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

    /// The same over all keys, in the order of the queue: who came first has the first claim on room, and idle items of other keys make
    /// way. Ends as soon as nothing more can be given: O(requests ahead of it that wait for their own key's limit).
    private mutating func serveKeys(at now: TimeSource.Instant) {
        self.pass &+= 1
        var wanted = 0
        var next = self.requests.first
        while let index = next {
            if self.idle == 0 && (self.occupied >= self.maximum || self.making >= self.rules.creationConcurrency) { return }
            next = self.requests[index].next
            let group = self.requests[index].group
            if self.groups[group].pass != self.pass {
                self.groups[group].pass = self.pass
                self.groups[group].covered = self.groups[group].making + self.groups[group].validating
            }
            // What the first of its key gets leaves what was on its way to the first for this one.
            if let first = self.requests.first(in: group), self.grantIdle(group, to: first, at: now) { continue }
            if self.groups[group].covered > 0 {
                self.groups[group].covered -= 1
                continue
            }
            guard self.supply(group, at: now) == .noRoom else { continue }
            wanted += 1
            if self.closing < wanted, let other = self.evictable(from: group) {
                self.unlink(other)
                self.counts.evicted += 1
                self.startClosing(other, at: now)
            }
        }
    }

    /// The idle item that has rested longest, of any other key. O(keys).
    private func evictable(from group: Int) -> Int? {
        var oldest: Int?
        for (other, here) in self.groups.enumerated() where other != group {
            guard let slot = here.oldestIdle else { continue }
            if oldest.map({ self.slots[slot].since < self.slots[$0].since }) ?? true { oldest = slot }
        }
        return oldest
    }

    /// Lends the next idle item of a group to a request if it needs no validation; nobody waits while there is one.
    private mutating func grantIdle(_ group: Int, to index: Int, at now: TimeSource.Instant) -> Bool {
        guard let slot = self.candidate(group), self.isFresh(slot, at: now) else { return false }
        self.unlink(slot)
        self.grant(slot, to: index, at: now)
        return true
    }

    private enum Supply {
        case begun
        /// Neither an item nor the right to make one.
        case none
        /// There would be one if the pool as a whole had room.
        case noRoom
    }

    /// Begins to validate or to make an item for a group's queue.
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

    /// Begins to look at an item that is no longer linked.
    mutating func validate(_ slot: Int, at now: TimeSource.Instant) {
        self.start(.validate, slot, .validating, at: now)
        self.counts.validations += 1
        self.validating += 1
        self.groups[self.slots[slot].group].validating += 1
        self.validatingTime.set(running: true, at: now)
        self.noteDeadline(now.later(by: self.rules.validateTimeout))
    }

    // MARK: The minimum

    /// Makes what is missing to the minimum, a replacement for what is to retire, or the one that shows whether making works again.
    private mutating func keepMinimum(at now: TimeSource.Instant) {
        guard self.isStarted else { return }
        while self.live + self.making < min(self.maximum, self.minimum + self.retiring) || (self.groups[0].isBroken && self.making == 0) {
            guard self.occupied < self.maximum, self.mayCreate(0, at: now) else { return }
            self.create(0, at: now)
        }
    }

    /// Whether an item may go without another one in its place.
    func mayRetire(live: Int, occupied: Int) -> Bool {
        if live > self.minimum { return true }
        // Without room for a replacement the item goes first, but only while all the others are there.
        return self.minimum == self.maximum && live == self.minimum && occupied == live
    }

    /// Closes idle items that are past their lifetime, as far as others have taken their place.
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

    // MARK: Making

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

    /// The pool is creating while it holds back after a failure, too.
    private mutating func noteCreating(at now: TimeSource.Instant) {
        self.creatingTime.set(running: self.making > 0 || self.failingGroups > 0, at: now)
    }

    /// The item of a slot is made. It serves the queue even if those who asked for it have gone; false if it comes too late to be of
    /// use, and is to be closed outside of the books. Its lifetime is shortened by a random part (`fraction`, 0 to 1) of the jitter.
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
            self.effects.tell(.circuitClosed)
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

    /// Making the item of a slot failed: nothing is made for its group until a random part (`fraction`, 0 to 1) of the present bound has
    /// passed, and then one at a time until one succeeds. False if the pool had given up on it before.
    @discardableResult
    mutating func creationFailed(_ use: Use, at now: TimeSource.Instant, fraction: Double) -> Bool {
        guard let slot = self.find(use, .making) else { return false }
        self.failed += 1
        self.endFailedMaking(slot, at: now, fraction: fraction)
        self.dispatch(at: now)
        return true
    }

    /// What a creation that failed, or did not come back, means for those to come.
    mutating func endFailedMaking(_ slot: Int, at now: TimeSource.Instant, fraction: Double) {
        let group = self.slots[slot].group
        self.endMaking(slot)
        // Those that were begun before the last failure say nothing new.
        if self.slots[slot].failuresBefore >= self.groups[group].failures {
            if self.groups[group].failures == 0 {
                self.groups[group].failingSince = now
                self.failingGroups += 1
            }
            let doublings = min(self.groups[group].failures, 16)
            let bound = min(Self.backOff.longest, Self.backOff.shortest * (1 << doublings))
            self.groups[group].failures += 1
            // At least a millisecond: a pause of nothing would be no pause.
            self.groups[group].retryAt = now + max(.milliseconds(1), bound * fraction)
            if self.rules.isKeyed { self.noteDeadline(self.groups[group].retryAt.later(by: self.rules.failFastAfter)) }
        }
        self.noteCreating(at: now)
        let here = self.groups[group]
        self.vacate(slot)
        let hasLive = here.occupied - 1 > here.making + self.slots.count { $0.state == .closing && $0.group == group }
        if !hasLive, (now - here.failingSince).wholeNanoseconds >= self.rules.failFastAfter { self.openCircuit(group) }
    }

    /// Refuses the queue of a group, and what asks from now on, until an item can be made again.
    private mutating func openCircuit(_ group: Int) {
        if !self.groups[group].isBroken {
            self.groups[group].isBroken = true
            self.effects.tell(.circuitOpened)
        }
        while let index = self.requests.first(in: group) {
            self.requests.dequeue(index, to: .refused(.unavailable))
            self.counts.refused += 1
            self.effects.resume(self.requests.id(of: index))
        }
    }
}
