import Foundation

/// A file to read from that is open as long as somebody refers to it.
final class OpenFile: Sendable {
    let path: String
    private let descriptor: Int32

    /// Opens a file to read from.
    init(reading path: String) throws(RecordingError) {
        self.path = path
        // Opening a pipe must not wait for somebody to write to it.
        self.descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard self.descriptor >= 0 else { throw RecordingError("cannot read the recording '\(path)': \(Self.reason)") }
        var status = stat()
        guard fstat(self.descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw RecordingError("'\(path)' is not a recording: it is not a regular file")
        }
    }

    deinit {
        if self.descriptor >= 0 { close(self.descriptor) }
    }

    /// How many bytes there are now.
    var length: UInt64 {
        var status = stat()
        return fstat(self.descriptor, &status) == 0 ? UInt64(max(0, status.st_size)) : 0
    }

    /// Up to `length` bytes from `offset` on; fewer at the end.
    func read(at offset: UInt64, _ length: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: length)
        var count = 0
        while count < length {
            let got = bytes.withUnsafeMutableBytes { buffer in
                pread(self.descriptor, buffer.baseAddress.map { $0 + count }, length - count, off_t(offset) + off_t(count))
            }
            if got < 0, errno == EINTR { continue }
            if got <= 0 { break }
            count += got
        }
        bytes.removeLast(length - count)
        return bytes
    }

    private static var reason: String {
        String(cString: strerror(errno))
    }
}
