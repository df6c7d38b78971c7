import Foundation
import ResourceContainer

/// Reads a file as the body of a request. Blocks its thread.
struct FileUpload: Sendable {
    private let path: String
    private let request: HTTPRequest

    init(_ path: String, _ request: HTTPRequest) {
        self.path = path
        self.request = request
    }

    /// Opens the file, fulfills `opened` with its size, and sends as many bytes.
    func run(to channel: ByteChannel, _ opened: Promise<Result<Int64, HTTPError>>) async {
        let descriptor: Int32
        let size: Int64
        do throws(HTTPError) {
            (descriptor, size) = try self.openFile()
        } catch {
            opened.fulfill(.failure(error))
            return
        }
        defer { close(descriptor) }
        opened.fulfill(.success(size))
        do {
            var left = size
            while left > 0 {
                let chunk = try self.readChunk(descriptor, upTo: Int(min(left, 65_536)))
                if chunk.isEmpty { throw self.refuse("it became shorter while it was sent") }
                left -= Int64(chunk.count)
                try await channel.send(chunk)
            }
            channel.finish()
        } catch {
            channel.finish(error)
        }
    }

    private func openFile() throws(HTTPError) -> (Int32, Int64) {
        if self.path.utf8.contains(0) { throw self.refuse("its path contains a NUL") }
        // Without O_NONBLOCK, opening a FIFO waits for its writer.
        let descriptor = open(self.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0 { throw self.refuse(String(cString: strerror(errno))) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw self.refuse("it is not a regular file")
        }
        return (descriptor, Int64(status.st_size))
    }

    private func readChunk(_ descriptor: Int32, upTo count: Int) throws(HTTPError) -> [UInt8] {
        var failure: Int32 = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var result = read(descriptor, buffer.baseAddress, count)
            while result < 0, errno == EINTR { result = read(descriptor, buffer.baseAddress, count) }
            if result < 0 { failure = errno }
            initialized = max(result, 0)
        }
        if failure != 0 { throw self.refuse(String(cString: strerror(failure))) }
        return chunk
    }

    private func refuse(_ reason: String) -> HTTPError {
        HTTPError(.invalidRequest, self.request, "the file \(self.path) cannot be uploaded: \(reason)")
    }
}
