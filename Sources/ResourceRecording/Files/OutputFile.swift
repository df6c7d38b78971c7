import Foundation
import ResourceContainer

/// An open output that is written incrementally.
package final class OutputFile: Sendable {
    /// The time, in milliseconds, to wait for the reader of a pipe.
    private static let patience: Int32 = 5_000

    private struct State: Sendable {
        /// Negative once it is closed.
        var descriptor: Int32
        /// The number of bytes completely written.
        var length: UInt64 = 0
    }

    private let target: OutputTarget
    private let state: Lock<State>

    init(_ target: OutputTarget, mode: mode_t, replacing: Bool = false) throws(FileFault) {
        self.target = target
        let descriptor: Int32
        switch target.kind {
        case .standardOutput: descriptor = STDOUT_FILENO
        case .absent: descriptor = open(target.file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        // O_NONBLOCK: opening a pipe without a reader must not wait.
        case .stream: descriptor = open(target.path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        case .disk where replacing: descriptor = open(target.path, O_WRONLY | O_CLOEXEC)
        case .regularFile, .disk: throw target.fault(.exists, "it already exists")
        }
        if descriptor < 0 {
            let number = errno
            if target.kind == .absent, number == EEXIST { throw target.fault(.exists, "it already exists") }
            let isUnread = target.kind == .stream && number == ENXIO
            throw target.fault(.refused, isUnread ? "it is a pipe without a reader" : FileFault.words(number))
        }
        self.state = Lock(State(descriptor: descriptor))
    }

    deinit {
        let descriptor = self.state.withLock { $0.descriptor }
        if descriptor >= 0, self.target.kind != .standardOutput { close(descriptor) }
    }

    /// The path as entered, with `~` expanded.
    package var path: String { self.target.path }

    /// The name for messages: the path in quotes, or `standard output`.
    var name: String { self.target.kind == .standardOutput ? "standard output" : "'\(self.target.path)'" }

    /// Appends `bytes`. If the write fails, a new file is truncated to the bytes completely written before.
    ///
    /// - Throws: ``FileFault`` of the kind `brokenOff`.
    package func append(_ bytes: [UInt8]) throws(FileFault) {
        let number = self.state.withLock { state in
            if state.descriptor < 0 { return EBADF }
            let number = Descriptor.writeAll(
                bytes,
                to: state.descriptor,
                patience: self.target.kind == .stream ? Self.patience : -1
            )
            if number == 0 { state.length += UInt64(bytes.count) }
            if number != 0, self.target.kind == .absent { _ = ftruncate(state.descriptor, off_t(state.length)) }
            return number
        }
        if number == 0 { return }
        if self.target.kind == .standardOutput {
            throw FileFault(.brokenOff, "standard output cannot be written", FileFault.words(number))
        }
        let isSlow = number == EAGAIN
        throw self.target.fault(
            .brokenOff,
            isSlow ? "its reader accepted no data for \(Self.patience / 1_000) s" : FileFault.words(number)
        )
    }

    /// Closes the output.
    ///
    /// - Throws: ``FileFault`` for a write error that is only reported on close.
    package func finish() throws(FileFault) {
        if self.target.kind == .standardOutput { return }
        let number = self.state.withLock { state in
            defer { state.descriptor = -1 }
            return state.descriptor < 0 || close(state.descriptor) == 0 ? 0 : errno
        }
        if number != 0 { throw self.target.fault(.brokenOff, FileFault.words(number)) }
    }

    /// Removes a file that this output created. A file that existed before stays.
    package func remove() {
        if self.target.kind == .absent { unlink(self.target.file) }
    }
}
