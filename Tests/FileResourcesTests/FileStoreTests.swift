import FileResources
import Foundation
import ResourceContainer
import Testing

@Suite("A file store keeps to its directory")
struct FileStoreTests {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString)")

    @Test("the directory is made on initialise and, if it is the store's own, removed on dispose")
    func lifecycle() async throws {
        let container = Container()
        try container.bind(FileStore.self) { [directory] in FileStore(directory: directory, removesDirectory: true) }
        try await container.withScope { scope in
            let store = try await scope.get(FileStore.self)
            try store.write("hello", to: "a/b.txt")
            #expect(try store.read("a/b.txt") == "hello")
            #expect(try await store.healthCheck().status == .healthy)
            #expect(try store.names() == ["a"])
        }
        #expect(!FileManager.default.fileExists(atPath: self.directory.path))
    }

    @Test("a name that leads out of the directory is refused", arguments: ["../x", "/etc/passwd", "a/../../x", "", "link/x"])
    func escape(name: String) async throws {
        let store = FileStore(directory: self.directory, removesDirectory: true)
        try await store.initialize()
        try FileManager.default.createSymbolicLink(
            at: self.directory.appendingPathComponent("link"),
            withDestinationURL: URL(fileURLWithPath: "/tmp")
        )
        let error = #expect(throws: FileStoreError.self) { try store.write("x", to: name) }
        #expect(error?.description.contains("leads out of") == true)
        try await store.dispose()
    }

    @Test("only the last files are kept")
    func keepLast() async throws {
        let store = FileStore(directory: self.directory, removesDirectory: true)
        try await store.initialize()
        for number in 1...5 { try store.write("\(number)", to: "r-\(number)") }
        #expect(try store.keepLast(2) == 3)
        #expect(try store.names() == ["r-4", "r-5"])
        try await store.dispose()
    }

    @Test("a file that is not there is named")
    func missing() async throws {
        let store = FileStore(directory: self.directory, removesDirectory: true)
        try await store.initialize()
        let error = #expect(throws: FileStoreError.self) { try store.read("gone.txt") }
        #expect(error?.description.hasPrefix("cannot read gone.txt: ") == true)
        try await store.dispose()
    }
}
