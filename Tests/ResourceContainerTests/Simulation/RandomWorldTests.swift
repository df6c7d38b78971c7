import Foundation
import ResourceSimulation
import Testing

@testable import ResourceContainer

/// The number of seeds; the environment variable `RESMON_SEEDS` raises it for soak tests.
private let seeds = UInt64(ProcessInfo.processInfo.environment["RESMON_SEEDS"] ?? "") ?? 400
/// The number of chunks, which run in parallel.
private let chunks = 20

@Suite("Invariants of the container in random worlds")
struct RandomWorldTests {
    @Test("In random worlds the books balance, and no instance is disposed twice or before its dependents.", arguments: 0..<UInt64(chunks))
    func worlds(chunk: UInt64) async {
        for seed in stride(from: chunk, to: seeds, by: chunks) {
            // Lets other tests use the thread.
            await Task.yield()
            do { try RandomWorld(seed: seed).check() } catch {
                Issue.record("seed \(seed): \(error)")
                return
            }
        }
    }

    @Test("A world that has ended is freed, so that millions of worlds fit into memory.")
    func freed() throws {
        let observers = try {
            let world = try RandomWorld(seed: 3)
            try world.check()
            return [OutlivingObserver(world), OutlivingObserver(world.container), OutlivingObserver(world.simulation)]
        }()
        #expect(observers.map(\.isAlive) == [false, false, false])
    }

    @Test("The same seed produces the same events.")
    func reproducible() throws {
        func events() throws -> [ResourceEvent] {
            let world = try RandomWorld(seed: 42)
            let subscription = world.container.subscribe()
            try world.check()
            return subscription.drain().events
        }
        let (first, second) = (try events(), try events())
        #expect(first.count > 50)
        #expect(first == second)
    }
}
