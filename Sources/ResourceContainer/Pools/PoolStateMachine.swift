/// The complete state of a pool as a pure value over slot numbers: slots, queue, books, back-off, health and closing.
///
/// It has one method per external occurrence. The resulting work accumulates in ``effects``, which ``PoolHub`` takes in the same critical
/// section and performs after it. The state machine contains no lock, clock, continuation, element or user code. Any other call may come
/// between two calls. A keyed pool has one ``Group`` per key; any other pool has exactly one.
@usableFromInline
struct PoolStateMachine: Sendable {
    /// Identifies one use of a slot: a lease, or a background step. After the use has ended, its identifier matches nothing, so a late or
    /// repeated release has no effect.
    @usableFromInline
    struct Use: Hashable, Sendable {
        let slot: Int
        let generation: UInt64
    }

    /// A waiter or a holder. It contains no reference-counted values, so that copying a slot is a plain memory copy.
    struct Requester: Sendable {
        let fileID: StaticString
        let line: UInt
        let scope: ScopeID?
        /// Identifies the task; 0 outside a task.
        let task: UInt

        static let nobody = Requester(fileID: "", line: 0, scope: nil, task: 0)

        var location: CodeLocation {
            CodeLocation(file: "\(self.fileID)", line: self.line)
        }
    }

    /// The states of a slot.
    enum SlotState: UInt8, Sendable {
        /// Holds nothing. Next: `making`.
        case empty
        /// Holds an item that is being created. Next: `idle`, `leased`, `closing`; `empty` if the creation fails or times out.
        case making
        /// Holds an available item. Next: `leased`, `exposed`, `validating`, `closing`.
        case idle
        /// Holds an item that is being validated. Next: `idle`, `leased`, `closing`.
        case validating
        /// Holds a leased item. Next: `idle`, `resetting`, `closing`.
        case leased
        /// Holds an item that is idle or leased in the front. Next: `idle`, `leased`.
        case exposed
        /// Holds an item that is being prepared for its next holder. Next: `idle`, `leased`, `closing`.
        case resetting
        /// Holds an item that is being closed. Next: `empty`, also if the close is abandoned.
        case closing
    }

    /// The phases of a pool's life.
    enum Phase: Sendable {
        /// The pool grants leases.
        case open
        /// The pool refuses acquisitions and waits for items that are leased, being created, validated or reset.
        case draining
        /// The pool closes its items, and each item that is still released.
        case closed
    }

    struct Slot: Sendable {
        var state = SlotState.empty
        /// The holder marked the item as broken.
        var isBroken = false
        var isSuspected = false
        var isLost = false
        /// The lifetime has passed; the item is closed once a replacement exists.
        var isRetiring = false
        /// The validation is a keepalive, not for a waiter.
        var isKeptAlive = false
        var group = 0
        var generation: UInt64 = 0
        /// The value of the pool's epoch, which ``expireAll(at:)`` increments, when the creation began. An item of an earlier epoch is not
        /// leased again.
        var epoch = 0
        /// The group's consecutive failures when the creation of the item began.
        var failuresBefore = 0
        /// When the item was leased or became idle.
        var since = TimeSource.Instant(nanoseconds: 0)
        /// When the current background step began.
        var stepSince = TimeSource.Instant(nanoseconds: 0)
        /// When the item was last known to be usable.
        var provenAt = TimeSource.Instant(nanoseconds: 0)
        var retireAt = TimeSource.Instant(nanoseconds: .max)
        /// The holder, while `leased`.
        var requester = Requester.nobody
        /// The neighbors in the group's list of idle items, while `idle`.
        var older: Int?
        var newer: Int?

        /// Whether the holder had not been written when the slot was taken back from the front.
        var isUnpublished: Bool {
            self.state == .leased && self.since.nanoseconds == .max
        }

        mutating func rest(older: Int?, newer: Int?) {
            self.state = .idle
            self.older = older
            self.newer = newer
        }

        /// Leases the slot under a new generation; earlier uses match nothing from now on.
        mutating func lease(to requester: Requester, at now: TimeSource.Instant) -> UInt64 {
            self.state = .leased
            self.requester = requester
            self.since = now
            self.generation &+= 1
            return self.generation
        }
    }

