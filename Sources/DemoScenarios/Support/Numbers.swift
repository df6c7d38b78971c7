import ResourceContainer

/// A counter shared by tasks. It starts at 1.
final class Numbers: Sendable {
    private let last = Lock(0)

    func next() -> Int {
        self.last.withLock {
            $0 += 1
            return $0
        }
    }
}
