import GRDB

/// What SQLite refused, on which database, and why.
public struct SQLiteError: Error, Sendable, CustomStringConvertible {
    /// The path of the file, or `:memory:`.
    public let location: String
    /// What was tried.
    public let action: String
    /// SQLite's words.
    public let message: String
    /// SQLite's extended result code; nil if SQLite was not asked.
    public let code: Int32?

    init(location: String, action: String, message: String, code: Int32?) {
        self.location = location
        self.action = action
        self.message = message
        self.code = code
    }

    init(location: String, action: String, _ error: DatabaseError) {
        self.init(
            location: location,
            action: error.sql.map { "\"\($0)\"" } ?? action,
            message: error.message ?? "no message",
            code: error.extendedResultCode.rawValue
        )
    }

    public var description: String {
        "SQLite, \(self.location): \(self.action) failed: \(self.message)\(self.code.map { " (\($0))" } ?? "")"
    }
}
