import Foundation
import ResourceContainer

/// Writes the body of a response into a new file. Blocks its thread.
struct FileDownload: Sendable {
    let path: String
    /// The method and the URL of the request, for errors.
    let method: String
    let url: String

    /// Creates the file and writes the bytes of `channel` to it. Fulfills `result` with their number, or with the reason why there is no
    /// file: a file that is not complete is removed.
    @concurrent
    func run(from channel: ByteChannel, _ result: Promise<Result<Int64, any Error>>) async {
        // No other user may read the file. O_EXCL neither opens a file that exists nor follows a link.
        let descriptor = open(self.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor < 0 {
            let error = self.refuse("it cannot be created: \(Self.text(errno))")
            channel.abandon()
            result.fulfill(.failure(error))
            return
        }
        do {
            let size = try await self.write(channel, to: descriptor)
            // Some file systems report a failed write only here.
            if close(descriptor) != 0 {
                let error = self.refuse("it cannot be written: \(Self.text(errno))")
                unlink(self.path)
                throw error
            }
            result.fulfill(.success(size))
        } catch {
            channel.abandon()
            result.fulfill(.failure(error))
        }
    }

    /// Writes all bytes; removes the file and closes it if that fails.
    private func write(_ channel: ByteChannel, to descriptor: Int32) async throws -> Int64 {
        do {
            var size: Int64 = 0
            while let chunk = try await channel.next() {
                try self.write(chunk, to: descriptor)
                size += Int64(chunk.count)
            }
            if let failure = channel.failure { throw failure }
            return size
        } catch {
            self.remove(descriptor)
            close(descriptor)
            throw error
        }
    }

    private func write(_ chunk: [UInt8], to descriptor: Int32) throws(HTTPError) {
        var written = 0
        while written < chunk.count {
            let count = chunk.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress.map { $0 + written }, chunk.count - written) }
            if count >= 0 { written += count } else if errno != EINTR { throw self.refuse("it cannot be written: \(Self.text(errno))") }
        }
    }

    /// Removes the file, unless another one has taken its name.
    private func remove(_ descriptor: Int32) {
        var (own, present) = (stat(), stat())
        guard fstat(descriptor, &own) == 0, lstat(self.path, &present) == 0 else { return }
        if own.st_dev == present.st_dev, own.st_ino == present.st_ino { unlink(self.path) }
    }

    private func refuse(_ reason: String) -> HTTPError {
        HTTPError(.invalidRequest, method: self.method, url: self.url, "the file \(self.path) cannot be downloaded: \(reason)")
    }

    private static func text(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}
