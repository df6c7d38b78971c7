import FileResources
import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Disposing a file store")
struct FileDisposeTests {
    private let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-files-\(UUID().uuidString)")

    private func store(_ configuration: FileStoreConfiguration, _ calls: FileSystemCalls = FileSystemCalls()) async throws -> FileStore {
        let store = FileStore(
            directory: self.directory,
            removesDirectory: true,
            configuration: configuration,
            environment: .system,
            calls: calls
        )
        try await store.initialize()
        return store
    }

    @Test("Dispose closes all files and reports the open handles with their source locations and scopes.")
    func openHandlesAreReported() async throws {
        let closed = Counter()
        var calls = FileSystemCalls()
        let close = calls.close
        calls.close = {
            closed.add()
            return close($0)
        }
        let store = try await self.store(FileStoreConfiguration(drainTimeout: .zero, durability: .buffered), calls)
        let files = [
            try await store.open("a", .append, line: 1), try await store.open("a", .append, line: 2),
            try await store.open("b", .write, line: 3),
        ]
        let before = closed.value
        let error = await refusal { try await store.dispose() }
        #expect(error?.code == .stillOpen)
        #expect(
            error?.reason == "3 handles were still in use and have been closed: "
                + "a (append), opened at FileDisposeTests.swift:1, FileDisposeTests.swift:2; b (write), opened at FileDisposeTests.swift:3"
        )
        #expect(error?.unreturned.map(\.location.line).sorted() == [1, 2, 3])
        #expect(closed.value == before + 2)
        #expect(store.descriptors == [])
        #expect(!FileManager.default.fileExists(atPath: self.directory.path))
        for file in files {
            #expect(file.isClosed)
            #expect(await refusal { try await file.write("x") }?.code == .closed)
            try await file.close()
        }
        #expect(closed.value == before + 2)
        #expect(store.poolSample().isBalanced)
        #expect(store.poolSample().leased == 0)
    }

    @Test("A file that is closed within the drain timeout is no error, and new and waiting openings are refused.")
    func drained() async throws {
        let store = try await self.store(FileStoreConfiguration(maximumOpen: 1, durability: .buffered))
        let file = try await store.open("a", .write)
        // Reason for the tasks: they continue while the store is disposed.
        let waiter = Task { await refusal { _ = try await store.open("b", .write) } }
        try await eventually { store.poolSample().waiting == 1 }
        // Reason for the task: as above.
        let disposing = Task { try await store.dispose() }
        #expect(await waiter.value?.code == .closed)
        #expect(await refusal { _ = try await store.open("a", .write) }?.code == .closed)
        try await file.write("still")
        try await file.close()
        try await disposing.value
        #expect(store.descriptors == [])
    }

    @Test("A container that closes by force does not wait for handles, and its report names the holder.")
    func forced() async throws {
        let container = Container()
        try container.bind(FileStore.self) { [directory] in FileStore(directory: directory, removesDirectory: true) }
        let scope = try container.openScope("work")
        let store = try await scope.get(FileStore.self)
        let file = try await store.open("a", .write, line: 77)
        let report = try await scope.close(.force)
        #expect(file.isClosed)
        #expect(store.descriptors == [])
        #expect(report.entries.first?.error?.contains("a (write), opened at FileDisposeTests.swift:77") == true)
    }

    @Test("An operation that runs while the store closes ends with its own file, never with another.")
    func operationDuringClose() async throws {
        let gate = Gate()
        let read = Counter()
        var calls = FileSystemCalls()
        let systemRead = calls.read
        calls.read = { file, buffer, offset in
            if read.add() == 1 { gate.pass() }
            return systemRead(file, buffer, offset)
        }
        let store = try await self.store(FileStoreConfiguration(drainTimeout: .zero, durability: .buffered), calls)
        try await store.write("content", to: "a")
        let file = try await store.open("a", .read)
        // Reason for the tasks: the store is closed in the middle of the reading.
        let reading = Task { try await file.read(upToCount: 100) }
        try await eventually { gate.waiting == 1 }
        // Reason for the task: as above.
        let disposing = Task { await refusal { try await store.dispose() } }
        try await eventually { file.isClosed }
        #expect(store.descriptors.count == 1)
        gate.open()
        #expect(try await reading.value == Array("content".utf8))
        #expect(await disposing.value?.code == .stillOpen)
        #expect(store.descriptors == [])
    }

    @Test("A handle that a closed scope left open is lost, even if shared; a handle in use elsewhere is not.")
    func lostHandle() async throws {
        let container = Container()
        try container.bind(FileStore.self, lifetime: .singleton) { [directory] in
            FileStore(
                directory: directory,
                removesDirectory: true,
                configuration: FileStoreConfiguration(drainTimeout: .zero, durability: .buffered)
            )
        }
        let store = try await container.get(FileStore.self)
        let stays = try await container.withScope("keeper") { _ in
            let first = try await store.open("shared", .append, line: 1)
            let stays = try await container.withScope("inner") { _ in try await store.open("shared", .append, line: 2) }
            #expect(store.poolSample().lost == 1)
            #expect(store.poolSample().leaked == 1)
            try await first.close()
            return stays
        }
        #expect(store.poolSample().lost == 1)
        #expect(store.poolSample().holders.map(\.location.line) == [2])
        try await stays.close()
        #expect(store.poolSample().leaked == 0)
        #expect(store.poolSample().lost == 1)
        #expect(try await container.close().isClean)
    }

    @Test("A leak suspicion names the holder that kept its handle, not the closed one that opened the file first.")
    func suspectedHolder() async throws {
        let time = ManualTime()
        let container = Container(environment: ResourceEnvironment(time: time.source))
        try container.bind(FileStore.self, lifetime: .singleton) { [directory] in
            FileStore(
                directory: directory,
                removesDirectory: true,
                configuration: FileStoreConfiguration(leakThreshold: .seconds(10), durability: .buffered),
                environment: ResourceEnvironment(time: time.source)
            )
        }
        let store = try await container.get(FileStore.self)
        let first = try await store.open("data", .append, line: 1)
        time.pass(.seconds(6))
        let second = try await store.open("data", .append, line: 2)
        try await first.close()
        time.pass(.seconds(6))
        #expect(store.poolSample().leaksSuspected == 0)
        #expect(try await store.healthCheck().status == .healthy)
        time.pass(.seconds(6))
        #expect(store.poolSample().leaksSuspected == 1)
        #expect(store.poolSample().leaked == 1)
        #expect(store.poolSample().holders.map(\.location.line) == [2])
        #expect(try await store.healthCheck().status == .degraded)
        try await second.close()
        #expect(store.poolSample().leaksWithdrawn == 1)
        #expect(store.poolSample().leaked == 0)
        #expect(try await store.healthCheck().status == .healthy)
        // Reason for the task: closing may wait for time to pass.
        let closing = Task { try await container.close() }
        #expect(try await closing.value.isClean)
    }
}
