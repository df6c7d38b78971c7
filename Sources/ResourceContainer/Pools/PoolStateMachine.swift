/// Everything a pool knows: slots, queue, books, back-off, closing. A pure value over slot numbers.
///
/// One method per thing that can happen; what it returns is what is to be done about it. There is no lock, clock, continuation, element
/// or user code in here: the ``PoolHub`` holds it under its lock and acts after it let go of it. Between two methods anything may happen.
struct PoolStateMachine: Sendable {
    /// Names one lending of a slot; a name whose lease has ended matches nothing, so that a late or second return harms nobody.
    struct Lease: Hashable, Sendable {
        let slot: Int
        let generation: UInt64
    }

    /// Who asks, or holds.
    struct Borrower: Hashable, Sendable {
        let place: SourcePlace
        let scope: ScopeID?
        /// Identifies the task; 0 outside of any.
        let task: Int

        static let nobody = Borrower(place: SourcePlace(file: "", line: 0), scope: nil, task: 0)
    }

    /// What a slot holds.
    enum SlotState: Hashable, Sendable {
        /// Nothing. To `making`.
        case empty
        /// An item on its way. To `idle`, `leased`, `closing`; `empty` if it fails; `abandoned`.
        case making
        /// An item that waits for a borrower. To `leased`, `closing`.
        case idle
        /// An item that is lent. To `idle`, `closing`, or on to the next borrower.
        case leased
        /// An item that is being closed. To `empty`, `abandoned`.
        case closing
        /// Something that did not come back in time. Final.
        case abandoned
    }

    /// How far the pool is on its way to its end.
    enum Phase: Hashable, Sendable {
        /// It lends.
        case open
        /// It refuses, and waits for what is lent or being made.
        case draining
        /// It closes what it has, and what still comes back.
        case closed
    }

    struct Slot: Sendable {
        var state = SlotState.empty
        var generation: UInt64 = 0
        /// The holder, while `leased`.
        var borrower = Borrower.nobody
        var since = TimeSource.Instant(nanoseconds: 0)
    }

    /// What became of a returned or a new item.
    enum Placement: Hashable, Sendable {
        /// It waits for a borrower.
        case idle
        /// It belongs to this request; its caller is to be resumed.
        case handed(PoolRequests.ID)
        /// The pool is closed: the item in this slot is to be closed.
        case close(slot: Int)
    }

    let maximum: Int
    let creationConcurrency: Int
    let failsWhenEmpty: Bool

    var phase = Phase.open
    var slots: [Slot] = []
    /// The idle slots, newest last.
    var idle: [Int] = []
    /// Slots that were used and hold nothing.
    var empty: [Int] = []
    var requests = PoolRequests()

    // The books.
    var made = 0
    var leased = 0
    var making = 0
    var closing = 0
    var closed = 0
    var failed = 0
    var abandoned = 0
    var leases = 0
    var timedOut = 0
    var refused = 0
    var waited = 0
    var totalWait = Duration.zero
    var longestWait = Duration.zero

    // Creation.
    /// Failures to make an item since the last success.
    var failures = 0
    /// Nothing is made before this moment.
    var retryAt = TimeSource.Instant(nanoseconds: .min)
    /// How long the pool has been creating in sum, up to `creatingSince`.
    var creatingTime = Duration.zero
    var creatingSince = TimeSource.Instant(nanoseconds: 0)

    init(maximum: Int, creationConcurrency: Int = 4, failsWhenEmpty: Bool = false) {
        self.maximum = maximum
        self.creationConcurrency = creationConcurrency
        self.failsWhenEmpty = failsWhenEmpty
    }

    // MARK: Borrowing

    /// Lends the newest idle item; nil if there is none, or the pool does not lend any more. O(1). Nobody waits while an item is idle.
    mutating func lend(to borrower: Borrower, at now: TimeSource.Instant) -> Lease? {
        guard self.phase == .open, let slot = self.idle.popLast() else { return nil }
        return self.lend(slot, to: borrower, at: now)
    }

    /// What an acquisition that could not be served at once is told.
    enum Beginning: Hashable, Sendable {
        /// Go on with ``enqueue(_:at:)``.
        case request(PoolRequests.ID)
        case exhausted
        case closed
    }

    /// Begins a request. Every request that is begun is enqueued, and ends with ``collect(_:)``.
    mutating func begin(_ borrower: Borrower, at now: TimeSource.Instant, deadline: TimeSource.Instant) -> Beginning {
        guard self.phase == .open else {
            self.refused += 1
            return .closed
        }
        // Those who wait already have the first claim on what is not lent.
        if self.failsWhenEmpty, self.requests.count >= self.maximum - self.leased {
            self.refused += 1
            return .exhausted
        }
        return .request(self.requests.add(borrower, since: now, deadline: deadline))
    }

    /// Puts a request in the queue; false if that is not necessary any more, and its outcome can be collected.
    mutating func enqueue(_ id: PoolRequests.ID, at now: TimeSource.Instant) -> Bool {
        guard let index = self.requests.find(id), self.requests[index].state == .pending else { return false }
        guard self.phase == .open else {
            self.refused += 1
            self.requests[index].state = .refused
            return false
        }
        if let slot = self.idle.popLast() {
            self.requests[index].state = .granted(self.lend(slot, to: self.requests[index].borrower, at: now))
            return false
        }
        self.requests[index].creatingBefore = self.creatingTime(at: now)
        self.requests.enqueue(index)
        return true
    }

