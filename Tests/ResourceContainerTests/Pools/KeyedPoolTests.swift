import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Keyed pools")
final class KeyedPoolTests: Sendable {
    private let simulation = Simulation(seed: 1)
    private let diary = Diary()
    private let broken = Lock<Set<String>>([])

    private func pool(_ maximum: Int, perKey: Int, configuration: PoolConfiguration? = nil) throws -> KeyedResourcePool<String, String> {
        let made = Lock<[String: Int]>([:])
        return try KeyedResourcePool(
            name: "Hosts",
            configuration: configuration ?? PoolConfiguration(maximum: maximum),
            maximumPerKey: perKey,
            environment: self.simulation.environment,
            make: { key in
                if self.broken.withLock({ $0.contains(key) }) { throw Failure(description: "no \(key)") }
                return made.withLock { made in
                    made[key, default: 0] += 1
                    return "\(key)\(made[key, default: 0])"
                }
            },
            close: { self.diary.write("close \($0)") }
        )
    }

    private func acquire(_ pool: KeyedResourcePool<String, String>, _ key: String, _ name: String, hold: Duration) {
        self.simulation.spawn {
            do {
                try await pool.withLease(key) { item in
                    self.diary.write("\(name) has \(item) at \(self.simulation.now.nanoseconds / 1_000_000)")
                    try? await self.simulation.environment.time.sleep(for: hold)
                }
            } catch {
                self.diary.write("\(name) \((error as? PoolError)?.code.description ?? "\(error)")")
            }
        }
        self.simulation.runUntilIdle()
    }

    @Test("Each key has its own maximum, and a waiter for one key does not delay other keys.")
    func perKey() throws {
        let pool = try self.pool(4, perKey: 1)
        self.acquire(pool, "a", "first", hold: .milliseconds(10))
        self.acquire(pool, "a", "second", hold: .zero)
        self.acquire(pool, "b", "third", hold: .zero)
        self.simulation.run(for: .milliseconds(20))
        #expect(self.diary.entries == ["first has a1 at 0", "third has b1 at 0", "second has a1 at 10"])
        #expect(pool.poolSample().made == 2)
        #expect(pool.poolSample().isBalanced)
    }

    @Test("At the overall maximum, the item of another key that has been idle longest is evicted.")
    func eviction() throws {
        let pool = try self.pool(2, perKey: 2)
        self.acquire(pool, "a", "1", hold: .zero)
        self.simulation.run(for: .milliseconds(5))
        self.acquire(pool, "b", "2", hold: .zero)
        self.simulation.run(for: .milliseconds(5))
        self.acquire(pool, "c", "3", hold: .zero)
        self.simulation.run(for: .milliseconds(5))
        #expect(self.diary.entries.suffix(2) == ["close a1", "3 has c1 at 10"])
        #expect(pool.poolSample().evicted == 1)
        #expect(pool.poolSample().idle == 2)
        #expect(pool.keyCount == 2)
    }

