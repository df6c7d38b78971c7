import FileResources
import Foundation
import ResourceContainer
import Testing

@Suite("File store health")
struct FileHealthTests {
    @Test("A store is healthy if a test file is read as it was written, and the test file is removed.")
    func healthy() async throws {
        try await withStore { store in
            let report = try await store.healthCheck()
            #expect(report == HealthReport(.healthy))
            #expect(try store.onDisk == [])
            #expect(store.descriptors == [])
        }
    }

    @Test(
        "A full disk, a read-only disk, and missing permission are unhealthy, with the reason.",
        arguments: [(ENOSPC, "no space"), (EROFS, "read-only"), (EACCES, "permission denied"), (EIO, "errno 5")]
    )
    func refused(number: Int32, text: String) async throws {
        let isFailing = Shared(false)
        var calls = FileSystemCalls()
        let real = calls
        calls.open = { directory, name, flags in
            guard flags & O_CREAT != 0, isFailing.withLock({ $0 }) else { return real.open(directory, name, flags) }
            errno = number
            return -1
        }
        try await withStore(calls: calls) { store in
            isFailing.withLock { $0 = true }
            let report = try await store.healthCheck()
            #expect(report.status == .unhealthy)
            #expect(report.message?.hasPrefix("cannot use \(store.directory.path): ") == true)
            #expect(report.message?.contains(text) == true)
            isFailing.withLock { $0 = false }
            #expect(try await store.healthCheck().status == .healthy)
        }
    }

    @Test("A store whose directory was removed is unhealthy until it is initialized again.")
    func removed() async throws {
        try await withStore { store in
            try FileManager.default.removeItem(at: store.directory)
            let report = try await store.healthCheck()
            #expect(report.status == .unhealthy)
            #expect(report.message?.contains("the directory was removed") == true)
            try await store.initialize()
            #expect(try await store.healthCheck().status == .healthy)
        }
    }

    @Test(
        "A check that cannot open a file reports the reason, and does not report a moved directory.",
        arguments: [(EMFILE, "open file limit"), (ENFILE, "open file limit"), (EACCES, "permission denied")]
    )
    func outOfDescriptors(number: Int32, text: String) async throws {
        let isFailing = Shared(false)
        var calls = FileSystemCalls()
        let real = calls
        calls.open = { directory, name, flags in
            guard directory == AT_FDCWD, isFailing.withLock({ $0 }) else { return real.open(directory, name, flags) }
            errno = number
            return -1
        }
        try await withStore(calls: calls) { store in
            isFailing.withLock { $0 = true }
            let message = try await store.healthCheck().message ?? ""
            #expect(message.contains(text))
            #expect(!message.contains("was moved"))
            isFailing.withLock { $0 = false }
        }
    }

    @Test("A store whose directory was moved or replaced is unhealthy.")
    func moved() async throws {
        try await withStore { store in
            let elsewhere = store.directory.path + "-elsewhere"
            try FileManager.default.moveItem(atPath: store.directory.path, toPath: elsewhere)
            #expect(try await store.healthCheck().message?.contains("was moved from its path") == true)
            try FileManager.default.createDirectory(at: store.directory, withIntermediateDirectories: false)
            #expect(try await store.healthCheck().message?.contains("another directory is at its path") == true)
            try FileManager.default.removeItem(at: store.directory)
            try FileManager.default.moveItem(atPath: elsewhere, toPath: store.directory.path)
            #expect(try await store.healthCheck().status == .healthy)
        }
    }

    @Test("A store whose test file is read with different content is unhealthy.")
    func differentContent() async throws {
        var calls = FileSystemCalls()
        calls.read = { _, buffer, _ in
            buffer.initializeMemory(as: UInt8.self, repeating: 0)
            return buffer.count
        }
        try await withStore(calls: calls) { store in
            let report = try await store.healthCheck()
            #expect(report.status == .unhealthy)
            #expect(report.message?.contains("differ from those that were written") == true)
        }
    }

    @Test("A store that was never initialized is unknown; a store with all slots leased is healthy.")
    func closed() async throws {
        let store = FileStore(directory: FileManager.default.temporaryDirectory.appendingPathComponent("resmon-files-\(UUID().uuidString)"))
        #expect(try await store.healthCheck().status == .unknown)
        try await withStore(FileStoreConfiguration(maximumOpen: 1, durability: .buffered)) { store in
            let report = try await store.withFile("a", .write) { _ in try await store.healthCheck() }
            #expect(report.status == .healthy)
        }
    }
}
