import Foundation
import ResourceContainer

/// A directory for files, as a resource (the specification's `FileManager`): made on initialise, never left, closed and tidied on dispose.
///
/// Files are read and written as a whole, or opened to be used bit by bit:
///
/// ```swift
/// try await store.write("content", to: "data.txt")
/// let first = try await store.withFile("data.txt", .read) { file in
///     try await file.read(upToCount: 4)
/// }
/// ```
///
/// - Handles of one path in one mode share a descriptor as long as somebody uses it; the last one closes it, once. What the page's
///   `FileWrapper` closes behind the table's back is closed by the table here, and its `close_file`, which does nothing, is
///   ``OpenFile/close()``.
/// - No more files are open at a time than the configuration's `maximumOpen`. Who has to wait, for how long and where, and who holds what
///   is sampled like the figures of any pool: what is *leased* are the open descriptors, and the holder of one is the user who has had it
///   longest. Whole-file operations take no place; there are never more of them under way than `parallelism`.
/// - A name cannot lead out of the directory: neither by `..`, nor absolutely, nor by a symbolic link, also not by one that another process
///   puts in the way at the wrong moment. Links that stay inside are followed; absolute ones never.
/// - No operation blocks a thread of the concurrency pool: all of it is done on a queue of the store's own.
///
/// Names are those of the system, bytes in UTF-8: what looks alike need not be one name. What is bound as `scoped` has a table of its own in
/// every scope; stores of one directory share nothing but the disk.
public final class FileStore: Resource, HealthCheckable, SampledPool, ScopeWatching, HurriedResource {
    /// A file that is open.
    public struct OpenFileInfo: Sendable, Hashable {
        /// The name by which it was opened first.
        public let name: String
        /// What it is open for.
        public let mode: FileMode
        /// How many share it.
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
        /// Until it is initialised again.
        case closed(FileCore)
    }

    /// The directory.
    public let directory: URL
    /// What it was made with.
    public let configuration: FileStoreConfiguration
    private let removesDirectory: Bool
    private let environment: ResourceEnvironment
    private let calls: FileSystemCalls
    private let state = Lock(State.unopened(nil))

    /// A store over `directory`.
    ///
    /// - Parameters:
    ///   - directory: where the files are; made by ``initialize()``.
    ///   - removesDirectory: whether dispose removes the directory and everything in it: for temporary ones.
    ///   - configuration: its limits and budgets.
    ///   - environment: where its time and its random names come from.
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

    /// A store whose system calls may fail as a test wants it.
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

    /// Makes the directory and those above it, and keeps it open: it stays the store's wherever it is moved. Removes temporary files that
    /// a killed process left in it. Called again, makes the directory anew if it is gone.
    ///
    /// - Throws: ``FileStoreError``, `invalidConfiguration` included.
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

    /// Refuses new handles, waits for those in use until the configuration's `drainTimeout`, closes every file, and removes the directory if
    /// it is the store's own.
    ///
    /// - Throws: ``FileStoreError/Code/stillOpen``, with the names, and with the places that opened them, if handles had not been closed by
    ///   then; all files are closed all the same. What removing the directory threw.
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

    /// Writes `text` to the file `name`, making the directories on the way: whoever reads it meanwhile sees the old content or the new, never
    /// a part. What it survives says the configuration's `durability`. If anything fails, the old content stays and nothing is left behind.
    ///
    /// Handles that are open keep the old content; who opens the file from now on has the new.
    ///
    /// - Parameters:
    ///   - text: written as UTF-8.
    ///   - name: a name inside the directory; directories are parted by `/`.
    ///   - overwriting: whether a file of that name may be replaced; else it is an error, ``FileStoreError/Code/exists``.
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func write(_ text: String, to name: String, overwriting: Bool = true) async throws {
        try await self.write(Array(text.utf8), to: name, overwriting: overwriting)
    }

    /// ``write(_:to:overwriting:)-(String,_,_)`` with bytes.
    public func write(_ bytes: [UInt8], to name: String, overwriting: Bool = true) async throws {
        let (core, name) = try self.prepare("write", name)
        try await core.perform("write", name.text) { files throws(FileFailure) in
            try files.write(bytes, to: name, overwriting: overwriting)
        }
    }

