import CTerminal
import ResourceDashboard

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The system's `read`. The class has a method with the same name.
private let readBytes: @Sendable (Int32, UnsafeMutableRawPointer?, Int) -> Int = { read($0, $1, $2) }

/// The text that the process prints to a terminal while the screen is up. Confined to the terminal's thread.
final class CapturedOutput {
    /// The number of lines to print at the end.
    private static let tailLimit = 200

    private struct Channel {
        /// The read end of the pipe; -1 at its end.
        var descriptor: Int32
        let isError: Bool
        var lines = LineAssembler()
    }

    private var channels: [Channel] = []
    private var tail: [String] = []
    private var leftOut = 0
    private var buffer = [UInt8](repeating: 0, count: 16 * 1024)

    /// Captures descriptors 1 and 2 if they are terminals. Output to files is not captured.
    init() throws(TerminalError) {
        for (descriptor, isError) in [(STDOUT_FILENO, false), (STDERR_FILENO, true)] where isatty(descriptor) == 1 {
            let end = ct_capture(descriptor)
            guard end >= 0 else {
                let error = TerminalError.system("the program's output cannot be captured", errno)
                self.finish()
                throw error
            }
            self.channels.append(Channel(descriptor: end, isError: isError))
        }
    }

    /// The descriptors to poll.
    var descriptors: [Int32] {
        self.channels.map(\.descriptor)
    }

    /// Reads the available bytes, at most one buffer for each channel, and returns the lines.
    func read() -> [TerminalEvent] {
        var events: [TerminalEvent] = []
        for index in self.channels.indices where self.channels[index].descriptor >= 0 {
            let count = readBytes(self.channels[index].descriptor, &self.buffer, self.buffer.count)
            if count > 0 {
                for line in self.channels[index].lines.feed(self.buffer[..<count]) {
                    events.append(self.keep(line, isError: self.channels[index].isError))
                }
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                // The pipe has ended. Polling it again would return at once, forever.
                self.channels[index].descriptor = -1
            }
        }
        return events
    }

    /// Restores the descriptors, and prints the last captured lines to standard error.
    func finish() {
        ct_release_captured()
        while !self.read().isEmpty {}
        for index in self.channels.indices {
            if let line = self.channels[index].lines.finish() { _ = self.keep(line, isError: self.channels[index].isError) }
        }
        ct_end_capture()
        self.channels = []
        if self.leftOut > 0 { self.tail.insert("(\(self.leftOut) earlier lines omitted)", at: 0) }
        var bytes = Array(self.tail.map { $0 + "\n" }.joined().utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            if written <= 0 { return }
            bytes = bytes.dropFirst(written)
        }
    }

    private func keep(_ line: String, isError: Bool) -> TerminalEvent {
        if self.tail.count == Self.tailLimit {
            self.tail.removeFirst()
            self.leftOut += 1
        }
        self.tail.append(line)
        return .captured(line: line, isError: isError)
    }
}