    /// The state of one key: its idle items and the progress of its creations.
    struct Group: Sendable {
        var oldestIdle: Int?
        var newestIdle: Int?
        var idle = 0
        /// Slots in use, including items that are being created or closed.
        var occupied = 0
        var making = 0
        /// Items being validated.
        var validating = 0
        /// Creation failures since the last success; creations that ran concurrently count once.
        var failures = 0
        var failingSince = TimeSource.Instant(nanoseconds: 0)
        /// No item is created before this instant.
        var retryAt = TimeSource.Instant(nanoseconds: .min)
        /// Creation has failed for long and the group has no item: requests are refused until a creation succeeds.
        var isBroken = false
        /// Callers that are about to make a request.
        var pins = 0
        /// The number of the group's requests that items in progress will serve, in pass number `pass` over the queue.
        var covered = 0
        /// In pass number `pass`, the group has no idle item for its remaining requests and may create none.
        var isStuck = false
        var pass: UInt64 = 0

        /// Adds a slot at the newest end. Returns the previous newest slot.
        mutating func linkAsNewest(_ slot: Int) -> Int? {
            defer { self.newestIdle = slot }
            if self.newestIdle == nil { self.oldestIdle = slot }
            self.idle += 1
            return self.newestIdle
        }

        /// Adds a slot at the oldest end. Returns the previous oldest slot.
        mutating func linkAsOldest(_ slot: Int) -> Int? {
            defer { self.oldestIdle = slot }
            if self.oldestIdle == nil { self.newestIdle = slot }
            self.idle += 1
            return self.oldestIdle
        }

        /// Removes the slot between these two.
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
    /// A lower bound of all deadlines. ``sweep(at:fraction:)`` must be called at this instant, even though there may be no deadline at it.
    var earliest = TimeSource.Instant(nanoseconds: .max)
    var phase = Phase.open
    var slots: [Slot] = []
    /// Slots that hold nothing and can be reused.
    var empty: [Int] = []
    /// Slots that the front has.
    var exposed: [Int] = []
    /// Leased slots that were taken back from the front before their holder had been written; their `since` is the end of the time scale.
    var unpublished: [Int] = []
    var groups: [Group]
    var freeGroups: [Int] = []
    /// The number of groups that have failed since their last success.
    var failingGroups = 0
    var requests: PoolRequests
    /// Whether the minimum is maintained: from the first request or the prefill on.
    var isStarted = false
    var epoch = 0
    /// The maximum number of leases: the maximum, or the number of leases when the maximum was lowered, until they are released.
    var leaseLimit: Int
    var nextReap = TimeSource.Instant(nanoseconds: .min)
    var retiring = 0
    var pass: UInt64 = 0

    // The books: where the items are, and how the others ended.
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

    // How long the pool has been creating and validating in total.
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

    /// Items that exist and are not being closed.
    var live: Int {
        self.idle + self.leased + self.exposed.count + self.validating + self.resetting
    }

    /// Slots that count toward the maximum: an item occupies its slot until it is closed.
    var occupied: Int {
        self.live + self.making + self.closing
    }

    /// Whether no item is leased, being created, validated or reset.
    var isDrained: Bool {
        self.leased == 0 && self.making == 0 && self.validating == 0 && self.resetting == 0
    }

    mutating func noteDeadline(_ instant: TimeSource.Instant) {
        if instant < self.earliest { self.earliest = instant }
    }

    /// The slot of a use that has not ended and is in `state`; nil otherwise.
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

    /// Removes a slot from the idle list; the caller sets its next state.
    mutating func unlink(_ slot: Int) {
        let (group, older, newer) = (self.slots[slot].group, self.slots[slot].older, self.slots[slot].newer)
        if let older { self.slots[older].newer = newer }
        if let newer { self.slots[newer].older = older }
        self.groups[group].unlink(older: older, newer: newer)
        self.idle -= 1
    }

    /// The idle item of a group that is leased next.
    func candidate(_ group: Int) -> Int? {
        self.rules.leasesOldestFirst ? self.groups[group].oldestIdle : self.groups[group].newestIdle
    }

    /// Whether an item may be leased without a validation.
    func isFresh(_ slot: Int, at now: TimeSource.Instant) -> Bool {
        !self.rules.validates || now.nanoseconds &- self.slots[slot].provenAt.nanoseconds < self.rules.freshness
    }
}
