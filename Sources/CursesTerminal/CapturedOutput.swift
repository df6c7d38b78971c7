import CTerminal

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The system's `read`, whose name the class has for something else.
private let readBytes: @Sendable (Int32, UnsafeMutableRawPointer?, Int) -> Int = { read($0, $1, $2) }

/// What the process prints to a terminal while the screen is up. Confined to the terminal's thread.
final class CapturedOutput {
    /// How many of the last lines are printed at the end.
    private static let tailLimit = 200

    private struct Channel {
        /// The end to read; -1 when there is nothing more to come.
        var descriptor: Int32
        let isError: Bool
        var lines = LineAssembler()
    }

    private var channels: [Channel] = []
    private var tail: [String] = []
    private var leftOut = 0
    private var buffer = [UInt8](repeating: 0, count: 16 * 1024)

    /// Captures descriptors 1 and 2, as far as they are terminals: what was sent to a file goes on going there.
    init() throws(TerminalError) {
        for (descriptor, isError) in [(STDOUT_FILENO, false), (STDERR_FILENO, true)] where isatty(descriptor) == 1 {
            let end = ct_capture(descriptor)
            guard end >= 0 else {
                let error = TerminalError.system("what the program prints cannot be captured", errno)
                self.finish()
                throw error
            }
            self.channels.append(Channel(descriptor: end, isError: isError))
        }
    }

    /// What to wait on for more.
    var descriptors: [Int32] {
        self.channels.map(\.descriptor)
    }

    /// Reads what there is, at most a bufferful of each, and returns the lines.
    func read() -> [TerminalEvent] {
        var events: [TerminalEvent] = []
        for index in self.channels.indices where self.channels[index].descriptor >= 0 {
            let count = readBytes(self.channels[index].descriptor, &self.buffer, self.buffer.count)
            if count > 0 {
                for line in self.channels[index].lines.feed(self.buffer[..<count]) {
                    events.append(self.keep(line, isError: self.channels[index].isError))
                }
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                // Nobody can print there any more, and waiting on it would return at once, forever.
                self.channels[index].descriptor = -1
            }
        }
        return events
    }

    /// Puts the descriptors back, and prints the last of what was captured to standard error.
    func finish() {
        ct_release_captured()
        while !self.read().isEmpty {}
        for index in self.channels.indices {
            if let line = self.channels[index].lines.finish() { _ = self.keep(line, isError: self.channels[index].isError) }
        }
        ct_end_capture()
        self.channels = []
        if self.leftOut > 0 { self.tail.insert("(\(self.leftOut) earlier lines left out)", at: 0) }
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
