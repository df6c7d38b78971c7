#if Postgres
    /// What a statement gave: its rows, and how many rows it touched.
    public struct PostgresResult: Sendable {
        /// The names of the columns, in the order of the statement; none if it gives no rows.
        public let columns: [String]
        /// The rows, in the server's order.
        public let rows: [PostgresRow]
        /// How many rows were read, inserted, updated or deleted; nil if the statement does not say.
        public let affectedRows: Int?
        /// What the server calls what it did, such as `INSERT 0 3`.
        public let command: String
    }

    /// One row of a ``PostgresResult``.
    public struct PostgresRow: Sendable {
        /// The values, in the order of the columns.
        public let values: [PostgresValue]
        /// The names of the columns.
        public let columns: [String]
        /// Which server, for errors.
        let place: String

        /// The value in column `index`, which begins with 0 and must exist.
        public subscript(index: Int) -> PostgresValue {
            self.values[index]
        }

        /// The value in the first column of that name; nil if there is no such column. O(columns).
        public subscript(column: String) -> PostgresValue? {
            self.columns.firstIndex(of: column).map { self.values[$0] }
        }

        /// The value in the first column of that name as a type of Swift; an optional type takes nulls. O(columns).
        ///
        /// ```swift
        /// let id = try row.value("id", as: Int.self)
        /// let name: String? = try row.value("name")
        /// ```
        ///
        /// - Throws: ``PostgresError/Code/misuse`` if there is no such column, or if it holds something else.
        public func value<Value: PostgresReadable>(_ column: String, as type: Value.Type = Value.self) throws(PostgresError) -> Value {
            guard let held = self[column] else {
                let names = self.columns.joined(separator: ", ")
                throw PostgresError(.misuse, self.place, "reading column \"\(column)\"", "there is none of that name; there are: \(names)")
            }
            guard let value = Value(postgres: held) else {
                throw PostgresError(.misuse, self.place, "reading column \"\(column)\" as \(type)", "it holds \(held.kind)")
            }
            return value
        }
    }
#endif
