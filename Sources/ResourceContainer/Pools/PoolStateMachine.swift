/// Everything a pool knows: slots, queue, books, back-off, health, closing. A pure value over slot numbers.
///
/// One method per thing that can happen. What is to be done about it gathers in ``effects``, which the ``PoolHub`` takes out in the same
/// critical section and acts upon after it. There is no lock, clock, continuation, element or user code in here. Between two methods
/// anything may happen. A keyed pool has a ``Group`` for every key; any other has one.
@usableFromInline
struct PoolStateMachine: Sendable {
    /// Names one use of a slot: a lease, or a step in the background. A name whose use has ended matches nothing, so that a late or a
    /// second return harms nobody.
    @usableFromInline
    struct Use: Hashable, Sendable {
        let slot: Int
        let generation: UInt64
    }

    /// Who asks, or holds. Without anything that is counted by references, so that a slot is copied in one move.
    struct Borrower: Sendable {
        let fileID: StaticString
        let line: UInt
        let scope: ScopeID?
        /// Identifies the task; 0 outside of any.
        let task: UInt

        static let nobody = Borrower(fileID: "", line: 0, scope: nil, task: 0)

        var place: SourcePlace {
            SourcePlace(file: "\(self.fileID)", line: self.line)
        }
    }

    /// What a slot holds.
    enum SlotState: UInt8, Sendable {
        /// Nothing. To `making`.
        case empty
        /// An item on its way. To `idle`, `leased`, `closing`; `empty` if it fails or does not come in time.
        case making
        /// An item that waits for a borrower. To `leased`, `validating`, `closing`.
        case idle
        /// An item whose health is being looked at. To `idle`, `leased`, `closing`.
        case validating
        /// An item that is lent. To `idle`, `resetting`, `closing`.
        case leased
        /// An item that is made fit for the next borrower. To `idle`, `leased`, `closing`.
        case resetting
        /// An item that is being closed. To `empty`, also when its closing does not come back.
        case closing
    }

    /// How far the pool is on its way to its end.
    enum Phase: Sendable {
        /// It lends.
        case open
        /// It refuses, and waits for what is lent, made, validated or reset.
        case draining
        /// It closes what it has, and what still comes back.
        case closed
    }

    struct Slot: Sendable {
        var state = SlotState.empty
        /// The borrower says that the item is of no use any more.
        var isBroken = false
        var isSuspected = false
        var isLost = false
        /// Past its lifetime; it goes when another one is there.
        var isRetiring = false
        /// Validated in the background, not for a borrower.
        var isKeptAlive = false
        var group = 0
        var generation: UInt64 = 0
        /// Counts ``expireAll(at:)``: an item of an earlier epoch is not lent again.
        var epoch = 0
        /// The failures in a row when its making began.
        var failuresBefore = 0
        /// When it was lent, or came back.
        var since = TimeSource.Instant(nanoseconds: 0)
        /// When the present step in the background began.
        var stepSince = TimeSource.Instant(nanoseconds: 0)
        /// When the item last proved to be usable.
        var provenAt = TimeSource.Instant(nanoseconds: 0)
        var retireAt = TimeSource.Instant(nanoseconds: .max)
        /// The holder, while `leased`.
        var borrower = Borrower.nobody
        /// The neighbours among the idle ones of its group, while `idle`.
        var older: Int?
        var newer: Int?

        mutating func rest(older: Int?, newer: Int?) {
            self.state = .idle
            self.older = older
            self.newer = newer
        }

        /// Gives the slot a new use; the name of the one before matches nothing from now on.
        mutating func lend(to borrower: Borrower, at now: TimeSource.Instant) -> UInt64 {
            self.state = .leased
            self.borrower = borrower
            self.since = now
            self.generation &+= 1
            return self.generation
        }
    }

    /// What belongs to one key: its idle items, and how making them goes.
    struct Group: Sendable {
        var oldestIdle: Int?
        var newestIdle: Int?
        var idle = 0
        /// Slots in use, those being made or closed included.
        var occupied = 0
        var making = 0
        /// Items on their way to the queue from validation.
        var validating = 0
        /// Failures to make an item since the last success; those that failed together count once.
        var failures = 0
        var failingSince = TimeSource.Instant(nanoseconds: 0)
        /// Nothing is made before this moment.
        var retryAt = TimeSource.Instant(nanoseconds: .min)
        /// Making has failed for long, and there is nothing to lend: requests are refused until one succeeds.
        var isBroken = false
        /// Callers that are about to ask.
        var pins = 0
        /// How many of its requests are spoken for in pass number `pass` over the queue.
        var covered = 0
        var pass: UInt64 = 0

