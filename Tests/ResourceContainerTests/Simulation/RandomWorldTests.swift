import Foundation
import ResourceSimulation
import Testing

@testable import ResourceContainer

/// Seeds to go through; `RESMON_SEEDS` says how many, for soaks.
private let seeds = UInt64(ProcessInfo.processInfo.environment["RESMON_SEEDS"] ?? "") ?? 2000
/// In chunks, so that they run side by side.
private let chunks = 20

@Suite("Whatever happens in whatever order, the books balance and nothing is disposed twice or before its dependents")
struct RandomWorldTests {
    @Test("random worlds", arguments: 0..<UInt64(chunks))
    func worlds(chunk: UInt64) async {
        for seed in stride(from: chunk, to: seeds, by: chunks) {
            // The tests beside this one want the thread, too.
            await Task.yield()
            do { try RandomWorld(seed: seed).check() } catch {
                Issue.record("seed \(seed): \(error)")
                return
            }
        }
    }

    @Test("a world that has ended is freed, so that a million of them fit")
    func freed() throws {
        let observers = try {
            let world = try RandomWorld(seed: 3)
            try world.check()
            return [OutlivingObserver(world), OutlivingObserver(world.container), OutlivingObserver(world.simulation)]
        }()
        #expect(observers.map(\.isAlive) == [false, false, false])
    }

    @Test("the same seed gives the same events")
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
