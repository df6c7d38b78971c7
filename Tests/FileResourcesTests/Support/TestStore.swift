import FileResources
import Foundation
import ResourceContainer
import Testing

/// Runs `body` with a store over a new temporary directory, which is removed afterward.
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
    /// The path of a file in the store's directory.
    func path(_ name: String) -> String {
        self.directory.path + "/" + name
    }

    /// The paths of the descriptors that this process has open below the store's directory.
    var descriptors: [String] {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return numbers.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
            .filter { $0.hasPrefix(self.directory.path + "/") }
    }

    /// The names of everything on disk below the store's directory, including the store's own files.
    var onDisk: [String] {
        get throws { try FileManager.default.subpathsOfDirectory(atPath: self.directory.path).sorted() }
    }
}

/// The error that a store's operation throws; nil if it succeeds.
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

/// A value that tasks share. A class, because tasks cannot capture a lock.
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

/// A counter for any thread.
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

/// Blocks threads until it is opened.
final class Gate: Sendable {
    private let condition = NSCondition()
    private let isOpen = Lock(false)
    private let arrived = Counter()

    /// The number of threads that have arrived.
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
