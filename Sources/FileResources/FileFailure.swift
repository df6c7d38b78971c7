#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The cause of a failure without its context: a ``FileStoreError`` adds the action and the name.
struct FileFailure: Error {
    let code: FileStoreError.Code
    let reason: String
    var systemError: Int32?

    init(_ code: FileStoreError.Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// The failure for a system error number.
    init(errno number: Int32) {
        let (code, reason) = Self.meaning(of: number)
        self.code = code
        self.reason = reason
        self.systemError = number
    }

    /// The failure of the last system call on this thread.
    static var last: FileFailure {
        FileFailure(errno: errno)
    }

    static let leavesDirectory = FileFailure(.leavesDirectory, "it leads out of the store's directory")
    static let closedHandle = FileFailure(.closed, "it has been closed; open it again")

    private static func meaning(of number: Int32) -> (FileStoreError.Code, String) {
        switch number {
        case ENOENT: (.notFound, "no such file")
        case EEXIST: (.exists, "the name already exists")
        case ENOTDIR: (.notADirectory, "a component of the path is not a directory")
        case EISDIR: (.notAFile, "it is a directory")
        case ENXIO, ENODEV: (.notAFile, "it is a pipe, a socket or a device")
        case ENOSPC: (.noSpace, "no space is left on the device; free some")
        case EDQUOT: (.noSpace, "the quota is used up; free some space or raise it")
        case EFBIG: (.tooLarge, "the file would exceed the maximum file size")
        case EROFS: (.readOnly, "the file system is mounted read-only")
        case EACCES, EPERM: (.permission, "permission denied; check the owner and mode of the file and its directory")
        case EMFILE: (.tooManyOpen, "the process has reached its open file limit; raise it (ulimit -n) or lower maximumOpen")
        case ENFILE: (.tooManyOpen, "the machine has reached its open file limit")
        case EBUSY, ETXTBSY: (.busy, "it is in use")
        case ENAMETOOLONG: (.invalidName, "the name is too long")
        case ELOOP: (.tooManyLinks, "its links form a loop")
        case EXDEV: (.other, "another file system is mounted inside the store's directory; a file cannot be moved there atomically")
        default: (.other, "\(String(cString: strerror(number))) (errno \(number))")
        }
    }
}

extension FileStoreError {
    init(_ failure: FileFailure, action: String, name: String) {
        self.init(failure.code, action: action, name: name, reason: failure.reason, systemError: failure.systemError)
    }
}
