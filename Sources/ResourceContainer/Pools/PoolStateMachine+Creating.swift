/// Making items: a few at a time, only while somebody still waits for them, and one by one after a failure.
extension PoolStateMachine {
    /// The shortest and the longest bound of the random pause after a failure; it doubles in between.
    static let backOff = (shortest: Duration.milliseconds(10), longest: Duration.seconds(5))

    /// Takes a slot in which an item is to be made now; nil if none is to be. Call until it gives nil.
    mutating func beginCreation(at now: TimeSource.Instant) -> Int? {
        guard self.wantsCreation, now >= self.retryAt else { return nil }
        self.countCreatingTime(to: now)
        let slot = self.empty.popLast() ?? self.slots.count
        if slot == self.slots.count { self.slots.append(Slot()) }
        self.slots[slot].state = .making
        self.making += 1
        self.made += 1
        return slot
    }

    /// The item of a slot is made. It serves the queue even if those who asked for it have gone; nil if it comes too late to be of use,
    /// and is to be closed outside of the books.
    mutating func creationSucceeded(_ slot: Int, at now: TimeSource.Instant) -> Placement? {
        guard self.slots[slot].state == .making else { return nil }
        self.countCreatingTime(to: now)
        self.making -= 1
        self.failures = 0
        self.retryAt = TimeSource.Instant(nanoseconds: .min)
        return self.place(slot, at: now)
    }

    /// Making the item of a slot failed: nothing is made until a random part (`fraction`, 0 to 1) of the present bound has passed, and
    /// then one at a time until one succeeds.
    mutating func creationFailed(_ slot: Int, at now: TimeSource.Instant, fraction: Double) {
        guard self.slots[slot].state == .making else { return }
        self.countCreatingTime(to: now)
        self.making -= 1
        self.failed += 1
        self.slots[slot].state = .empty
        self.empty.append(slot)
        let doublings = min(self.failures, 16)
        let bound = min(Self.backOff.longest, Self.backOff.shortest * (1 << doublings))
        self.failures += 1
        // At least a millisecond: a pause of nothing would be no pause.
        self.retryAt = now + max(.milliseconds(1), bound * fraction)
    }

    /// Whether an item would be made if it were not for the pause after a failure.
    private var wantsCreation: Bool {
        self.phase == .open && self.requests.count > self.making && self.hasRoom
            && self.making < (self.failures > 0 ? 1 : self.creationConcurrency)
    }

    /// Whether a pause after a failure is all that keeps an item from being made.
    var isHoldingBack: Bool {
        self.failures > 0 && self.wantsCreation
    }

    private var hasRoom: Bool {
        !self.empty.isEmpty || self.slots.count < self.maximum
    }

    // MARK: How long it takes

    private var isCreating: Bool {
        self.making > 0 || (self.failures > 0 && self.hasRoom)
    }

    /// How long the pool has been creating, pauses after failures included, up to `now`. Only its differences mean something.
    func creatingTime(at now: TimeSource.Instant) -> Duration {
        self.isCreating ? self.creatingTime + (now - self.creatingSince) : self.creatingTime
    }

    private mutating func countCreatingTime(to now: TimeSource.Instant) {
        self.creatingTime = self.creatingTime(at: now)
        self.creatingSince = now
    }
}
