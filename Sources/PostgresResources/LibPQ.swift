#if Postgres
    import CLibPQ
    import Foundation

    /// Arrays of C strings that live for the duration of a call to libpq.
    enum CStrings {
        /// Calls `body` with `texts` as C strings followed by a null terminator; a nil in `texts` becomes a null pointer.
        static func with<Result>(_ texts: [String?], _ body: ([UnsafePointer<CChar>?]) -> Result) -> Result {
            let copies = texts.map { text in text.flatMap { strdup($0) } }
            defer { for copy in copies { free(copy) } }
            return body(copies.map { UnsafePointer($0) } + [nil])
        }
    }

    /// A request to cancel the statement of a session, which libpq sends over a separate connection.
    final class CancelRequest: @unchecked Sendable {
        // Sendable without a lock because the field `pointer` is constant, and so is the memory behind it: a copy of the server's address
        // and the session's key, which `PQgetCancel` makes for use on another thread. The thread of `BlockingCall` is the only one that
        // reads it, in `PQcancel`. That thread has a reference until `PQcancel` returns, and the last reference frees the copy.
        private let pointer: OpaquePointer

        /// Returns nil if the connection is closed.
        init?(of connection: OpaquePointer) {
            guard let pointer = PQgetCancel(connection) else { return nil }
            self.pointer = pointer
        }

        deinit {
            PQfreeCancel(self.pointer)
        }

        /// Sends the request and returns when the server has forwarded it. Blocks. A failure is not reported: it shows in a statement that
        /// does not end.
        @Sendable func send() {
            var words = [CChar](repeating: 0, count: 256)
            _ = PQcancel(self.pointer, &words, Int32(words.count))
        }
    }

    extension PostgresError {
        /// Creates the error that a result of the server reports.
        init(_ result: OpaquePointer, _ address: String, _ action: String) {
            func field(_ code: Character) -> String? {
                PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
            }
            let sqlState = field("C")
            let words = (field("M") ?? String(cString: PQresultErrorMessage(result)).oneLine) + (field("H").map { "; \($0)" } ?? "")
            let message = Self.withoutValues(words, sqlState)
            let detail = message == words ? field("D") : [words, field("D")].compactMap(\.self).joined(separator: "; ")
            self.init(.serverError, address, action, message, sqlState: sqlState, detail: detail)
        }

        /// Returns `words` with quoted text replaced where it may be data: for data that does not fit (class 22) and for syntax errors
        /// (42601). Replaces everything from the first double quotation mark to the last, because a value may contain some.
        private static func withoutValues(_ words: String, _ sqlState: String?) -> String {
            guard let sqlState, sqlState.hasPrefix("22") || sqlState == "42601" else { return words }
            guard let first = words.firstIndex(of: "\""), let last = words.lastIndex(of: "\"") else { return words }
            return words[..<first] + "\"…\"" + (first == last ? "" : words[words.index(after: last)...])
        }
    }

    extension PostgresResult {
        init(_ result: OpaquePointer, address: String) {
            let width = PQnfields(result)
            let columns = (0..<width).map { String(cString: PQfname(result, $0)) }
            let types = (0..<width).map { ColumnType(PQftype(result, $0)) }
            self.columns = columns
            self.rows = (0..<PQntuples(result)).map { row in
                let values = (0..<width).map { column in
                    PQgetisnull(result, row, column) == 1
                        ? .null : types[Int(column)].value(PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
                }
                return PostgresRow(values: values, columns: columns, address: address)
            }
            self.affectedRows = Int(String(cString: PQcmdTuples(result)))
            self.command = String(cString: PQcmdStatus(result))
        }
    }

    /// The conversion of a column's text.
    private enum ColumnType {
        case bool, integer, double, bytes, other

        /// - Parameter identity: The object ID of the type in the server's catalog; the IDs of built-in types never change.
        init(_ identity: Oid) {
            switch identity {
            case 16: self = .bool
            case 20, 21, 23, 26: self = .integer
            case 700, 701: self = .double
            case 17: self = .bytes
            default: self = .other
            }
        }

        func value(_ start: UnsafeMutablePointer<CChar>, count: Int) -> PostgresValue {
            let bytes = UnsafeRawBufferPointer(start: start, count: count)
            switch self {
            case .bool: return .bool(bytes.first == UInt8(ascii: "t"))
            case .bytes: return .bytes(Self.bytes(start))
            case .integer, .double, .other: break
            }
            let text = String(decoding: bytes, as: UTF8.self)
            switch self {
            case .integer: return Int64(text).map { .integer($0) } ?? .text(text)
            case .double: return Double(text).map { .double($0) } ?? .text(text)
            case .bool, .bytes, .other: return .text(text)
            }
        }

        private static func bytes(_ start: UnsafeMutablePointer<CChar>) -> [UInt8] {
            var count = 0
            let unescaped = start.withMemoryRebound(to: UInt8.self, capacity: 1) { PQunescapeBytea($0, &count) }
            defer { PQfreemem(unescaped) }
            return Array(UnsafeBufferPointer(start: unescaped, count: count))
        }
    }
#endif
