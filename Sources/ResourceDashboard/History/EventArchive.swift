import DequeModule
import ResourceContainer

/// The event lines of the last ten minutes, in order of arrival.
///
/// Lines are numbered from 0, and their numbers never change. The newest lines are stored unpacked, all others packed in chunks
/// (``EventChunk``). A copy shares the chunks, so that a past picture contains the lines up to its moment without copying them.
struct EventArchive: RandomAccessCollection, Sendable {
    static let span = Duration.seconds(600)
    /// The largest size of the lines, in bytes, unless another limit is chosen.
    static let limit = 64 << 20

    /// The largest size of the lines, in bytes. A timeline shares this limit.
    var limit = Self.limit

    /// The number of the first line that is kept.
    private(set) var startIndex = 0
    private(set) var endIndex = 0
    /// The approximate size of the packed lines, in bytes.
    private(set) var weight = 0
    private var chunks: Deque<EventChunk> = []
    /// The lines after the last chunk.
    private var recent: [EventLine] = []

    /// The approximate size, in bytes, of a copy that shares its chunks with other archives.
    var copyWeight: Int {
        self.recent.count * Weight.event + self.chunks.count * MemoryLayout<EventChunk>.stride + (64 << 10)
    }

    private var packedEnd: Int {
        self.packedStart + self.chunks.count * EventChunk.length
    }

    /// The number of the first line of the first chunk, which may be less than ``startIndex``.
    private var packedStart = 0

    /// The line with a number. O(1).
    subscript(number: Int) -> EventLine {
        let packedEnd = self.packedEnd
        if number >= packedEnd { return self.recent[number - packedEnd] }
        let offset = number - self.packedStart
        return self.chunks[offset / EventChunk.length][offset % EventChunk.length]
    }

    /// Appends a line as the newest. O(1) amortized.
    mutating func append(_ line: EventLine) {
        if self.endIndex < self.packedEnd + self.recent.count { self.cut() }
        self.recent.append(line)
        self.endIndex += 1
        guard self.recent.count == EventChunk.length else { return }
        let chunk = EventChunk(self.recent)
        self.recent.removeAll(keepingCapacity: true)
        self.weight += chunk.weight
        self.chunks.append(chunk)
        while let oldest = self.chunks.first, self.weight > self.limit || line.time - oldest.end > Self.span {
            self.forget(before: self.packedStart + EventChunk.length)
        }
    }

    /// Removes the lines before a number.
    mutating func forget(before number: Int) {
        self.startIndex = Swift.min(Swift.max(self.startIndex, number), self.endIndex)
        while let oldest = self.chunks.first, self.packedStart + EventChunk.length <= self.startIndex {
            self.weight -= oldest.weight
            self.chunks.removeFirst()
            self.packedStart += EventChunk.length
        }
    }

    /// Returns the archive up to, and not including, the line with a number.
    func prefix(upTo number: Int) -> EventArchive {
        var earlier = self
        earlier.endIndex = Swift.max(self.startIndex, Swift.min(number, self.endIndex))
        return earlier
    }

    /// Removes the lines after the end, which remain in an archive that shows the past.
    private mutating func cut() {
        while self.endIndex < self.packedEnd, let last = self.chunks.popLast() {
            self.weight -= last.weight
            self.recent = (0..<EventChunk.length).map { last[$0] }
        }
        self.recent.removeLast(self.recent.count - (self.endIndex - self.packedEnd))
    }

    // MARK: Finding lines

    /// Returns the number of a line; nil if it is not kept. Lines are ordered by the sequence of their events. O(log n).
    func number(of line: EventLine) -> Int? {
        var number = self.partitioningIndex { $0.sequence >= line.sequence }
        while number < self.endIndex, case let found = self[number], found.sequence == line.sequence {
            if found == line { return number }
            number += 1
        }
        return nil
    }

    /// The numbers of the lines that are errors, ascending.
    var errors: [Int] {
        self.numbers { chunk in
            chunk.errors.map(Int.init)
        } recent: {
            $0.level == .error
        }
    }

    /// Returns how many lines are warnings or errors, and the numbers of the newest of them, newest first, at most `limit`.
    func troubles(limit: Int) -> (count: Int, newest: [Int]) {
        var (count, newest) = (0, [Int]())
        let stored = self.startIndex..<self.endIndex
        func add(_ number: Int) {
            guard stored.contains(number) else { return }
            count += 1
            if newest.count < limit { newest.append(number) }
        }
        let packedEnd = self.packedEnd
        for index in self.recent.indices.reversed() where self.recent[index].level >= .warn { add(packedEnd + index) }
        for index in self.chunks.indices.reversed() {
            let first = self.packedStart + index * EventChunk.length
            for offset in self.chunks[index].troubles.reversed() { add(first + Int(offset)) }
        }
        return (count, newest)
    }

    /// Returns the number of the first error at or after `number`; nil if there is none.
    func error(from number: Int) -> Int? {
        for (chunkIndex, chunk) in self.chunks.enumerated() where self.packedStart + (chunkIndex + 1) * EventChunk.length > number {
            let first = self.packedStart + chunkIndex * EventChunk.length
            if let error = chunk.errors.first(where: { first + Int($0) >= number }) {
                return first + Int(error) < self.endIndex ? first + Int(error) : nil
            }
        }
        return (Swift.max(number, self.packedEnd)..<Swift.max(number, self.packedEnd, self.endIndex)).first { self[$0].level == .error }
    }

    /// Returns the lines about a resource, newest first. O(n / 256), plus the lines of the chunks that mention the resource.
    func lines(of resource: ResourceID) -> [EventLine] {
        self.numbers {
            $0.indices(of: resource)
        } recent: {
            $0.resource == resource
        }.reversed().map { self[$0] }
    }

    private func numbers(packed: (EventChunk) -> [Int], recent: (EventLine) -> Bool) -> [Int] {
        var numbers: [Int] = []
        for (chunkIndex, chunk) in self.chunks.enumerated() {
            let first = self.packedStart + chunkIndex * EventChunk.length
            guard first < self.endIndex else { break }
            for index in packed(chunk) where (self.startIndex..<self.endIndex).contains(first + index) { numbers.append(first + index) }
        }
        let packedEnd = self.packedEnd
        guard packedEnd < self.endIndex else { return numbers }
        for number in Swift.max(packedEnd, self.startIndex)..<self.endIndex where recent(self.recent[number - packedEnd]) {
            numbers.append(number)
        }
        return numbers
    }
}
