import FileResources
import Foundation
import ResourceContainer
import Testing

@Suite("A store tells its health")
struct FileHealthTests {
    @Test("it is healthy if a file of its own is read as it was written; nothing of that is left")
    func healthy() async throws {
        try await withStore { store in
            let report = try await store.healthCheck()
            #expect(report == HealthReport(.healthy))
            #expect(try store.onDisk == [])
            #expect(store.descriptors == [])
        }
    }

    @Test(
        "a disk that is full, or for reading only, or not the process's, is unhealthy and says so",
        arguments: [(ENOSPC, "no space"), (EROFS, "reading only"), (EACCES, "permission denied"), (EIO, "errno 5")]
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

    @Test("a directory that was removed from under it is unhealthy until it is initialised again")
    func removed() async throws {
        try await withStore { store in
            try FileManager.default.removeItem(at: store.directory)
            let report = try await store.healthCheck()
            #expect(report.status == .unhealthy && report.message?.contains("was removed from under the store") == true)
            try await store.initialize()
            #expect(try await store.healthCheck().status == .healthy)
        }
    }

    @Test(
        "A check that cannot open anything gives the reason, and does not say that the directory moved",
        arguments: [(EMFILE, "as many files open"), (ENFILE, "as many files open"), (EACCES, "permission denied")]
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
            #expect(!message.contains("moved away"))
            isFailing.withLock { $0 = false }
        }
    }

    @Test("a directory that was moved away, or replaced by another, is unhealthy")
    func moved() async throws {
        try await withStore { store in
            let elsewhere = store.directory.path + "-elsewhere"
            try FileManager.default.moveItem(atPath: store.directory.path, toPath: elsewhere)
            #expect(try await store.healthCheck().message?.contains("was moved away") == true)
            try FileManager.default.createDirectory(at: store.directory, withIntermediateDirectories: false)
            #expect(try await store.healthCheck().message?.contains("another directory is at its path") == true)
            try FileManager.default.removeItem(at: store.directory)
            try FileManager.default.moveItem(atPath: elsewhere, toPath: store.directory.path)
            #expect(try await store.healthCheck().status == .healthy)
        }
    }

    @Test("a file that is read as something else is unhealthy")
    func garbled() async throws {
        var calls = FileSystemCalls()
        calls.read = { _, buffer, _ in
            buffer.initializeMemory(as: UInt8.self, repeating: 0)
            return buffer.count
        }
        try await withStore(calls: calls) { store in
            let report = try await store.healthCheck()
            #expect(report.status == .unhealthy && report.message?.contains("not read as it was written") == true)
        }
    }

    @Test("A store that was never initialized is unknown; one with all its places taken is healthy")
    func closed() async throws {
        let store = FileStore(directory: FileManager.default.temporaryDirectory.appendingPathComponent("resmon-files-\(UUID().uuidString)"))
        #expect(try await store.healthCheck().status == .unknown)
        try await withStore(FileStoreConfiguration(maximumOpen: 1, durability: .buffered)) { store in
            let report = try await store.withFile("a", .write) { _ in try await store.healthCheck() }
            #expect(report.status == .healthy)
        }
    }
}
