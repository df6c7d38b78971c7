import Foundation
import ResourceContainer

/// A directory for files as a resource. It is created on initialize, and closed, and optionally removed, on dispose; no name leads out of
/// it.
///
/// Files are read and written whole, or through a handle:
///
/// ```swift
/// try await store.write("content", to: "data.txt")
/// let first = try await store.withFile("data.txt", .read) { file in
///     try await file.read(upToCount: 4)
/// }
/// ```
///
/// - Handles of one path in one mode share a descriptor. Closing the last handle (``OpenFile/close()``) closes the descriptor, once.
/// - At most ``FileStoreConfiguration/maximumOpen`` files are open at a time. The store reports waiters, holders, and counters like any
///   pool: the leased items are the open descriptors, and the holder of a descriptor is its longest user. Whole-file operations take no
///   slot; at most ``FileStoreConfiguration/parallelism`` of them run at a time.
/// - A name cannot lead out of the directory: neither through `..`, nor through an absolute path, nor through a symbolic link, even one
///   that another process creates during the operation. Links that stay inside are followed; absolute links are refused.
/// - No operation blocks a thread of the concurrency pool: all work runs on the store's own queue.
///
/// Names are bytes in UTF-8: names that look alike can differ. A store that is bound as `scoped` has a separate table of open files in
/// every scope; stores of one directory share only the file system.
public final class FileStore: Resource, HealthCheckable, SampledPool, ScopeWatching, ExpeditedResource {
    /// An open file of a store.
    public struct OpenFileInfo: Sendable, Hashable {
        /// The name with which the first handle was opened.
        public let name: String
        /// The mode in which the file is open.
        public let mode: FileMode
        /// The number of handles that share the file.
        public let users: Int

        package init(name: String, mode: FileMode, users: Int) {
            self.name = name
            self.mode = mode
            self.users = users
        }
    }

    private enum State: Sendable {
        /// Until ``initialize()``.
        case unopened(ResourceContext?)
        /// Until ``dispose()``.
        case open(FileCore)
        /// Until it is initialized again.
        case closed(FileCore)
    }

    /// The URL of the directory.
    public let directory: URL
    /// The configuration of the store.
    public let configuration: FileStoreConfiguration
    private let removesDirectory: Bool
    private let environment: ResourceEnvironment
    private let calls: FileSystemCalls
    private let state = Lock(State.unopened(nil))

    /// Creates a store over `directory`. Does not access the file system.
    ///
    /// - Parameters:
    ///   - directory: The directory for the files; ``initialize()`` creates it.
    ///   - removesDirectory: Whether dispose removes the directory and everything in it, as for temporary directories.
    ///   - configuration: The limits and budgets.
    ///   - environment: The source of time and of random file names.
    public convenience init(
        directory: URL,
        removesDirectory: Bool = false,
        configuration: FileStoreConfiguration = FileStoreConfiguration(),
        environment: ResourceEnvironment = .system
    ) {
        self.init(
            directory: directory,
            removesDirectory: removesDirectory,
            configuration: configuration,
            environment: environment,
            calls: FileSystemCalls()
        )
    }

    /// Creates a store with replaceable system calls, for fault injection in tests.
    package init(
        directory: URL,
        removesDirectory: Bool,
        configuration: FileStoreConfiguration,
        environment: ResourceEnvironment,
        calls: FileSystemCalls
    ) {
        self.directory = directory.standardizedFileURL
        self.removesDirectory = removesDirectory
        self.configuration = configuration
        self.environment = environment
        self.calls = calls
    }

    // MARK: Lifecycle

    /// Creates the directory and the missing directories above it, and keeps it open, so that the store follows it when it is moved.
    /// Removes temporary files of terminated processes. A further call recreates the directory if it was removed.
    ///
    /// - Throws: ``FileStoreError``, including ``FileStoreError/Code/invalidConfiguration``.
    public func initialize() async throws {
        if case .open(let core) = self.state.withLock({ $0 }) { return try await core.openDirectory() }
        let core = try FileCore(
            path: self.directory.path,
            configuration: self.configuration,
            environment: self.environment,
            calls: self.calls
        )
        if case .unopened(let context?) = self.state.withLock({ $0 }) { core.attach(context) }
        try await core.openDirectory()
        self.state.withLock { $0 = .open(core) }
    }

