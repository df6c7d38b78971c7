import GRDB
import ResourceContainer

/// An error of SQLite. It names the database, the action, the cause, and the remedy.
///
/// Statements are quoted, long ones shortened; arguments never appear. Texts are untrusted data: code that displays an error must not
/// interpret control characters in it.
public struct SQLiteError: Error, Sendable, CustomStringConvertible {
    /// The kind of a failure. Later versions may add kinds; compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        fileprivate enum Raw: String {
            case busy, readOnly, diskFull, corrupt, notADatabase, cannotOpen, ioError, constraint, refused, interrupted, permission,
                tooLarge,
                notOpen, other
        }

        fileprivate let raw: Raw

        /// Another connection or another process held the lock for longer than the busy timeout.
        public static let busy = Code(raw: .busy)
        /// The connection, the file, or its directory is read-only.
        public static let readOnly = Code(raw: .readOnly)
        /// The disk is full, or the database has reached its maximum size.
        public static let diskFull = Code(raw: .diskFull)
        /// The file is damaged.
        public static let corrupt = Code(raw: .corrupt)
        /// The file is not a SQLite database.
        public static let notADatabase = Code(raw: .notADatabase)
        /// The file cannot be opened or created.
        public static let cannotOpen = Code(raw: .cannotOpen)
        /// The operating system failed to read or write.
        public static let ioError = Code(raw: .ioError)
        /// The statement would violate a constraint of the schema.
        public static let constraint = Code(raw: .constraint)
        /// The statement is not valid: its syntax, a name, the number of its arguments, or its use inside a transaction.
        public static let refused = Code(raw: .refused)
        /// The statement was interrupted.
        public static let interrupted = Code(raw: .interrupted)
        /// The process or the statement lacks the permission.
        public static let permission = Code(raw: .permission)
        /// A value or a statement exceeds SQLite's size limit.
        public static let tooLarge = Code(raw: .tooLarge)
        /// The connection is not initialized, or it is closed.
        public static let notOpen = Code(raw: .notOpen)
        /// Another result code: see ``SQLiteError/resultCode``.
        public static let other = Code(raw: .other)

        /// The name of the code.
        public var description: String {
            self.raw.rawValue
        }
    }

    /// The kind of the failure.
    public let code: Code
    /// The path of the file, or `:memory:`.
    public let location: String
    /// The action that failed: the quoted statement, or a word such as "opening".
    public let action: String
    /// SQLite's message.
    public let message: String
    /// SQLite's extended result code; nil if the error does not come from SQLite.
    public let resultCode: Int32?

    /// The maximum number of characters of a statement that are quoted.
    private static let longestStatement = 300

    init(_ code: Code, location: String, action: String, message: String, resultCode: Int32? = nil) {
        self.code = code
        self.location = location
        self.action = action
        self.message = message
        self.resultCode = resultCode
    }

    init(location: String, action: String, _ error: DatabaseError) {
        self.init(
            Code(error.resultCode),
            location: location,
            action: error.sql.map(Self.quoted) ?? action,
            message: error.message ?? "no message",
            resultCode: error.extendedResultCode.rawValue
        )
    }

    static func quoted(_ statement: String) -> String {
        let beginning = statement.prefix(Self.longestStatement)
        return "\"\(beginning)\(beginning.endIndex == statement.endIndex ? "" : "…")\""
    }

    /// One sentence: the location, the action, the message, the result code, and the remedy.
    public var description: String {
        let code = self.resultCode.map { " (\($0))" } ?? ""
        let advice = self.advice.map { "; \($0)" } ?? ""
        return "SQLite, \(self.location): \(self.action) failed: \(self.message)\(code)\(advice)".withoutPasswords
    }

    private var advice: String? {
        // SQLITE_LOCKED: this connection holds the lock itself.
        if self.code == .busy, let resultCode, resultCode & 0xff == 6 {
            return "the connection holds the lock itself: end its other statements, and run maintenance statements with maintain(_:)"
        }
        return self.code.advice
    }

    /// Whether the connection must not be used again after this error.
    var isFatalForConnection: Bool {
        switch self.code.raw {
        case .corrupt, .notADatabase, .cannotOpen, .ioError, .notOpen: true
        case .readOnly, .busy, .diskFull, .constraint, .refused, .interrupted, .permission, .tooLarge, .other: false
        }
    }

    /// Whether it is an error of SQLite that the cancellation of a task causes.
    var isCausedByCancellation: Bool {
        self.resultCode != nil && (self.code == .interrupted || self.code == .busy)
    }

    /// Whether the cause concerns the whole database rather than one statement.
    var concernsDatabase: Bool {
        switch self.code.raw {
        case .corrupt, .notADatabase, .cannotOpen, .ioError, .readOnly, .diskFull, .permission: true
        case .busy, .constraint, .refused, .interrupted, .tooLarge, .notOpen, .other: false
        }
    }
}

extension SQLiteError.Code {
    fileprivate init(_ code: ResultCode) {
        switch code.primaryResultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        case .SQLITE_READONLY: self = .readOnly
        case .SQLITE_FULL: self = .diskFull
        case .SQLITE_CORRUPT: self = .corrupt
        case .SQLITE_NOTADB: self = .notADatabase
        case .SQLITE_CANTOPEN: self = .cannotOpen
        case .SQLITE_IOERR: self = .ioError
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH: self = .constraint
        case .SQLITE_ERROR, .SQLITE_MISUSE, .SQLITE_RANGE: self = .refused
        case .SQLITE_INTERRUPT, .SQLITE_ABORT: self = .interrupted
        case .SQLITE_PERM, .SQLITE_AUTH: self = .permission
        case .SQLITE_TOOBIG: self = .tooLarge
        default: self = .other
        }
    }

    /// The remedy; nil if there is no general one.
    fileprivate var advice: String? {
        switch self.raw {
        case .busy: "another connection or process holds the lock: keep write transactions short, or raise the busy timeout"
        case .readOnly: "write through the writer, and check the modes of the file and its directory"
        case .diskFull: "free some space, or raise max_page_count if the database has one"
        case .corrupt: "restore the file from a backup, or recover it with the .recover command of sqlite3"
        case .notADatabase: "check the path; an encrypted database also causes this error"
        case .cannotOpen: "check that its directory exists and is writable"
        case .ioError: "check the disk, and whether the file still exists"
        case .permission: "check the owner and mode of the file"
        case .constraint, .refused, .interrupted, .tooLarge, .notOpen, .other: nil
        }
    }
}
