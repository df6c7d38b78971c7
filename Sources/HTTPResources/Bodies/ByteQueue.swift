/// Chunks of bytes in their order, with a bound. Pure.
struct ByteQueue: Sendable {
    /// The number of bytes from which the queue is full. A chunk that is appended below the bound can exceed it.
    let bound: Int
    /// The number of bytes.
    private(set) var count = 0
    /// The chunks from index `first` on.
    private var chunks: [[UInt8]] = []
    private var first = 0
    /// The bytes of the first chunk that are taken.
    private var taken = 0

    init(bound: Int) {
        self.bound = bound
    }

    var isEmpty: Bool {
        self.count == 0
    }

    var isFull: Bool {
        self.count >= self.bound
    }

    /// Appends a chunk. An empty one has no effect.
    mutating func append(_ chunk: [UInt8]) {
        if chunk.isEmpty { return }
        self.chunks.append(chunk)
        self.count += chunk.count
    }

    /// Removes and returns the next chunk, or what is left of it; nil if there is none.
    mutating func takeChunk() -> [UInt8]? {
        guard self.first < self.chunks.count else { return nil }
        let chunk = self.chunks[self.first]
        let rest = self.taken == 0 ? chunk : Array(chunk[self.taken...])
        self.count -= rest.count
        self.dropFirst()
        return rest
    }

    /// Moves bytes into `buffer`, as many as there are and fit. Returns their number.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var moved = 0
        while moved < buffer.count, self.first < self.chunks.count {
            let chunk = self.chunks[self.first]
            let size = min(chunk.count - self.taken, buffer.count - moved)
            let (start, target) = (self.taken, UnsafeMutableRawBufferPointer(rebasing: buffer[moved..<moved + size]))
            chunk.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + size])) }
            moved += size
            self.taken += size
            self.count -= size
            if self.taken == chunk.count { self.dropFirst() }
        }
        return moved
    }

    mutating func removeAll() {
        self = ByteQueue(bound: self.bound)
    }

    private mutating func dropFirst() {
        self.chunks[self.first] = []
        self.first += 1
        self.taken = 0
        // Removes the consumed half at a time, for amortized constant time.
        if 2 * self.first >= self.chunks.count {
            self.chunks.removeFirst(self.first)
            self.first = 0
        }
    }
}
