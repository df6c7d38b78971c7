import CAllocations
import Foundation

/// What is measured, and the floor beside it: the least that anything doing this job would have to do.
///
/// Subject and floor take turns, round after round, so that whatever else the machine is doing meets both; the best round of each counts,
/// since noise only ever adds. Ratios can be compared between machines, nanoseconds cannot.
struct Comparison {
    var name: String
    var floor: String?
    var goal: Double?

    /// One row of the table.
    struct Row {
        var name: String
        var nanoseconds: Double
        var median: Double
        var allocations: Double
        var floor: Double?
        var floorName: String?
        var goal: Double?

        var ratio: Double? {
            self.floor.map { self.nanoseconds / $0 }
        }
    }

    /// Runs `subject` and `floor` in turn, each `count` times in every round.
    nonisolated(nonsending) func run(
        count: Int,
        rounds: Int = 15,
        subject: nonisolated(nonsending) (Int) async throws -> Void,
        floor: (nonisolated(nonsending) (Int) async throws -> Void)? = nil
    ) async throws -> Row {
        var subjects: [Double] = []
        var floors: [Double] = []
        var allocations = Double.infinity
        try await subject(count / 10 + 1)
        for _ in 0..<rounds {
            let before = allocations_so_far()
            subjects.append(try await Self.time(count, subject))
            allocations = min(allocations, Double(allocations_so_far() - before) / Double(count))
            if let floor { floors.append(try await Self.time(count, floor)) }
        }
        return Row(
            name: self.name,
            nanoseconds: subjects.min() ?? 0,
            median: subjects.sorted()[subjects.count / 2],
            allocations: allocations,
            floor: floors.min(),
            floorName: self.floor,
            goal: self.goal
        )
    }

    private nonisolated(nonsending) static func time(_ count: Int, _ body: nonisolated(nonsending) (Int) async throws -> Void) async throws
        -> Double
    {
        let start = now()
        try await body(count)
        return Double(now() - start) / Double(count)
    }
}

func now() -> UInt64 {
    DispatchTime.now().uptimeNanoseconds
}

/// Takes a value as if it were used, so that computing it cannot be left out.
@inline(never)
@_optimize(none)
func use(_ value: AnyObject?) {}

/// Resident memory of the process, in bytes; 0 where it cannot be told.
func residentBytes() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(getpagesize())
}

func oneDigit(_ value: Double) -> String {
    String(format: "%.1f", value)
}

/// The table as it is printed and written down.
struct Table {
    private var lines: [String] = [
        "| what | ns | median | allocations | floor | ns of the floor | ratio | goal |", "|---|---:|---:|---:|---|---:|---:|---:|",
    ]

    mutating func add(_ row: Comparison.Row) {
        func number(_ value: Double?) -> String {
            value.map { $0 < 100 ? String(format: "%.1f", $0) : String(format: "%.0f", $0) } ?? "–"
        }
        let ratio = row.ratio.map { String(format: "%.2f", $0) } ?? "–"
        let goal = row.goal.map { String(format: "≤ %g", $0) } ?? "–"
        let cells = [
            row.name, number(row.nanoseconds), number(row.median), row.allocations.isNaN ? "–" : oneDigit(row.allocations),
            row.floorName ?? "–",
            number(row.floor), ratio, goal,
        ]
        self.add("| " + cells.joined(separator: " | ") + " |")
    }

    mutating func add(_ line: String) {
        self.lines.append(line)
        print(line)
    }

    func printHead() {
        for line in self.lines { print(line) }
    }
}
