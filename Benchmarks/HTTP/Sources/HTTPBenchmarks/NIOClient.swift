import AsyncHTTPClient

/// async-http-client, over SwiftNIO.
final class NIOClient: Contender {
    let name = "async-http-client"
    private let target: Target
    private let client: HTTPClient

    init(_ target: Target) {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Target.limit
        self.target = target
        self.client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func run(_ count: Int, inFlight: Int) async throws -> [UInt64] {
        try await latencies(count, inFlight: inFlight) {
            let response = try await self.client.execute(HTTPClientRequest(url: self.target.small), timeout: .seconds(30))
            return try await response.body.collect(upTo: 1 << 20).readableBytes
        }
    }

    func download() async throws -> Int {
        let response = try await self.client.execute(HTTPClientRequest(url: self.target.large), timeout: .seconds(60))
        var size = 0
        for try await buffer in response.body { size += buffer.readableBytes }
        return size
    }

    func close() async throws {
        try await self.client.shutdown()
    }
}