    /// What a cancellation leads to.
    enum Cancellation: Hashable, Sendable {
        /// Nothing is to be done: the request has ended, or its caller will see it.
        case none
        /// The caller of the cancelled request is to be resumed.
        case resume
        /// The item that the request had been granted goes on.
        case passedOn(Placement)
    }

    /// Cancels a request, wherever it is: before it queues, while it is queued, or after it was granted.
    mutating func cancel(_ id: PoolRequests.ID, at now: TimeSource.Instant) -> Cancellation {
        guard let index = self.requests.find(id) else { return .none }
        switch self.requests[index].state {
        case .free, .cancelled, .expired, .refused:
            return .none
        case .pending:
            self.requests[index].state = .cancelled
            return .none
        case .queued:
            self.requests.dequeue(index, to: .cancelled)
            return .resume
        case .granted(let lease):
            self.requests[index].state = .cancelled
            self.leases -= 1
            guard let placement = self.giveBack(lease, at: now) else { return .none }
            return .passedOn(placement)
        }
    }

    /// How a request ended.
    enum Outcome: Hashable, Sendable {
        case lease(Lease, waited: Duration)
        case cancelled
        case expired(waited: Duration, creating: Duration)
        case refused
    }

    /// Takes the outcome of a request that is no longer in the queue, and forgets the request.
    mutating func collect(_ id: PoolRequests.ID) -> Outcome {
        guard let index = self.requests.find(id) else { return .cancelled }
        let request = self.requests[index]
        self.requests.end(index)
        switch request.state {
        case .granted(let lease): return .lease(lease, waited: request.waited)
        case .expired: return .expired(waited: request.waited, creating: request.creating)
        case .refused: return .refused
        case .cancelled: return .cancelled
        case .free, .pending, .queued: preconditionFailure("a request was collected that had not ended")
        }
    }

    /// Ends the requests whose budget is over; their callers are to be resumed. O(log n) each.
    mutating func expire(at now: TimeSource.Instant) -> [PoolRequests.ID] {
        var expired: [PoolRequests.ID] = []
        while let index = self.requests.earliest, self.requests[index].deadline <= now {
            self.noteWait(index, at: now)
            self.requests.dequeue(index, to: .expired)
            self.timedOut += 1
            expired.append(self.requests.id(of: index))
        }
        return expired
    }

    /// The next moment at which something is to be done: ``expire(at:)`` and ``beginCreation(at:)``.
    var nextDeadline: TimeSource.Instant? {
        guard let index = self.requests.earliest else { return nil }
        let deadline = self.requests[index].deadline
        return self.isHoldingBack ? min(deadline, self.retryAt) : deadline
    }

    /// Whether everything that may be made is lent, one of it to this task: it waits for itself.
    func isReentrant(task: Int) -> Bool {
        self.leased == self.maximum && self.slots.contains { $0.state == .leased && $0.borrower.task == task }
    }

    // MARK: Giving back

    /// Takes an item back; nil if this lease has ended before, and then nothing is changed.
    mutating func giveBack(_ lease: Lease, at now: TimeSource.Instant) -> Placement? {
        guard self.slots.indices.contains(lease.slot) else { return nil }
        guard self.slots[lease.slot].state == .leased, self.slots[lease.slot].generation == lease.generation else { return nil }
        self.leased -= 1
        return self.place(lease.slot, at: now)
    }

    /// Gives the item of a slot to the first in the queue, or puts it with the idle ones, or to those to be closed.
    mutating func place(_ slot: Int, at now: TimeSource.Instant) -> Placement {
        if self.phase == .closed {
            self.slots[slot].state = .closing
            self.closing += 1
            return .close(slot: slot)
        }
        guard let index = self.requests.first else {
            self.slots[slot].state = .idle
            self.idle.append(slot)
            return .idle
        }
        self.noteWait(index, at: now)
        let lease = self.lend(slot, to: self.requests[index].borrower, at: now)
        self.requests.dequeue(index, to: .granted(lease))
        return .handed(self.requests.id(of: index))
    }

    private mutating func lend(_ slot: Int, to borrower: Borrower, at now: TimeSource.Instant) -> Lease {
        self.slots[slot].state = .leased
        self.slots[slot].generation += 1
        self.slots[slot].borrower = borrower
        self.slots[slot].since = now
        self.leased += 1
        self.leases += 1
        return Lease(slot: slot, generation: self.slots[slot].generation)
    }

    /// Writes down how long a queued request waited until now.
    private mutating func noteWait(_ index: Int, at now: TimeSource.Instant) {
        let wait = now - self.requests[index].since
        self.requests[index].waited = wait
        self.requests[index].creating = self.creatingTime(at: now) - self.requests[index].creatingBefore
        self.waited += 1
        self.totalWait += wait
        self.longestWait = max(self.longestWait, wait)
    }
}
