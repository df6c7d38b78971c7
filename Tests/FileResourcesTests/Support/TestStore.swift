import FileResources
import Foundation
import ResourceContainer
import Testing

/// A store over a new temporary directory, which is gone afterwards.
func withStore<Result>(
    _ configuration: FileStoreConfiguration = FileStoreConfiguration(durability: .buffered),
    time: TimeSource = .system,
    calls: FileSystemCalls = FileSystemCalls(),
    _ body: (FileStore) async throws -> Result
) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-files-\(UUID().uuidString)")
    let store = FileStore(
        directory: directory,
        removesDirectory: true,
        configuration: configuration,
        environment: ResourceEnvironment(time: time),
        calls: calls
    )
    try await store.initialize()
    do {
        let result = try await body(store)
        try await store.dispose()
        return result
    } catch {
        try? await store.dispose()
        try? FileManager.default.removeItem(at: directory)
        throw error
    }
}

extension FileStore {
    /// The path of a file in it.
    func path(_ name: String) -> String {
        self.directory.path + "/" + name
    }

    /// What this process has open below the store's directory: a path for every descriptor.
    var descriptors: [String] {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return numbers.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
            .filter { $0.hasPrefix(self.directory.path + "/") }
    }

    /// Everything that is on disk below the store's directory, its own files included.
    var onDisk: [String] {
        get throws { try FileManager.default.subpathsOfDirectory(atPath: self.directory.path).sorted() }
    }
}

/// What an operation of a store was refused with.
func refusal(_ body: () async throws -> Void) async -> FileStoreError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? FileStoreError
    }
}

/// Waits until `condition` holds, at most a minute.
func eventually(_ comment: Comment? = nil, _ condition: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(2))
    }
    Issue.record(comment ?? "it did not happen within a minute")
}

/// A value that tasks share. A class, because tasks cannot capture a lock itself.
final class Shared<Value: Sendable>: Sendable {
    private let value: Lock<Value>

    init(_ value: Value) {
        self.value = Lock(value)
    }

    @discardableResult
    func withLock<Result: Sendable>(_ body: @Sendable (inout Value) -> Result) -> Result {
        self.value.withLock { body(&$0) }
    }
}

/// Counts, from any thread.
final class Counter: Sendable {
    private let count = Lock(0)

    var value: Int { self.count.withLock { $0 } }

    @discardableResult
    func add(_ number: Int = 1) -> Int {
        self.count.withLock {
            $0 += number
            return $0
        }
    }
}

/// Holds threads until it is opened.
final class Gate: Sendable {
    private let condition = NSCondition()
    private let isOpen = Lock(false)
    private let arrived = Counter()

    /// How many have come to it so far.
    var waiting: Int { self.arrived.value }

    func pass() {
        self.arrived.add()
        self.condition.lock()
        while !self.isOpen.withLock({ $0 }) { self.condition.wait() }
        self.condition.unlock()
    }

    func open() {
        self.condition.lock()
        self.isOpen.withLock { $0 = true }
        self.condition.broadcast()
        self.condition.unlock()
    }
}
