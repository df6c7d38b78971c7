import Foundation
import ResourceContainer
import Synchronization

/// A thread that opens and closes scopes, and measures its longest pause. It does not depend on the cooperative pool.
final class ScopeLoad: Sendable {
    private let container: Container
    private let isOver = Atomic<Bool>(false)
    private let longest = Atomic<Int64>(0)

    init(_ container: Container) {
        self.container = container
    }

    func start() {
        Thread.detachNewThread { self.work() }
    }

    func stop() {
        self.isOver.store(true, ordering: .relaxed)
    }

    /// The longest time between two rounds since the last call, in nanoseconds.
    func takePause() -> Int64 {
        self.longest.exchange(0, ordering: .relaxed)
    }

    private func work() {
        let time = self.container.environment.time
        var last = time.now
        while !self.isOver.load(ordering: .relaxed) {
            for _ in 0..<4 { try? self.container.withScope("request") { _ in } }
            // Fewer than two thousand scopes a second, which debug builds can serve, too.
            usleep(2_000)
            let now = time.now
            let pause = (now - last).components.attoseconds / 1_000_000_000 + (now - last).components.seconds * 1_000_000_000
            self.longest.store(max(self.longest.load(ordering: .relaxed), pause), ordering: .relaxed)
            last = now
        }
    }
}
