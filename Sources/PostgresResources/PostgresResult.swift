#if Postgres
    /// The result of a statement: its rows, and the number of affected rows.
    public struct PostgresResult: Sendable {
        /// The names of the columns, in the order of the statement; empty if it returns no rows.
        public let columns: [String]
        /// The rows, in the server's order.
        public let rows: [PostgresRow]
        /// The number of rows that were read, inserted, updated, or deleted; nil if the statement does not report it.
        public let affectedRows: Int?
        /// The server's command tag, such as `INSERT 0 3`.
        public let command: String
    }

    /// One row of a ``PostgresResult``.
    public struct PostgresRow: Sendable {
        /// The values, in the order of the columns.
        public let values: [PostgresValue]
        /// The names of the columns.
        public let columns: [String]
        /// The server, for errors.
        let address: String

        /// The value in column `index`, from 0; the column must exist.
        public subscript(index: Int) -> PostgresValue {
            self.values[index]
        }

        /// The value in the first column with this name; nil if there is none. O(number of columns).
        public subscript(column: String) -> PostgresValue? {
            self.columns.firstIndex(of: column).map { self.values[$0] }
        }

        /// Returns the value in the first column with this name as a Swift type. An optional type accepts nulls. O(number of columns).
        ///
        /// ```swift
        /// let id = try row.value("id", as: Int.self)
        /// let name: String? = try row.value("name")
        /// ```
        ///
        /// - Throws: ``PostgresError/Code/misuse`` if the column does not exist or holds a value of another type.
        public func value<Value: PostgresReadable>(_ column: String, as type: Value.Type = Value.self) throws(PostgresError) -> Value {
            guard let held = self[column] else {
                let names = self.columns.joined(separator: ", ")
                throw PostgresError(.misuse, self.address, "reading column \"\(column)\"", "no such column; the columns are: \(names)")
            }
            guard let value = Value(postgres: held) else {
                throw PostgresError(.misuse, self.address, "reading column \"\(column)\" as \(type)", "it holds \(held.kind)")
            }
            return value
        }
    }
#endif
