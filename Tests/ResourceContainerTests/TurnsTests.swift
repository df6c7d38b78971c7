import ResourceContainer
import ResourceSimulation
import ResourceTesting
import Testing

@Suite("Turns, and a budget for anything")
struct TurnsTests {
    /// Who is in, who was, and whether two were at a time.
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

    @Test("one at a time, in the order in which they asked")
    func inOrder() async throws {
        try await sweep(seeds: 0..<200) { simulation in
            let (turns, room) = (Turns(), Room())
            let time = simulation.environment.time
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        try await time.sleep(for: .milliseconds(number))
                        try await turns.inTurn {
                            room.enter(number)
                            try await time.sleep(for: .milliseconds(20))
                            room.leave()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(room.most == 1 && room.served == Array(0..<8))
        }
    }

    private struct Own: Error {}

    @Test("who throws, or is cancelled while it waits, holds up nobody behind it")
    func cancelled() async throws {
        try await sweep(seeds: 0..<500) { simulation in
            let (turns, room) = (Turns(), Room())
            let time = simulation.environment.time
            let finished = Lock(0)
            let cancelled = Lock(0)
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<6 {
                    let task = simulation.spawn {
                        do {
                            try await turns.inTurn {
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
            #expect(room.most <= 1 && Set(room.served).isSuperset(of: [0, 2, 4]))
            #expect(finished.withLock { $0 } + cancelled.withLock { $0 } == 5 && cancelled.withLock { $0 } > 0)
            // And the next turn comes at once.
            try await turns.inTurn {}
        }
    }

    @Test("within its budget a body's result and its throw are its own; after it, it is cancelled and the budget is what is thrown")
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
            // What does not listen is waited for, and if it has a result after all, that counts.
            let late = try await time.within(.milliseconds(1)) {
                let done = Promise<Int>()
                let deadline = time.schedule(at: time.now + .seconds(3)) { done.fulfil(5) }
                defer { deadline.cancel() }
                return await done.waitThroughCancellation()
            }
            #expect(late == 5)
        }
    }

    @Test("cancelling who waits within a budget cancels the body, and is not mistaken for the budget")
    func cancelledWithin() throws {
        try simulate(seed: 1) { simulation in
            let time = simulation.environment.time
            let thrown = Promise<(any Error)?>()
            let task = simulation.spawn {
                do {
                    try await time.within(.seconds(9)) { try await time.sleep(for: .seconds(60)) }
                    thrown.fulfil(nil)
                } catch {
                    thrown.fulfil(error)
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
