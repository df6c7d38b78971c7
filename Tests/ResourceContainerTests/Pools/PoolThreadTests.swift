import ResourceContainer
import Testing

@Suite("A pool on real threads")
struct PoolThreadTests {
    /// Tracks which item is held by which task.
    private final class HeldItems: Sendable {
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
        return try ResourcePool(
            name: "Numbers",
            configuration: PoolConfiguration(maximum: maximum, acquireBudget: .seconds(3600), createTimeout: .seconds(3600)),
            make: { next() }
        )
    }

    @Test("Eight workers never share one of two items and never hold more than two.")
    func noOverlap() async throws {
        let pool = try self.pool(maximum: 2)
        let held = HeldItems()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for round in 0..<Soak.count(2_500, full: 125_000) {
                        try await pool.withLease { number in
                            held.take(number)
                            if (worker + round).isMultiple(of: 3) { await Task.yield() }
                            held.put(number)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(held.result.most <= 2)
        #expect(held.result.faults == 0)
        let sample = pool.poolSample()
        #expect(sample.leases == 8 * Soak.count(2_500, full: 125_000))
        #expect(sample.idle == sample.made)
        #expect(sample.made <= 2)
        #expect(sample.leased == 0)
        #expect(sample.waiting == 0)
        #expect(sample.isBalanced)
    }

    @Test("Cancellations that race with queueing and with the handoff lose no request and no item.")
    func cancellationRaces() async throws {
        let pool = try self.pool(maximum: 1)
        let held = HeldItems()
        for round in 0..<Soak.count(3_000, full: 200_000) {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        try? await pool.withLease { number in
                            held.take(number)
                            await Task.yield()
                            held.put(number)
                        }
                    }
                }
                for _ in 0..<(round % 7) { await Task.yield() }
                group.cancelAll()
            }
        }
        #expect(held.result.faults == 0)
        let sample = pool.poolSample()
        #expect(sample.leased == 0)
        #expect(sample.waiting == 0)
        #expect(sample.isBalanced)
        #expect(await pool.close().isClean)
    }

    @Test("A request canceled around the handoff passes the item to the next waiter or leaves it idle, never both.")
    func handOff() async throws {
        let pool = try self.pool(maximum: 1)
        for round in 0..<Soak.count(1_000, full: 50_000) {
            let lease = try await pool.acquire()
            async let waiter: Bool = {
                do { return try await pool.withLease { _ in true } } catch { return error is CancellationError ? false : true }
            }()
            let second = Task { try? await pool.withLease { _ in } }
            if round.isMultiple(of: 2) { await Task.yield() }
            second.cancel()
            lease.release()
            #expect(await waiter)
            await second.value
        }
        let sample = pool.poolSample()
        #expect(sample.leased == 0)
        #expect(sample.waiting == 0)
        #expect(sample.idle == 1)
        #expect(sample.made == 1)
        #expect(sample.isBalanced)
    }

    @Test("Reaping on the system clock races with leases: every item is closed once, and the minimum is kept.")
    func reaping() async throws {
        let closed = Lock<[Int]>([])
        let numbers = Lock(0)
        let pool = try ResourcePool(
            name: "Numbers",
            configuration: PoolConfiguration(maximum: 4, minimumSize: 1, acquireBudget: .seconds(3600), idleTimeout: .microseconds(200)),
            make: {
                numbers.withLock { number in
                    number += 1
                    return number
                }
            },
            close: { number in closed.withLock { $0.append(number) } }
        )
        let held = HeldItems()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for round in 0..<Soak.count(500, full: 50_000) {
                        try await pool.withLease { number in
                            held.take(number)
                            if round.isMultiple(of: 3) { await Task.yield() }
                            held.put(number)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let report = await pool.close()
        let all = closed.withLock { $0 }
        #expect(report.isClean)
        #expect(held.result.faults == 0)
        #expect(Set(all).count == all.count)
        #expect(all.count == numbers.withLock { $0 })
        #expect(pool.poolSample().isBalanced)
        #expect(pool.poolSample().pending == 0)
    }

    @Test("A spike on real threads is served by the existing items.", .enabled(if: Soak.isOn), arguments: [(1, 6), (4, 9)])
    func spike(concurrency: Int, most: Int) async throws {
        let pool = try ResourcePool<Int>(
            name: "Spike",
            configuration: PoolConfiguration(maximum: 50, minimumSize: 5, prefill: .wait, creationConcurrency: concurrency),
            make: {
                try await TimeSource.system.sleep(for: .milliseconds(150))
                return 1
            }
        )
        try await pool.initialize()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask { try await pool.withLease { _ in try await TimeSource.system.sleep(for: .milliseconds(2)) } }
            }
            try await group.waitForAll()
        }
        // Every item whose creation began for the spike is closed when the spike is over.
        #expect(pool.poolSample().made <= most)
        #expect(pool.poolSample().idle == 5)
        await pool.close()
    }

    @Test("Equal workers on real threads get equal numbers of leases.", .enabled(if: Soak.isOn))
    func fairness() async throws {
        let pool = try self.pool(maximum: 2)
        let end = TimeSource.system.now + .seconds(5)
        let shares = try await withThrowingTaskGroup(of: Int.self, returning: [Int].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var count = 0
                    while TimeSource.system.now < end {
                        try await pool.withLease { _ in try await TimeSource.system.sleep(for: .milliseconds(1)) }
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let (least, most) = (shares.min() ?? 0, shares.max() ?? 0)
        #expect(Double(most - least) <= 0.02 * Double(most) + 2)
    }
}
