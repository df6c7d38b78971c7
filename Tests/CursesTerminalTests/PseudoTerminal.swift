import Foundation
import Synchronization

/// A terminal without a person: what is written to it is kept, and its size is what a test says.
final class PseudoTerminal: Sendable {
    /// The device that a program opens.
    let device: String
    private let master: Int32
    /// Keeps the terminal from hanging up between two programs.
    private let slave: Int32
    private let written = Mutex<[UInt8]>([])

    /// The C library's `openpty`, which its Swift module does not show.
    private typealias Open =
        @convention(c) (
            UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<CChar>?, UnsafeRawPointer?,
            UnsafePointer<winsize>?
        ) -> Int32

    init(columns: Int, rows: Int) throws {
        guard let symbol = dlsym(nil, "openpty") else { throw POSIXError(.ENOSYS) }
        // The signature is that of <pty.h>.
        let open = unsafeBitCast(symbol, to: Open.self)
        var (master, slave): (Int32, Int32) = (-1, -1)
        var name = [CChar](repeating: 0, count: 256)
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        guard open(&master, &slave, &name, nil, &size) == 0 else { throw POSIXError(.ENOTTY) }
        (self.master, self.slave) = (master, slave)
        self.device = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        // A terminal that nobody reads from makes its writer wait.
        Thread.detachNewThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 64 * 1024)
            while case let count = read(self.master, &buffer, buffer.count), count > 0 {
                self.written.withLock { $0 += buffer[..<count] }
            }
        }
    }

    /// Hangs up, after which nothing can be written.
    func end() {
        close(self.slave)
    }

    /// What was written until now, after what is asked for has come; nil if it has not within ten seconds.
    func output(containing text: String) -> String? {
        for _ in 0..<1000 {
            let output = self.written.withLock { String(decoding: $0, as: UTF8.self) }
            if output.contains(text) { return output }
            usleep(10_000)
        }
        return nil
    }

    /// How many descriptors of this process are open on the terminal, besides the test's own.
    var openedByOthers: Int {
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        let links = descriptors.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
        return links.count { $0 == self.device } - 1
    }
}
