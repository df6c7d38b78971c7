#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The files of `/proc`, whose length is not known before they are read.
package enum ProcFile {
    /// The content of the file at `path`, at most `limit` bytes of it.
    ///
    /// - Throws: The error of the system; `ESRCH` if the process ends while its file is read.
    package static func read(_ path: String, atMost limit: Int) throws(SystemError) -> [UInt8] {
        let number = open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw .last }
        let file = FileDescriptor(number)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < limit {
            switch file.receive(into: &buffer) {
            case .bytes(let count): bytes += buffer[..<count]
            case .end: return bytes
            case .nothing: throw SystemError(EAGAIN)
            case .failed(let error): throw error
            }
        }
        return Array(bytes.prefix(limit))
    }
}
