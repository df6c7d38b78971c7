import ResourceAttachClient
import Testing

/// Compiles and runs the sample of the library's documentation catalog.
@Suite("Sample of the documentation: ResourceAttachClient")
struct DocumentationSampleTests {
    /// The number of active instances in the process that `target` means.
    private static func active(in target: AttachTarget) async throws -> Int {
        let processes = try await AttachedProcesses.attach(to: [target])
        guard let source = processes.first else { return 0 }
        for await update in source.updates(rate: 4) {
            return update.totals.books.active
        }
        return 0
    }

    @Test("The sample reads the figures of a served container.")
    func figures() async throws {
        let shop = try await ServedShop()
        let path = try #require(shop.attach.path)
        #expect(try await Self.active(in: .path(path)) == 1)
    }
}
