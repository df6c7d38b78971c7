import ResourceContainer

/// An open file that several handles use, and the place in the store's pool that it takes.
///
/// Closed once, when nobody is in the middle of an operation: a number that is closed earlier could by then be another file's.
final class SharedFile: Sendable {
    private struct State: Sendable {
        /// Operations that are using the descriptor at this moment.
        var operations = 0
        var isClosing = false
    }

    /// What the file is called on disk, whatever its names are.
    struct Identity: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
    }

    let identity: Identity
    /// Fulfilled when the descriptor is closed, with what closing said.
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

    /// Whether it is closed, or will be as soon as nobody is in the middle of something.
    var isClosing: Bool {
        self.state.withLock { $0.isClosing }
    }

    /// Runs `body` with the descriptor, which stays open meanwhile.
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

    /// Closes the descriptor, now or when the last operation on it has ended, and then gives the place back. Once; may block.
    func close() {
        let isUnused = self.state.withLock { state in
            defer { state.isClosing = true }
            return !state.isClosing && state.operations == 0
        }
        if isUnused { self.finish() }
    }

    private func finish() {
        let failure: FileFailure? = self.calls.close(self.descriptor) == 0 ? nil : .last
        // Never stale: nobody else has the handle, and this happens once.
        try? self.slot.release()
        self.closed.fulfil(failure)
    }
}
