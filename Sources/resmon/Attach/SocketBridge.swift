import Foundation

/// Copies bytes between a pair of pipes and a socket, in both directions at once.
///
/// It keeps at most ``limit`` bytes for each direction: a reader that accepts no data delays its writer. The end of the input ends one
/// direction only. The bridge ends when the socket has ended and everything from it is written, or when the output is closed.
struct SocketBridge {
    /// The outcome of a bridge.
    enum End: Equatable {
        /// The socket has ended, and everything from it is written.
        case socketEnded
        /// The reader of the output has closed it.
        case outputClosed
        /// A call failed with this error number.
        case failed(Int32)
    }

    let input: Int32
    let output: Int32
    let socket: Int32

    /// The largest number of bytes that are kept for one direction.
    static let limit = 64 << 10
    /// The largest write. A pipe that can be written accepts this many bytes, so that a write never waits: POSIX's `PIPE_BUF` on Linux.
    private static let chunk = 4096

    /// Copies until the end. SIGPIPE must be ignored.
    func run() -> End {
        var (toSocket, toOutput) = (Buffer(), Buffer())
        var (hasInputEnded, hasSocketEnded) = (false, false)
        while true {
            if hasSocketEnded, toOutput.isEmpty { return .socketEnded }
            // A negative descriptor is not polled. One that is polled without events would still report a hang-up at once, in every turn.
            var entries = [
                pollfd(fd: hasInputEnded || toSocket.isFull ? -1 : self.input, events: Int16(POLLIN), revents: 0),
                pollfd(fd: self.socket, events: 0, revents: 0),
                // Polled without events for its error: the reader may close the output while nothing is written.
                pollfd(fd: self.output, events: toOutput.isEmpty ? 0 : Int16(POLLOUT), revents: 0),
            ]
            if !hasSocketEnded, !toOutput.isFull { entries[1].events |= Int16(POLLIN) }
            if !toSocket.isEmpty { entries[1].events |= Int16(POLLOUT) }
            if entries[1].events == 0 { entries[1].fd = -1 }
            guard poll(&entries, nfds_t(entries.count), -1) >= 0 else {
                if errno == EINTR { continue }
                return .failed(errno)
            }

            if entries[0].revents != 0 {
                switch toSocket.fill(from: self.input) {
                case .moved: break
                case .ended, .failed:
                    // The terminal or the remote end sends no more. The socket may still have data for it.
                    hasInputEnded = true
                }
            }
            if entries[1].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0, !hasSocketEnded, !toOutput.isFull {
                switch toOutput.fill(from: self.socket) {
                case .moved: break
                case .ended: hasSocketEnded = true
                case .failed(let number):
                    guard number == ECONNRESET else { return .failed(number) }
                    hasSocketEnded = true
                }
            }
            if entries[1].revents & Int16(POLLOUT) != 0, case .failed = toSocket.drain(to: self.socket, atMost: Self.chunk) {
                // The peer reads no more requests. It may have written an answer before.
                toSocket = Buffer()
                hasInputEnded = true
            }
            if hasInputEnded, toSocket.isEmpty, !hasSocketEnded { shutdown(self.socket, Self.writing) }
            if entries[2].revents & Int16(POLLERR | POLLNVAL) != 0 { return .outputClosed }
            if entries[2].revents & Int16(POLLOUT | POLLHUP) != 0 {
                switch toOutput.drain(to: self.output, atMost: Self.chunk) {
                case .moved: if toOutput.isEmpty, entries[2].revents & Int16(POLLHUP) != 0 { return .outputClosed }
                case .ended: break
                case .failed(let number): return number == EPIPE ? .outputClosed : .failed(number)
                }
            }
        }
    }

    #if canImport(Darwin)
        private static let writing = SHUT_WR
    #else
        private static let writing = Int32(SHUT_WR)
    #endif

    /// The bytes of one direction that are read and not yet written.
    private struct Buffer {
        enum Step: Equatable {
            case moved, ended
            case failed(Int32)
        }

        private var bytes: [UInt8] = []

        var isEmpty: Bool { self.bytes.isEmpty }
        var isFull: Bool { self.bytes.count >= SocketBridge.limit }

        /// Reads as much as is there, up to the limit.
        mutating func fill(from descriptor: Int32) -> Step {
            let room = SocketBridge.limit - self.bytes.count
            var part = [UInt8](repeating: 0, count: room)
            let count = read(descriptor, &part, room)
            if count == 0 { return .ended }
            if count < 0 { return errno == EINTR || errno == EAGAIN ? .moved : .failed(errno) }
            self.bytes.append(contentsOf: part.prefix(count))
            return .moved
        }

        /// Writes at most `most` bytes.
        mutating func drain(to descriptor: Int32, atMost most: Int) -> Step {
            if self.bytes.isEmpty { return .moved }
            let count = write(descriptor, self.bytes, min(most, self.bytes.count))
            if count < 0 { return errno == EINTR || errno == EAGAIN ? .moved : .failed(errno) }
            self.bytes.removeFirst(count)
            return .moved
        }
    }
}
