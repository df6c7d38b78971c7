import Foundation

/// Prints one table: `make bench`. Arguments select groups: `container`, `scaling`, `events`, `snapshot`, `monitor`, `dashboard`, `pool`, `recording`,
/// `attach`. `peers` prints the rows of `make bench-peers`; `allocations FILE` compares their allocations with the ceilings in a file.
@main
struct Benchmarks {
    static func main() async throws {
        try await self.measure()
    }

    // Not on the main actor, because every task of the container would have to leave its thread.
    @concurrent
    private static func measure() async throws {
        let wanted = Set(CommandLine.arguments.dropFirst())
        if wanted.contains("peers") { return try await PeerBenchmarks().run() }
        if wanted.contains("allocations"), let path = CommandLine.arguments.last {
            if try await PeerBenchmarks().checkAllocations(path) { return }
            exit(1)
        }
        var table = Table()
        table.printHead()
        if wanted.isEmpty || wanted.contains("container") { try await ContainerBenchmarks().run(&table) }
        if wanted.isEmpty || wanted.contains("scaling") { try await ScalingBenchmarks().run(&table) }
        if wanted.isEmpty || wanted.contains("events") { try await EventBenchmarks().run(&table) }
        if wanted.isEmpty || wanted.contains("snapshot") { try await SnapshotBenchmarks().run(&table) }
        if wanted.isEmpty || wanted.contains("monitor") { try await MonitorBenchmarks().run(&table) }
        if wanted.isEmpty || wanted.contains("dashboard") { try await DashboardBenchmarks().run(&table) }
        if wanted.isEmpty || wanted.contains("pool") { try await PoolBenchmarks().run(&table) }
        if wanted.isEmpty || wanted.contains("recording") { try await RecordingBenchmarks().run(&table) }
        if wanted.isEmpty || wanted.contains("attach") { try await AttachBenchmarks().run(&table) }
    }
}
