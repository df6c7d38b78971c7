import BareFloors
import Foundation
import ResourceContainer

/// The rows that `make bench-peers` compares with libraries of other languages, and their allocations.
///
/// Each row is printed as its name, the median time and the floor's in nanoseconds, and the allocations, separated by tabs.
struct PeerBenchmarks {
    private let container = Container()
    private let floor = ScopeFloor()
    private let bare = BareRegistry()

    init() throws {
        try self.container.bind(Plain.self) { Plain() }
        try self.container.bind(AsyncResource.self) { AsyncResource() }
        try self.container.bind(SyncedResource.self) { SyncedResource() }
    }

    /// Prints every row.
    nonisolated(nonsending) func run() async throws {
        for row in try await self.rows() {
            print("\(row.name)\t\(oneDigit(row.median))\t\(oneDigit(row.floor ?? 0))\t\(oneDigit(row.allocations))")
        }
    }

    /// Compares the allocations of the rows with the ceilings in a file of lines with a name and a number, separated by a tab. Prints those that
    /// are exceeded, and returns whether none is.
    nonisolated(nonsending) func checkAllocations(_ path: String) async throws -> Bool {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { $0.split(separator: "\t") }
        let ceilings = Dictionary(lines.filter { $0.count == 2 }.map { (String($0[0]), Double($0[1]) ?? 0) }) { $1 }
        var isKept = true
        for row in try await self.rows() {
            // A fraction comes from allocations that many operations share.
            guard let ceiling = ceilings[row.name], row.allocations <= ceiling + 0.5 else {
                let limit = ceilings[row.name].map { "the ceiling is \(oneDigit($0))" } ?? "\(path) has no ceiling"
                print("\(row.name): \(oneDigit(row.allocations)) allocations, and \(limit)")
                isKept = false
                continue
            }
        }
        if isKept { print("every row allocates at most as often as its ceiling in \(path)") }
        return isKept
    }

    private nonisolated(nonsending) func rows() async throws -> [Comparison.Row] {
        try await self.gets() + self.scopes() + self.pools()
    }

    private nonisolated(nonsending) func gets() async throws -> [Comparison.Row] {
        try await self.container.withScope { scope in
            use(try await scope.get(Plain.self))
            return [
                try await Comparison(name: "get a ready resource", floor: "").run(count: 200_000, rounds: 9) { count in
                    for _ in 0..<count { use(try await scope.get(Plain.self)) }
                } floor: { count in
                    for _ in 0..<count { use(self.bare.get()) }
                }
            ]
        }
    }

    private nonisolated(nonsending) func scopes() async throws -> [Comparison.Row] {
        let container = self.container
        let synchronous: nonisolated(nonsending) (Int) async -> Void = { count in for _ in 0..<count { use(self.floor.synchronous()) } }
        return [
            try await Comparison(name: "scope with a Resource", floor: "").run(count: 20_000, rounds: 9) { count in
                for _ in 0..<count { try await container.withScope { use(try await $0.get(AsyncResource.self)) } }
            } floor: { count in
                for _ in 0..<count { use(await self.floor.asynchronous()) }
            },
            try await Comparison(name: "scope with a SyncResource", floor: "").run(count: 20_000, rounds: 9) { count in
                for _ in 0..<count { try await container.withScope { use(try await $0.get(SyncedResource.self)) } }
            } floor: {
                await synchronous($0)
            },
            try await Comparison(name: "synchronous scope with a SyncResource", floor: "").run(count: 20_000, rounds: 9) { count in
                await onThread {
                    for _ in 0..<count {
                        do { try container.withScope { use(try $0.get(SyncedResource.self)) } } catch { print(error) }
                    }
                }
            } floor: {
                await synchronous($0)
            },
            try await Comparison(name: "scope with a value", floor: "").run(count: 20_000, rounds: 9) { count in
                for _ in 0..<count { try await container.withScope { use(try await $0.get(Plain.self)) } }
            } floor: {
                await synchronous($0)
            },
            try await Comparison(name: "empty scope", floor: "").run(count: 20_000, rounds: 9) { count in
                for _ in 0..<count { try await container.withScope { _ in } }
            } floor: {
                await synchronous($0)
            },
        ]
    }

    private nonisolated(nonsending) func pools() async throws -> [Comparison.Row] {
        var rows: [Comparison.Row] = []
        for tasks in [1, 8, 64] {
            let pool = try await PoolBenchmarks.pool(maximum: tasks)
            let stack = BareStack(count: tasks)
            rows.append(
                try await Comparison(name: "lease and release, \(tasks) at a time", floor: "").run(count: 320_000, rounds: 9) { count in
                    try await Self.share(count, among: tasks) { count in
                        for _ in 0..<count { try await pool.withLease { use($0) } }
                    }
                } floor: { count in
                    try await Self.share(count, among: tasks) { count in
                        for _ in 0..<count { _ = try await stack.withLease { use($0) } }
                    }
                }
            )
        }
        return rows
    }

    /// Runs a loop of `count` operations in parts, each in a task. The loop is inside the closure, because a call of an asynchronous closure costs
    /// as much as a lease.
    private nonisolated(nonsending) static func share(
        _ count: Int,
        among tasks: Int,
        _ loop: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        if tasks == 1 { return try await loop(count) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<tasks { group.addTask { try await loop(count / tasks) } }
            try await group.waitForAll()
        }
    }
}
