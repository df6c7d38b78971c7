import CLoopback
import Foundation

/// The figures of one client with one number of requests in flight.
struct Measurement {
    let requestsPerSecond: Double
    /// The median and the 99th percentile of the latency, in microseconds.
    let median: Double
    let p99: Double

    /// Sends `count` requests and measures them.
    init(_ contender: any Contender, count: Int, inFlight: Int) async throws {
        let began = DispatchTime.now().uptimeNanoseconds
        let latencies = try await contender.run(count, inFlight: inFlight).sorted()
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
        self.requestsPerSecond = Double(count) / seconds
        self.median = Double(latencies[count / 2]) / 1000
        self.p99 = Double(latencies[count * 99 / 100]) / 1000
    }

    /// Downloads the large body, and returns the rate in MB/s.
    static func rate(of contender: any Contender) async throws -> Double {
        let began = DispatchTime.now().uptimeNanoseconds
        guard try await contender.download() == LOOPBACK_LARGE else { throw RequestFailed() }
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
        return Double(LOOPBACK_LARGE) / seconds / 1e6
    }
}
