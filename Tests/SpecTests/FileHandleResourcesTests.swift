import FileResources
import Foundation
import ResourceContainer
import Testing

/// The specification's "File Handle Resources": a directory whose files are opened, shared, used, and closed.
///
/// Corrected here: the page keeps handles in a table, and its wrapper closes them without updating the table, so that the second
/// `open_file` returns a closed file without a wrapper. The page also looks up files without their mode, its `close_file` does nothing, and
/// its `open_file` is a coroutine used as a context manager. Here the users of a file share a handle, and the last user closes it.
@Suite("Spec: File Handle Resources")
struct FileHandleResourcesTests {
    private static func withStore<Result>(
        _ body: (FileStore) async throws -> Result
    ) async throws -> Result {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-spec-\(UUID().uuidString)")
        let container = Container()
        try container.bind(FileStore.self) { FileStore(directory: base.appendingPathComponent("data"), removesDirectory: true) }
        defer { try? FileManager.default.removeItem(at: base) }
        return try await container.withScope { scope in
            #expect(!FileManager.default.fileExists(atPath: base.path))
            return try await body(try await scope.get(FileStore.self))
        }
    }

    /// The files below `directory` that this process has open, one for each descriptor.
    private static func openFiles(below directory: URL) throws -> [String] {
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return descriptors.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
            .filter { $0.hasPrefix(directory.path + "/") }
    }

    @Test("initialize: The base directory is created with its parents on first access; an existing one is used.")
    func initialize() async throws {
        try await Self.withStore { store in
            #expect(FileManager.default.fileExists(atPath: store.directory.path))
            try await store.write("kept", to: "data.txt")
            try await store.initialize()
            #expect(try await store.read("data.txt") == "kept")
        }
    }

    @Test("Process file: Written content is read twice, and no closed handle is used.")
    func process() async throws {
        try await Self.withStore { store in
            try await store.write("content", to: "data.txt")
            for _ in 0..<2 {
                let content = try await store.withFile("data.txt", .read) { file in try await file.readToEnd() }
                #expect(content == Array("content".utf8))
                #expect(try await store.read("data.txt") == "content")
            }
        }
    }

    @Test("open_files: Users of an open file share its handle, and path and mode identify a handle.")
    func sharing() async throws {
        try await Self.withStore { store in
            try await store.write("content", to: "data.txt")
            let first = try await store.open("data.txt", .read)
            let second = try await store.open("data.txt", .read)
            let appending = try await store.open("data.txt", .append)
            #expect(try Self.openFiles(below: store.directory).count == 2)
            #expect(store.openFiles().map(\.users) == [2, 1])
            #expect(store.poolSample().leased == 2)
            for file in [first, second, appending] { try await file.close() }
            #expect(try Self.openFiles(below: store.directory) == [])
        }
    }

    @Test("close_file: The last user closes the file once, closing again has no effect, and a closed handle is unusable.")
    func closing() async throws {
        try await Self.withStore { store in
            try await store.write("content", to: "data.txt")
            let first = try await store.open("data.txt", .read)
            let second = try await store.open("data.txt", .read)
            try await first.close()
            try await first.close()
            let error = await #expect(throws: FileStoreError.self) { try await first.readToEnd() }
            #expect(error?.code == .closed)
            #expect(try await second.readToEnd() == Array("content".utf8))
            try await second.close()
            #expect(try Self.openFiles(below: store.directory) == [])
        }
    }

    @Test("A file that stays open is read in chunks and by line without affecting the users that share its handle.")
    func chunksAndLines() async throws {
        try await Self.withStore { store in
            try await store.write("one\ntwo\n", to: "data.txt")
            let (first, second) = (try await store.open("data.txt", .read), try await store.open("data.txt", .read))
            #expect(try await first.read(upToCount: 5) == Array("one\nt".utf8))
            #expect(try await second.read(upToCount: 3) == Array("one".utf8))
            #expect(try await first.read(upToCount: 5) == Array("wo\n".utf8))
            #expect(try await first.read(upToCount: 5) == [])
            second.seek(to: 0)
            var lines: [String] = []
            for try await line in second.lines() { lines.append(line) }
            #expect(lines == ["one", "two"])
            second.seek(to: 0)
            var chunks: [[UInt8]] = []
            for try await chunk in second.chunks(of: 5) { chunks.append(Array(chunk)) }
            #expect(chunks == [Array("one\nt".utf8), Array("wo\n".utf8)])
            try await first.close()
            try await second.close()
        }
    }

    @Test("No file stays open after reading, writing, a failure, or a dropped handle.")
    func noHandleLeft() async throws {
        try await Self.withStore { store in
            let url = store.directory.appendingPathComponent("held.txt")
            try await store.write("content", to: "held.txt")
            let handle = try FileHandle(forReadingFrom: url)
            #expect(try Self.openFiles(below: store.directory).count == 1)
            try handle.close()
            _ = try await store.read("held.txt")
            await #expect(throws: FileStoreError.self) { try await store.read("missing.txt") }
            struct Stop: Error {}
            await #expect(throws: Stop.self) { try await store.withFile("held.txt", .read) { _ in throw Stop() } }
            #expect(try Self.openFiles(below: store.directory) == [])
            _ = try await store.open("held.txt", .read)
            while try Self.openFiles(below: store.directory) != [] { await Task.yield() }
            #expect(store.poolSample().dropped == 1)
        }
    }

    @Test("asyncio.Lock: A file that is written during reads is read as a whole, with its old or new content.")
    func concurrentUse() async throws {
        try await Self.withStore { store in
            let texts = ["a", "b"].map { String(repeating: $0, count: 100_000) }
            try await store.write(texts[0], to: "data.txt")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<20 {
                    group.addTask { try await store.write(texts[index % 2], to: "data.txt") }
                    group.addTask {
                        let text = try await store.read("data.txt")
                        #expect(texts.contains(text))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("A file name cannot leave the base directory, unlike base_path / filename.", arguments: ["../x", "/etc/hostname"])
    func escaping(name: String) async throws {
        try await Self.withStore { store in
            await #expect(throws: FileStoreError.self) { try await store.read(name) }
            await #expect(throws: FileStoreError.self) { try await store.write("x", to: name) }
            await #expect(throws: FileStoreError.self) { try await store.open(name, .write) }
        }
    }

    @Test("dispose: Every open file is closed and its user named, and a temporary directory is removed.")
    func dispose() async throws {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-spec-\(UUID().uuidString)")
        let container = Container()
        try container.bind(FileStore.self) {
            FileStore(directory: base, removesDirectory: true, configuration: FileStoreConfiguration(drainTimeout: .zero))
        }
        let scope = try container.openScope("work")
        let store = try await scope.get(FileStore.self)
        try await store.write("content", to: "sub/data.txt")
        let kept = try await store.open("sub/data.txt", .read)
        let report = try await scope.close()
        #expect(report.entries.first?.outcome == .threw)
        #expect(report.entries.first?.error?.contains("sub/data.txt (read), opened at FileHandleResourcesTests.swift:") == true)
        #expect(kept.isClosed)
        #expect(try Self.openFiles(below: base) == [])
        #expect(!FileManager.default.fileExists(atPath: base.path))
    }
}
