import GRDB

/// A transaction on a connection to a SQLite database. ``SQLiteDatabase/transaction(budget:fileID:line:_:)`` passes it to its closure.
///
/// Statements, arguments, and errors are those of ``SQLiteDatabase``. A caught error of one statement does not roll back the others, unless
/// SQLite ends the transaction itself, for example on a full disk; later statements then fail. Statements that begin or end a transaction are
/// refused; savepoints are allowed.
public struct SQLiteTransaction {
    private let database: Database
    private let rules: StatementRules

    init(_ database: Database, _ rules: StatementRules) {
        self.database = database
        self.rules = rules
    }

    /// Runs one or more statements for their effect.
    ///
    /// - Throws: ``SQLiteError``; `CancellationError`.
    public func execute(_ statement: String) throws {
        _ = try self.rules.checked(statement)
        try self.translating(statement) {
            try self.database.runAll(statement) { try self.check(SQLText($0)) }
        }
    }

    /// Runs one statement with `arguments` for its `?` placeholders, and returns the row ID of the last inserted row.
    ///
    /// - Throws: ``SQLiteError``; `CancellationError`.
    @discardableResult
    public func execute(_ statement: String, _ arguments: [SQLiteValue]) throws -> Int64 {
        try self.check(try self.rules.checked(statement))
        return try self.translating(statement) {
            try self.database.run(statement, arguments)
            return self.database.lastInsertedRowID
        }
    }

    /// Returns the rows of a query, each with its columns in the order of the statement.
    ///
    /// - Throws: ``SQLiteError``; `CancellationError`.
    public func query(_ statement: String, _ arguments: [SQLiteValue] = []) throws -> [[SQLiteValue]] {
        try self.check(try self.rules.checked(statement))
        return try self.translating(statement) { try self.database.rows(statement, arguments) }
    }

    private func check(_ text: SQLText) throws {
        try self.rules.checkRunsInTransaction(text)
        try self.rules.checkKeepsTransaction(text)
    }

    private func translating<Result>(_ statement: String, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as DatabaseError {
            throw SQLiteError(location: self.rules.location, action: SQLiteError.quoted(statement), error)
        }
    }
}
