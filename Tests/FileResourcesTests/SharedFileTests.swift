import FileResources
import Foundation
import ResourceContainer
import Testing

@Suite("Shared files")
struct SharedFileTests {
    @Test("A hundred concurrent users share one descriptor, which is opened once and closed once.")
    func hundredConcurrentUsers() async throws {
        let (opened, closed) = (Counter(), Counter())
        var calls = FileSystemCalls()
        let (open, close) = (calls.open, calls.close)
        calls.open = { directory, name, flags in
            if name == Array("data\0".utf8) { opened.add() }
            return open(directory, name, flags)
        }
        calls.close = {
            closed.add()
            return close($0)
        }
        try await withStore(calls: calls) { store in
            try await store.write("content", to: "data")
            let closedBefore = closed.value
            let inside = Counter()
            let areAllInside = Promise<Void>()
            let most = Shared(0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        try await store.withFile("data", .read) { file in
                            // All users have joined before the first one leaves.
                            if inside.add() == 100 { areAllInside.fulfill(()) }
                            await areAllInside.waitThroughCancellation()
                            let descriptors = store.descriptors.count
                            most.withLock { $0 = max($0, descriptors) }
                            let bytes = try await file.readToEnd()
                            #expect(bytes == Array("content".utf8))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(most.withLock { $0 } == 1)
            #expect(opened.value == 1)
            #expect(closed.value == closedBefore + 1)
            #expect(store.descriptors == [])
            #expect(store.openFiles() == [])
            #expect(store.poolSample().leased == 0)
            #expect(store.poolSample().leases == 1)
        }
    }

    @Test("The number of users of a file is reported, and files differ by path and mode.")
    func userCount() async throws {
        try await withStore { store in
            try await store.write("x", to: "a")
            var files: [OpenFile] = []
            for (name, mode) in [("a", FileMode.read), ("a", .read), ("a", .append), ("b", .write), ("a", .read)] {
                files.append(try await store.open(name, mode))
            }
            #expect(
                store.openFiles().map { "\($0.name) \($0.mode) \($0.users)" } == ["a read 3", "a append 1", "b write 1"]
            )
            #expect(store.poolSample().leased == 3)
            #expect(store.descriptors.count == 3)
            for file in files { try await file.close() }
        }
    }

    @Test("A handle that joins a file opened for writing does not empty it again.")
    func sharedWrite() async throws {
        try await withStore { store in
            let first = try await store.open("data", .write)
            try await first.write("abcdef")
            let second = try await store.open("data", .write)
            try await second.write("XY")
            try await first.write("!")
            #expect(try await store.read("data") == "XYcdef!")
            try await first.close()
            try await second.close()
        }
    }

    @Test("A handle outlives the user that opened the file first.")
    func handleOutlivesOpener() async throws {
        try await withStore { store in
            try await store.write("content", to: "data")
            let first = try await store.open("data", .read)
            let second = try await store.open("data", .read)
            try await first.close()
            #expect(store.poolSample().leased == 1)
            #expect(try await second.readToEnd() == Array("content".utf8))
            try await second.close()
            #expect(store.poolSample().leased == 0)
        }
    }

    @Test(
        "Opening a replaced file returns the new one, while existing handles keep the old one.",
        arguments: ["by the store", "by another"]
    )
    func replaced(who: String) async throws {
        try await withStore { store in
            try await store.write("old", to: "data")
            let old = try await store.open("data", .read)
            if who == "by the store" {
                try await store.write("new", to: "data")
            } else {
                try Data("new".utf8).write(to: URL(fileURLWithPath: store.path("data")), options: .atomic)
            }
            let new = try await store.open("data", .read)
            let alsoNew = try await store.open("data", .read)
            #expect(try await old.readToEnd() == Array("old".utf8))
            #expect(try await new.readToEnd() == Array("new".utf8))
            #expect(try await alsoNew.readToEnd() == Array("new".utf8))
            #expect(store.openFiles().map(\.users).sorted() == [1, 2])
            #expect(store.poolSample().leased == 2)
            try await store.remove("data")
            #expect(await refusal { _ = try await store.open("data", .read) }?.code == .notFound)
            for file in [old, new, alsoNew] { try await file.close() }
            #expect(store.descriptors == [])
        }
    }

    @Test("A handle that is deallocated without close() is closed and counted, even beside other handles.")
    func dropped() async throws {
        try await withStore { store in
            try await store.write("content", to: "data")
            let kept = try await store.open("data", .read)
            for _ in 0..<3 { _ = try await store.open("data", .read) }
            #expect(store.openFiles().map(\.users) == [1])
            #expect(store.poolSample().dropped == 3)
            #expect(try await kept.read(upToCount: 1) == Array("c".utf8))
            try await kept.close()
            #expect(store.poolSample().dropped == 3)
            _ = try await store.open("data", .read)
            try await eventually { store.descriptors == [] && store.poolSample().leased == 0 }
            #expect(store.poolSample().dropped == 4)
        }
    }

    @Test("Waiters for an opening get its error if the file is the cause.")
    func sharedFailure() async throws {
        let gate = Gate()
        var calls = FileSystemCalls()
        let open = calls.open
        calls.open = { directory, name, flags in
            if name == Array("gone\0".utf8) { gate.pass() }
            return open(directory, name, flags)
        }
        try await withStore(calls: calls) { store in
            try await withThrowingTaskGroup(of: FileStoreError.Code?.self) { group in
                for _ in 0..<10 { group.addTask { await refusal { _ = try await store.open("gone", .read) }?.code } }
                try await eventually { gate.waiting == 1 }
                gate.open()
                for try await code in group { #expect(code == .notFound) }
            }
            #expect(store.poolSample().leased == 0)
            #expect(store.openFiles() == [])
        }
    }

    @Test("If the opening task is canceled, another waiter for the same file opens it.")
    func openerCancelled() async throws {
        try await withStore(FileStoreConfiguration(maximumOpen: 1, durability: .buffered)) { store in
            try await store.write("content", to: "data")
            let blocker = try await store.open("blocker", .write)
            // Reason for the tasks: one is canceled while the other continues.
            let opener = Task { try await store.withFile("data", .read) { try await $0.readToEnd() } }
            try await eventually { store.poolSample().waiting == 1 }
            // Reason for the task: as above. When it is listed, it has run to its first suspension, the wait for the opening.
            let joiner = Task.immediate { try await store.withFile("data", .read) { try await $0.readToEnd() } }
            opener.cancel()
            await #expect(throws: CancellationError.self) { try await opener.value }
            try await blocker.close()
            #expect(try await joiner.value == Array("content".utf8))
        }
    }
}
