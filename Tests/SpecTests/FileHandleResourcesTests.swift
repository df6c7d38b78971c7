import FileResources
import Foundation
import ResourceContainer
import Testing

/// The page's "File Handle Resources": a directory whose files are opened, used and closed.
///
/// Corrected here: the page keeps handles in a table that its wrapper closes behind the table's back, so that the second
/// `open_file` hands out a closed file; its `close_file` does nothing; and its `open_file` is a coroutine used as a context. Here a file
/// is opened, used and closed within one call. Handles that stay open, to be read bit by bit, are for later.
@Suite("Spec: File Handle Resources")
struct FileHandleResourcesTests {
    private static func withStore(
        _ body: (FileStore) async throws -> Void
    ) async throws {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-spec-\(UUID().uuidString)")
        let container = Container()
        try container.bind(FileStore.self) { FileStore(directory: base.appendingPathComponent("data"), removesDirectory: true) }
        try await container.withScope { scope in
            #expect(!FileManager.default.fileExists(atPath: base.path))
            try await body(try await scope.get(FileStore.self))
        }
        try? FileManager.default.removeItem(at: base)
    }

    /// The files below `directory` that this process has open.
    private static func openFiles(below directory: URL) throws -> [String] {
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return descriptors.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
            .filter { $0.hasPrefix(directory.path) }
    }

    @Test("initialize makes the base directory, with those above it, on first access; an existing one is taken as it is")
    func initialise() async throws {
        try await Self.withStore { store in
            #expect(FileManager.default.fileExists(atPath: store.directory.path))
            try store.write("kept", to: "data.txt")
            try await store.initialize()
            #expect(try store.read("data.txt") == "kept")
        }
    }

    @Test("Process file: what was written is read, and read again, since no handle is kept that could be closed already")
    func process() async throws {
        try await Self.withStore { store in
            try store.write("content", to: "data.txt")
            for _ in 0..<2 { #expect(try store.read("data.txt") == "content") }
        }
    }

    @Test("No file is left open: neither after reading and writing, nor after a failure")
    func noHandleLeft() async throws {
        try await Self.withStore { store in
            let url = store.directory.appendingPathComponent("held.txt")
            try store.write("content", to: "held.txt")
            let handle = try FileHandle(forReadingFrom: url)
            #expect(try Self.openFiles(below: store.directory).count == 1)
            try handle.close()
            _ = try store.read("held.txt")
            #expect(throws: FileStoreError.self) { try store.read("missing.txt") }
            #expect(try Self.openFiles(below: store.directory) == [])
        }
    }

    @Test("asyncio.Lock: a file that is written while others read it is read whole, the old content or the new")
    func concurrentUse() async throws {
        try await Self.withStore { store in
            let texts = ["a", "b"].map { String(repeating: $0, count: 100_000) }
            try store.write(texts[0], to: "data.txt")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<20 {
                    group.addTask { try store.write(texts[index % 2], to: "data.txt") }
                    group.addTask {
                        let text = try store.read("data.txt")
                        #expect(texts.contains(text))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("A name cannot lead out of the base directory, where base_path / filename would let it", arguments: ["../x", "/etc/hostname"])
    func escaping(name: String) async throws {
        try await Self.withStore { store in
            #expect(throws: FileStoreError.self) { try store.read(name) }
            #expect(throws: FileStoreError.self) { try store.write("x", to: name) }
        }
    }

    @Test("dispose leaves nothing behind of a temporary directory")
    func dispose() async throws {
        let used = Lock<URL?>(nil)
        try await Self.withStore { store in
            try store.write("content", to: "sub/data.txt")
            used.withLock { $0 = store.directory }
        }
        let directory = try #require(used.withLock { $0 })
        #expect(!FileManager.default.fileExists(atPath: directory.path))
    }
}
