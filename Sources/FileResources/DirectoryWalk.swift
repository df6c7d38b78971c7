#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Resolves names below a directory, and never outside of it.
///
/// The walk opens one component at a time, relative to the previous one (`openat` with `O_NOFOLLOW`), so the kernel never follows a link.
/// The walk follows links itself as long as they stay inside: it walks a relative target like a name, where `..` returns to the previous
/// directory, and refuses an absolute target. No other process can insert a link between the check and the open. Two cases are not
/// detected: a hard link to a file outside, and a file system mounted inside.
struct DirectoryWalk: Sendable {
    let base: Directory
    let calls: FileSystemCalls

    /// The directory that contains a file, and the file's name in it.
    struct Entry: Sendable {
        let directory: Directory
        let name: [UInt8]
    }

    /// The maximum number of links that a name may go through; the kernel's limit.
    private static let maximumLinks = 40

    /// The directory that contains the file `name`, and the file's name there.
    ///
    /// - Parameters:
    ///   - makingDirectories: whether missing directories on the way are created.
    ///   - followingLast: whether a link as the last component is followed.
    func entry(of name: FileName, makingDirectories: Bool, followingLast: Bool = true) throws(FileFailure) -> Entry {
        var way = [self.base]
        var rest = Array(name.components.reversed())
        var links = 0
        func follow(_ target: [UInt8]) throws(FileFailure) {
            links += 1
            if links > Self.maximumLinks { throw FileFailure(errno: ELOOP) }
            if target.first == UInt8(ascii: "/") { throw .leavesDirectory }
            rest += FileName.components(of: target).reversed()
        }
        while let part = rest.popLast() {
            if part == Array("..".utf8) {
                // `..` comes from the target of a link only: names contain none.
                if way.count == 1 { throw .leavesDirectory }
                way.removeLast()
            } else if rest.isEmpty {
                guard followingLast, let target = try way[way.count - 1].target(of: part) else {
                    return Entry(directory: way[way.count - 1], name: part)
                }
                try follow(target)
            } else if let next = try self.enter(part, of: way[way.count - 1], making: makingDirectories) {
                way.append(next)
                if way.count > FileName.maximumDepth + 1 { throw FileFailure(.invalidName, "its links exceed the maximum depth") }
            } else {
                guard let target = try way[way.count - 1].target(of: part) else { throw FileFailure(errno: ENOTDIR) }
                try follow(target)
            }
        }
        throw FileFailure(errno: EISDIR)
    }

    /// Opens the directory `name`; nil if it is not a directory.
    private func enter(_ name: [UInt8], of directory: Directory, making: Bool) throws(FileFailure) -> Directory? {
        let name = name.terminated
        func open() -> Int32 { self.calls.open(directory.descriptor, name, Directory.walking | O_NOFOLLOW) }
        var descriptor = open()
        if descriptor < 0, errno == ENOENT, making {
            // Another task or process may create it first.
            if name.withCString({ mkdirat(directory.descriptor, $0, 0o777) }) != 0, errno != EEXIST { throw .last }
            descriptor = open()
        }
        if descriptor >= 0 { return Directory(descriptor) }
        if errno == ENOTDIR || errno == ELOOP { return nil }
        throw .last
    }

    /// Opens the regular file `name`. Never waits for the other end of a pipe, and opens no pipe, device, or directory.
    ///
    /// - Parameter flags: the flags for `openat`.
    func open(_ name: FileName, flags: Int32, makingDirectories: Bool) throws(FileFailure) -> (file: Int32, status: stat) {
        for _ in 0..<Self.maximumLinks {
            let entry = try self.entry(of: name, makingDirectories: makingDirectories)
            let file = self.calls.open(
                entry.directory.descriptor,
                entry.name.terminated,
                flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
            )
            if file < 0 {
                // A link replaced the file after the walk checked it: walk again.
                if errno == ELOOP { continue }
                throw .last
            }
            do throws(FileFailure) {
                let status = try self.calls.status(of: file)
                if status.isDirectory { throw FileFailure(errno: EISDIR) }
                if !status.isRegularFile { throw FileFailure(errno: ENXIO) }
                return (file, status)
            } catch {
                _ = self.calls.close(file)
                throw error
            }
        }
        throw FileFailure(errno: ELOOP)
    }
}
