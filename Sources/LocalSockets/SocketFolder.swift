#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An open folder of sockets.
///
/// The folder is opened first, and then judged and used through its descriptor, so that no other folder can take its place in between.
package final class SocketFolder: Sendable {
    /// The path by which the folder was opened.
    package let path: String
    private let descriptor: FileDescriptor

    /// The longest time to wait for a lock, in milliseconds.
    package static let lockPatience = 1_000
    /// The pause between two attempts to lock, in milliseconds.
    private static let lockPause = 10

    /// Opens the folder at `path`. A symbolic link is not followed.
    package init(_ path: String) throws(SystemError) {
        let number = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0 else { throw .last }
        self.path = path
        self.descriptor = FileDescriptor(number)
    }

    /// The state of the open folder.
    package var state: FolderState { FolderState(of: self.descriptor) }

    /// Locks the folder until the last reference to it is released. Blocks the thread while another server has locked it.
    ///
    /// - Throws: `EWOULDBLOCK` if the folder is still locked after ``lockPatience``.
    package func lock() throws(SystemError) {
        var waited = 0
        while flock(self.descriptor.number, LOCK_EX | LOCK_NB) != 0 {
            let error = SystemError.last
            guard error.isDelay || error.isInterrupt, waited < Self.lockPatience else { throw error }
            usleep(UInt32(Self.lockPause) * 1_000)
            waited += Self.lockPause
        }
    }

    // MARK: Sockets

    /// The names of sockets in the folder, in order. A file of another kind may have such a name.
    package func names() -> [SocketName] {
        // Reading the list moves the position of the descriptor, which a duplicate would share.
        Self.list(self.ownPath).compactMap { SocketName($0) }.sorted()
    }

    /// The names in the folder at `path`, which is not judged; none if it cannot be read.
    package static func list(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) { String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    /// The status of the socket with this name; nil if there is none, or the file is not a socket.
    package func status(of name: SocketName) -> FileStatus? {
        FileStatus(of: name.text, in: self.descriptor).flatMap { $0.isSocket ? $0 : nil }
    }

    /// Connects to the socket with this name.
    package func connect(to name: SocketName) throws(SystemError) -> FileDescriptor {
        try UnixSocket.connected(to: "\(self.ownPath)/\(name.text)")
    }

    /// Removes the file with this name.
    package func remove(_ name: SocketName) {
        unlinkat(self.descriptor.number, name.text, 0)
    }

    /// A path that leads through the descriptor. It is also short, while the length of the path of a socket is limited.
    private var ownPath: String {
        #if os(Linux)
            "/proc/self/fd/\(self.descriptor.number)"
        #else
            self.path
        #endif
    }
}
