import ResourceContainer

/// What could not be done with a file, and why: what happened, where, and what to do about it.
///
/// Names are quoted as they were given. They are data: what shows an error must not interpret control characters in it.
public struct FileStoreError: UnreturnedError, Sendable, CustomStringConvertible {
    /// The kind of a failure. More may be added; compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Raw: String {
            case leavesDirectory, invalidName, tooManyLinks, notFound, exists, notADirectory, notAFile, noSpace, tooLarge, readOnly,
                permission, tooManyOpen, busy, wrongMode, notText, closed, stillOpen, invalidConfiguration, other
        }

        private let raw: Raw

        /// The name, or a link on its way, leads out of the store's directory.
        public static let leavesDirectory = Code(raw: .leavesDirectory)
        /// The name is none: empty, with a NUL, too long, too deep, or that of a directory.
        public static let invalidName = Code(raw: .invalidName)
        /// Links lead from one to the next without an end.
        public static let tooManyLinks = Code(raw: .tooManyLinks)
        /// There is no such file, or the store's directory is gone.
        public static let notFound = Code(raw: .notFound)
        /// There is something of that name already.
        public static let exists = Code(raw: .exists)
        /// A part of the name that must be a directory is none.
        public static let notADirectory = Code(raw: .notADirectory)
        /// What the name means is no regular file, but a directory, a pipe or a device.
        public static let notAFile = Code(raw: .notAFile)
        /// The device or the quota is full.
        public static let noSpace = Code(raw: .noSpace)
        /// The file would become larger than it may, or a line is longer than it may be.
        public static let tooLarge = Code(raw: .tooLarge)
        /// The file system is mounted for reading only.
        public static let readOnly = Code(raw: .readOnly)
        /// The process may not do this.
        public static let permission = Code(raw: .permission)
        /// As many files are open as may be: of the store, of the process or of the machine.
        public static let tooManyOpen = Code(raw: .tooManyOpen)
        /// The file is in use in a way that forbids this.
        public static let busy = Code(raw: .busy)
        /// The file was not opened for this.
        public static let wrongMode = Code(raw: .wrongMode)
        /// The bytes are not UTF-8.
        public static let notText = Code(raw: .notText)
        /// The handle or the store is closed, or the store was never opened.
        public static let closed = Code(raw: .closed)
        /// The store is closed, and so are the files that were still open then.
        public static let stillOpen = Code(raw: .stillOpen)
        /// The configuration cannot work.
        public static let invalidConfiguration = Code(raw: .invalidConfiguration)
        /// Anything else the system refuses: see ``FileStoreError/systemError``.
        public static let other = Code(raw: .other)

        public var description: String {
            self.raw.rawValue
        }
    }

    /// The kind of the failure.
    public let code: Code
    /// What was tried.
    public let action: String
    /// With which file or directory.
    public let name: String
    /// Why it could not be done, and what to do about it.
    public let reason: String
    /// The system's number (`errno`), if it was the system that refused.
    public let systemError: Int32?
    /// What the store's pool said, if it was the pool that refused.
    public let underlying: (any Error)?
    /// Who had not closed a file when the store was closed.
    public let unreturned: [PoolSample.Holder]

    init(
        _ code: Code,
        action: String,
        name: String,
        reason: String,
        systemError: Int32? = nil,
        underlying: (any Error)? = nil,
        unreturned: [PoolSample.Holder] = []
    ) {
        self.code = code
        self.action = action
        self.name = name
        self.reason = reason
        self.systemError = systemError
        self.underlying = underlying
        self.unreturned = unreturned
    }

    public var description: String {
        "cannot \(self.action) \(self.name): \(self.reason)"
    }
}
