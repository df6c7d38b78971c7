import Foundation

/// Texts that people wrote: themes, configurations.
package enum InputText {
    /// How long somebody who writes to a pipe may write nothing, in milliseconds.
    private static let patience: Int32 = 5_000

    /// The text in UTF-8 of the file `path`, which may be a pipe.
    ///
    /// - Parameter limit: how many bytes it may have.
    /// - Throws: ``FileFault``, of the kind `absent` only if nothing is at that place, not even a link.
    package static func text(of path: String, limit: Int) throws(FileFault) -> String {
        let what = "'\(path)' cannot be read"
        // Opened so that a pipe that nobody writes to answers instead of waiting.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.fault(path, what, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileFault(.refused, what, FileFault.words(errno)) }
        if status.st_mode & S_IFMT == S_IFDIR { throw FileFault(.refused, what, "it is a directory") }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 * 1024)
        while bytes.count <= limit {
            let count = read(descriptor, &block, block.count)
            if count == 0 { break }
            if count > 0 {
                bytes += block.prefix(count)
            } else if errno == EAGAIN {
                guard Descriptor.wait(for: POLLIN, of: descriptor, Self.patience) else {
                    throw FileFault(.refused, what, "nothing came from it for \(Self.patience / 1_000) s")
                }
            } else if errno != EINTR {
                throw FileFault(.refused, what, FileFault.words(errno))
            }
        }
        guard bytes.count <= limit else { throw FileFault(.refused, what, "it is larger than \(limit / 1024) kB") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw FileFault(.refused, what, "it is no text in UTF-8") }
        return text
    }

    private static func fault(_ path: String, _ what: String, _ number: Int32) -> FileFault {
        guard number == ENOENT || number == ENOTDIR else { return FileFault(.refused, what, FileFault.words(number)) }
        if let target = FilePath.target(ofLink: path) {
            return FileFault(.refused, what, "it is a link to '\(target)', which is not there")
        }
        return FileFault(.absent, what, "there is no such file")
    }
}
