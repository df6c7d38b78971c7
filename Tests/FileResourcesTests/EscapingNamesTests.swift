import FileResources
import Foundation
import ResourceContainer
import Testing

@Suite("Names do not lead out of the directory")
struct EscapingNamesTests {
    /// The links that every test creates first, by name.
    private static let links = [
        "up": "..", "upAndDown": "../outside/secret", "absolute": "/etc", "absoluteFile": "/etc/hostname", "deep/up": "../..",
        "hidden": "deep/../..", "first": "second", "second": "absolute", "process": "/proc/self/root/etc",
    ]

    private func withLinks(_ body: (FileStore) async throws -> Void) async throws {
        try await withStore { outer in
            try await outer.write("secret", to: "outside/secret")
            try await outer.write("x", to: "base/deep/file")
            let store = FileStore(directory: outer.directory.appendingPathComponent("base"))
            for (name, target) in Self.links {
                try FileManager.default.createSymbolicLink(atPath: store.path(name), withDestinationPath: target)
            }
            try await store.initialize()
            let before = try outer.onDisk
            try await body(store)
            #expect(try outer.onDisk == before)
            #expect(try await outer.read("outside/secret") == "secret")
            try await store.dispose()
        }
    }

    @Test(
        "Names with dots, absolute paths, links, or characters that hide a slash are refused, and no file is created.",
        arguments: [
            "..", "../outside/secret", "../new", "deep/../../outside/secret", "deep/../file", "./../new", "/etc/hostname", "//etc/hostname",
            "up/outside/secret", "up/new", "upAndDown", "absolute/hostname", "absolute/new/file", "absoluteFile", "deep/up/outside/secret",
            "hidden/outside/secret", "first/hostname", "second/hostname", "process/hostname", "../\u{338}new", "/\u{338}new",
            "deep/..\u{0}",
        ]
    )
    func refused(name: String) async throws {
        try await self.withLinks { store in
            let code: FileStoreError.Code = name.utf8.contains(0) ? .invalidName : .leavesDirectory
            #expect(await refusal { _ = try await store.read(name) }?.code == code)
            #expect(await refusal { try await store.write("x", to: name) }?.code == code)
            for mode in FileMode.allCases {
                #expect(await refusal { _ = try await store.open(name, mode) }?.code == code)
            }
            #expect(store.descriptors == [])
            #expect(store.poolSample().leased == 0)
        }
    }

    @Test(
        "A name that is not valid is refused.",
        arguments: [
            "", ".", "./.", "deep/", "a\0b", "\0", String(repeating: "a", count: 256),
            Array(repeating: "d", count: 65).joined(separator: "/"),
        ]
    )
    func invalid(name: String) async throws {
        try await self.withLinks { store in
            #expect(await refusal { _ = try await store.open(name, .write) }?.code == .invalidName)
            #expect(await refusal { try await store.write("x", to: name) }?.code == .invalidName)
            #expect(await refusal { try await store.remove(name) }?.code == .invalidName)
        }
    }

