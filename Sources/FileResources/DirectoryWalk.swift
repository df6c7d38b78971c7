#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Finds files below a directory, and never outside of it.
///
/// The walk goes part by part, each opened relative to the one before (`openat` with `O_NOFOLLOW`), so that the kernel never follows a link
/// for it. Links are followed by the walk itself, as far as they stay inside: a relative target is walked like a name, with `..` going back
/// to where the walk came from; an absolute target is refused. There is no moment between looking and opening at which another process
/// could slip in a link. What it cannot know: a hard link to a file outside is that file, and a file system may be mounted inside.
struct DirectoryWalk: Sendable {
    let base: Directory
    let calls: FileSystemCalls

    /// A name in a directory that was walked to.
    struct Place: Sendable {
        let directory: Directory
        let name: [UInt8]
    }

    /// How many links a name may go through, as many as the kernel follows.
    private static let maximumLinks = 40

    /// The directory that `name` leads to, and what it is called there.
    ///
    /// - Parameters:
    ///   - makingDirectories: whether directories on the way are made if they are not there.
    ///   - followingLast: whether it goes on if the last part is a link.
    func place(of name: FileName, makingDirectories: Bool, followingLast: Bool = true) throws(FileFailure) -> Place {
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
                // Only in the target of a link: a name holds none.
                if way.count == 1 { throw .leavesDirectory }
                way.removeLast()
            } else if rest.isEmpty {
                guard followingLast, let target = try way[way.count - 1].target(of: part) else {
                    return Place(directory: way[way.count - 1], name: part)
                }
                try follow(target)
            } else if let next = try self.enter(part, of: way[way.count - 1], making: makingDirectories) {
                way.append(next)
                if way.count > FileName.maximumDepth + 1 { throw FileFailure(.invalidName, "its links lead too deep") }
            } else {
                guard let target = try way[way.count - 1].target(of: part) else { throw FileFailure(errno: ENOTDIR) }
                try follow(target)
            }
        }
        throw FileFailure(errno: EISDIR)
    }

    /// The directory `name`; nil if it is something else.
    private func enter(_ name: [UInt8], of directory: Directory, making: Bool) throws(FileFailure) -> Directory? {
        let name = name.terminated
        func open() -> Int32 { self.calls.open(directory.descriptor, name, Directory.walking | O_NOFOLLOW) }
        var descriptor = open()
        if descriptor < 0, errno == ENOENT, making {
            // If somebody else makes it meanwhile, all the better.
            if name.withCString({ mkdirat(directory.descriptor, $0, 0o777) }) != 0, errno != EEXIST { throw .last }
            descriptor = open()
        }
        if descriptor >= 0 { return Directory(descriptor) }
        if errno == ENOTDIR || errno == ELOOP { return nil }
        throw .last
    }

    /// Opens the regular file that `name` leads to.
    ///
    /// - Parameter flags: how. Never waits for the other end of a pipe, and gives no pipe, device or directory back.
    func open(_ name: FileName, flags: Int32, makingDirectories: Bool) throws(FileFailure) -> (file: Int32, status: stat) {
        for _ in 0..<Self.maximumLinks {
            let place = try self.place(of: name, makingDirectories: makingDirectories)
            let file = self.calls.open(
                place.directory.descriptor,
                place.name.terminated,
                flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
            )
            if file < 0 {
                // A link took its place after it was looked at: walk anew.
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
