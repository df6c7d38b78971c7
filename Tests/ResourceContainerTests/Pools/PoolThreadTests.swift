import ResourceContainer
import Testing

@Suite("A pool on real threads")
struct PoolThreadTests {
    /// Who has which item.
    private final class Hands: Sendable {
        private let state = Lock((out: Set<Int>(), most: 0, faults: 0))

        func take(_ number: Int) {
            self.state.withLock { state in
                if !state.out.insert(number).inserted { state.faults += 1 }
                state.most = max(state.most, state.out.count)
            }
        }

        func put(_ number: Int) {
            self.state.withLock { state in
                if state.out.remove(number) == nil { state.faults += 1 }
            }
        }

        var result: (most: Int, faults: Int) {
            self.state.withLock { ($0.most, $0.faults) }
        }
    }

    private func pool(maximum: Int) throws -> ResourcePool<Int> {
        let numbers = Lock(0)
        let next: @Sendable () -> Int = {
            numbers.withLock { number in
                number += 1
                return number
            }
        }
        return try ResourcePool(name: "Numbers", configuration: PoolConfiguration(maximum: maximum), make: { next() })
    }

    @Test("T1: eight workers and two items: never an item in two hands, never more than two out")
    func noOverlap() async throws {
        let pool = try self.pool(maximum: 2)
        let hands = Hands()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for round in 0..<Soak.count(2_500, full: 125_000) {
                        try await pool.withLease { number in
                            hands.take(number)
                            if (worker + round).isMultiple(of: 3) { await Task.yield() }
                            hands.put(number)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(hands.result.most <= 2 && hands.result.faults == 0)
        let sample = pool.poolSample()
        #expect(
            sample.leases == 8 * Soak.count(2_500, full: 125_000) && sample.idle == sample.made && sample.made <= 2 && sample.leased == 0
                && sample.waiting == 0
                && sample.isBalanced
        )
    }

    @Test("T3: cancellations that race with queueing and with the hand-off lose nobody and nothing")
    func cancellationRaces() async throws {
        let pool = try self.pool(maximum: 1)
        let hands = Hands()
        for round in 0..<Soak.count(3_000, full: 200_000) {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        try? await pool.withLease { number in
                            hands.take(number)
                            await Task.yield()
                            hands.put(number)
                        }
                    }
                }
                for _ in 0..<(round % 7) { await Task.yield() }
                group.cancelAll()
            }
        }
        #expect(hands.result.faults == 0)
        let sample = pool.poolSample()
        #expect(sample.leased == 0 && sample.waiting == 0 && sample.isBalanced)
        #expect(await pool.close().isClean)
    }
}
