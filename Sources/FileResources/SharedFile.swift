import ResourceContainer

/// An open file that several handles use, and its slot in the store's pool.
///
/// The descriptor is closed once, when no operation is running: closed earlier, its number could already refer to another file.
final class SharedFile: Sendable {
    private struct State: Sendable {
        /// The operations that are using the descriptor now.
        var operations = 0
        var isClosing = false
    }

    /// The identity of the file on disk, independent of its names.
    struct Identity: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
    }

    let identity: Identity
    /// Fulfilled when the descriptor is closed, with the error of closing.
    let closed = Promise<FileFailure?>()
    private let descriptor: Int32
    private let slot: LeaseHandle
    private let calls: FileSystemCalls
    private let state = Lock(State())

    init(_ descriptor: Int32, identity: Identity, slot: LeaseHandle, calls: FileSystemCalls) {
        self.descriptor = descriptor
        self.identity = identity
        self.slot = slot
        self.calls = calls
    }

    /// Whether it is closed, or closes when its running operations end.
    var isClosing: Bool {
        self.state.withLock { $0.isClosing }
    }

    /// Runs `body` with the descriptor, which stays open during the call.
    func use<Result>(_ body: (Int32) throws(FileFailure) -> Result) throws(FileFailure) -> Result {
        let isOpen = self.state.withLock { state in
            if !state.isClosing { state.operations += 1 }
            return !state.isClosing
        }
        if !isOpen { throw .closedHandle }
        defer {
            let isLast = self.state.withLock { state in
                state.operations -= 1
                return state.isClosing && state.operations == 0
            }
            if isLast { self.finish() }
        }
        return try body(self.descriptor)
    }

    /// Closes the descriptor, now or when its last operation ends, and then releases the slot. Takes effect once; may block.
    func close() {
        let isUnused = self.state.withLock { state in
            defer { state.isClosing = true }
            return !state.isClosing && state.operations == 0
        }
        if isUnused { self.finish() }
    }

    private func finish() {
        let failure: FileFailure? = self.calls.close(self.descriptor) == 0 ? nil : .last
        // Never stale: no other code has the handle, and this runs once.
        try? self.slot.release()
        self.closed.fulfill(failure)
    }
}
