import ResourceContainer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Opening a file that stays open.
extension WholeFiles {
    func open(_ name: FileName, _ mode: FileMode, slot: LeaseHandle, calls: FileSystemCalls) throws(FileFailure) -> SharedFile {
        let (file, status) = try self.walk.open(name, flags: mode.flags, makingDirectories: mode.writes)
        do throws(FileFailure) {
            // Not by the flag, which would have emptied whatever it is before it was seen to be a regular file.
            if mode == .write { try calls.resize(file, to: 0) }
        } catch {
            _ = calls.close(file)
            throw error
        }
        return SharedFile(file, identity: SharedFile.Identity(status), slot: slot, calls: calls)
    }

    /// What the name means on disk.
    func identity(of name: FileName) throws(FileFailure) -> SharedFile.Identity? {
        let place = try self.walk.place(of: name, makingDirectories: false)
        return try place.directory.status(of: place.name).map(SharedFile.Identity.init)
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
