#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why something failed, before it is known what it was for: a ``FileStoreError`` adds the action and the name.
struct FileFailure: Error {
    let code: FileStoreError.Code
    let reason: String
    var systemError: Int32?

    init(_ code: FileStoreError.Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// What the system says with this number.
    init(errno number: Int32) {
        let (code, reason) = Self.meaning(of: number)
        self.code = code
        self.reason = reason
        self.systemError = number
    }

    /// What the last call on this thread failed with.
    static var last: FileFailure {
        FileFailure(errno: errno)
    }

    static let leavesDirectory = FileFailure(.leavesDirectory, "it leads out of the store's directory")
    static let closedHandle = FileFailure(.closed, "it has been closed; open it again")

    private static func meaning(of number: Int32) -> (FileStoreError.Code, String) {
        switch number {
        case ENOENT: (.notFound, "there is no such file")
        case EEXIST: (.exists, "there is something of that name already")
        case ENOTDIR: (.notADirectory, "a part of it that must be a directory is none")
        case EISDIR: (.notAFile, "it is a directory")
        case ENXIO, ENODEV: (.notAFile, "it is a pipe, a socket or a device")
        case ENOSPC: (.noSpace, "no space is left on the device; free some")
        case EDQUOT: (.noSpace, "the quota is used up; free some space or raise it")
        case EFBIG: (.tooLarge, "the file would become larger than a file may be")
        case EROFS: (.readOnly, "the file system is mounted for reading only")
        case EACCES, EPERM: (.permission, "permission denied; see who owns the file and its directory, and their modes")
        case EMFILE: (.tooManyOpen, "the process has as many files open as it may; raise its limit (ulimit -n) or lower maximumOpen")
        case ENFILE: (.tooManyOpen, "the machine has as many files open as it may")
        case EBUSY, ETXTBSY: (.busy, "it is in use")
        case ENAMETOOLONG: (.invalidName, "the name is too long")
        case ELOOP: (.tooManyLinks, "its links lead from one to the next without an end")
        case EXDEV: (.other, "another file system is mounted inside the store's directory, and a file cannot be moved there in one step")
        default: (.other, "\(String(cString: strerror(number))) (errno \(number))")
        }
    }
}

extension FileStoreError {
    init(_ failure: FileFailure, action: String, name: String) {
        self.init(failure.code, action: action, name: name, reason: failure.reason, systemError: failure.systemError)
    }
}
