import Foundation
import HTTPResources
import ResourceContainer

/// The client of this project.
final class PooledClient: Contender {
    let name = "HTTPClientPool"
    private let url: URL
    private let large: URL
    private let client: HTTPClientPool

    init(_ target: Target) async throws {
        self.url = try target.url(target.small)
        self.large = try target.url(target.large)
        self.client = try HTTPClientPool(
            configuration: HTTPConfiguration(maximumConnections: Target.limit, maximumPerHost: Target.limit)
        )
        try await self.client.initialize()
    }

    func run(_ count: Int, inFlight: Int) async throws -> [UInt64] {
        try await latencies(count, inFlight: inFlight) { try await self.client.get(self.url).body.count }
    }

    func download() async throws -> Int {
        try await self.client.withResponse(.get, self.large) { response in
            var size = 0
            for try await chunk in response.body { size += chunk.count }
            return size
        }
    }

    func close() async throws {
        try await self.client.dispose()
    }
}
