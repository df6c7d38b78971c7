import BareFloors
import Foundation
import ResourceContainer
import Synchronization

/// How long a snapshot blocks the container: the longest single operation of another thread while one is taken.
///
/// Each round takes one snapshot. The floor is the longest operation in the same time without one. The least of all rounds counts, because
/// the system also interrupts threads.
struct SnapshotBenchmarks {
    private static let rounds = 25

    nonisolated(nonsending) func run(_ table: inout Table) async throws {
        for (count, goal) in [(10_000, 2), (100_000, 10)] { try self.measure(count, goal, &table) }
    }

    private func measure(_ count: Int, _ goal: Int, _ table: inout Table) throws {
        let container = try Self.container(count)
        var (spans, longest, undisturbed) = ([Double](), [Double](), [Double]())
        for _ in 0..<Self.rounds {
            let start = now()
            longest.append(try Self.longestOperation(of: container) { use(container.snapshot().resources.isEmpty ? nil : container) })
            let span = now() - start
            spans.append(Double(span) / 1e6)
            undisturbed.append(try Self.longestOperation(of: container) { usleep(UInt32(span / 1_000)) })
        }
        table.add(
            Comparison.Row(
                name: "the longest open + get + close while a snapshot of \(count) resources is taken (goal \(goal) ms)",
                nanoseconds: longest.min() ?? 0,
                median: longest.sorted()[longest.count / 2],
                allocations: .nan,
                floor: undisturbed.min(),
                floorName: "without a snapshot",
                goal: nil
            )
        )
        table.add("")
        table.add("The whole snapshot of \(count) resources takes \(oneDigit(spans.min() ?? 0)) ms.")
    }

    /// A container with `count` active resources, ten in each scope.
    private static func container(_ count: Int) throws -> Container {
        let container = Container()
        try container.bind(Plain.self, lifetime: .transient) { Plain() }
        for _ in 0..<count / 10 {
            let scope = try container.openScope("s")
            for _ in 0..<10 { use(try scope.get(Plain.self)) }
        }
        return container
    }

    /// Runs `body` on a second thread, and returns the longest operation of this one until `body` has ended, in nanoseconds.
    private static func longestOperation(of container: Container, during body: @escaping @Sendable () -> Void) throws -> Double {
        let signal = Signal()
        Thread {
            body()
            signal.isOver.store(true, ordering: .releasing)
        }.start()
        var longest: UInt64 = 0
        repeat {
            let start = now()
            try container.withScope("turn") { use(try $0.get(Plain.self)) }
            longest = max(longest, now() - start)
        } while !signal.isOver.load(ordering: .acquiring)
        return Double(longest)
    }

    private final class Signal: Sendable {
        let isOver = Atomic<Bool>(false)
    }
}
