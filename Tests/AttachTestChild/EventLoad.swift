import Foundation
import ResourceContainer
import Synchronization

/// A thread that causes about 10,000 events a second. It does not depend on the cooperative pool.
///
/// An event is a step of a job: its scope opens, begins to close, and closes; its resource initializes, is ready, disposes, and is disposed.
final class EventLoad: Sendable {
    private static let nanosecondsPerJob: Int64 = 700_000
    /// The most jobs in a row. After a longer delay the others are left out, because they would keep a slow machine busy.
    private static let jobsInARow: Int64 = 100

    private let container: Container
    private let isOver = Atomic<Bool>(false)

    init(_ container: Container) {
        self.container = container
    }

    func start() {
        Thread.detachNewThread { self.work() }
    }

    func stop() {
        self.isOver.store(true, ordering: .relaxed)
    }

    private func work() {
        let time = self.container.environment.time
        let began = time.now
        var done: Int64 = 0
        while !self.isOver.load(ordering: .relaxed) {
            usleep(10_000)
            let due = (time.now - began).wholeNanoseconds / Self.nanosecondsPerJob
            for _ in 0..<min(due - done, Self.jobsInARow) {
                try? self.container.withScope("job", tag: "job") { _ = try $0.get(Parcel.self) }
            }
            done = due
        }
    }
}
