/// The acquisitions of a pool that could not be served at once: their states, their queue and their deadlines.
///
/// A table with a free list. The queue is a doubly linked list through the table and the deadlines are a binary heap over it, so removing
/// any request is O(1) for the list and O(log n) for the heap.
struct PoolRequests: Sendable {
    /// Identifies a request. After the request has ended, its identifier matches nothing.
    struct ID: Hashable, Sendable {
        let index: Int
        let generation: UInt64
    }

    /// The state of a request. Every state except `free` belongs to a caller that has not collected the outcome yet.
    enum State: Hashable, Sendable {
        /// The row is unused.
        case free
        /// Begun, not queued yet. Next: `queued`, `granted`, `refused`; `cancelled` if the cancellation comes before the request is queued.
        case pending
        /// In the queue. Next: `granted`, `cancelled`, `expired`, `refused`.
        case queued
        /// Holds an item that its caller has not collected yet. Next: `cancelled`, which passes the item on to the next request.
        case granted(PoolStateMachine.Use)
        /// Final: the caller gets a `CancellationError`.
        case cancelled
        /// Final: the budget expired.
        case expired
        /// Final: the request is not served.
        case refused(Refusal)
    }

    /// The reason for not serving a request.
    enum Refusal: Hashable, Sendable {
        /// The pool is closing or closed.
        case closed
        /// Every item is leased, and the policy is `fail`.
        case exhausted
        /// Creation has failed for long, and the pool has no item.
        case unavailable
    }

    struct Request: Sendable {
        var generation: UInt64 = 0
        var state = State.free
        var group = 0
        var requester = PoolStateMachine.Requester.nobody
        var since = TimeSource.Instant(nanoseconds: 0)
        var deadline = TimeSource.Instant(nanoseconds: 0)
        /// How long the request was queued, and how much of that time the pool was creating and validating; set when it leaves the queue.
        var waited = Duration.zero
        var creating = Duration.zero
        var validating = Duration.zero
        /// The pool's creating and validating times when the request was queued.
        var creatingBefore = Duration.zero
        var validatingBefore = Duration.zero
        fileprivate var previous: Int?
        fileprivate(set) var next: Int?
        fileprivate var previousInGroup: Int?
        fileprivate var nextInGroup: Int?
        fileprivate var heapPosition = 0
    }

    private var rows: [Request] = []
    private var free: [Int] = []
    private(set) var first: Int?
    private var last: Int?
    /// The queue of each group: the same requests, linked again by group.
    private var queues: [Queue]
    /// The number of groups with queued requests.
    private(set) var waitingGroups = 0
    /// The queued requests, as a binary heap by deadline.
    private var heap: [Int] = []

    private struct Queue: Sendable {
        var first: Int?
        var last: Int?
        var count = 0
    }

    init(groups: Int) {
        self.queues = Array(repeating: Queue(), count: groups)
    }

    mutating func addGroup() {
        self.queues.append(Queue())
    }

    /// The number of queued requests of a group.
    func count(in group: Int) -> Int {
        self.queues[group].count
    }

    /// The first queued request of a group.
    func first(in group: Int) -> Int? {
        self.queues[group].first
    }

    /// The number of queued requests.
    var count: Int {
        self.heap.count
    }

    /// The number of rows in use: requests that are begun, queued, or not collected yet.
    var inUse: Int {
        self.rows.count - self.free.count
    }

    /// The number of rows, which is the largest number ever in use at once.
    var capacity: Int {
        self.rows.count
    }

    /// The queued request with the earliest deadline.
    var earliest: Int? {
        self.heap.first
    }

    subscript(index: Int) -> Request {
        get { self.rows[index] }
        _modify { yield &self.rows[index] }
    }

    /// The row of a request; nil if it has ended.
    func find(_ id: ID) -> Int? {
        self.rows.indices.contains(id.index) && self.rows[id.index].generation == id.generation ? id.index : nil
    }

    func id(of index: Int) -> ID {
        ID(index: index, generation: self.rows[index].generation)
    }

