import CLoopback
import Foundation

/// A client that is measured.
protocol Contender: Sendable {
    var name: String { get }

    /// Sends `count` small requests, `inFlight` at a time. Returns the nanoseconds that each took.
    func run(_ count: Int, inFlight: Int) async throws -> [UInt64]
    /// Sends one large request. Returns the number of bytes in the body.
    func download() async throws -> Int
    func close() async throws
}

/// A request failed, so that there is nothing to measure.
struct RequestFailed: Error {}

/// Where the requests go.
struct Target: Sendable {
    /// The largest number of requests in flight.
    static let limit = 128

    let small: String
    let large: String

    init(port: Int32) {
        self.small = "http://127.0.0.1:\(port)/small"
        self.large = "http://127.0.0.1:\(port)/large"
    }

    func url(_ text: String) throws -> URL {
        guard let url = URL(string: text) else { throw RequestFailed() }
        return url
    }
}

/// Runs `request` `count` times, in `inFlight` tasks. Returns the nanoseconds that each run took.
@concurrent
func latencies(_ count: Int, inFlight: Int, _ request: @escaping @Sendable @concurrent () async throws -> Int) async throws -> [UInt64] {
    try await withThrowingTaskGroup(of: [UInt64].self) { group in
        for task in 0..<inFlight {
            let share = count / inFlight + (task < count % inFlight ? 1 : 0)
            group.addTask {
                var latencies: [UInt64] = []
                latencies.reserveCapacity(share)
                for _ in 0..<share {
                    let began = DispatchTime.now().uptimeNanoseconds
                    guard try await request() == LOOPBACK_SMALL else { throw RequestFailed() }
                    latencies.append(DispatchTime.now().uptimeNanoseconds - began)
                }
                return latencies
            }
        }
        return try await group.reduce(into: []) { $0 += $1 }
    }
}
