import ResourceContainer

/// A handle of an open file. It is used and then closed; the last handle of a file closes its descriptor.
///
/// Handles of one path in one mode share a descriptor and do not affect each other: each has its own position, and the operations of one
/// handle run one after the other. A handle that is deallocated without ``close()`` is closed and counted (`PoolSample.dropped`); a handle
/// that stays open is suspected of being leaked after the configuration's `leakThreshold`.
///
/// No operation blocks a thread of the concurrency pool. An operation that has begun runs to its end, even if its task is canceled.
public final class OpenFile: Sendable {
    private struct State: ~Copyable {
        /// The lease of the handle; nil once it is closed.
        var lease: Lease<FileCore.Handle>?
        var position: Int64 = 0
    }

    /// The name with which the handle was opened.
    public let name: String
    /// The mode in which the handle was opened.
    public let mode: FileMode
    private let core: FileCore
    private let file: SharedFile
    private let ticket: FileTable<SharedFile>.Ticket
    private let state: Lock<State>
    private let mutex = AsyncMutex()

    init(
        _ core: FileCore,
        _ file: SharedFile,
        name: String,
        mode: FileMode,
        ticket: FileTable<SharedFile>.Ticket,
        lease: consuming sending Lease<FileCore.Handle>
    ) {
        self.name = name
        self.mode = mode
        self.core = core
        self.file = file
        self.ticket = ticket
        self.state = Lock(State(lease: consume lease))
    }

    deinit {
        // Does nothing if the handle was closed.
        self.core.leave(self.ticket, self.file)
    }

    /// Closes the handle. The last handle of a file closes the descriptor and returns when that is done. Closing again does nothing.
    ///
    /// - Throws: ``FileStoreError`` if the system reports on closing that data was not written.
    public func close() async throws {
        guard let lease = self.state.withLock({ $0.lease.take() }) else { return }
        let failure = self.core.leave(self.ticket, self.file) ? await self.file.closed.waitThroughCancellation() : nil
        lease.release()
        if let failure { throw FileStoreError(failure, action: "close", name: self.name) }
    }

    /// Whether the handle was closed, by its user or by the store.
    public var isClosed: Bool {
        self.state.withLock { $0.lease == nil } || self.file.isClosing
    }

    // MARK: Reading

    /// Reads at most `count` bytes at the position and moves the position. Returns fewer bytes if the file ends
    /// earlier, and none at the end of the file.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func read(upToCount count: Int) async throws -> [UInt8] {
        try await self.mutex.withLock {
            let position = self.position
            let bytes = try await self.read(at: position, upToCount: count)
            self.move(to: position + Int64(bytes.count))
            return bytes
        }
    }

    /// Reads at most `count` bytes at `offset`. Returns fewer bytes if the file ends earlier. Does not move the position.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func read(at offset: Int64, upToCount count: Int) async throws -> [UInt8] {
        if !self.mode.reads { throw self.wrongMode("read") }
        return try await self.perform("read") { calls, file throws(FileFailure) in
            // Clamps the count to the current size, so that a huge count does not allocate; files that report no size are read in chunks.
            if offset < 0 { throw FileFailure(.other, "the offset is \(offset) and must not be negative") }
            let size = try calls.status(of: file).st_size
            if offset > size { return [] }
            let most = max(Int64(size) - offset, 65_536)
            return try calls.bytes(of: file, at: offset, upToCount: max(0, min(count, Int(most))))
        }
    }

    /// Reads everything from the position to the end and moves the position to the end.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func readToEnd() async throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let bytes = try await self.read(upToCount: .max)
            if bytes.isEmpty { return all }
            all += bytes
        }
    }

    // MARK: Writing

    /// Writes at the position and moves it. In mode `append`, writes at the end of the file.
    ///
    /// - Throws: ``FileStoreError``, in which case part of the bytes may have been written; `CancellationError`.
    public func write(_ bytes: [UInt8]) async throws {
        try await self.mutex.withLock {
            let position = self.position
            try await self.write(bytes, at: self.mode == .append ? nil : position)
            self.move(to: position + Int64(bytes.count))
        }
    }

    /// Writes `text` as UTF-8: see ``write(_:)-([UInt8])``.
    ///
    /// - Throws: ``FileStoreError``, in which case part of the text may have been written; `CancellationError`.
    public func write(_ text: String) async throws {
        try await self.write(Array(text.utf8))
    }

    /// Writes at `offset` and does not move the position. Not available in mode `append`.
    ///
    /// - Throws: ``FileStoreError``, in which case part of the bytes may have been written; `CancellationError`.
    public func write(_ bytes: [UInt8], at offset: Int64) async throws {
        if self.mode == .append { throw self.wrongMode("write at an offset of") }
        try await self.write(bytes, at: Optional(offset))
    }

    private func write(_ bytes: [UInt8], at offset: Int64?) async throws {
        if !self.mode.writes { throw self.wrongMode("write") }
        try await self.perform("write") { calls, file throws(FileFailure) in
            try calls.writeAll(bytes, to: file, at: offset)
        }
    }

    /// Sets the size of the file in bytes: cuts it off or extends it with zeros.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func truncate(to size: Int64) async throws {
        if !self.mode.writes { throw self.wrongMode("truncate") }
        try await self.perform("truncate") { calls, file throws(FileFailure) in try calls.resize(file, to: size) }
    }

    /// Returns when everything that was written is on the device (`fsync`).
    ///
    /// - Throws: ``FileStoreError``, in which case written data may be lost; `CancellationError`.
    public func synchronize() async throws {
        try await self.perform("synchronize") { calls, file throws(FileFailure) in try calls.flush(file) }
    }

    // MARK: Position and size

    /// The offset of the next read or write, in bytes.
    public var position: Int64 {
        self.state.withLock { $0.position }
    }

    /// Moves the position to `offset` bytes from the beginning; a negative offset means the beginning.
    public func seek(to offset: Int64) {
        self.move(to: max(0, offset))
    }

    private func move(to position: Int64) {
        self.state.withLock { $0.position = position }
    }

    /// Returns the size of the file in bytes.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func size() async throws -> Int64 {
        try await self.perform("get the size of") { calls, file throws(FileFailure) in Int64(try calls.status(of: file).st_size) }
    }

    private func wrongMode(_ action: String) -> FileStoreError {
        FileStoreError(.wrongMode, action: action, name: self.name, reason: "it was opened in mode \(self.mode.rawValue)")
    }

    private func perform<Result: Sendable>(
        _ action: String,
        _ body: @escaping @Sendable (FileSystemCalls, Int32) throws(FileFailure) -> Result
    ) async throws -> Result {
        if self.isClosed { throw FileStoreError(.closedHandle, action: action, name: self.name) }
        return try await self.core.run(action, self.name) { [file = self.file, calls = self.core.calls] () throws(FileFailure) in
            try file.use { descriptor throws(FileFailure) in try body(calls, descriptor) }
        }
    }
}
