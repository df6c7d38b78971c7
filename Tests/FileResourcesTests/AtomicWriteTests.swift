import FileResources
import Foundation
import ResourceContainer
import Testing

@Suite("Atomic file writes")
struct AtomicWriteTests {
    @Test("Concurrent readers see the old content or the new content, whole and through handles.")
    func concurrentReaders() async throws {
        try await withStore { store in
            let texts = ["a", "b", "c"].map { String(repeating: $0, count: 300_000) }
            try await store.write(texts[0], to: "data")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<30 {
                    group.addTask { try await store.write(texts[index % 3], to: "data") }
                    group.addTask {
                        let text = try await store.read("data")
                        #expect(texts.contains(text))
                    }
                    group.addTask {
                        let bytes = try await store.withFile("data", .read) { file in
                            var bytes: [UInt8] = []
                            for try await chunk in file.chunks(of: 50_000) { bytes += chunk }
                            return bytes
                        }
                        #expect(texts.contains(String(decoding: bytes, as: UTF8.self)))
                    }
                }
                try await group.waitForAll()
            }
            #expect(try store.onDisk == ["data"])
        }
    }

    /// A step of writing that fails, with its error.
    enum Step: String, CaseIterable {
        case opening, writing, halfWritten, flushing, renaming
    }

    @Test("If a step fails, the old content remains, no file is left behind, and the error has the cause.", arguments: Step.allCases)
    func failing(step: Step) async throws {
        let isFailing = Shared(false)
        let writes = Counter()
        var calls = FileSystemCalls()
        let real = calls
        @Sendable func fails(_ at: Step, with number: Int32) -> Bool {
            guard at == step, isFailing.withLock({ $0 }) else { return false }
            errno = number
            return true
        }
        calls.open = { fails(.opening, with: EROFS) && $2 & O_EXCL != 0 ? -1 : real.open($0, $1, $2) }
        calls.write = { file, bytes, offset in
            if fails(.writing, with: ENOSPC) { return -1 }
            if step == .halfWritten, isFailing.withLock({ $0 }) {
                if writes.add() == 1 { return real.write(file, UnsafeRawBufferPointer(rebasing: bytes[..<10]), offset) }
                errno = EDQUOT
                return -1
            }
            return real.write(file, bytes, offset)
        }
        calls.sync = { fails(.flushing, with: EIO) ? -1 : real.sync($0) }
        calls.rename = { fails(.renaming, with: EACCES) ? -1 : real.rename($0, $1, $2, $3) }
        try await withStore(FileStoreConfiguration(), calls: calls) { store in
            try await store.write("old", to: "data")
            isFailing.withLock { $0 = true }
            let error = await refusal { try await store.write(String(repeating: "new", count: 1_000), to: "data") }
            let another = await refusal { try await store.write("new", to: "another") }
            isFailing.withLock { $0 = false }
            let code: FileStoreError.Code =
                switch step {
                case .opening: .readOnly
                case .writing, .halfWritten: .noSpace
                case .flushing: .other
                case .renaming: .permission
                }
            #expect(error?.code == code)
            #expect(another?.code == code)
            #expect(error?.action == "write")
            #expect(error?.name == "data")
            #expect(try await store.read("data") == "old")
            #expect(try store.onDisk == ["data"])
            #expect(store.descriptors == [])
        }
    }

    @Test("A write completes when the system accepts a few bytes at a time and interrupts.")
    func shortWrites() async throws {
        let turn = Counter()
        var calls = FileSystemCalls()
        let real = calls
        calls.write = { file, bytes, offset in
            if turn.add() % 3 == 0 {
                errno = EINTR
                return -1
            }
            return real.write(file, UnsafeRawBufferPointer(rebasing: bytes.prefix(7)), offset)
        }
        calls.read = { file, buffer, offset in
            if turn.add() % 3 == 0 {
                errno = EINTR
                return -1
            }
            return real.read(file, UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(5)), offset)
        }
        try await withStore(calls: calls) { store in
            let text = (0..<100).map { "\($0)," }.joined()
            try await store.write(text, to: "data")
            #expect(try await store.read("data") == text)
            try await store.withFile("more", .append) { file in
                try await file.write(text)
                try await file.write(text)
            }
            let more = try await store.withFile("more", .read) { try await $0.readToEnd() }
            #expect(more == Array((text + text).utf8))
        }
    }

    @Test("A synced store flushes the file and its directory; a buffered store flushes neither.")
    func durability() async throws {
        let flushed = Counter()
        var calls = FileSystemCalls()
        calls.sync = { _ in
            flushed.add()
            return 0
        }
        try await withStore(FileStoreConfiguration(durability: .synced), calls: calls) { store in
            try await store.write("x", to: "data")
            #expect(flushed.value == 2)
        }
        try await withStore(FileStoreConfiguration(durability: .buffered), calls: calls) { store in
            try await store.write("x", to: "data")
            #expect(flushed.value == 2)
            try await store.withFile("data", .append) { try await $0.synchronize() }
            #expect(flushed.value == 3)
        }
    }

    @Test("A new store removes temporary files of terminated processes, but not those that another store is writing.")
    func abandonedTemporaryFiles() async throws {
        try await withStore { store in
            let (forgotten, used) = (store.path(".filestore-abc.tmp"), store.path(".filestore-def.tmp"))
            for path in [forgotten, used, store.path(".filestore-mine")] { try Data("x".utf8).write(to: URL(fileURLWithPath: path)) }
            let writing = open(used, O_RDWR)
            defer { close(writing) }
            #expect(flock(writing, LOCK_EX | LOCK_NB) == 0)
            let next = FileStore(directory: store.directory)
            try await next.initialize()
            #expect(try next.onDisk == [".filestore-def.tmp", ".filestore-mine"])
            #expect(try await next.names() == [])
            try await next.dispose()
        }
    }

    @Test("A temporary file that another store removed as forgotten is written again.")
    func temporaryFileRemovedByAnotherStore() async throws {
        let isFirst = Shared(true)
        var calls = FileSystemCalls()
        let real = calls
        calls.rename = { from, old, to, new in
            if isFirst.withLock({ first in
                defer { first = false }
                return first
            }) {
                _ = old.withUnsafeBytes { unlinkat(from, $0.baseAddress!.assumingMemoryBound(to: CChar.self), 0) }
            }
            return real.rename(from, old, to, new)
        }
        try await withStore(calls: calls) { store in
            try await store.write("x", to: "data")
            #expect(try await store.read("data") == "x")
            #expect(try store.onDisk == ["data"])
        }
    }
}