    /// The content of the file `name`, which must be UTF-8.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func read(_ name: String) async throws -> String {
        guard let text = String(validating: try await self.readBytes(name), as: UTF8.self) else {
            throw FileStoreError(.notText, action: "read", name: name, reason: "it is not UTF-8; read its bytes instead")
        }
        return text
    }

    /// The content of the file `name`.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func readBytes(_ name: String) async throws -> [UInt8] {
        let (core, name) = try self.prepare("read", name)
        return try await core.perform("read", name.text) { files throws(FileFailure) in try files.read(name) }
    }

    /// Removes the file `name`; of a symbolic link the link, and not what it leads to. Who has it open keeps it until it is closed.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func remove(_ name: String) async throws {
        let (core, name) = try self.prepare("remove", name)
        try await core.perform("remove", name.text) { files throws(FileFailure) in try files.remove(name) }
    }

    /// The names of the files and directories that stand directly in the directory, in the order of their bytes. Bytes that are no UTF-8
    /// are shown replaced. O(n log n).
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func names() async throws -> [String] {
        let core = try self.core("list", self.directory.path)
        return try await core.perform("list", core.path) { files throws(FileFailure) in
            try files.names().map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Removes all but the last `count` files by name, and returns how many went: for names that carry a growing number or a date.
    /// Directories stay. O(n log n).
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    @discardableResult
    public func keepLast(_ count: Int) async throws -> Int {
        let core = try self.core("tidy", self.directory.path)
        return try await core.perform("tidy", core.path) { files throws(FileFailure) in try files.keepLast(count) }
    }

    // MARK: Handles

    /// Runs `body` with the file `name`, whose handle is closed when `body` returns or throws.
    ///
    /// - Parameters:
    ///   - name: a name inside the directory.
    ///   - mode: what it is opened for.
    ///   - budget: how long opening may wait for another file to be closed; nil is the configuration's `openBudget`.
    ///   - fileID: the user's file, which errors, events and figures name.
    ///   - line: the user's line.
    ///   - body: what is done with the file.
    /// - Returns: what `body` returns.
    /// - Throws: ``FileStoreError``; `CancellationError` if the task is cancelled before the file is open; what `body` throws.
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
            // What the body threw says more than that closing failed as well.
            try? await file.close()
            throw error
        }
        try await file.close()
        return result
    }

    /// Opens the file `name` until its handle is closed. Prefer ``withFile(_:_:budget:fileID:line:_:)``, which cannot forget to.
    ///
    /// - Parameters:
    ///   - name: a name inside the directory.
    ///   - mode: what it is opened for.
    ///   - budget: how long opening may wait for another file to be closed; nil is the configuration's `openBudget`.
    ///   - fileID: the user's file, which errors, events and figures name.
    ///   - line: the user's line.
    /// - Throws: ``FileStoreError``, `tooManyOpen` if no place came free within the budget; `CancellationError`.
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

    /// What is open at this moment, and how many share it.
    public func openFiles() -> [OpenFileInfo] {
        if case .open(let core) = self.state.withLock({ $0 }) { core.openFiles } else { [] }
    }

    // MARK: Looking in

    public func attach(_ context: ResourceContext) {
        self.state.withLock { state in
            if case .unopened = state { state = .unopened(context) }
        }
    }

    public func scopeClosed(_ scope: ScopeID) {
        if case .open(let core) = self.state.withLock({ $0 }) { core.scopeClosed(scope) }
    }

    public func hurry() {
        switch self.state.withLock({ $0 }) {
        case .unopened: break
        case .open(let core), .closed(let core): core.hurry()
        }
    }

    /// The figures, with the open descriptors as what is leased.
    public func poolSample() -> PoolSample {
        switch self.state.withLock({ $0 }) {
        case .unopened(let context):
            PoolSample(resource: context?.resource, name: "FileStore", maximum: max(1, self.configuration.maximumOpen))
        case .open(let core), .closed(let core): core.sample()
        }
    }

    /// Writes and reads a file of its own. Unhealthy, with the reason, if that fails: the disk is full or for reading only, or the directory
    /// was removed. Degraded if handles may have been forgotten.
    public func healthCheck() async throws -> HealthReport {
        switch self.state.withLock({ $0 }) {
        case .unopened: return HealthReport(.unknown, "the store is not initialised yet: nobody has asked for it")
        case .open(let core): return try await core.probe()
        case .closed: return HealthReport(.unhealthy, "the store is closed")
        }
    }

    private func core(_ action: String, _ name: String) throws(FileStoreError) -> FileCore {
        guard case .open(let core) = self.state.withLock({ $0 }) else {
            throw FileStoreError(.closed, action: action, name: name, reason: "the store is closed, or was never initialised")
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
