import ResourceContainer
import Testing

/// Runs the samples of the article for library authors.
@Suite("Samples of the documentation: libraries")
struct LibrarySampleTests {
    @Test("An application installs a library's module, and closing the container closes the library's pool.")
    func library() async throws {
        let log = SampleLog()
        let container = try DocumentationSamples.library(log)
        #expect(container.validate().isValid)
        let storage = try await container.get(StoragePool.self)
        let rows = try await storage.pool.withLease { try await $0.execute("SELECT 1") }
        #expect(rows == "rows of SELECT 1")
        try await container.close()
        #expect(log.lines == ["connection closed"])
    }
}
