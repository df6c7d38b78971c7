import ResourceContainer

/// A handle of an open file (the specification's `FileWrapper`): to be used and then closed.
///
/// Handles of one path in one mode share a descriptor, and none disturbs another: each has a position of its own, from which it reads and
/// writes, and operations of one handle are done one after the other. The last one to be closed closes the file. A handle that is dropped
/// unclosed is closed all the same, and counted (`PoolSample.dropped`); one that is kept is suspected of being a leak after the
/// configuration's `leakThreshold`.
///
/// No operation blocks a thread of the concurrency pool. One that has begun is finished, also if its task is cancelled.
public final class OpenFile: Sendable {
    private struct State: ~Copyable {
        /// The handle among the others; nil once it is closed.
        var lease: Lease<FileCore.Handle>?
        var position: Int64 = 0
    }

    /// The name by which it was opened.
    public let name: String
    /// What it was opened for.
    public let mode: FileMode
    private let core: FileCore
    private let file: SharedFile
    private let ticket: FileTable<SharedFile>.Ticket
    private let state: Lock<State>
    private let turns = Turns()

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
        // Nothing is left to do for one that was closed.
        self.core.leave(self.ticket, self.file)
    }

    /// Ends the use; the last user's closes the file and returns when it is closed. Closing twice does nothing.
    ///
    /// - Throws: ``FileStoreError`` if the system says on closing that something was not written.
    public func close() async throws {
        guard let lease = self.state.withLock({ $0.lease.take() }) else { return }
        let failure = self.core.leave(self.ticket, self.file) ? await self.file.closed.waitThroughCancellation() : nil
        lease.release()
        if let failure { throw FileStoreError(failure, action: "close", name: self.name) }
    }

    /// Whether it was closed, by its user or by the store.
    public var isClosed: Bool {
        self.state.withLock { $0.lease == nil } || self.file.isClosing
    }

    // MARK: Reading

    /// The next bytes, at most `count`, fewer if the file ends before; none at its end. Moves the position.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func read(upToCount count: Int) async throws -> [UInt8] {
        try await self.turns.inTurn {
            let position = self.position
            let bytes = try await self.read(at: position, upToCount: count)
            self.move(to: position + Int64(bytes.count))
            return bytes
        }
    }

    /// The bytes from `offset` on, at most `count`, fewer if the file ends before. Leaves the position where it is.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func read(at offset: Int64, upToCount count: Int) async throws -> [UInt8] {
        if !self.mode.reads { throw self.wrongMode("read") }
        return try await self.perform("read") { calls, file throws(FileFailure) in
            // What the file holds by now, so that a count beyond all bounds costs nothing; files that do not know their size tell bit by bit.
            if offset < 0 { throw FileFailure(.other, "the offset is \(offset) and must not be negative") }
            let size = try calls.status(of: file).st_size
            if offset > size { return [] }
            let most = max(Int64(size) - offset, 65_536)
            return try calls.bytes(of: file, at: offset, upToCount: max(0, min(count, Int(most))))
        }
    }

    /// Everything from the position on. Moves the position to the end.
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

    /// Writes at the position and moves it; to a file that is appended to, at its end.
    ///
    /// - Throws: ``FileStoreError``; some of the bytes may have been written then. `CancellationError`.
    public func write(_ bytes: [UInt8]) async throws {
        try await self.turns.inTurn {
            let position = self.position
            try await self.write(bytes, at: self.mode == .append ? nil : position)
            self.move(to: position + Int64(bytes.count))
        }
    }

    /// Writes `text` as UTF-8: see ``write(_:)-([UInt8])``.
    public func write(_ text: String) async throws {
        try await self.write(Array(text.utf8))
    }

    /// Writes at `offset` and leaves the position where it is. Not for files that are appended to.
    ///
    /// - Throws: ``FileStoreError``; some of the bytes may have been written then. `CancellationError`.
    public func write(_ bytes: [UInt8], at offset: Int64) async throws {
        if self.mode == .append { throw self.wrongMode("write at a place of") }
        try await self.write(bytes, at: Optional(offset))
    }

    private func write(_ bytes: [UInt8], at offset: Int64?) async throws {
        if !self.mode.writes { throw self.wrongMode("write") }
        try await self.perform("write") { calls, file throws(FileFailure) in
            try calls.writeAll(bytes, to: file, at: offset)
        }
    }

    /// Makes the file `size` bytes long: cuts it off, or fills it up with zeros.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func truncate(to size: Int64) async throws {
        if !self.mode.writes { throw self.wrongMode("truncate") }
        try await self.perform("truncate") { calls, file throws(FileFailure) in try calls.resize(file, to: size) }
    }

    /// Returns when everything that was written is on the device (`fsync`).
    ///
    /// - Throws: ``FileStoreError``; what was written may be lost then. `CancellationError`.
    public func synchronise() async throws {
        try await self.perform("synchronise") { calls, file throws(FileFailure) in try calls.flush(file) }
    }

    // MARK: Place and size

    /// Where the next read or write begins, in bytes.
    public var position: Int64 {
        self.state.withLock { $0.position }
    }

    /// Has the next read or write begin `offset` bytes from the beginning; a negative offset is the beginning.
    public func seek(to offset: Int64) {
        self.move(to: max(0, offset))
    }

    private func move(to position: Int64) {
        self.state.withLock { $0.position = position }
    }

    /// How many bytes the file has.
    ///
    /// - Throws: ``FileStoreError``; `CancellationError`.
    public func size() async throws -> Int64 {
        try await self.perform("see the size of") { calls, file throws(FileFailure) in Int64(try calls.status(of: file).st_size) }
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
