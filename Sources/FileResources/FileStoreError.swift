import ResourceContainer

/// An error of a ``FileStore``. It names the action, the file, the cause, and the remedy.
///
/// Names are quoted as they were passed and are untrusted data: code that displays an error must not interpret control characters in it.
public struct FileStoreError: UnreturnedError, Sendable, CustomStringConvertible {
    /// The kind of a failure. Later versions may add kinds; compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Raw: String {
            case leavesDirectory, invalidName, tooManyLinks, notFound, exists, notADirectory, notAFile, noSpace, tooLarge, readOnly,
                permission, tooManyOpen, busy, wrongMode, notText, closed, stillOpen, invalidConfiguration, other
        }

        private let raw: Raw

        /// The name, or a link in it, leads out of the store's directory.
        public static let leavesDirectory = Code(raw: .leavesDirectory)
        /// The name is not valid: it is empty, contains a NUL byte, is too long or too deep, or refers to a directory.
        public static let invalidName = Code(raw: .invalidName)
        /// The name goes through too many links; usually they form a loop.
        public static let tooManyLinks = Code(raw: .tooManyLinks)
        /// The file does not exist, or the store's directory was removed.
        public static let notFound = Code(raw: .notFound)
        /// The name already exists.
        public static let exists = Code(raw: .exists)
        /// A component of the path is not a directory.
        public static let notADirectory = Code(raw: .notADirectory)
        /// The name refers to a directory, a pipe, or a device, not to a regular file.
        public static let notAFile = Code(raw: .notAFile)
        /// The device or the quota is full.
        public static let noSpace = Code(raw: .noSpace)
        /// The file would exceed the maximum file size, or a line exceeds its maximum length.
        public static let tooLarge = Code(raw: .tooLarge)
        /// The file system is mounted read-only.
        public static let readOnly = Code(raw: .readOnly)
        /// The process lacks the permission.
        public static let permission = Code(raw: .permission)
        /// The limit for open files is reached: of the store, the process, or the machine.
        public static let tooManyOpen = Code(raw: .tooManyOpen)
        /// The file is in use in a way that forbids this.
        public static let busy = Code(raw: .busy)
        /// The mode of the handle does not permit the operation.
        public static let wrongMode = Code(raw: .wrongMode)
        /// The bytes are not UTF-8.
        public static let notText = Code(raw: .notText)
        /// The handle or the store is closed, or the store was never initialized.
        public static let closed = Code(raw: .closed)
        /// Handles were still open when the store was closed; their files have been closed.
        public static let stillOpen = Code(raw: .stillOpen)
        /// The configuration is not valid.
        public static let invalidConfiguration = Code(raw: .invalidConfiguration)
        /// Another system error: see ``FileStoreError/systemError``.
        public static let other = Code(raw: .other)

        /// The name of the code.
        public var description: String {
            self.raw.rawValue
        }
    }

    /// The kind of the failure.
    public let code: Code
    /// The action that failed, as a verb: "open", "read".
    public let action: String
    /// The file or directory of the action.
    public let name: String
    /// The cause and, where one exists, the remedy.
    public let reason: String
    /// The system's error number (`errno`), if the system caused the failure.
    public let systemError: Int32?
    /// The error of the store's pool, if the pool caused the failure.
    public let underlying: (any Error)?
    /// The holders of the handles that were still open when the store was closed.
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

    /// One sentence: the action, the name, and the reason.
    public var description: String {
        "cannot \(self.action) \(self.name): \(self.reason)"
    }
}