    @Test("A name with redundant dots and slashes equals the name without them.")
    func redundantDotsAndSlashes() async throws {
        try await withStore { store in
            try await store.write("x", to: "./a//b/./c")
            #expect(try await store.read("a/b/c") == "x")
            try await store.withFile("a/b/c", .read) { _ in
                try await store.withFile("a//b/./c", .read) { _ in #expect(store.poolSample().leased == 1) }
            }
        }
    }

    @Test("Links that stay inside are followed, even through a directory above, and a write replaces their target.")
    func linksThatStayInside() async throws {
        try await withStore { store in
            try await store.write("old", to: "real/file")
            try await store.write("x", to: "other/file")
            try FileManager.default.createSymbolicLink(atPath: store.path("directory"), withDestinationPath: "real/.")
            try FileManager.default.createSymbolicLink(atPath: store.path("other/link"), withDestinationPath: "../directory/file")
            try FileManager.default.createSymbolicLink(atPath: store.path("dangling"), withDestinationPath: "real/new")
            #expect(try await store.read("directory/file") == "old")
            #expect(try await store.read("other/link") == "old")
            try await store.write("new", to: "other/link")
            #expect(try await store.read("real/file") == "new")
            try await store.write("made", to: "dangling")
            #expect(try await store.read("real/new") == "made")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: store.path("other/link")) == "../directory/file")
        }
    }

    @Test("Circular links and dangling links are errors.")
    func circularLinks() async throws {
        try await withStore { store in
            for (name, target) in [("a", "b"), ("b", "a"), ("self", "self"), ("here", "."), ("hereToo", "there/..")] {
                try FileManager.default.createSymbolicLink(atPath: store.path(name), withDestinationPath: target)
            }
            try await store.write("x", to: "there/x")
            #expect(await refusal { _ = try await store.read("a") }?.code == .tooManyLinks)
            #expect(await refusal { _ = try await store.read("self/x") }?.code == .tooManyLinks)
            #expect(await refusal { _ = try await store.read("here") }?.code == .notAFile)
            #expect(await refusal { _ = try await store.read("hereToo") }?.code == .notAFile)
            #expect(store.descriptors == [])
        }
    }

    @Test("Removing a link removes the link itself, regardless of its target.")
    func removingLinks() async throws {
        try await withStore { store in
            try FileManager.default.createSymbolicLink(atPath: store.path("out"), withDestinationPath: "/etc/hostname")
            try await store.remove("out")
            #expect(try store.onDisk == [])
            #expect(FileManager.default.fileExists(atPath: "/etc/hostname"))
        }
    }

    @Test("A pipe, a socket, and a device are not files, and opening one does not block.", arguments: FileMode.allCases)
    func pipes(mode: FileMode) async throws {
        try await withStore { store in
            #expect(mkfifo(store.path("pipe"), 0o600) == 0)
            #expect(await refusal { _ = try await store.open("pipe", mode) }?.code == .notAFile)
            #expect(await refusal { _ = try await store.read("pipe") }?.code == .notAFile)
            #expect(store.descriptors == [])
        }
    }

    @Test("A link that appears at any step between check and open does not lead outside.", arguments: ["directory", "file"])
    func linkThatAppearsBeforeOpen(what: String) async throws {
        let swap = Shared<(@Sendable () -> Void)?>(nil)
        var calls = FileSystemCalls()
        let open = calls.open
        calls.open = { directory, name, flags in
            // The moment before the component is opened; it has been checked by then.
            if name.dropLast() == Array(what.utf8)[...], let act = swap.withLock({ act in act.take() }) { act() }
            return open(directory, name, flags)
        }
        try await withStore(calls: calls) { store in
            for mode in FileMode.allCases {
                try await store.write("inside", to: "directory/file")
                let path = store.path(what == "file" ? "directory/file" : "directory")
                swap.withLock {
                    $0 = {
                        try? FileManager.default.moveItem(atPath: path, toPath: path + "-away")
                        try? FileManager.default.createSymbolicLink(
                            atPath: path,
                            withDestinationPath: what == "file" ? "/etc/hostname" : "/etc"
                        )
                    }
                }
                let error = await refusal { _ = try await store.open("directory/file", mode) }
                #expect(swap.withLock { $0 == nil })
                #expect(error?.code == .leavesDirectory)
                try FileManager.default.removeItem(atPath: path)
                try FileManager.default.removeItem(atPath: path + "-away")
            }
        }
    }

    @Test("No read or write leaves the directory while another process swaps links and directories.")
    func concurrentSwaps() async throws {
        try await withStore { outer in
            try await outer.write("outside", to: "outside/file")
            try await outer.write("inside", to: "base/real/file")
            let store = FileStore(
                directory: outer.directory.appendingPathComponent("base"),
                configuration: FileStoreConfiguration(durability: .buffered)
            )
            try await store.initialize()
            let isOver = Shared(false)
            let base = store.directory.path
            symlink("real", base + "/way")
            let swapper = Thread {
                // Another name for the same directory, then a link that leads out, each installed in one step.
                while !isOver.withLock({ $0 }) {
                    for target in ["real", "../outside"] {
                        symlink(target, base + "/next")
                        rename(base + "/next", base + "/way")
                    }
                }
            }
            swapper.start()
            var (refused, served, number) = (0, 0, 0)
            // Runs until both outcomes have occurred often.
            while refused < 20 || served < 500 {
                number += 1
                do {
                    if number % 2 == 0 {
                        #expect(try await store.read("way/file").hasPrefix("inside"))
                    } else {
                        try await store.write("inside \(number)", to: "way/file")
                    }
                    served += 1
                } catch let error as FileStoreError {
                    #expect(error.code == .leavesDirectory || error.code == .notFound)
                    refused += 1
                }
            }
            isOver.withLock { $0 = true }
            try await eventually { swapper.isFinished }
            #expect(try await outer.read("outside/file") == "outside")
            try await store.dispose()
        }
    }
}
