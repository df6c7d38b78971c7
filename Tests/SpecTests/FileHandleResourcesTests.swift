import FileResources
import Foundation
import ResourceContainer
import Testing

/// The page's "File Handle Resources": a directory whose files are opened, shared, used and closed.
///
/// Corrected here: the page keeps handles in a table that its wrapper closes behind the table's back, so that the second
/// `open_file` hands out a closed file - and without a wrapper at that; it looks a file up without its mode; its `close_file` does nothing;
/// and its `open_file` is a coroutine used as a context. Here users of one file share a handle that the last of them closes.
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

    /// The files below `directory` that this process has open, one for every descriptor.
    private static func openFiles(below directory: URL) throws -> [String] {
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return descriptors.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
            .filter { $0.hasPrefix(directory.path + "/") }
    }

    @Test("initialize makes the base directory, with those above it, on first access; an existing one is taken as it is")
    func initialise() async throws {
        try await Self.withStore { store in
            #expect(FileManager.default.fileExists(atPath: store.directory.path))
            try await store.write("kept", to: "data.txt")
            try await store.initialize()
            #expect(try await store.read("data.txt") == "kept")
        }
    }

    @Test("Process file: what was written is read, and read again, through no handle that was closed already")
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

    @Test("open_files: who opens a file that is open shares its handle; path and mode tell handles apart")
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

    @Test("close_file: the last user closes the file, once; closing twice does nothing, and a closed handle is not used")
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

    @Test("A handle that stays open is read bit by bit, and line by line, without disturbing those who share it")
    func bitByBit() async throws {
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

    @Test("No file is left open: neither after reading and writing, nor after a failure, nor by a handle that is dropped")
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

    @Test("asyncio.Lock: a file that is written while others read it is read whole, the old content or the new")
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

    @Test("A name cannot lead out of the base directory, where base_path / filename would let it", arguments: ["../x", "/etc/hostname"])
    func escaping(name: String) async throws {
        try await Self.withStore { store in
            await #expect(throws: FileStoreError.self) { try await store.read(name) }
            await #expect(throws: FileStoreError.self) { try await store.write("x", to: name) }
            await #expect(throws: FileStoreError.self) { try await store.open(name, .write) }
        }
    }

    @Test("dispose closes every file that is open, tells who had it, and leaves nothing behind of a temporary directory")
    func dispose() async throws {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-spec-\(UUID().uuidString)")
        let container = Container()
        try container.bind(FileStore.self) {
            FileStore(directory: base, removesDirectory: true, configuration: FileStoreConfiguration(drainTimeout: .zero))
        }
        let scope = try container.openScope(named: "work")
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
