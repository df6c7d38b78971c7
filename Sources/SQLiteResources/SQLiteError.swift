import GRDB
import ResourceContainer

/// What SQLite refused, on which database, why, and what to do about it.
///
/// Statements are quoted, shortened if they are long; their arguments never are. Texts are data: what shows an error must not interpret
/// control characters in it.
public struct SQLiteError: Error, Sendable, CustomStringConvertible {
    /// The kind of a failure. More may be added; compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        fileprivate enum Raw: String {
            case busy, readOnly, diskFull, corrupt, notADatabase, cannotOpen, ioError, constraint, refused, interrupted, permission,
                tooLarge,
                notOpen, other
        }

        fileprivate let raw: Raw

        /// Another connection or another process held the lock for longer than the busy timeout.
        public static let busy = Code(raw: .busy)
        /// The connection, the file or its directory is for reading only.
        public static let readOnly = Code(raw: .readOnly)
        /// The disk is full, or the database is as large as it may be.
        public static let diskFull = Code(raw: .diskFull)
        /// The file is damaged.
        public static let corrupt = Code(raw: .corrupt)
        /// The file is something else than a database.
        public static let notADatabase = Code(raw: .notADatabase)
        /// The file cannot be opened or made.
        public static let cannotOpen = Code(raw: .cannotOpen)
        /// The system could not read or write.
        public static let ioError = Code(raw: .ioError)
        /// The statement would break a constraint of the schema.
        public static let constraint = Code(raw: .constraint)
        /// The statement is wrong: its syntax, a name in it, or the number of its arguments.
        public static let refused = Code(raw: .refused)
        /// The statement was interrupted.
        public static let interrupted = Code(raw: .interrupted)
        /// The process, or the statement, may not do this.
        public static let permission = Code(raw: .permission)
        /// A value or a statement is larger than SQLite takes.
        public static let tooLarge = Code(raw: .tooLarge)
        /// The connection is not open: not initialised, or closed.
        public static let notOpen = Code(raw: .notOpen)
        /// Anything else: see ``SQLiteError/resultCode``.
        public static let other = Code(raw: .other)

        public var description: String {
            self.raw.rawValue
        }
    }

    /// The kind of the failure.
    public let code: Code
    /// The path of the file, or `:memory:`.
    public let location: String
    /// What was tried: the statement, or a few words.
    public let action: String
    /// SQLite's words.
    public let message: String
    /// SQLite's extended result code; nil if SQLite was not asked.
    public let resultCode: Int32?

    /// How much of a statement is quoted, in characters.
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

    public var description: String {
        let code = self.resultCode.map { " (\($0))" } ?? ""
        let advice = self.advice.map { "; \($0)" } ?? ""
        return "SQLite, \(self.location): \(self.action) failed: \(self.message)\(code)\(advice)".withoutPasswords
    }

    private var advice: String? {
        // SQLITE_LOCKED: the lock is this connection's, not another's.
        if self.code == .busy, let resultCode, resultCode & 0xff == 6 {
            return "the connection holds the lock itself: let its other statements end, and run what needs no transaction with maintain(_:)"
        }
        return self.code.advice
    }

    /// Whether a connection that met this may be of no use any more.
    var isFatalForConnection: Bool {
        switch self.code.raw {
        case .corrupt, .notADatabase, .cannotOpen, .ioError, .notOpen: true
        case .readOnly, .busy, .diskFull, .constraint, .refused, .interrupted, .permission, .tooLarge, .other: false
        }
    }

    /// Whether it says something of the database as a whole, and not of one statement.
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

    /// What to do about it.
    fileprivate var advice: String? {
        switch self.raw {
        case .busy: "another connection or process holds the lock: keep write transactions short, or raise the busy timeout"
        case .readOnly: "write through the writer, and see the modes of the file and its directory"
        case .diskFull: "free some space, or raise max_page_count if the database has one"
        case .corrupt: "restore the file from a backup, or recover what can be with .recover of the program sqlite3"
        case .notADatabase: "see whether the path is right; a database that is encrypted looks like this, too"
        case .cannotOpen: "see whether its directory is there and may be written to"
        case .ioError: "see the disk, and whether the file is still there"
        case .permission: "see who owns the file, and its mode"
        case .constraint, .refused, .interrupted, .tooLarge, .notOpen, .other: nil
        }
    }
}
