import Foundation
import Synchronization

/// A pseudo terminal for tests. It records everything written to it, and the test sets its size.
final class PseudoTerminal: Sendable {
    /// The path of the device that the program under test opens.
    let device: String
    private let master: Int32
    /// Keeps the terminal open between two programs.
    private let slave: Int32
    private let written = Mutex<[UInt8]>([])

    /// The type of the C library's `openpty`, which its Swift module does not export.
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
        // Writes to the terminal block unless its output is read.
        Thread.detachNewThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 64 * 1024)
            while case let count = read(self.master, &buffer, buffer.count), count > 0 {
                self.written.withLock { $0 += buffer[..<count] }
            }
        }
    }

    /// Hangs up the terminal. Later writes fail.
    func end() {
        close(self.slave)
    }

    /// Returns the output so far once it contains `text`, or nil after ten seconds.
    func output(containing text: String) -> String? {
        for _ in 0..<1000 {
            let output = self.written.withLock { String(decoding: $0, as: UTF8.self) }
            if output.contains(text) { return output }
            usleep(10_000)
        }
        return nil
    }

    /// The number of descriptors of this process that are open on the terminal, without the test's own.
    var openedByOthers: Int {
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        let links = descriptors.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
        return links.count { $0 == self.device } - 1
    }
}
