import CLoopback
import Foundation

/// Measures HTTP clients against a server in the same process, and prints one table: `make bench-http`.
///
/// The clients take turns in rounds, so that other load on the machine affects all of them. The round with the median throughput counts.
/// Ratios are comparable between machines; times are not. With the name of a client and a number of requests in flight as arguments, only that
/// client runs, for a profiler.
@main
struct HTTPBenchmarks {
    private static let rounds = 5

    static func main() async throws {
        let port = loopback_start()
        guard port > 0 else { throw RequestFailed() }
        let target = Target(port: port)
        let contenders: [any Contender] = [
            try BareCurl(target), try await PooledClient(target), NIOClient(target), try FoundationClient(target),
        ]
        let arguments = CommandLine.arguments.dropFirst()
        if let name = arguments.first, let inFlight = arguments.last.flatMap(Int.init) {
            for contender in contenders where contender.name == name { _ = try await contender.run(200_000, inFlight: inFlight) }
            return
        }
        print("| in flight | client | requests/s | ratio to async-http-client | p50 µs | ratio to C | p99 µs | ratio to C |")
        print("|---:|---|---:|---:|---:|---:|---:|---:|")
        for (inFlight, count) in [(1, 3000), (16, 10_000), (Target.limit, 12_000)] {
            try await Self.compare(contenders, inFlight: inFlight, count: count)
        }
        print("\n| client | MB/s of a body of \(LOOPBACK_LARGE >> 20) MiB | ratio to C |\n|---|---:|---:|")
        try await Self.compareRates(contenders)
        print("\nGoals: at least the throughput of async-http-client, and a p50 of at most 1.3 times that of the C program.")
        for contender in contenders { try await contender.close() }
    }

    private static func compare(_ contenders: [any Contender], inFlight: Int, count: Int) async throws {
        // Opens the connections.
        for contender in contenders { _ = try await contender.run(count / 10, inFlight: inFlight) }
        var rounds: [[Measurement]] = Array(repeating: [], count: contenders.count)
        for _ in 0..<Self.rounds {
            for (index, contender) in contenders.enumerated() {
                rounds[index].append(try await Measurement(contender, count: count, inFlight: inFlight))
            }
        }
        let medians = rounds.map { $0.sorted { $0.requestsPerSecond < $1.requestsPerSecond }[Self.rounds / 2] }
        // In the order of `contenders`.
        let (floor, other) = (medians[0], medians[2])
        for (contender, figures) in zip(contenders, medians) {
            let cells = [
                "\(inFlight)", contender.name, Self.text(figures.requestsPerSecond, 0),
                Self.text(figures.requestsPerSecond / other.requestsPerSecond, 2), Self.text(figures.median, 1),
                Self.text(figures.median / floor.median, 2), Self.text(figures.p99, 1), Self.text(figures.p99 / floor.p99, 2),
            ]
            print("| \(cells.joined(separator: " | ")) |")
        }
    }

    private static func compareRates(_ contenders: [any Contender]) async throws {
        var rates: [[Double]] = Array(repeating: [], count: contenders.count)
        for _ in 0..<Self.rounds {
            for (index, contender) in contenders.enumerated() { rates[index].append(try await Measurement.rate(of: contender)) }
        }
        let medians = rates.map { $0.sorted()[Self.rounds / 2] }
        for (contender, rate) in zip(contenders, medians) {
            print("| \(contender.name) | \(Self.text(rate, 0)) | \(Self.text(rate / medians[0], 2)) |")
        }
    }

    private static func text(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }
}
