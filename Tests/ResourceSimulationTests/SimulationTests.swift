import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Simulation")
struct SimulationTests {
    private actor Log {
        private(set) var lines: [String] = []
        func add(_ line: String) { self.lines.append(line) }
    }

    /// Runs tasks, groups, an actor, sleeps and random numbers, and returns the order of their steps.
    private func run(seed: UInt64, order: Simulation.JobOrder) throws -> [String] {
        let simulation = Simulation(seed: seed, order: order)
        let time = simulation.environment.time
        return try simulation.run {
            let log = Log()
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        var random = simulation.environment.random
                        for step in 0..<3 {
                            try? await time.sleep(for: .milliseconds(Int.random(in: 0...3, using: &random)))
                            await log.add("\(number).\(step)@\(time.now.nanoseconds)")
                        }
                    }
                }
            }
            return await log.lines
        }
    }

    @Test("The same seed produces the same run.", arguments: 0..<20 as Range<UInt64>)
    func reproducible(seed: UInt64) throws {
        for order in [Simulation.JobOrder.firstInFirstOut, .random] {
            let (first, second) = (try self.run(seed: seed, order: order), try self.run(seed: seed, order: order))
            #expect(first.count == 24)
            #expect(first == second)
        }
    }

    @Test("Different seeds produce different runs.")
    func varied() throws {
        let runs = Set(try (0..<20).map { try self.run(seed: $0, order: .random) })
        #expect(runs.count > 15)
    }

    @Test("Deadlines fire in order, time advances only to them, and a canceled deadline never fires.")
    func deadlines() {
        let simulation = Simulation(seed: 1)
        let met = Lock<[Int]>([])
        let start = simulation.now
        for milliseconds in [30, 10, 20] {
            _ = simulation.environment.time.schedule(at: start + .milliseconds(milliseconds)) { met.withLock { $0.append(milliseconds) } }
        }
        let cancelled = simulation.environment.time.schedule(at: start + .milliseconds(15)) { met.withLock { $0.append(15) } }
        cancelled.cancel()
        cancelled.cancel()
        simulation.runUntilIdle()
        #expect(met.withLock { $0 }.isEmpty)
        #expect(simulation.now == start)
        simulation.run(until: start + .milliseconds(20))
        #expect(met.withLock { $0 } == [10, 20])
        simulation.run(for: .seconds(1))
        #expect(met.withLock { $0 } == [10, 20, 30])
        #expect(simulation.now == start + .milliseconds(1020))
    }

    @Test("A sleep ends at its deadline, or at once when its task is canceled.")
    func sleep() throws {
        let simulation = Simulation(seed: 1)
        let time = simulation.environment.time
        let (slept, cancelled) = try simulation.run {
            try await time.sleep(for: .hours(2))
            let slept = time.now
            let cancelled = await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    do {
                        try await time.sleep(for: .hours(2))
                        return false
                    } catch { return true }
                }
                group.cancelAll()
                return await group.next() ?? false
            }
            return (slept, cancelled)
        }
        #expect(slept.nanoseconds == 7_200_000_000_000)
        #expect(cancelled)
        #expect(simulation.now == slept)
    }

    @Test("Code that waits forever fails with an error instead of hanging.")
    func stalled() {
        let simulation = Simulation(seed: 1)
        let error = #expect(throws: Simulation.Stalled.self) {
            try simulation.run { for await _ in AsyncStream<Void>(unfolding: { await withCheckedContinuation { waiting.keep($0) } }) {} }
        }
        #expect(error?.description.contains("nothing is left to do") == true)
        waiting.release()
    }

    @Test("The error of an initialization that leaves the simulation states that the simulation had nothing left to do.")
    func leftSimulation() throws {
        let simulation = Simulation(seed: 1)
        let container = Container("shop", environment: simulation.environment)
        let outside = Promise<Void>()
        try container.bind(Int.self, lifetime: .singleton) { () async -> Int in
            await outside.waitThroughCancellation()
            return 1
        }
        let error = try #require(throws: ResourceError.self) { try simulation.run { _ = try await container.get(Int.self) } }
        #expect(error.code == .initializationTimedOut)
        let cause =
            "; the simulation had nothing left to do during the wait: Task.sleep, unstructured tasks, and real I/O run outside of the simulation, "
            + "which does not wait for them"
        #expect(error.description.hasSuffix(cause))
        outside.fulfill(())
        try simulation.run { _ = try await container.close() }
    }

    @Test("The error of an initialization that is slow while the simulation works does not blame the simulation.")
    func slowInSimulation() throws {
        let simulation = Simulation(seed: 1)
        let container = Container("shop", environment: simulation.environment)
        try container.bind(Int.self, lifetime: .singleton) { [time = simulation.environment.time] () async throws -> Int in
            for _ in 0..<60 { try await time.sleep(for: .seconds(1)) }
            return 1
        }
        let error = try #require(throws: ResourceError.self) { try simulation.run { _ = try await container.get(Int.self) } }
        #expect(error.code == .initializationTimedOut)
        #expect(error.description.hasSuffix("or raise initializeTimeout in its BindingOptions"))
        try simulation.run { _ = try await container.close() }
    }
}

extension Duration {
    fileprivate static func hours(_ hours: Int) -> Duration { .seconds(3600 * hours) }
}

/// Keeps a continuation until the test releases it.
private final class Waiting: Sendable {
    private let kept = Lock<CheckedContinuation<Void?, Never>?>(nil)
    func keep(_ continuation: CheckedContinuation<Void?, Never>) { self.kept.withLock { $0 = continuation } }
    func release() { self.kept.withLock { $0 }?.resume(returning: nil) }
}

private let waiting = Waiting()
