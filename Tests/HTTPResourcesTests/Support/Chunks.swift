import ResourceContainer

/// The error of a sequence.
struct Broken: Error {}

/// A sequence of `count` chunks of `size` bytes, which counts those that are read; it can fail after the last one.
struct Chunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let count: Int
    let size: Int
    var failure: Broken?
    let read = Counter()

    struct AsyncIterator: AsyncIteratorProtocol {
        let chunks: Chunks

        mutating func next() async throws -> [UInt8]? {
            if self.chunks.read.value == self.chunks.count {
                if let failure = self.chunks.failure { throw failure }
                return nil
            }
            self.chunks.read.add(1)
            return [UInt8](repeating: 0x61, count: self.chunks.size)
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: self)
    }
}

/// A number that tasks add to.
final class Counter: Sendable {
    private let count = Lock(0)

    var value: Int {
        self.count.withLock { $0 }
    }

    func add(_ number: Int) {
        self.count.withLock { $0 += number }
    }
}
