import Foundation

/// A file that is open for reading until the object is deallocated.
final class OpenFile: Sendable {
    let path: String
    private let descriptor: Int32

    /// Opens a regular file for reading.
    init(reading path: String) throws(RecordingError) {
        self.path = path
        // Opening a pipe must not wait for a writer.
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

    /// The current length of the file in bytes.
    var length: UInt64 {
        var status = stat()
        return fstat(self.descriptor, &status) == 0 ? UInt64(max(0, status.st_size)) : 0
    }

    /// Up to `length` bytes from `offset`; fewer at the end of the file.
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
