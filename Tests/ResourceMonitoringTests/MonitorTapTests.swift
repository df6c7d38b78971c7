import ResourceContainer
import ResourceMonitoring
import ResourceSimulation
import Testing

@Suite("Taps of a container")
struct MonitorTapTests {
    @Test("A tap reports whether there is news, and whether the next read misses events, without reading.")
    func news() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        var tap = MonitorTap(container)
        #expect(!tap.hasNews)
        _ = try container.openScope("a")
        #expect(tap.hasNews)
        #expect(!tap.wouldMiss)
        let input = tap.next()
        #expect(input.batch.events.count == 1)
        #expect(!tap.hasNews)
        try simulation.run { for _ in 0..<12_000 { try await container.withScope { _ in } } }
        #expect(tap.hasNews)
        #expect(tap.wouldMiss)
        let next = tap.next()
        #expect(next.batch.missed == 36_000)
        #expect(next.batch.snapshot?.sequence == container.snapshot().sequence)
        #expect(!tap.wouldMiss)
    }
}
