import CAllocations
import Foundation

/// A measurement and its floor: the least work that any implementation must do.
///
/// Subject and floor run alternately in rounds, so that other load on the machine affects both. The best round of each counts, because
/// noise only adds time. Ratios are comparable between machines; nanoseconds are not.
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

    /// Runs `subject` and `floor` alternately, `count` times in each round.
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

/// Uses a value, so that the compiler cannot remove its computation.
@inline(never)
@_optimize(none)
func use(_ value: AnyObject?) {}

/// The resident memory of the process in bytes; 0 if it is not available.
func residentBytes() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(getpagesize())
}

func oneDigit(_ value: Double) -> String {
    String(format: "%.1f", value)
}

func twoDigits(_ value: Double) -> String {
    String(format: "%.2f", value)
}

/// The printed table.
struct Table {
    private var lines: [String] = [
        "| subject | ns | median | allocations | floor | ns of the floor | ratio | goal |", "|---|---:|---:|---:|---|---:|---:|---:|",
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
