/// Closing, in two phases: the pool first refuses and drains, then closes its items.
extension PoolStateMachine {
    /// Stops granting leases and refuses the queue.
    mutating func beginDraining() {
        guard self.phase == .open else { return }
        self.phase = .draining
        while let index = self.requests.first {
            self.requests.dequeue(index, to: .refused(.closed))
            self.counts.refused += 1
            self.effects.resume(self.requests.id(of: index))
        }
    }

    /// Ends draining. Closes all items except leased ones, including those that are being validated or reset, and abandons running
    /// creations. Leased items are closed when they are released.
    mutating func beginClosing(at now: TimeSource.Instant) {
        self.phase = .closed
        for group in self.groups.indices {
            while let slot = self.rules.leasesOldestFirst ? self.groups[group].oldestIdle : self.groups[group].newestIdle {
                self.unlink(slot)
                self.startClosing(slot, at: now)
            }
        }
        for slot in self.slots.indices {
            switch self.slots[slot].state {
            case .empty, .idle, .leased, .exposed, .closing:
                break
            case .making:
                self.abandoned += 1
                self.making -= 1
                self.groups[self.slots[slot].group].making -= 1
                self.vacate(slot)
            case .validating:
                self.endValidating(slot, at: now)
                self.startClosing(slot, at: now)
            case .resetting:
                self.resetting -= 1
                self.startClosing(slot, at: now)
            }
        }
    }

    /// Abandons the items that have been closing since `moment` or earlier.
    mutating func abandonClosing(begunBy moment: TimeSource.Instant) {
        for slot in self.slots.indices where self.slots[slot].state == .closing && self.slots[slot].stepSince <= moment {
            self.abandonClosing(slot)
        }
    }

    mutating func abandonClosing(_ slot: Int) {
        self.closing -= 1
        self.abandoned += 1
        self.vacate(slot)
    }
}
