/// The rules for statements of one connection: what a text may contain, and what may run inside a transaction.
struct StatementRules: Sendable {
    /// The path of the file, or `:memory:`.
    let location: String
    let isReadOnly: Bool

    /// Returns the text of a statement that SQLite can read to its end.
    func checked(_ statement: String) throws(SQLiteError) -> SQLText {
        let text = SQLText(statement)
        guard !text.hasNUL else {
            throw SQLiteError(
                .refused,
                location: self.location,
                action: SQLiteError.quoted(statement.replacing("\0", with: "\\0")),
                message: "the statement contains a NUL character, at which SQLite stops reading: pass such text as an argument"
            )
        }
        return text
    }

    /// Throws for a statement that fails or has no effect inside a transaction.
    func checkRunsInTransaction(_ text: SQLText) throws(SQLiteError) {
        guard text.isMaintenance else { return }
        throw SQLiteError(
            self.isReadOnly ? .readOnly : .refused,
            location: self.location,
            action: SQLiteError.quoted(text.text),
            message: "it fails or has no effect inside a transaction: run it with maintain(_:) on the connection that writes"
        )
    }

    /// Throws for a statement that would begin or end the transaction in which it runs.
    func checkKeepsTransaction(_ text: SQLText) throws(SQLiteError) {
        guard text.changesTransaction else { return }
        throw SQLiteError(
            .refused,
            location: self.location,
            action: SQLiteError.quoted(text.text),
            message: "it would begin or end a transaction: return from the closure to commit, or throw an error to roll back"
        )
    }
}
