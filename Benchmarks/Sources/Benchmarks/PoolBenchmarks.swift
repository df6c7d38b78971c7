import BareFloors
import ResourceContainer

/// The cost of acquiring and releasing leases.
struct PoolBenchmarks {
    nonisolated(nonsending) func run(_ table: inout Table) async throws {
        let stack = "Mutex + stack"
        let pool = try await Self.pool(maximum: 8)
        let bare = BareStack(count: 8)
        table.add(
            try await Comparison(name: "lease + release, one task", floor: stack, goal: 1.5).run(count: 200_000) { count in
                for _ in 0..<count { try await pool.withLease { use($0) } }
            } floor: { count in
                for _ in 0..<count { _ = try await bare.withLease { use($0) } }
            }
        )
        for tasks in [8, 64] {
            let pool = try await Self.pool(maximum: tasks)
            let bare = BareStack(count: tasks)
            table.add(
                try await Comparison(name: "lease + release, \(tasks) tasks, \(tasks) items", floor: stack, goal: 3).run(
                    count: 160_000,
                    rounds: 9
                ) { count in
                    try await Self.together(tasks, count) { try await pool.withLease { use($0) } }
                } floor: { count in
                    try await Self.together(tasks, count) { _ = try await bare.withLease { use($0) } }
                }
            )
        }
        for tasks in [8, 64] {
            let pool = try await Self.pool(maximum: tasks / 2)
            table.add(
                try await Comparison(name: "lease + yield + release, \(tasks) tasks, \(tasks / 2) items").run(count: 32_000, rounds: 9) {
                    count in
                    try await Self.together(tasks, count) {
                        try await pool.withLease { item in
                            use(item)
                            await Task.yield()
                        }
                    }
                }
            )
        }
    }

    /// A pool whose items exist.
    nonisolated(nonsending) static func pool(maximum: Int) async throws -> ResourcePool<Plain> {
        let pool = try ResourcePool(name: "pool", configuration: PoolConfiguration(maximum: maximum), make: { Plain() })
        // Warm-up: create every item before the measurement.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<maximum { group.addTask { try await pool.withLease { _ in try await Task.sleep(for: .milliseconds(50)) } } }
            try await group.waitForAll()
        }
        return pool
    }

    /// Runs `body` in several tasks at once, `count` times in all.
    nonisolated(nonsending) static func together(
        _ tasks: Int,
        _ count: Int,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<tasks { group.addTask { for _ in 0..<count / tasks { try await body() } } }
            try await group.waitForAll()
        }
    }
}