    /// Refuses new handles, waits for open ones until the configuration's `drainTimeout`, closes every file, and removes the directory if
    /// the store was created with `removesDirectory`.
    ///
    /// - Throws: ``FileStoreError/Code/stillOpen`` with the names and source locations of the handles that were still open; all files are
    ///   closed nevertheless. Otherwise the error of closing a file or of removing the directory.
    public func dispose() async throws {
        let open = self.state.withLock { state -> FileCore? in
            guard case .open(let core) = state else { return nil }
            state = .closed(core)
            return core
        }
        guard let core = open else { return }
        if let failure = await core.close(removingDirectory: self.removesDirectory) { throw failure }
    }

    // MARK: Whole files

    /// Writes `text` to the file `name` atomically and creates missing directories. Concurrent readers get the old content or the new
    /// content, never a part. The configuration's `durability` determines what survives a power failure. If the write fails, the old
    /// content remains and no file is left behind.
    ///
    /// Open handles keep the old content; handles that are opened later get the new content.
    ///
    /// - Parameters:
    ///   - text: The content, written as UTF-8.
    ///   - name: A name inside the directory, with `/` between its components.
    ///   - overwriting: Whether an existing file is replaced. If false, an existing file is an error, ``FileStoreError/Code/exists``.
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func write(_ text: String, to name: String, overwriting: Bool = true) async throws {
        try await self.write(Array(text.utf8), to: name, overwriting: overwriting)
    }

