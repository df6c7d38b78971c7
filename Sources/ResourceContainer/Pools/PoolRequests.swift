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
        case granted(PoolStateMachine.Lease)
        /// Final: the caller gets a cancellation error.
        case cancelled
        /// Final: the budget ran out.
        case expired
        /// Final: the pool is closing.
        case refused
    }

    struct Request: Sendable {
        var generation: UInt64 = 0
        var state = State.free
        var borrower = PoolStateMachine.Borrower.nobody
        var since = TimeSource.Instant(nanoseconds: 0)
        var deadline = TimeSource.Instant(nanoseconds: 0)
        /// How long it was or has been queued, and how much of that the pool was creating; set when it leaves the queue.
        var waited = Duration.zero
        var creating = Duration.zero
        /// The pool's creating time when it was queued.
        var creatingBefore = Duration.zero
        fileprivate var previous: Int?
        fileprivate var next: Int?
        fileprivate var heapPosition = 0
    }

    private var rows: [Request] = []
    private var free: [Int] = []
    private(set) var first: Int?
    private var last: Int?
    /// The queued requests, as a binary heap by deadline.
    private var heap: [Int] = []

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
    mutating func add(_ borrower: PoolStateMachine.Borrower, since: TimeSource.Instant, deadline: TimeSource.Instant) -> ID {
        let index = self.free.popLast() ?? self.rows.count
        if index == self.rows.count { self.rows.append(Request()) }
        self.rows[index].state = .pending
        self.rows[index].borrower = borrower
        self.rows[index].since = since
        self.rows[index].deadline = deadline
        self.rows[index].waited = .zero
        self.rows[index].creating = .zero
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
        self.rows[index].state = state
        let position = self.rows[index].heapPosition
        let moved = self.heap.removeLast()
        if moved != index {
            self.place(moved, at: position)
            self.siftUp(position)
            self.siftDown(self.rows[moved].heapPosition)
        }
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
