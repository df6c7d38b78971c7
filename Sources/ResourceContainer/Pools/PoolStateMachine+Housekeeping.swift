/// Expired deadlines, and operations on the pool as a whole.
extension PoolStateMachine {
    /// Processes every expired deadline and determines the next one. O(slots).
    mutating func sweep(at now: TimeSource.Instant, fraction: Double) {
        self.earliest = TimeSource.Instant(nanoseconds: .max)
        self.expireRequests(at: now)
        for slot in self.slots.indices { self.sweep(slot, at: now, fraction: fraction) }
        self.reap(at: now)
        if self.rules.isKeyed { self.forgetFailures(at: now) }
        self.dispatch(at: now)
        if let index = self.requests.earliest { self.noteDeadline(self.requests[index].deadline) }
    }

    private mutating func expireRequests(at now: TimeSource.Instant) {
        while let index = self.requests.earliest, self.requests[index].deadline <= now {
            self.noteWait(index, at: now)
            self.requests.dequeue(index, to: .expired)
            self.counts.timedOut += 1
            self.effects.resume(self.requests.id(of: index))
        }
    }

    private mutating func sweep(_ slot: Int, at now: TimeSource.Instant, fraction: Double) {
        switch self.slots[slot].state {
        case .empty, .exposed:
            break
        case .making:
            guard self.isOver(slot, self.rules.createTimeout, at: now) else { return }
            self.abandoned += 1
            self.effects.report(.creationTimedOut)
            self.endFailedMaking(slot, at: now, fraction: fraction)
        case .validating:
            guard self.isOver(slot, self.rules.validateTimeout, at: now) else { return }
            self.endValidating(slot, at: now)
            self.counts.validationFailures += 1
            self.effects.report(.validationTimedOut)
            self.startClosing(slot, at: now)
        case .resetting:
            guard self.isOver(slot, self.rules.resetTimeout, at: now) else { return }
            self.resetting -= 1
            self.counts.resetFailures += 1
            self.effects.report(.resetTimedOut)
            self.startClosing(slot, at: now)
        case .closing:
            guard self.isOver(slot, self.rules.closeTimeout, at: now) else { return }
            self.abandonClosing(slot)
        case .leased:
            guard !self.slots[slot].isSuspected, self.rules.leakThreshold < .max, self.phase != .closed else { return }
            if self.slots[slot].isUnpublished { return self.noteDeadline(now.later(by: self.rules.leakThreshold)) }
            let due = self.slots[slot].since.later(by: self.rules.leakThreshold)
            guard due <= now else { return self.noteDeadline(due) }
            self.slots[slot].isSuspected = true
            self.counts.leaksSuspected += 1
            let requester = self.slots[slot].requester
            let held = now - self.slots[slot].since
            self.effects.report(.leakSuspected(location: requester.location, scope: requester.scope, held: held))
        case .idle:
            self.sweepIdle(slot, at: now)
        }
    }

    /// Whether a step has timed out; notes its deadline if not.
    private mutating func isOver(_ slot: Int, _ limit: Int64, at now: TimeSource.Instant) -> Bool {
        let end = self.slots[slot].stepSince.later(by: limit)
        if end <= now { return true }
        self.noteDeadline(end)
        return false
    }

    private mutating func sweepIdle(_ slot: Int, at now: TimeSource.Instant) {
        guard self.phase == .open else { return }
        if self.slots[slot].retireAt <= now {
            if !self.slots[slot].isRetiring, !self.rules.isKeyed {
                self.slots[slot].isRetiring = true
                self.retiring += 1
            }
        } else {
            self.noteDeadline(self.slots[slot].retireAt)
        }
        guard self.rules.keepalive < .max, self.rules.validates else { return }
        let due = self.slots[slot].provenAt.later(by: self.rules.keepalive)
        guard due <= now else { return self.noteDeadline(due) }
        self.unlink(slot)
        self.slots[slot].isKeptAlive = true
        self.validate(slot, at: now)
    }

    /// Closes items past their idle timeout, longest idle first: a few per second, never below the minimum, and never while requests are
    /// queued.
    private mutating func reap(at now: TimeSource.Instant) {
        guard self.phase == .open, self.idle > 0, self.rules.idleTimeout < .max || self.rules.isKeyed else { return }
        var left = now >= self.nextReap ? self.rules.reapBatch : 0
        for group in self.groups.indices {
            while let slot = self.groups[group].oldestIdle, self.live > self.minimum {
                let due = min(self.slots[slot].since.later(by: self.rules.idleTimeout), self.retireAtInKeys(slot))
                guard due <= now else {
                    self.noteDeadline(due)
                    break
                }
                guard left > 0, self.requests.count == 0 else {
                    self.noteDeadline(max(self.nextReap, now + .seconds(1)))
                    break
                }
                left -= 1
                self.nextReap = now + .seconds(1)
                self.unlink(slot)
                self.counts.reaped += 1
                self.startClosing(slot, at: now)
            }
        }
    }

    /// A keyed pool keeps no minimum and creates no replacements, so items past their lifetime are reaped.
    private func retireAtInKeys(_ slot: Int) -> TimeSource.Instant {
        self.rules.isKeyed ? self.slots[slot].retireAt : TimeSource.Instant(nanoseconds: .max)
    }

    // MARK: The pool as a whole

    /// Starts to maintain the minimum.
    mutating func prefill(at now: TimeSource.Instant) {
        self.isStarted = true
        self.dispatch(at: now)
    }

    /// Changes the limits. Leases are kept: surplus idle items are closed now, surplus leased ones when they are released.
    mutating func resize(maximum: Int, minimum: Int, at now: TimeSource.Instant) {
        self.maximum = maximum
        self.minimum = minimum
        self.leaseLimit = max(maximum, self.leased)
        var surplus = self.occupied - self.closing - maximum
        for group in self.groups.indices {
            while surplus > 0, let slot = self.groups[group].oldestIdle {
                surplus -= 1
                self.unlink(slot)
                self.startClosing(slot, at: now)
            }
        }
        self.dispatch(at: now)
    }

    /// Expires all items, including those being created: idle ones are closed at once, the others when they are released or ready.
    mutating func expireAll(at now: TimeSource.Instant) {
        self.epoch += 1
        for group in self.groups.indices {
            while let slot = self.groups[group].oldestIdle {
                self.unlink(slot)
                self.counts.expired += 1
                self.startClosing(slot, at: now)
            }
        }
        self.dispatch(at: now)
    }

    /// Counts the unreleased leases of a closed scope as lost.
    mutating func scopeClosed(_ scope: ScopeID, at now: TimeSource.Instant) {
        if self.leased == 0 { return }
        for slot in self.slots.indices where self.slots[slot].state == .leased && self.slots[slot].requester.scope == scope {
            guard !self.slots[slot].isLost else { continue }
            self.slots[slot].isLost = true
            self.counts.lost += 1
            let requester = self.slots[slot].requester
            self.effects.report(.leaseLost(location: requester.location, scope: requester.scope, held: now - self.slots[slot].since))
        }
    }
}