    @Test("The first waiter gets the first free capacity, even if a later one could use the returned item immediately.")
    func order() throws {
        let pool = try self.pool(1, perKey: 1)
        self.acquire(pool, "a", "1", hold: .milliseconds(10))
        self.acquire(pool, "b", "2", hold: .milliseconds(10))
        self.acquire(pool, "a", "3", hold: .milliseconds(10))
        self.acquire(pool, "b", "4", hold: .zero)
        self.simulation.run(for: .seconds(1))
        #expect(
            self.diary.entries == [
                "1 has a1 at 0", "close a1", "2 has b1 at 10", "close b1", "3 has a2 at 20", "close a2", "4 has b2 at 30",
            ]
        )
        #expect(pool.poolSample().isBalanced)
        #expect(pool.poolSample().waiting == 0)
    }

    @Test("A failing key delays only itself, is refused immediately after a minute, and recovers through a probe.")
    func failures() throws {
        self.broken.withLock { $0 = ["bad"] }
        let pool = try self.pool(4, perKey: 2)
        for _ in 0..<3 {
            self.acquire(pool, "bad", "bad", hold: .zero)
            self.acquire(pool, "good", "good", hold: .zero)
            self.simulation.run(for: .seconds(35))
        }
        #expect(self.diary.entries.filter { $0.hasPrefix("good has good1") }.count == 3)
        #expect(self.diary.entries.contains("bad timedOut"))
        #expect(self.diary.entries.contains("bad unavailable"))
        #expect(try self.simulation.run { try await pool.healthCheck() }.status == .degraded)
        self.broken.withLock { $0 = [] }
        self.acquire(pool, "bad", "bad", hold: .zero)
        self.simulation.run(for: .seconds(1))
        #expect(self.diary.entries.last == "bad has bad1 at 105000")
        #expect(try self.simulation.run { try await pool.healthCheck() }.status == .healthy)
    }

    @Test("A key without items is removed, including one whose items were never created.")
    func forgetting() throws {
        let configuration = PoolConfiguration(maximum: 8, acquireBudget: .seconds(1), idleTimeout: .seconds(10))
        let pool = try self.pool(8, perKey: 2, configuration: configuration)
        self.broken.withLock { $0 = ["x"] }
        for key in ["a", "b", "c", "x"] { self.acquire(pool, key, key, hold: .zero) }
        self.simulation.run(for: .seconds(2))
        #expect(pool.keyCount == 4)
        self.simulation.run(for: .seconds(30))
        #expect(pool.keyCount == 1)
        self.simulation.run(for: .seconds(60))
        #expect(pool.keyCount == 0)
        #expect(pool.poolSample().reaped == 3)
        #expect(pool.poolSample().isBalanced)
        self.acquire(pool, "d", "again", hold: .zero)
        #expect(self.diary.entries.last == "again has d1 at 92000")
        #expect(pool.keyCount == 1)
    }

    @Test("Invalid limits are refused.")
    func badLimits() throws {
        #expect(throws: PoolError.self) { try self.pool(4, perKey: 0) }
        let minimum = PoolConfiguration(maximum: 4, minimumSize: 1)
        let error = #expect(throws: PoolError.self) { try self.pool(4, perKey: 2, configuration: minimum) }
        #expect(error?.description == "pool Hosts cannot be created: minimumSize is 1 and must be 0 in a keyed pool")
    }

    @Test("Random requests for random keys are all served within the limits, and the books balance.", arguments: Array(UInt64(1)...30))
    func random(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let holders = Lock<(all: [String: Int], most: Int, mostOfKey: Int)>(([:], 0, 0))
        let pool = try KeyedResourcePool<String, String>(
            name: "Hosts",
            configuration: PoolConfiguration(maximum: 5, idleTimeout: .milliseconds(40)),
            maximumPerKey: 2,
            environment: simulation.environment,
            make: { key in
                try await simulation.environment.time.sleep(for: .milliseconds(3))
                return key
            },
            close: { _ in try await simulation.environment.time.sleep(for: .milliseconds(2)) }
        )
        let served = Lock(0)
        for task in 0..<120 {
            simulation.spawn {
                var random = SeededRandom(seed: seed &* 1000 &+ UInt64(task))
                try? await simulation.environment.time.sleep(for: .milliseconds(Int64.random(in: 0...200, using: &random)))
                let key = "\(Int.random(in: 0..<6, using: &random))"
                let hold = Duration.milliseconds(Int64.random(in: 0...8, using: &random))
                try? await pool.withLease(key) { item in
                    #expect(item == key)
                    holders.withLock { holders in
                        holders.all[key, default: 0] += 1
                        holders.most = max(holders.most, holders.all.values.reduce(0, +))
                        holders.mostOfKey = max(holders.mostOfKey, holders.all[key, default: 0])
                    }
                    try? await simulation.environment.time.sleep(for: hold)
                    holders.withLock { $0.all[key, default: 0] -= 1 }
                    served.withLock { $0 += 1 }
                }
            }
        }
        for _ in 0..<100 {
            simulation.run(for: .milliseconds(20))
            let sample = pool.poolSample()
            #expect(sample.isBalanced)
            #expect(sample.idle + sample.leased + sample.pending <= 5)
        }
        simulation.run(for: .seconds(30))
        #expect(served.withLock { $0 } == 120)
        #expect(holders.withLock { $0.most <= 5 && $0.mostOfKey <= 2 })
        #expect(pool.poolSample().waiting == 0)
        #expect(pool.keyCount == 0)
        #expect(try simulation.run { await pool.close() }.isClean)
    }
}
