/// Releasing: usable items go to the next request or become idle, the others are closed.
extension PoolStateMachine {
    /// Ends a lease, whose duration the front may have recorded. Returns false and changes nothing if it has already ended.
    mutating func release(_ use: Use, isDropped: Bool = false, isRecorded: Bool = false, at now: TimeSource.Instant) -> Bool {
        guard let slot = self.find(use, .leased) else {
            self.counts.staleReturns += 1
            return false
        }
        self.leased -= 1
        if !isRecorded { self.counts.holds.record(nanoseconds: now.nanoseconds(since: self.slots[slot].since)) }
        if isDropped { self.counts.dropped += 1 }
        if self.leaseLimit > self.maximum { self.leaseLimit = max(self.maximum, self.leased) }
        if self.slots[slot].isSuspected { self.withdrawSuspicion(slot, at: now) }
        if self.slots[slot].isLost { self.recover(slot, at: now) }
        self.slots[slot].provenAt = now
        if let reason = self.reasonToDiscard(slot, at: now) {
            self.count(reason)
            self.startClosing(slot, at: now)
        } else if self.rules.resets, self.phase == .open {
            self.start(.reset, slot, .resetting, at: now)
            self.resetting += 1
            self.noteDeadline(now.later(by: self.rules.resetTimeout))
        } else {
            self.rest(slot, since: now)
            // The usual case: no request is queued, and no item needs to be created.
            if self.requests.count == 0, self.retiring == 0 { return true }
        }
        self.dispatch(at: now)
        return true
    }

    /// Takes back an item that was granted to a request but never reached its caller.
    mutating func putBack(_ use: Use, at now: TimeSource.Instant) {
        guard let slot = self.find(use, .leased) else { return }
        self.leased -= 1
        if self.leaseLimit > self.maximum { self.leaseLimit = max(self.maximum, self.leased) }
        if self.phase == .closed || self.isSurplus(slot) {
            self.startClosing(slot, at: now)
        } else {
            self.rest(slot, since: now)
        }
        self.dispatch(at: now)
    }

    /// Marks the item as broken: it is closed when it is released. Returns false if the lease has ended.
    mutating func markBroken(_ use: Use) -> Bool {
        guard let slot = self.find(use, .leased) else { return false }
        self.slots[slot].isBroken = true
        return true
    }

    /// Marks the item of a leased slot as broken. Returns false if the slot is not leased.
    mutating func markBroken(slot: Int) -> Bool {
        guard self.slots.indices.contains(slot), self.slots[slot].state == .leased else { return false }
        self.slots[slot].isBroken = true
        return true
    }

    /// Makes an item idle.
    mutating func rest(_ slot: Int, since now: TimeSource.Instant) {
        self.slots[slot].since = now
        self.linkAsNewest(slot)
        self.noteDeadline(now.later(by: min(self.rules.idleTimeout, self.rules.keepalive)))
    }

    /// Places an item that was just created or validated: with the first request of its group, or among the idle items.
    mutating func place(_ slot: Int, at now: TimeSource.Instant) {
        self.slots[slot].provenAt = now
        if self.phase == .closed || self.isSurplus(slot) {
            self.startClosing(slot, at: now)
        } else if self.phase == .open, let index = self.requests.first(in: self.slots[slot].group) {
            self.grant(slot, to: index, at: now)
        } else if self.slots[slot].isKeptAlive {
            // A keepalive is not a use, so the item keeps its idle time and stays first to be reaped.
            self.linkAsOldest(slot)
            self.noteDeadline(now.later(by: self.rules.keepalive))
            self.noteDeadline(self.slots[slot].since.later(by: self.rules.idleTimeout))
        } else {
            self.rest(slot, since: now)
        }
        self.slots[slot].isKeptAlive = false
        self.dispatch(at: now)
    }

    // MARK: Discarding

    private enum Discard {
        case closed, broken, expired, surplus, retired
    }

    /// Whether an item that no counter currently includes exceeds the maximum or belongs to an earlier epoch.
    private func isSurplus(_ slot: Int) -> Bool {
        self.slots[slot].epoch != self.epoch || self.occupied - self.closing >= self.maximum
    }

