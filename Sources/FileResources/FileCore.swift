import ResourceContainer

/// The state of an opened store: its directory, its queue, its table of open files, and its two pools.
///
/// The pool `slots` has a slot for every open descriptor and enforces the limit, the wait queue, and the budgets. The pool `handles` has a
/// lease for every handle: it records which holders have not closed their handle. The slot of a shared file cannot record this.
final class FileCore: Sendable {
    /// The pooled value of `slots`; it carries no data.
    struct Slot: Sendable {}
    struct Handle: Sendable {}
    typealias Table = FileTable<SharedFile>

    struct State: Sendable {
        var base: Directory?
        var table = Table()
        /// The files that are being opened. Fulfilled when the opening ends, with the error if its cause is the file itself.
        var openings: [Int: Promise<FileStoreError?>] = [:]
    }

    let path: String
    let configuration: FileStoreConfiguration
    let calls: FileSystemCalls
    let environment: ResourceEnvironment
    let io: FileIOQueue
    let slots: ResourcePool<Slot>
    let handles: ResourcePool<Handle>
    let context = Lock<ResourceContext?>(nil)
    let state = Lock(State())

    /// - Throws: ``FileStoreError/Code/invalidConfiguration``.
    init(
        path: String,
        configuration: FileStoreConfiguration,
        environment: ResourceEnvironment,
        calls: FileSystemCalls
    ) throws(FileStoreError) {
        func refuse(_ reason: String, _ error: PoolError? = nil) -> FileStoreError {
            FileStoreError(.invalidConfiguration, action: "open", name: path, reason: reason, underlying: error)
        }
        if !(1...1_024).contains(configuration.parallelism) {
            throw refuse("parallelism is \(configuration.parallelism) and must be from 1 to 1024")
        }
        self.path = path
        self.configuration = configuration
        self.environment = environment
        self.calls = calls
        self.io = FileIOQueue(label: "FileStore", parallelism: configuration.parallelism)
        do throws(PoolError) {
            self.slots = try ResourcePool(
                name: "FileStore",
                configuration: configuration.slots,
                environment: environment,
                make: { Slot() }
            )
            self.handles = try ResourcePool(
                name: "FileStore handles",
                configuration: configuration.handles,
                environment: environment,
                make: { Handle() }
            )
        } catch {
            throw refuse(error.description, error)
        }
    }

    // MARK: Lifecycle

    func attach(_ context: ResourceContext) {
        self.context.withLock { $0 = context }
        self.slots.attach(context)
        self.handles.attach(context)
    }

    /// Creates the directory if it is missing, and keeps it open.
    func openDirectory() async throws {
        let base = try await self.run("open", self.path) { [path = self.path] () throws(FileFailure) in
            try Directory.make(path)
            return try Directory(path: path)
        }
        self.state.withLock { $0.base = base }
        try await self.perform("tidy", self.path) { files throws(FileFailure) in try files.removeForgotten() }
    }

    /// Refuses new handles, waits for existing ones until the drain timeout, and closes the files that are still open.
    ///
    /// - Returns: The error to report, if any.
    func close(removingDirectory: Bool) async -> FileStoreError? {
        self.state.withLock { $0.table.beginClosing() }
        // Fails the waiters for a slot at once.
        async let slotsReport = self.slots.close()
        let report = await self.handles.close()
        let left = self.state.withLock { $0.table.takeAll() }
        var failure: FileFailure?
        for entry in left {
            guard case .open(let file) = entry.phase else { continue }
            self.io.enqueue { file.close() }
            failure = await file.closed.waitThroughCancellation() ?? failure
        }
        _ = await slotsReport
        let removal = removingDirectory ? await self.removeDirectory() : nil
        self.state.withLock { $0.base = nil }
        if !report.unreturned.isEmpty { return self.stillOpen(left, report.unreturned) }
        return failure.map { FileStoreError($0, action: "close", name: self.path) } ?? removal
    }

    private func removeDirectory() async -> FileStoreError? {
        do {
            try await self.perform("remove", self.path) { [path = self.path] files throws(FileFailure) in try files.removeTree(path) }
            return nil
        } catch {
            return error as? FileStoreError
        }
    }

    private func stillOpen(_ entries: [Table.Entry], _ holders: [PoolSample.Holder]) -> FileStoreError {
        let files = entries.prefix(10).map { entry in
            let users = entry.users.sorted { $0.key < $1.key }.map(\.value)
            let locations = users.prefix(10).map { "\($0.location)\($0.scope.map { " in \($0)" } ?? "")" }
            return "\(entry.name) (\(entry.key.mode.rawValue)), opened at \(locations.joined(separator: ", "))"
        }
        return FileStoreError(
            .stillOpen,
            action: "close",
            name: self.path,
            reason: "\(holders.count) handles were still in use and have been closed: \(files.joined(separator: "; "))",
            unreturned: holders
        )
    }

    func scopeClosed(_ scope: ScopeID) {
        // The slot of a shared file belongs to its first user, which may have closed it: only handles can be lost.
        self.handles.scopeClosed(scope)
    }

    func expedite() {
        self.slots.expedite()
        self.handles.expedite()
    }

    // MARK: Work on the queue

    /// Runs `body` on the store's queue.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    func run<Result: Sendable>(
        _ action: String,
        _ name: String,
        _ body: @escaping @Sendable () throws(FileFailure) -> Result
    ) async throws -> Result {
        do {
            return try await self.io.run { try body() }
        } catch let failure as FileFailure {
            throw FileStoreError(failure, action: action, name: name)
        }
    }

    /// Runs `body` on the store's queue with the store's directory.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    func perform<Result: Sendable>(
        _ action: String,
        _ name: String,
        _ body: @escaping @Sendable (WholeFiles) throws(FileFailure) -> Result
    ) async throws -> Result {
        let files = try self.wholeFiles(action, name)
        return try await self.run(action, name) { () throws(FileFailure) in try body(files) }
    }

    func wholeFiles(_ action: String, _ name: String) throws(FileStoreError) -> WholeFiles {
        guard let base = self.state.withLock({ $0.base }) else { throw self.closed(action, name) }
        return WholeFiles(
            walk: DirectoryWalk(base: base, calls: self.calls),
            durability: self.configuration.durability,
            unique: { [random = self.environment.random] in random.next() }
        )
    }

    func closed(_ action: String, _ name: String) -> FileStoreError {
        FileStoreError(.closed, action: action, name: name, reason: "the store is closed")
    }

    // MARK: Diagnostics

    /// The open files, ordered by index.
    var openFiles: [FileStore.OpenFileInfo] {
        self.state.withLock { state in
            state.table.open.map { FileStore.OpenFileInfo(name: $0.name, mode: $0.key.mode, users: $0.users.count) }
        }
    }

    /// The sample of the slots, with the leak counters of the handles.
    func sample() -> PoolSample {
        let handles = self.handles.poolSample()
        var sample = self.slots.poolSample()
        sample.holders = self.state.withLock { $0.table.holders(limit: 50) }
        sample.dropped = handles.dropped
        sample.lost = handles.lost
        sample.leaked = handles.leaked
        sample.leaksSuspected = handles.leaksSuspected
        sample.leaksWithdrawn = handles.leaksWithdrawn
        return sample
    }

    func probe() async throws -> HealthReport {
        do {
            try await self.perform("use", self.path) { [path = self.path] files throws(FileFailure) in try files.probe(path: path) }
        } catch let error as FileStoreError {
            return HealthReport(.unhealthy, error.description)
        }
        return try await self.handles.healthCheck()
    }
}
