import Foundation
import HTTPResources
import ResourceContainer
import Testing

/// Compiles and runs the sample of the library's documentation catalog.
@Suite("Sample of the documentation: HTTPResources")
struct DocumentationSampleTests {
    @Test("A client that is bound to a container decodes the answer of a stub.")
    func client() async throws {
        let url = try #require(URL(string: "http://stock.local/items"))
        let container = Container("shop")
        let stub = HTTPStub { _, _, _ in HTTPStub.Answer(body: Data("7".utf8)) }
        try container.bind(HTTPClientPool.self, lifetime: .singleton) {
            try HTTPClientPool(configuration: HTTPConfiguration(maximumPerHost: 4), stub: stub)
        }
        let client = try await container.get(HTTPClientPool.self)
        let stock = try await client.get(url).json(Int.self)
        let report = try await container.close()
        #expect(stock == 7)
        #expect(report.isClean)
    }
}
