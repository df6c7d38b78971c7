import FileResources
import Foundation
import ResourceContainer
import Testing

@Suite("Whole files in a file store")
struct FileStoreTests {
    @Test("Initialize creates the directory and its parents, and dispose removes a directory that the store owns.")
    func lifecycle() async throws {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-files-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: base) }
        let directory = base.appendingPathComponent("a/b")
        let container = Container()
        try container.bind(FileStore.self) { FileStore(directory: directory, removesDirectory: true) }
        try await container.withScope { scope in
            #expect(!FileManager.default.fileExists(atPath: base.path))
            let store = try await scope.get(FileStore.self)
            try await store.write("hello", to: "c/d.txt")
            #expect(try await store.read("c/d.txt") == "hello")
            #expect(try await store.names() == ["c"])
        }
        #expect(!FileManager.default.fileExists(atPath: directory.path))
        #expect(FileManager.default.fileExists(atPath: base.path))
    }

    @Test("A directory that the store does not own remains with its content.")
    func foreignDirectory() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-files-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        for text in ["one", "two"] {
            let store = FileStore(directory: directory)
            try await store.initialize()
            if text == "two" { #expect(try await store.read("kept.txt") == "one") }
            try await store.write(text, to: "kept.txt")
            try await store.dispose()
        }
        #expect(try String(contentsOfFile: directory.path + "/kept.txt", encoding: .utf8) == "two")
    }

    @Test("A directory that replaced the store's directory is not removed with it.")
    func replacedDirectory() async throws {
        let store = FileStore(
            directory: FileManager.default.temporaryDirectory.appendingPathComponent("resmon-files-\(UUID().uuidString)"),
            removesDirectory: true
        )
        let (path, moved) = (store.directory.path, store.directory.path + "-moved")
        defer { for path in [path, moved] { try? FileManager.default.removeItem(atPath: path) } }
        try await store.initialize()
        try FileManager.default.moveItem(atPath: path, toPath: moved)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try Data("precious".utf8).write(to: URL(fileURLWithPath: path + "/theirs.txt"))
        let error = await refusal { try await store.dispose() }
        #expect(error?.code == .busy)
        #expect(FileManager.default.fileExists(atPath: path + "/theirs.txt"))
    }

    @Test("A file at the path of the directory is reported.")
    func fileInTheWay() async throws {
        try await withStore { outer in
            try await outer.write("x", to: "file")
            for path in ["file", "file/below"] {
                let store = FileStore(directory: outer.directory.appendingPathComponent(path))
                let error = await refusal { try await store.initialize() }
                #expect(error?.code == .notADirectory)
                #expect(error?.name == outer.path(path))
            }
        }
    }

    @Test("keepLast keeps the last files and does not count directories.")
    func keepLast() async throws {
        try await withStore { store in
            for number in 1...5 { try await store.write("\(number)", to: "r-\(number)") }
            try await store.write("x", to: "a-directory/file")
            #expect(try await store.keepLast(2) == 3)
            #expect(try await store.names() == ["a-directory", "r-4", "r-5"])
            #expect(try await store.keepLast(-1) == 2)
            #expect(try await store.keepLast(.max) == 0)
        }
    }

    @Test("Errors about a missing file or something other than a file name it.")
    func missing() async throws {
        try await withStore { store in
            let error = await refusal { _ = try await store.read("gone.txt") }
            #expect(error?.description == "cannot read gone.txt: no such file")
            #expect(error?.code == .notFound)
            #expect(await refusal { try await store.remove("gone.txt") }?.code == .notFound)
            try await store.write("x", to: "directory/file")
            #expect(await refusal { _ = try await store.read("directory") }?.code == .notAFile)
            #expect(await refusal { try await store.write("x", to: "directory") }?.code == .notAFile)
            #expect(await refusal { try await store.remove("directory") }?.code == .notAFile)
            #expect(await refusal { _ = try await store.read("directory/file/below") }?.code == .notADirectory)
            #expect(await refusal { try await store.write("x", to: "directory/file/below") }?.code == .notADirectory)
        }
    }

    @Test("Bytes and text are read as they were written, including empty and large content.")
    func content() async throws {
        try await withStore { store in
            let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await store.write(bytes, to: "bytes")
            #expect(try await store.readBytes("bytes") == bytes)
            try await store.write("", to: "empty")
            #expect(try await store.read("empty") == "")
            let error = await refusal { _ = try await store.read("bytes") }
            #expect(error?.code == .notText)
        }
    }

    @Test("Names can contain line feeds, escape sequences, and quotes, and errors quote them unchanged.")
    func oddNames() async throws {
        let names = ["two\nlines", "\u{1B}[31mred", "\"quoted'\\", " ", "…", "a:b*?", ".hidden", "..a", "a..", "odd/\u{338}x"]
        try await withStore { store in
            for name in names { try await store.write(name, to: name) }
            for name in names { #expect(try await store.read(name) == name) }
            let first = Set(names.map { $0.unicodeScalars.split(separator: "/").first.map { String($0) } })
            #expect(Set(try await store.names()) == Set(first.compactMap { $0 }))
            for name in names { try await store.remove(name) }
            let error = await refusal { _ = try await store.read("two\nlines") }
            #expect(error?.name == "two\nlines")
            #expect(error?.description == "cannot read two\nlines: no such file")
        }
    }

    @Test("Names that look alike but differ in bytes are two files, opened separately.")
    func similarNames() async throws {
        try await withStore { store in
            let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
            try await store.write("composed", to: composed)
            try await store.write("decomposed", to: decomposed)
            try await store.withFile(composed, .read) { first in
                try await store.withFile(decomposed, .read) { second in
                    let texts = (try await first.readToEnd(), try await second.readToEnd())
                    #expect(texts.0 == Array("composed".utf8))
                    #expect(texts.1 == Array("decomposed".utf8))
                }
            }
        }
    }

    @Test("An existing file is replaced only with overwriting, and keeps its permissions.")
    func overwriting() async throws {
        try await withStore { store in
            try await store.write("old", to: "file", overwriting: false)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: store.path("file"))
            let error = await refusal { try await store.write("new", to: "file", overwriting: false) }
            #expect(error?.code == .exists)
            #expect(try await store.read("file") == "old")
            try await store.write("new", to: "file")
            #expect(try await store.read("file") == "new")
            let mode = try FileManager.default.attributesOfItem(atPath: store.path("file"))[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(try store.onDisk == ["file"])
        }
    }

    @Test("A store that is not initialized or is disposed reports that it is closed, and can be initialized again.")
    func closed() async throws {
        let store = FileStore(directory: FileManager.default.temporaryDirectory.appendingPathComponent("resmon-files-\(UUID().uuidString)"))
        defer { try? FileManager.default.removeItem(at: store.directory) }
        func isClosed() async {
            #expect(await refusal { try await store.write("x", to: "x") }?.code == .closed)
            #expect(await refusal { _ = try await store.read("x") }?.code == .closed)
            #expect(await refusal { _ = try await store.names() }?.code == .closed)
            #expect(await refusal { _ = try await store.open("x", .write) }?.code == .closed)
        }
        await isClosed()
        #expect(store.poolSample().maximum == 64)
        try await store.dispose()
        try await store.initialize()
        try await store.write("x", to: "x")
        try await store.dispose()
        await isClosed()
        try await store.dispose()
        try await store.initialize()
        #expect(try await store.read("x") == "x")
        try await store.dispose()
    }

    @Test("Initializing again recreates a removed directory.")
    func initializedAgain() async throws {
        try await withStore { store in
            try await store.write("x", to: "x")
            try await store.initialize()
            #expect(try await store.read("x") == "x")
            try FileManager.default.removeItem(at: store.directory)
            #expect(await refusal { try await store.write("x", to: "x") }?.code == .notFound)
            try await store.initialize()
            try await store.write("x", to: "x")
        }
    }

    @Test(
        "An invalid configuration is refused when the store is initialized.",
        arguments: [
            (FileStoreConfiguration(maximumOpen: 0), "maximum"), (FileStoreConfiguration(parallelism: 0), "parallelism"),
            (FileStoreConfiguration(parallelism: .max), "parallelism"),
            (FileStoreConfiguration(openBudget: .zero), "acquireBudget"),
            (FileStoreConfiguration(leakThreshold: .milliseconds(1)), "leakThreshold"),
        ]
    )
    func invalid(configuration: FileStoreConfiguration, setting: String) async throws {
        let store = FileStore(
            directory: FileManager.default.temporaryDirectory.appendingPathComponent("never"),
            configuration: configuration
        )
        #expect(store.poolSample().isBalanced)
        let error = await refusal { try await store.initialize() }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.description.contains(setting) == true)
    }
}
