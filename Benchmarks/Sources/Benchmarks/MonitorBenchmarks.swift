import BareFloors
import ResourceContainer
import ResourceMonitoring

/// The throughput of a monitor: ten million events of real scopes and resources, in batches slightly below the capacity of a subscriber.
///
/// Only the reading is timed, on one thread; the events are produced in between. The floor reads the same events and sums their sequence
/// numbers.
struct MonitorBenchmarks {
    private static let cyclesPerBatch = 4000
    private static let batches = 358
    private static let settledAfter = 36

    nonisolated(nonsending) func run(_ table: inout Table) async throws {
        let container = Container()
        try container.bind(Plain.self) { Plain() }
        let monitor = ResourceMonitor(container)
        let floor = container.subscribe()
        _ = monitor.report()
        var (spent, floorSpent) = ([Double](), [Double]())
        var (events, sum, settled) = (0, UInt64(0), 0)
        for batch in 0..<Self.batches {
            for _ in 0..<Self.cyclesPerBatch { try await container.withScope { use(try await $0.get(Plain.self)) } }
            let before = now()
            let drained = floor.drain().events
            for event in drained { sum &+= event.sequence }
            let between = now()
            monitor.refresh()
            let after = now()
            events += drained.count
            floorSpent.append(Double(between - before) / Double(drained.count))
            spent.append(Double(after - between) / Double(drained.count))
            if batch == Self.settledAfter { settled = residentBytes() }
        }
        use(sum == 0 ? nil : container)
        let median = spent.sorted()[spent.count / 2]
        table.add(
            Comparison.Row(
                name: "monitor: take in an event (\(events) in all)",
                nanoseconds: spent.min() ?? 0,
                median: median,
                allocations: .nan,
                floor: floorSpent.min(),
                floorName: "read the events and sum their numbers",
                goal: nil
            )
        )
        let growth = Double(residentBytes() - settled) / 1_048_576
        table.add("")
        table.add(
            "\(oneDigit(1000 / median)) million events per second; memory growth from the first million events to the last: \(oneDigit(growth)) MiB."
        )
    }
}
