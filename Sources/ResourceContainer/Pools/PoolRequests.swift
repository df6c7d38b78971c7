/// The acquisitions of a pool that could not be served at once: their states, their queue, and their deadlines.
///
/// A table with a free list; the queue is a doubly linked list through it and the deadlines are a heap over it, so that a request
/// leaves from anywhere in O(1) and O(log n) and leaves nothing behind.
struct PoolRequests: Sendable {
    /// Names a request; a name whose request has ended finds nothing.
    struct ID: Hashable, Sendable {
        let index: Int
        let generation: UInt64
    }

    /// Where a request is on its way. Everything but `free` belongs to a caller that has not taken the outcome yet.
    enum State: Hashable, Sendable {
        /// The row is unused.
        case free
        /// Begun, not in the queue yet. To `queued`, `granted`, `refused`; `cancelled` if the cancellation is quicker than the queueing.
        case pending
        /// In the queue. To `granted`, `cancelled`, `expired`, `refused`.
        case queued
        /// It owns an item that its caller has not taken yet. To `cancelled`: the item goes on to the next.
        case granted(PoolStateMachine.Use)
        /// Final: the caller gets a cancellation error.
        case cancelled
        /// Final: the budget ran out.
        case expired
        /// Final.
        case refused(Refusal)
    }

    /// Why a request is not served.
    enum Refusal: Hashable, Sendable {
        /// The pool is closing or closed.
        case closed
        /// Everything is lent, and the policy is to fail.
        case exhausted
        /// Items could not be made for long, and there is none.
        case unavailable
    }

    struct Request: Sendable {
        var generation: UInt64 = 0
        var state = State.free
        var group = 0
        var borrower = PoolStateMachine.Borrower.nobody
        var since = TimeSource.Instant(nanoseconds: 0)
        var deadline = TimeSource.Instant(nanoseconds: 0)
        /// How long it was queued, and how much of that the pool was creating and validating; set when it leaves the queue.
        var waited = Duration.zero
        var creating = Duration.zero
        var validating = Duration.zero
        /// The pool's creating and validating times when it was queued.
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
    /// The queues of the groups: the same requests once more, each under its group.
    private var queues: [Queue]
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

    /// How many of a group are queued.
    func count(in group: Int) -> Int {
        self.queues[group].count
    }

    /// The first of a group.
    func first(in group: Int) -> Int? {
        self.queues[group].first
    }

    /// How many are queued.
    var count: Int {
        self.heap.count
    }

    /// How many rows are in use: queued, or on their way in or out.
    var inUse: Int {
        self.rows.count - self.free.count
    }

    /// How many rows there are: the most that were ever in use at a time.
    var capacity: Int {
        self.rows.count
    }

    /// The queued request whose budget ends first.
    var earliest: Int? {
        self.heap.first
    }

    subscript(index: Int) -> Request {
        get { self.rows[index] }
        _modify { yield &self.rows[index] }
    }

    /// The row of a request that has not ended.
    func find(_ id: ID) -> Int? {
        self.rows.indices.contains(id.index) && self.rows[id.index].generation == id.generation ? id.index : nil
    }

    func id(of index: Int) -> ID {
        ID(index: index, generation: self.rows[index].generation)
    }

    /// Adds a request in state `pending`.
    mutating func add(
        _ borrower: PoolStateMachine.Borrower,
        group: Int,
        since: TimeSource.Instant,
        deadline: TimeSource.Instant
    ) -> ID {
        let index = self.free.popLast() ?? self.rows.count
        if index == self.rows.count { self.rows.append(Request()) }
        self.rows[index].state = .pending
        self.rows[index].group = group
        self.rows[index].borrower = borrower
        self.rows[index].since = since
        self.rows[index].deadline = deadline
        self.rows[index].waited = .zero
        self.rows[index].creating = .zero
        self.rows[index].validating = .zero
        return self.id(of: index)
    }

    /// Frees the row; its name finds nothing from now on. The request must not be queued.
    mutating func end(_ index: Int) {
        self.rows[index].state = .free
        self.rows[index].generation += 1
        self.free.append(index)
    }

    /// Puts a request at the end of the queue. O(log n).
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
        self.heap.append(index)
        self.rows[index].heapPosition = self.heap.count - 1
        self.siftUp(self.heap.count - 1)
    }

    /// Takes a request out of the queue, wherever it stands, into another state. O(log n).
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
    }

    /// The first `limit` queued requests in the order they are served.
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
