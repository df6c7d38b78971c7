import BareFloors
import ResourceContainer

/// The throughput of 1, 2, and 8 tasks that open scopes of one container, or lease items of one pool, beside tasks that share nothing.
///
/// The ratio of a row is its time for an operation to that of one task: on two cores, 0.5 is twice the throughput. The same work without
/// anything shared gives the ratio that the machine can reach in the same run.
struct ScalingBenchmarks {
    private static let tasks = [1, 2, 8]
    private static let count = 160_000
    private static let rounds = 7

    nonisolated(nonsending) func run(_ table: inout Table) async throws {
        table.add("")
        table.add("| throughput of several tasks | 1 task, ns | 2 tasks, ns | 8 tasks, ns | 2 tasks / 1 | 8 tasks / 1 |")
        table.add("|---|---:|---:|---:|---:|---:|")
        let container = Container()
        try container.bind(AsyncResource.self) { AsyncResource() }
        try container.bind(SyncedResource.self) { SyncedResource() }
        try await self.row("the floor of an asynchronous scope, nothing shared", &table) { count in
            let floor = ScopeFloor()
            for _ in 0..<count { use(await floor.asynchronous()) }
        }
        try await self.row("scope with a `Resource`", &table) { count in
            for _ in 0..<count { try await container.withScope { use(try await $0.get(AsyncResource.self)) } }
        }
        try await self.row("scope with a `SyncResource`", &table) { count in
            for _ in 0..<count { try await container.withScope { use(try await $0.get(SyncedResource.self)) } }
        }
        try await self.row("`get` of a ready resource in one scope each", &table) { count in
            try await container.withScope { scope in
                for _ in 0..<count { use(try await scope.get(SyncedResource.self)) }
            }
        }
        let pool = try await PoolBenchmarks.pool(maximum: 8)
        try await self.row("lease and release of a pool of 8", &table) { count in
            for _ in 0..<count { try await pool.withLease { use($0) } }
        }
    }

    /// Measures `work` with each number of tasks in turn, in rounds, so that other load on the machine affects all of them.
    private nonisolated(nonsending) func row(
        _ name: String,
        _ table: inout Table,
        _ work: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        var best = [Double](repeating: .infinity, count: Self.tasks.count)
        for _ in 0..<Self.rounds {
            for (index, tasks) in Self.tasks.enumerated() {
                let start = now()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<tasks { group.addTask { try await work(Self.count / tasks) } }
                    try await group.waitForAll()
                }
                best[index] = min(best[index], Double(now() - start) / Double(Self.count))
            }
        }
        let cells = best.map { oneDigit($0) } + best.dropFirst().map { twoDigits($0 / best[0]) }
        table.add("| \(name) | " + cells.joined(separator: " | ") + " |")
    }
}
