import Foundation
import HTTPResources
import ResourceContainer
import Testing

/// Compiles and runs the samples of the article about calling servers.
@Suite("Samples of the documentation: calling HTTP servers")
struct DocumentationSampleArticleTests {
    private struct Item: Codable, Equatable {
        let name: String
        let price: Int
    }

    private static let item = Item(name: "tea", price: 3)

    /// Answers like the servers of the article.
    private static let stub = HTTPStub { method, url, body in
        switch (method, url.path) {
        case (.get, "/items"): .init(body: try JSONEncoder().encode([Self.item]))
        case (.get, "/items/7"): .init(body: try JSONEncoder().encode(Self.item))
        case (.get, "/export"): .init(body: Data("name,price\ntea,3\n".utf8))
        case (.post, _), (.put, _): .init(status: 201, body: body ?? Data())
        default: .init(status: 404)
        }
    }

    /// Runs `body` with the client of the article.
    private func withClient(_ body: (HTTPClientPool) async throws -> Void) async throws {
        let stub = Self.stub
        let container = Container("shop")
        let environment = container.environment
        try container.bind(HTTPClientPool.self, lifetime: .singleton) {
            try HTTPClientPool(
                name: "shop",
                configuration: HTTPConfiguration(maximumConnections: 50, maximumPerHost: 8, timeout: .seconds(10)),
                environment: environment,
                stub: stub  // in tests only
            )
        }
        let client = try await container.get(HTTPClientPool.self)
        try await body(client)
        let report = try await container.close()
        #expect(report.isClean)
    }

    @Test("Requests with query parameters, JSON, and a form are sent.")
    func requests() async throws {
        let password = "s3cret"
        try await self.withClient { client in
            let items = try await client.get("https://stock.example.com/items", query: ["kind": "tea", "page": "2"]).json([Item].self)
            let created = try await client.post("https://stock.example.com/items", json: Item(name: "tea", price: 3)).success()
            let login = try await client.post("https://stock.example.com/login", form: ["user": "bob", "password": password])
            #expect(items == [Self.item])
            #expect(created.status == 201)
            #expect(login.text == "user=bob&password=s3cret")
        }
    }

    @Test("A request with a retry policy is answered.")
    func retry() async throws {
        try await self.withClient { client in
            let policy = HTTPRetryPolicy(attempts: 4, budget: .seconds(20))
            let item = try await client.get("https://stock.example.com/items/7", retry: policy).json(Item.self)
            #expect(item == Self.item)
        }
    }

    @Test("Bodies are streamed in both directions.")
    func streams() async throws {
        let url = try #require(URL(string: "https://stock.example.com/export"))
        let (chunks, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        continuation.yield(Array("tea, ".utf8))
        continuation.finish()
        try await self.withClient { client in
            let size = try await client.withResponse(.get, "https://stock.example.com/export") { response in
                var size = 0
                for try await chunk in try response.success().body {
                    size += chunk.count
                }
                return size
            }
            let stored = try await client.request(.put, url, upload: .stream(chunks, length: 5))
            #expect(size == 17)
            #expect(stored.text == "tea, ")
        }
    }

    /// The trace of the current task, in the article.
    private enum Trace {
        @TaskLocal static var current = "00-1-2-01"
    }

    @Test("An observer reports each request.")
    func observer() async throws {
        let log = Lock<[String]>([])
        let report: @Sendable (String) -> Void = { line in log.withLock { $0.append(line) } }
        let observer = HTTPObserver { request in
            HTTPObserver.Observation(headers: ["traceparent": Trace.current]) { outcome in
                report("\(request.method) \(request.host): \(outcome.status ?? 0) after \(outcome.durations.total)")
            }
        }
        let configuration = HTTPConfiguration(observer: observer)
        let client = try HTTPClientPool(configuration: configuration, stub: Self.stub)
        try await client.initialize()
        _ = try await client.get("https://stock.example.com/items/7")
        try await client.dispose()
        let lines = log.withLock { $0 }
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("GET stock.example.com: 200 after ") == true)
    }

    @Test("Files are downloaded and uploaded.")
    func files() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-sample-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await self.withClient { client in
            let download = try await client.download("https://stock.example.com/export", to: "\(directory)/export.csv")
            let uploaded = try await client.upload(download.path, to: "https://backup.example.com/export.csv")
            #expect(download.size == 17)
            #expect(uploaded.text == "name,price\ntea,3\n")
        }
    }

    @Test("An error is handled by its code.")
    func errors() async throws {
        var log: [String] = []
        var stock = 2
        let client = try HTTPClientPool(stub: HTTPStub { _, _, _ in throw URLError(.cannotConnectToHost) })
        try await client.initialize()
        do {
            stock = try await client.get("https://stock.example.com/items/7").json(Item.self).price
        } catch let error as HTTPError where error.code == .refused || error.code == .timedOut {
            log.append("using yesterday's price: \(error)")
        }
        #expect(stock == 2)
        #expect(log.first?.hasPrefix("using yesterday's price: GET https://stock.example.com/items/7 failed: connection refused") == true)
        try await client.dispose()
    }
}
