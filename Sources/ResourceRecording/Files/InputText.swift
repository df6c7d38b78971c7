import Foundation

/// Text files written by users, such as themes and configurations.
package enum InputText {
    /// The time, in milliseconds, to wait for data from a pipe.
    private static let patience: Int32 = 5_000

    /// Returns the UTF-8 text of the file `path`, which may be a pipe.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - limit: The largest length in bytes.
    /// - Throws: ``FileFault``; of the kind `absent` only if there is neither a file nor a link at the path.
    package static func text(of path: String, limit: Int) throws(FileFault) -> String {
        let what = "'\(path)' cannot be read"
        // O_NONBLOCK: opening a pipe without a writer must not wait.
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
                    throw FileFault(.refused, what, "no data arrived for \(Self.patience / 1_000) s")
                }
            } else if errno != EINTR {
                throw FileFault(.refused, what, FileFault.words(errno))
            }
        }
        guard bytes.count <= limit else { throw FileFault(.refused, what, "it is larger than \(limit / 1024) kB") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw FileFault(.refused, what, "it is not UTF-8 text") }
        return text
    }

    private static func fault(_ path: String, _ what: String, _ number: Int32) -> FileFault {
        guard number == ENOENT || number == ENOTDIR else { return FileFault(.refused, what, FileFault.words(number)) }
        if let target = FilePath.target(ofLink: path) {
            return FileFault(.refused, what, "it is a link to '\(target)', which does not exist")
        }
        return FileFault(.absent, what, "there is no such file")
    }
}
