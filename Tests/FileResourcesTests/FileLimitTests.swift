import FileResources
import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

@Suite("The limit of open files")
struct FileLimitTests {
    private static func store(maximumOpen: Int, whenFull: PoolConfiguration.EmptyPolicy = .wait) -> FileStoreConfiguration {
        FileStoreConfiguration(maximumOpen: maximumOpen, whenFull: whenFull, durability: .buffered)
    }

    @Test("Many users of many files never exceed the maximum number of descriptors, and all are served.")
    func limit() async throws {
        try await withStore(Self.store(maximumOpen: 3)) { store in
            for number in 0..<10 { try await store.write("\(number)", to: "file-\(number)") }
            let most = Shared(0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for user in 0..<100 {
                    group.addTask {
                        try await store.withFile("file-\(user % 10)", .read) { file in
                            let bytes = try await file.readToEnd()
                            #expect(bytes == Array("\(user % 10)".utf8))
                            let descriptors = Set(store.descriptors).count
                            most.withLock { $0 = max($0, descriptors) }
                            #expect(store.poolSample().leased <= 3)
                            #expect(store.poolSample().isBalanced)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect((1...3).contains(most.withLock { $0 }))
            #expect(store.poolSample().leased == 0)
            #expect(store.poolSample().waiting == 0)
        }
    }

    @Test("A sample lists the waiters with source location and scope, and the longest user of each file as its holder.")
    func figures() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-files-\(UUID().uuidString)")
        let container = Container()
        try container.bind(FileStore.self, lifetime: .singleton) {
            FileStore(directory: directory, removesDirectory: true, configuration: Self.store(maximumOpen: 1))
        }
        let store = try await container.get(FileStore.self)
        try await container.withScope("holders") { holders in
            let first = try await store.open("data", .append, line: 11)
            try await container.withScope("sharers") { sharers in
                let second = try await store.open("data", .append, line: 22)
                try await container.withScope("waiters") { waiters in
                    // Reason for the task: it waits while the sample is taken.
                    let waiter = Task { try await store.withFile("other", .write, budget: .seconds(9), line: 33) { _ in } }
                    try await eventually { store.poolSample().waiting == 1 }
                    var sample = try #require(container.snapshot().pools.first)
                    #expect(sample.name == "FileStore")
                    #expect(sample.maximum == 1)
                    #expect(sample.leased == 1)
                    #expect(sample.holders.map(\.location.line) == [11])
                    #expect(sample.holders.map(\.scope) == [holders.id])
                    #expect(sample.waiters.map(\.location.line) == [33])
                    #expect(sample.waiters.map(\.scope) == [waiters.id])
                    #expect(sample.waiters[0].deadline - sample.waiters[0].since <= .seconds(9))
                    try await first.close()
                    sample = try #require(container.snapshot().pools.first)
                    #expect(sample.leased == 1)
                    #expect(sample.waiting == 1)
                    #expect(sample.holders.map(\.location.line) == [22])
                    #expect(sample.holders.map(\.scope) == [sharers.id])
                    try await second.close()
                    try await waiter.value
                }
            }
        }
        #expect(store.poolSample().lost == 0)
        #expect(try await container.close().isClean)
    }

    @Test("An opening that exceeds its budget names the holders of the slots.")
    func budget() async throws {
        let time = ManualTime()
        try await withStore(Self.store(maximumOpen: 1), time: time.source) { store in
            let file = try await store.open("a", .write)
            // Reason for the tasks: time passes while they wait.
            let alone = Task { await refusal { _ = try await store.open("b", .write, budget: .seconds(3)) } }
            try await eventually { store.poolSample().waiting == 1 }
            let alarms = time.deadlineCount
            // It waits for the other task's opening, not for a slot.
            let joiner = Task { await refusal { _ = try await store.open("b", .write, budget: .seconds(2)) } }
            try await eventually { time.deadlineCount > alarms }
            time.pass(.seconds(2))
            let joined = try #require(await joiner.value)
            #expect(joined.code == .tooManyOpen)
            #expect(joined.reason.hasPrefix("another task is opening it, and 1 file is open, the limit that maximumOpen sets: "))
            #expect(store.poolSample().waiting == 1)
            time.pass(.seconds(1))
            let error = try #require(await alone.value)
            #expect(error.code == .tooManyOpen)
            #expect((error.underlying as? PoolError)?.code == .timedOut)
            let reason = "1 file is open, the limit that maximumOpen sets: close one, or raise the limit; "
            #expect(error.description.hasPrefix("cannot open b: \(reason)"))
            #expect(await refusal { _ = try await store.open("b", .write, budget: .zero) }?.code == .invalidConfiguration)
            try await file.close()
            try await store.withFile("b", .write, budget: .seconds(1)) { _ in }
        }
    }

    @Test("A store with the policy to fail refuses at once.")
    func failing() async throws {
        try await withStore(Self.store(maximumOpen: 1, whenFull: .fail)) { store in
            try await store.withFile("a", .write) { _ in
                let error = await refusal { _ = try await store.open("b", .write) }
                #expect(error?.code == .tooManyOpen)
                #expect((error?.underlying as? PoolError)?.code == .exhausted)
                try await store.withFile("a", .write) { _ in }
            }
            try await store.withFile("b", .write) { _ in }
        }
    }

    @Test("A slot is free again after an opening ends in any way.")
    func slotIsFreeAfterEveryEnding() async throws {
        try await withStore(Self.store(maximumOpen: 1)) { store in
            for name in ["gone", "../x", "gone/too", "a\0"] { #expect(await refusal { _ = try await store.open(name, .read) } != nil) }
            let file = try await store.open("a", .write)
            // Reason for the task: it is canceled while it waits.
            let cancelled = Task { try await store.withFile("b", .write) { _ in } }
            try await eventually { store.poolSample().waiting == 1 }
            cancelled.cancel()
            await #expect(throws: CancellationError.self) { try await cancelled.value }
            try await file.close()
            try await store.withFile("b", .write, budget: .seconds(5)) { _ in #expect(store.descriptors.count == 1) }
            #expect(store.poolSample().leased == 0)
            #expect(store.openFiles() == [])
        }
    }

    @Test("The open file limit of the process is reported as such.")
    func processLimit() async throws {
        var calls = FileSystemCalls()
        let open = calls.open
        calls.open = { directory, name, flags in
            if name != Array("data\0".utf8) { return open(directory, name, flags) }
            errno = EMFILE
            return -1
        }
        try await withStore(calls: calls) { store in
            let error = await refusal { _ = try await store.open("data", .write) }
            #expect(error?.code == .tooManyOpen)
            #expect(error?.systemError == EMFILE)
            #expect(error?.underlying == nil)
        }
    }
}