    /// Adds a request in state `pending`.
    mutating func add(
        _ requester: PoolStateMachine.Requester,
        group: Int,
        since: TimeSource.Instant,
        deadline: TimeSource.Instant
    ) -> ID {
        let index = self.free.popLast() ?? self.rows.count
        if index == self.rows.count { self.rows.append(Request()) }
        self.rows[index].state = .pending
        self.rows[index].group = group
        self.rows[index].requester = requester
        self.rows[index].since = since
        self.rows[index].deadline = deadline
        self.rows[index].waited = .zero
        self.rows[index].creating = .zero
        self.rows[index].validating = .zero
        return self.id(of: index)
    }

    /// Frees the row and invalidates the request's identifier. The request must not be queued.
    mutating func end(_ index: Int) {
        self.rows[index].state = .free
        self.rows[index].generation += 1
        self.free.append(index)
    }

    /// Appends a request to the queue. O(log n).
    mutating func enqueue(_ index: Int) {
        self.rows[index].state = .queued
        self.rows[index].previous = self.last
        self.rows[index].next = nil
        if let last = self.last { self.rows[last].next = index } else { self.first = index }
        self.last = index
        let group = self.rows[index].group
        self.rows[index].previousInGroup = self.queues[group].last
        self.rows[index].nextInGroup = nil
        if let last = self.queues[group].last { self.rows[last].nextInGroup = index } else { self.queues[group].first = index }
        self.queues[group].last = index
        self.queues[group].count += 1
        if self.queues[group].count == 1 { self.waitingGroups += 1 }
        self.heap.append(index)
        self.rows[index].heapPosition = self.heap.count - 1
        self.siftUp(self.heap.count - 1)
    }

    /// Removes a request from any position in the queue and sets its next state. O(log n).
    mutating func dequeue(_ index: Int, to state: State) {
        let (previous, next) = (self.rows[index].previous, self.rows[index].next)
        if let previous { self.rows[previous].next = next } else { self.first = next }
        if let next { self.rows[next].previous = previous } else { self.last = previous }
        self.rows[index].previous = nil
        self.rows[index].next = nil
        self.leaveGroup(index)
        self.rows[index].state = state
        let position = self.rows[index].heapPosition
        let moved = self.heap.removeLast()
        if moved != index {
            self.place(moved, at: position)
            self.siftUp(position)
            self.siftDown(self.rows[moved].heapPosition)
        }
    }

    private mutating func leaveGroup(_ index: Int) {
        let group = self.rows[index].group
        let (previous, next) = (self.rows[index].previousInGroup, self.rows[index].nextInGroup)
        if let previous { self.rows[previous].nextInGroup = next } else { self.queues[group].first = next }
        if let next { self.rows[next].previousInGroup = previous } else { self.queues[group].last = previous }
        self.rows[index].previousInGroup = nil
        self.rows[index].nextInGroup = nil
        self.queues[group].count -= 1
        if self.queues[group].count == 0 { self.waitingGroups -= 1 }
    }

    /// The first `limit` queued requests, in the order of service.
    func queued(limit: Int) -> [Request] {
        var result: [Request] = []
        var index = self.first
        while let current = index, result.count < limit {
            result.append(self.rows[current])
            index = self.rows[current].next
        }
        return result
    }

    // MARK: The heap

    private mutating func place(_ index: Int, at position: Int) {
        self.heap[position] = index
        self.rows[index].heapPosition = position
    }

    private func isEarlier(_ left: Int, _ right: Int) -> Bool {
        self.rows[self.heap[left]].deadline < self.rows[self.heap[right]].deadline
    }

    private mutating func exchange(_ left: Int, _ right: Int) {
        let (atLeft, atRight) = (self.heap[left], self.heap[right])
        self.place(atRight, at: left)
        self.place(atLeft, at: right)
    }

    private mutating func siftUp(_ start: Int) {
        var position = start
        while position > 0, self.isEarlier(position, (position - 1) / 2) {
            self.exchange(position, (position - 1) / 2)
            position = (position - 1) / 2
        }
    }

    private mutating func siftDown(_ start: Int) {
        var position = start
        while true {
            var smallest = position
            for child in [2 * position + 1, 2 * position + 2] where child < self.heap.count && self.isEarlier(child, smallest) {
                smallest = child
            }
            if smallest == position { return }
            self.exchange(position, smallest)
            position = smallest
        }
    }
}