        /// The one that was the newest.
        mutating func linkAsNewest(_ slot: Int) -> Int? {
            defer { self.newestIdle = slot }
            if self.newestIdle == nil { self.oldestIdle = slot }
            self.idle += 1
            return self.newestIdle
        }

        /// The one that was the oldest.
        mutating func linkAsOldest(_ slot: Int) -> Int? {
            defer { self.oldestIdle = slot }
            if self.oldestIdle == nil { self.newestIdle = slot }
            self.idle += 1
            return self.oldestIdle
        }

        /// Takes the one between these two out.
        mutating func unlink(older: Int?, newer: Int?) {
            if older == nil { self.oldestIdle = newer }
            if newer == nil { self.newestIdle = older }
            self.idle -= 1
        }
    }

    let rules: PoolRules
    var maximum: Int
    var minimum: Int

    var effects = PoolEffects()
    /// No deadline is before this moment; there may be none at it. ``sweep(at:fraction:)`` is to be called then.
    var earliest = TimeSource.Instant(nanoseconds: .max)
    var phase = Phase.open
    var slots: [Slot] = []
    /// Slots that were used and hold nothing.
    var empty: [Int] = []
    var groups: [Group]
    var freeGroups: [Int] = []
    /// How many groups have failed since their last success.
    var failingGroups = 0
    var requests: PoolRequests
    /// Whether the minimum is kept up: from the first request, or the prefilling, on.
    var isStarted = false
    var epoch = 0
    /// The most that may be lent: the maximum, or what was lent when it was lowered and has not come back.
    var leaseLimit: Int
    var nextReap = TimeSource.Instant(nanoseconds: .min)
    var retiring = 0
    var pass: UInt64 = 0

    // The books: where the items are, and what became of those that are gone.
    var made = 0
    var idle = 0
    var leased = 0
    var making = 0
    var validating = 0
    var resetting = 0
    var closing = 0
    var closed = 0
    var failed = 0
    var abandoned = 0
    var counts = PoolCounts()

    // How long the pool has been creating and validating in sum, up to the moment each was last counted.
    var creatingTime = PoolTimer()
    var validatingTime = PoolTimer()

    init(rules: PoolRules) {
        self.rules = rules
        self.maximum = rules.maximum
        self.minimum = rules.minimum
        self.leaseLimit = rules.maximum
        self.groups = rules.isKeyed ? [] : [Group()]
        self.requests = PoolRequests(groups: self.groups.count)
    }

    /// Items that exist and are not on their way out.
    var live: Int {
        self.idle + self.leased + self.validating + self.resetting
    }

    /// Slots that count towards the maximum: an item occupies its place until it is closed.
    var occupied: Int {
        self.live + self.making + self.closing
    }

    /// Whether nothing is lent, and nothing is on its way to being idle.
    var isDrained: Bool {
        self.leased == 0 && self.making == 0 && self.validating == 0 && self.resetting == 0
    }

    mutating func noteDeadline(_ instant: TimeSource.Instant) {
        if instant < self.earliest { self.earliest = instant }
    }

    /// The slot of a use that has not ended and is in `state`.
    func find(_ use: Use, _ state: SlotState) -> Int? {
        guard self.slots.indices.contains(use.slot) else { return nil }
        return self.slots[use.slot].generation == use.generation && self.slots[use.slot].state == state ? use.slot : nil
    }

    // MARK: Idle items

    mutating func linkAsNewest(_ slot: Int) {
        let group = self.slots[slot].group
        let newest = self.groups[group].linkAsNewest(slot)
        self.slots[slot].rest(older: newest, newer: nil)
        if let newest { self.slots[newest].newer = slot }
        self.idle += 1
    }

    mutating func linkAsOldest(_ slot: Int) {
        let group = self.slots[slot].group
        let oldest = self.groups[group].linkAsOldest(slot)
        self.slots[slot].rest(older: nil, newer: oldest)
        if let oldest { self.slots[oldest].older = slot }
        self.idle += 1
    }

    /// Takes a slot out from among the idle ones; its next state is the caller's to set.
    mutating func unlink(_ slot: Int) {
        let (group, older, newer) = (self.slots[slot].group, self.slots[slot].older, self.slots[slot].newer)
        if let older { self.slots[older].newer = newer }
        if let newer { self.slots[newer].older = older }
        self.groups[group].unlink(older: older, newer: newer)
        self.idle -= 1
    }

    /// The idle item of a group that is next to be lent.
    func candidate(_ group: Int) -> Int? {
        self.rules.lendsOldestFirst ? self.groups[group].oldestIdle : self.groups[group].newestIdle
    }

    /// Whether an item may be lent without looking at it first.
    func isFresh(_ slot: Int, at now: TimeSource.Instant) -> Bool {
        !self.rules.validates || now.nanoseconds &- self.slots[slot].provenAt.nanoseconds < self.rules.freshness
    }
}