    /// Writes `bytes` to the file `name` atomically: see ``write(_:to:overwriting:)-(String,_,_)``.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func write(_ bytes: [UInt8], to name: String, overwriting: Bool = true) async throws {
        let (core, name) = try self.prepare("write", name)
        try await core.perform("write", name.text) { files throws(FileFailure) in
            try files.write(bytes, to: name, overwriting: overwriting)
        }
    }

    /// Returns the content of the file `name` as text, which must be UTF-8.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func read(_ name: String) async throws -> String {
        guard let text = String(validating: try await self.readBytes(name), as: UTF8.self) else {
            throw FileStoreError(.notText, action: "read", name: name, reason: "it is not UTF-8; read its bytes instead")
        }
        return text
    }

    /// Returns the content of the file `name`.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func readBytes(_ name: String) async throws -> [UInt8] {
        let (core, name) = try self.prepare("read", name)
        return try await core.perform("read", name.text) { files throws(FileFailure) in try files.read(name) }
    }

    /// Removes the file `name`. Removes a symbolic link itself, not its target. Open handles of the file remain usable until they are
    /// closed.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func remove(_ name: String) async throws {
        let (core, name) = try self.prepare("remove", name)
        try await core.perform("remove", name.text) { files throws(FileFailure) in try files.remove(name) }
    }

    /// Returns the names of the files and directories directly in the directory, in byte order. Bytes that are not UTF-8 are replaced. O(n
    /// log n) in the number of names.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func names() async throws -> [String] {
        let core = try self.core("list", self.directory.path)
        return try await core.perform("list", core.path) { files throws(FileFailure) in
            try files.names().map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Removes all files but the last `count` in byte order and returns the number of removed files. Suits names that contain an increasing
    /// number or a date. Directories remain. O(n log n) in the number of names.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    @discardableResult
    public func keepLast(_ count: Int) async throws -> Int {
        let core = try self.core("tidy", self.directory.path)
        return try await core.perform("tidy", core.path) { files throws(FileFailure) in try files.keepLast(count) }
    }

    // MARK: Handles

    /// Runs `body` with the file `name`, and closes the handle when `body` returns or throws.
    ///
    /// - Parameters:
    ///   - name: A name inside the directory.
    ///   - mode: The mode in which the file is opened.
    ///   - budget: How long opening may wait for another file to be closed; nil for the configuration's `openBudget`.
    ///   - fileID: The caller's source file, for errors, events, and samples.
    ///   - line: The caller's source line.
    ///   - body: The work with the file.
    /// - Returns: The result of `body`.
    /// - Throws: ``FileStoreError``; `CancellationError` if the task is canceled before the file is open; the error of `body`.
    public nonisolated(nonsending) func withFile<Result>(
        _ name: String,
        _ mode: FileMode,
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        _ body: nonisolated(nonsending) (OpenFile) async throws -> Result
    ) async throws -> Result {
        let file = try await self.open(name, mode, budget: budget, fileID: fileID, line: line)
        let result: Result
        do {
            result = try await body(file)
        } catch {
            // The error of the body takes precedence over an error of closing.
            try? await file.close()
            throw error
        }
        try await file.close()
        return result
    }

    /// Opens the file `name` until its handle is closed. Prefer ``withFile(_:_:budget:fileID:line:_:)``, which always closes it.
    ///
    /// - Parameters:
    ///   - name: A name inside the directory.
    ///   - mode: The mode in which the file is opened.
    ///   - budget: How long opening may wait for another file to be closed; nil for the configuration's `openBudget`.
    ///   - fileID: The caller's source file, for errors, events, and samples.
    ///   - line: The caller's source line.
    /// - Returns: The handle, to be closed with ``OpenFile/close()``.
    /// - Throws: ``FileStoreError``, with ``FileStoreError/Code/tooManyOpen`` if no slot became free within the budget;
    ///   `CancellationError`.
    public nonisolated(nonsending) func open(
        _ name: String,
        _ mode: FileMode,
        budget: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> OpenFile {
        let (core, name) = try self.prepare("open", name)
        return try await core.open(name, mode, budget: budget ?? self.configuration.openBudget, fileID: fileID, line: line)
    }

    /// Returns the files that are open now and their numbers of handles.
    public func openFiles() -> [OpenFileInfo] {
        if case .open(let core) = self.state.withLock({ $0 }) { core.openFiles } else { [] }
    }

    // MARK: Container and diagnostics

    /// Receives the context of the container's resource; the container calls this before ``initialize()``.
    public func attach(_ context: ResourceContext) {
        self.state.withLock { state in
            if case .unopened = state { state = .unopened(context) }
        }
    }

    /// Reports handles as lost that a closed scope left open.
    public func scopeClosed(_ scope: ScopeID) {
        if case .open(let core) = self.state.withLock({ $0 }) { core.scopeClosed(scope) }
    }

    /// Expedites a running ``dispose()``: open handles are no longer waited for.
    public func expedite() {
        switch self.state.withLock({ $0 }) {
        case .unopened: break
        case .open(let core), .closed(let core): core.expedite()
        }
    }

    /// The lifetime of a store, `Lifetime.scoped`: its files are closed with the scope that opened them.
    public static var defaultLifetime: Lifetime { .scoped }

    /// Returns the store's counters, with the open descriptors as the leased items.
    public func poolSample() -> PoolSample {
        switch self.state.withLock({ $0 }) {
        case .unopened(let context):
            PoolSample(resource: context?.resource, name: "FileStore", maximum: max(1, self.configuration.maximumOpen))
        case .open(let core), .closed(let core): core.sample()
        }
    }

    /// Writes and reads a file to test the store. The report is unhealthy, with the reason, if that fails: for example, the disk is full or
    /// read-only, or the directory was removed. It is degraded if leaked handles are suspected.
    public func healthCheck() async throws -> HealthReport {
        switch self.state.withLock({ $0 }) {
        case .unopened: return HealthReport(.unknown, "the store is not initialized yet: it has not been resolved")
        case .open(let core): return try await core.probe()
        case .closed: return HealthReport(.unhealthy, "the store is closed")
        }
    }

    private func core(_ action: String, _ name: String) throws(FileStoreError) -> FileCore {
        guard case .open(let core) = self.state.withLock({ $0 }) else {
            throw FileStoreError(.closed, action: action, name: name, reason: "the store is closed, or was never initialized")
        }
        return core
    }

    private func prepare(_ action: String, _ name: String) throws(FileStoreError) -> (FileCore, FileName) {
        let core = try self.core(action, name)
        do throws(FileFailure) {
            return (core, try FileName(name))
        } catch {
            throw FileStoreError(error, action: action, name: name)
        }
    }
}
