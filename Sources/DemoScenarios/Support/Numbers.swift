import ResourceContainer

/// Numbers what comes, across tasks.
final class Numbers: Sendable {
    private let last = Lock(0)

    func next() -> Int {
        self.last.withLock {
            $0 += 1
            return $0
        }
    }
}
