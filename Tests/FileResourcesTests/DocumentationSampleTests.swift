import FileResources
import Foundation
import ResourceContainer
import Testing

/// Compiles and runs the sample of the library's documentation catalog.
@Suite("Sample of the documentation: FileResources")
struct DocumentationSampleTests {
    @Test("A store that is bound to a container writes a file and reads it through a handle.")
    func store() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-files-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let container = Container("shop")
        try container.bind(FileStore.self, lifetime: .singleton) { FileStore(directory: directory) }
        let store = try await container.get(FileStore.self)
        try await store.write("a kettle", to: "orders/1.txt")
        let bytes = try await store.withFile("orders/1.txt", .read) { file in
            try await file.readToEnd()
        }
        let report = try await container.close()
        #expect(bytes == Array("a kettle".utf8))
        #expect(report.isClean)
    }
}
