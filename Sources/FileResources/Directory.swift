#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An open directory descriptor. It keeps naming the same directory when a directory above it is renamed, and closes with the last
/// reference.
final class Directory: Sendable {
    let descriptor: Int32

    /// Takes ownership of an open descriptor.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(self.descriptor)
    }

    #if os(Linux)
        /// Opens for traversal only, which needs no permission to list the directory. The value is `O_PATH`, which Swift does not import;
        /// it is the same on every machine that Swift on Linux supports.
        static let walking = 0o10000000 | O_DIRECTORY | O_CLOEXEC
    #else
        static let walking = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    #endif

    /// Opens the directory at an absolute path.
    convenience init(path: String) throws(FileFailure) {
        let descriptor = open(path, Self.walking)
        if descriptor < 0 { throw .last }
        self.init(descriptor)
    }

    /// Creates the directory at `path` and the missing directories above it.
    static func make(_ path: String) throws(FileFailure) {
        let bytes = Array(path.utf8)
        var first: FileFailure?
        for end in bytes.indices.dropFirst() where bytes[end] == UInt8(ascii: "/") || end == bytes.count - 1 {
            let isMade = Array(bytes[...end]).terminated.withCString { mkdir($0, 0o777) } == 0
            // A directory above can exist where the process may not create one. Other obstacles appear when the directory is opened.
            if isMade || errno == EEXIST { first = nil } else if first == nil { first = .last }
        }
        if let first { throw first }
    }

    /// The names in the directory, unordered, without `.` and `..`.
    func entries() throws(FileFailure) -> [[UInt8]] {
        let descriptor = openat(self.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { throw .last }
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            throw .last
        }
        defer { closedir(stream) }
        var entries: [[UInt8]] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != Array(".".utf8), name != Array("..".utf8) { entries.append(name) }
            errno = 0
        }
        if errno != 0 { throw .last }
        return entries
    }

    /// The status of `name` without following a link; nil if it does not exist.
    func status(of name: [UInt8]) throws(FileFailure) -> stat? {
        var status = stat()
        if name.terminated.withCString({ fstatat(self.descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0 { return status }
        if errno == ENOENT { return nil }
        throw .last
    }

    /// Removes a file. Removes a symbolic link itself, not its target.
    func unlink(_ name: [UInt8]) throws(FileFailure) {
        if name.terminated.withCString({ unlinkat(self.descriptor, $0, 0) }) != 0 { throw .last }
    }

    /// The target of the symbolic link `name`; nil if it is not a link.
    func target(of name: [UInt8]) throws(FileFailure) -> [UInt8]? {
        var failure: FileFailure?
        let capacity = Int(PATH_MAX)
        let target = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            let length = name.terminated.withCString { name in
                readlinkat(
                    self.descriptor,
                    name,
                    UnsafeMutableRawPointer(buffer.baseAddress!).assumingMemoryBound(to: CChar.self),
                    capacity
                )
            }
            if length < 0 { failure = .last } else { count = length }
        }
        switch failure?.systemError {
        case nil: return target
        case EINVAL, ENOENT: return nil
        default: throw failure ?? .last
        }
    }
}
