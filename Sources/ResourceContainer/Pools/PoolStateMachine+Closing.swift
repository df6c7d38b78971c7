/// Closing, in two phases: first the pool refuses and waits, then it closes what it has.
extension PoolStateMachine {
    /// From now on nothing is lent. The queue is refused; its callers are to be resumed.
    mutating func beginDraining() -> [PoolRequests.ID] {
        guard self.phase == .open else { return [] }
        self.phase = .draining
        var refused: [PoolRequests.ID] = []
        while let index = self.requests.first {
            self.requests.dequeue(index, to: .refused)
            self.refused += 1
            refused.append(self.requests.id(of: index))
        }
        return refused
    }

    /// Whether nothing is lent and nothing is being made.
    var isDrained: Bool {
        self.leased == 0 && self.making == 0
    }

    /// Ends draining: idle items are to be closed (their slots, newest first), what is being made is abandoned, and what is still lent
    /// is closed when it comes back.
    mutating func beginClosing() -> [Int] {
        self.phase = .closed
        for slot in self.slots.indices where self.slots[slot].state == .making {
            self.abandon(slot)
            self.making -= 1
        }
        let slots = Array(self.idle.reversed())
        self.idle = []
        for slot in slots { self.slots[slot].state = .closing }
        self.closing += slots.count
        return slots
    }

    /// The item of a slot is closed, whether its closing threw or not.
    mutating func itemClosed(_ slot: Int) {
        guard self.slots[slot].state == .closing else { return }
        self.slots[slot].state = .empty
        self.empty.append(slot)
        self.closing -= 1
        self.closed += 1
    }

    /// Gives up on the items that are still being closed.
    mutating func abandonClosing() {
        for slot in self.slots.indices where self.slots[slot].state == .closing {
            self.abandon(slot)
            self.closing -= 1
        }
    }

    private mutating func abandon(_ slot: Int) {
        self.slots[slot].state = .abandoned
        self.abandoned += 1
    }
}
