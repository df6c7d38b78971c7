import CLoopback

/// The floor: bare C over libcurl's multi interface, on one thread.
final class BareCurl: Contender {
    let name = "libcurl in C"
    private let target: Target
    private let client: SendablePointer

    /// Used by one task at a time.
    private struct SendablePointer: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    init(_ target: Target) throws {
        guard let client = floor_open(Int32(Target.limit)) else { throw RequestFailed() }
        self.target = target
        self.client = SendablePointer(pointer: client)
    }

    func run(_ count: Int, inFlight: Int) async throws -> [UInt64] {
        var latencies = [UInt64](repeating: 0, count: count)
        guard floor_run(self.client.pointer, self.target.small, Int32(inFlight), Int32(count), &latencies) else { throw RequestFailed() }
        return latencies
    }

    func download() async throws -> Int {
        Int(floor_download(self.client.pointer, self.target.large))
    }

    func close() async throws {
        floor_close(self.client.pointer)
    }
}
