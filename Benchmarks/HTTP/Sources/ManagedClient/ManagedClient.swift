import AsyncHTTPClient
import CLoopback
import ResourceContainer

/// A client of another library as a resource: async-http-client, for programs that use SwiftNIO already.
///
/// The type has no lifecycle of this project, so the binding adds one. The container shuts the client down after everything that uses it.
@main
struct ManagedClient {
    static func main() async throws {
        let port = loopback_start()
        let container = Container("nio")
        try container.bind(
            HTTPClient.self,
            lifetime: .singleton,
            lifecycle: .managed(onDispose: { try await $0.shutdown() })
        ) {
            HTTPClient(eventLoopGroupProvider: .singleton)
        }
        try container.bind(Stock.self, lifetime: .singleton) { (client: HTTPClient) in
            Stock(client: client, address: "http://127.0.0.1:\(port)/small")
        }
        let stock = try await container.get(Stock.self)
        print("\(try await stock.bytes()) bytes")
        let report = try await container.close()
        print(report)
    }
}

/// A service that uses the client.
struct Stock: Sendable {
    let client: HTTPClient
    let address: String

    func bytes() async throws -> Int {
        let response = try await self.client.execute(HTTPClientRequest(url: self.address), timeout: .seconds(10))
        return try await response.body.collect(upTo: 1 << 20).readableBytes
    }
}
