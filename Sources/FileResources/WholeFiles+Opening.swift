import ResourceContainer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Opening a file for handles.
extension WholeFiles {
    func open(_ name: FileName, _ mode: FileMode, slot: LeaseHandle, calls: FileSystemCalls) throws(FileFailure) -> SharedFile {
        let (file, status) = try self.walk.open(name, flags: mode.flags, makingDirectories: mode.writes)
        do throws(FileFailure) {
            // Not with `O_TRUNC`, which would empty the file before it is known to be a regular file.
            if mode == .write { try calls.resize(file, to: 0) }
        } catch {
            _ = calls.close(file)
            throw error
        }
        return SharedFile(file, identity: SharedFile.Identity(status), slot: slot, calls: calls)
    }

    /// The identity of the file that the name refers to.
    func identity(of name: FileName) throws(FileFailure) -> SharedFile.Identity? {
        let entry = try self.walk.entry(of: name, makingDirectories: false)
        return try entry.directory.status(of: entry.name).map(SharedFile.Identity.init)
    }
}

extension FileMode {
    fileprivate var flags: Int32 {
        switch self {
        case .read: O_RDONLY
        case .write: O_WRONLY | O_CREAT
        case .append: O_WRONLY | O_CREAT | O_APPEND
        case .readWrite: O_RDWR | O_CREAT
        }
    }
}

extension SharedFile.Identity {
    fileprivate init(_ status: stat) {
        self.init(device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
    }
}
