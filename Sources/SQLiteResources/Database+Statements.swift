import GRDB
import GRDBSQLite

extension Database {
    /// Runs one statement with `arguments`, and returns its rows.
    ///
    /// Texts are bound and read with their length, because GRDB ends them at the first NUL character.
    func rows(_ sql: String, _ arguments: [SQLiteValue]) throws -> [[SQLiteValue]] {
        let statement = try self.makeStatement(sql: sql)
        return try statement.withBound(arguments) {
            let cursor = try Row.fetchCursor(statement)
            var rows: [[SQLiteValue]] = []
            while let row = try cursor.next() {
                rows.append(row.databaseValues.enumerated().map { statement.value($0.element, column: Int32($0.offset)) })
            }
            return rows
        }
    }

    /// Runs one statement with `arguments` for its effect.
    func run(_ sql: String, _ arguments: [SQLiteValue]) throws {
        let statement = try self.makeStatement(sql: sql)
        try statement.withBound(arguments) { try statement.execute() }
    }

    /// Runs all statements of a text for their effect. `check` throws for a statement that must not run.
    func runAll(_ sql: String, check: (String) throws -> Void) throws {
        let statements = try self.allStatements(sql: sql)
        while let next = try statements.next() {
            try check(next.sql)
            try next.execute()
        }
    }
}

extension Statement {
    /// Binds `arguments` while `body` runs.
    fileprivate func withBound<Result>(_ arguments: [SQLiteValue], _ body: () throws -> Result) throws -> Result {
        try self.setArguments(StatementArguments(arguments.map(\.databaseValue)))
        var (bytes, bindings) = ([UInt8](), [(index: Int32, range: Range<Int>)]())
        for (index, argument) in arguments.enumerated() {
            guard case .text(let text) = argument, text.utf8.contains(0) else { continue }
            let begin = bytes.count
            bytes.append(contentsOf: text.utf8)
            bindings.append((Int32(index + 1), begin..<bytes.count))
        }
        if bindings.isEmpty { return try body() }
        return try bytes.withUnsafeBytes { buffer in
            // The bytes outlive the statement's run, so SQLite need not copy them (a nil destructor). The statement is not reused.
            for (index, range) in bindings {
                let text = buffer.baseAddress.map { ($0 + range.lowerBound).assumingMemoryBound(to: CChar.self) }
                let code = sqlite3_bind_text(self.sqliteStatement, index, text, Int32(range.count), nil)
                guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code), sql: self.sql) }
            }
            return try body()
        }
    }

    /// The value of a column in the statement's current row.
    fileprivate func value(_ value: DatabaseValue, column: Int32) -> SQLiteValue {
        let converted = SQLiteValue(value)
        guard case .text(let text) = converted, let bytes = sqlite3_column_text(self.sqliteStatement, column) else { return converted }
        let count = Int(sqlite3_column_bytes(self.sqliteStatement, column))
        if count == text.utf8.count { return converted }
        return .text(String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
    }
}