    private mutating func reasonToDiscard(_ slot: Int, at now: TimeSource.Instant) -> Discard? {
        if self.phase == .closed { return .closed }
        if self.slots[slot].isBroken { return .broken }
        if self.slots[slot].epoch != self.epoch { return .expired }
        if self.occupied - self.closing >= self.maximum { return .surplus }
        guard now >= self.slots[slot].retireAt, self.phase == .open else { return nil }
        if self.mayRetire(live: self.live + 1, occupied: self.occupied + 1) { return .retired }
        if !self.slots[slot].isRetiring {
            self.slots[slot].isRetiring = true
            self.retiring += 1
        }
        return nil
    }

    private mutating func count(_ reason: Discard) {
        switch reason {
        case .closed, .surplus: break
        case .broken: self.counts.brokenDiscarded += 1
        case .expired: self.counts.expired += 1
        case .retired: self.counts.retired += 1
        }
    }

    private mutating func withdrawSuspicion(_ slot: Int, at now: TimeSource.Instant) {
        self.slots[slot].isSuspected = false
        self.counts.leaksWithdrawn += 1
        self.effects.report(.leakWithdrawn(location: self.slots[slot].requester.location, held: now - self.slots[slot].since))
    }

    private mutating func recover(_ slot: Int, at now: TimeSource.Instant) {
        self.slots[slot].isLost = false
        self.effects.report(.leaseRecovered(location: self.slots[slot].requester.location, held: now - self.slots[slot].since))
    }

    // MARK: Background steps

    /// Starts a step on a slot under a new generation.
    mutating func start(_ kind: PoolEffects.Step.Kind, _ slot: Int, _ state: SlotState, at now: TimeSource.Instant) {
        self.slots[slot].state = state
        self.slots[slot].generation &+= 1
        self.slots[slot].stepSince = now
        let use = Use(slot: slot, generation: self.slots[slot].generation)
        self.effects.start(kind, use, group: self.slots[slot].group)
    }

    /// Starts to close an item that no counter currently includes.
    mutating func startClosing(_ slot: Int, at now: TimeSource.Instant) {
        self.start(.close, slot, .closing, at: now)
        self.closing += 1
        if self.slots[slot].isRetiring {
            self.slots[slot].isRetiring = false
            self.retiring -= 1
        }
        self.noteDeadline(now.later(by: self.rules.closeTimeout))
    }

    /// Empties a slot.
    mutating func vacate(_ slot: Int) {
        let (group, generation) = (self.slots[slot].group, self.slots[slot].generation)
        self.slots[slot] = Slot()
        self.slots[slot].generation = generation &+ 1
        self.empty.append(slot)
        self.groups[group].occupied -= 1
        self.reportIfUnused(group)
    }

    /// Reports that the close of an item ended, with or without an error. Returns false if the close had been abandoned.
    @discardableResult
    mutating func itemClosed(_ use: Use, at now: TimeSource.Instant) -> Bool {
        guard let slot = self.find(use, .closing) else { return false }
        self.closing -= 1
        self.closed += 1
        self.vacate(slot)
        self.dispatch(at: now)
        return true
    }

    /// Reports that the reset of an item ended.
    mutating func resetEnded(_ use: Use, isFit: Bool, at now: TimeSource.Instant) {
        guard let slot = self.find(use, .resetting) else { return }
        self.resetting -= 1
        if isFit, self.phase != .closed, !self.isSurplus(slot) {
            self.slots[slot].provenAt = now
            self.rest(slot, since: now)
        } else {
            if !isFit { self.counts.resetFailures += 1 }
            self.startClosing(slot, at: now)
        }
        self.dispatch(at: now)
    }

    /// Reports that the validation of an item ended.
    mutating func validationEnded(_ use: Use, isValid: Bool, at now: TimeSource.Instant) {
        guard let slot = self.find(use, .validating) else { return }
        self.endValidating(slot, at: now)
        if isValid { return self.place(slot, at: now) }
        self.counts.validationFailures += 1
        self.startClosing(slot, at: now)
        self.dispatch(at: now)
    }

    mutating func endValidating(_ slot: Int, at now: TimeSource.Instant) {
        self.validating -= 1
        self.groups[self.slots[slot].group].validating -= 1
        self.validatingTime.set(running: self.validating > 0, at: now)
    }
}
