import ResourceContainer
import ResourceSimulation
import ResourceTesting
import Testing

@Suite("The asynchronous mutex, and budgets for any operation")
struct AsyncMutexTests {
    /// Tracks which tasks are in a body, which were, and whether two were at the same time.
    private final class Room: Sendable {
        private struct State: Sendable {
            var inside = 0
            var most = 0
            var served: [Int] = []
        }

        private let state = Lock(State())

        func enter(_ number: Int) {
            self.state.withLock { state in
                state.inside += 1
                state.most = max(state.most, state.inside)
                state.served.append(number)
            }
        }

        func leave() { self.state.withLock { $0.inside -= 1 } }
        var most: Int { self.state.withLock { $0.most } }
        var served: [Int] { self.state.withLock { $0.served } }
    }

    @Test("The bodies of an asynchronous mutex run one at a time, in order of request.")
    func inOrder() async throws {
        try await sweep(seeds: 0..<200) { simulation in
            let (mutex, room) = (AsyncMutex(), Room())
            let time = simulation.environment.time
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        try await time.sleep(for: .milliseconds(number))
                        try await mutex.withLock {
                            room.enter(number)
                            try await time.sleep(for: .milliseconds(20))
                            room.leave()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(room.most == 1)
            #expect(room.served == Array(0..<8))
        }
    }

    private struct Own: Error {}

    @Test("A waiter that throws or is canceled does not delay the waiters behind it.")
    func cancelled() async throws {
        try await sweep(seeds: 0..<500) { simulation in
            let (mutex, room) = (AsyncMutex(), Room())
            let time = simulation.environment.time
            let finished = Lock(0)
            let cancelled = Lock(0)
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<6 {
                    let task = simulation.spawn {
                        do {
                            try await mutex.withLock {
                                room.enter(number)
                                defer { room.leave() }
                                try await time.sleep(for: .milliseconds(10))
                                if number == 0 { throw Own() }
                            }
                            finished.withLock { $0 += 1 }
                        } catch {
                            if error is CancellationError { cancelled.withLock { $0 += 1 } }
                        }
                    }
                    if number % 2 == 1 {
                        group.addTask {
                            try? await time.sleep(for: .milliseconds(number * 3))
                            task.cancel()
                        }
                    }
                    group.addTask { await task.value }
                }
            }
            #expect(room.most <= 1)
            #expect(Set(room.served).isSuperset(of: [0, 2, 4]))
            #expect(finished.withLock { $0 } + cancelled.withLock { $0 } == 5)
            #expect(cancelled.withLock { $0 } > 0)
            // The next body starts immediately.
            try await mutex.withLock {}
        }
    }

    @Test("A body within its budget returns or throws its own result; after it, it is canceled and BudgetExceeded is thrown.")
    func within() throws {

        try simulate(seed: 1) { simulation in
            let time = simulation.environment.time
            let seven = try await time.within(.seconds(1)) { 7 }
            #expect(seven == 7)
            try await time.within(.seconds(2)) { try await time.sleep(for: .seconds(1)) }
            await #expect(throws: Own.self) { try await time.within(.seconds(1)) { throw Own() } }
            let before = time.now
            await #expect(throws: BudgetExceeded.self) {
                try await time.within(.seconds(1)) { try await time.sleep(for: .seconds(60)) }
            }
            #expect(time.now - before == .seconds(1))
            // A body that ignores cancellation is awaited, and a late result counts.
            let late = try await time.within(.milliseconds(1)) {
                let done = Promise<Int>()
                let deadline = time.schedule(at: time.now + .seconds(3)) { done.fulfill(5) }
                defer { deadline.cancel() }
                return await done.waitThroughCancellation()
            }
            #expect(late == 5)
        }
    }

    @Test("Canceling the caller of a body with a budget cancels the body and throws CancellationError.")
    func cancelledWithin() throws {
        try simulate(seed: 1) { simulation in
            let time = simulation.environment.time
            let thrown = Promise<(any Error)?>()
            let task = simulation.spawn {
                do {
                    try await time.within(.seconds(9)) { try await time.sleep(for: .seconds(60)) }
                    thrown.fulfill(nil)
                } catch {
                    thrown.fulfill(error)
                }
            }
            try await time.sleep(for: .seconds(1))
            task.cancel()
            let error = await thrown.waitThroughCancellation()
            #expect(error is CancellationError)
            #expect(time.now.nanoseconds == 1_000_000_000)
        }
    }
}
