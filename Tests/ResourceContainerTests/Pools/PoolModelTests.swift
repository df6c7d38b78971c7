import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Comparison of a pool's state machine with a reference model")
struct PoolModelTests {
    @Test(
        "Random walks over every operation have the same effects in both, and the books balance after each step.",
        arguments: Array(UInt64(1)...Soak.count(40, full: 2_000))
    )
    func walk(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var walk = PoolWalk(rules: Self.rules(&random))
        for step in 1...3_000 {
            let fault = walk.step(&random)
            #expect(fault == nil, "seed \(seed), step \(step)")
            if fault != nil { return }
        }
    }

    private static func rules(_ random: inout SeededRandom) -> PoolRules {
        func often(_ value: Int64, _ random: inout SeededRandom) -> Int64 { Bool.random(using: &random) ? value : .max }
        var rules = PoolRules(maximum: Int.random(in: 1...6, using: &random))
        rules.minimum = Int.random(in: 0...rules.maximum, using: &random)
        rules.creationConcurrency = Int.random(in: 1...3, using: &random)
        rules.leasesOldestFirst = Bool.random(using: &random)
        rules.failsWhenEmpty = Int.random(in: 0..<5, using: &random) == 0
        rules.validates = Bool.random(using: &random)
        rules.resets = Bool.random(using: &random)
        rules.freshness = [0, 1_000_000, 20_000_000].randomElement(using: &random) ?? 0
        rules.createTimeout = often(30_000_000, &random)
        rules.validateTimeout = often(20_000_000, &random)
        rules.resetTimeout = often(20_000_000, &random)
        rules.closeTimeout = often(20_000_000, &random)
        rules.idleTimeout = often(50_000_000, &random)
        rules.keepalive = often(30_000_000, &random)
        rules.lifetime = often(100_000_000, &random)
        rules.leakThreshold = often(40_000_000, &random)
        rules.failFastAfter = 200_000_000
        return rules
    }
}
