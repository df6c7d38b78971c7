#if Postgres
    import CLibPQ
    import Foundation

    /// Arrays of C strings, for as long as a call of libpq takes.
    enum CStrings {
        /// Calls `body` with `texts` as C strings and a nil at the end; a nil in between is a null.
        static func with<Result>(_ texts: [String?], _ body: ([UnsafePointer<CChar>?]) -> Result) -> Result {
            let copies = texts.map { text in text.flatMap { strdup($0) } }
            defer { for copy in copies { free(copy) } }
            return body(copies.map { UnsafePointer($0) } + [nil])
        }
    }

    /// The request to end what a session's server is doing, which goes over a connection of its own.
    final class CancelRequest: @unchecked Sendable {
        // Sendable because the pointer never changes, what it points to is libpq's copy, made to be used on another thread, and it is
        // freed with the last reference.
        private let pointer: OpaquePointer

        /// Nil if the connection is there no longer.
        init?(of connection: OpaquePointer) {
            guard let pointer = PQgetCancel(connection) else { return nil }
            self.pointer = pointer
        }

        deinit {
            PQfreeCancel(self.pointer)
        }

        /// Sends it and returns when the server has passed it on; blocks for as long as that takes. What goes wrong with it shows in that the
        /// statement does not end.
        @Sendable func send() {
            var words = [CChar](repeating: 0, count: 256)
            _ = PQcancel(self.pointer, &words, Int32(words.count))
        }
    }

    extension PostgresError {
        /// What the server says in a result that is an error.
        init(_ result: OpaquePointer, _ place: String, _ action: String) {
            func field(_ code: Character) -> String? {
                PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
            }
            let sqlState = field("C")
            let words = (field("M") ?? String(cString: PQresultErrorMessage(result)).oneLine) + (field("H").map { "; \($0)" } ?? "")
            let message = Self.withoutValues(words, sqlState)
            let detail = message == words ? field("D") : [words, field("D")].compactMap(\.self).joined(separator: "; ")
            self.init(.serverError, place, action, message, sqlState: sqlState, detail: detail)
        }

        /// `words` without what stands in double quotation marks where that may be data: about data that does not fit (class 22), and about
        /// syntax (42601). From the first mark to the last, since a value may hold some itself.
        private static func withoutValues(_ words: String, _ sqlState: String?) -> String {
            guard let sqlState, sqlState.hasPrefix("22") || sqlState == "42601" else { return words }
            guard let first = words.firstIndex(of: "\""), let last = words.lastIndex(of: "\"") else { return words }
            return words[..<first] + "\"…\"" + (first == last ? "" : words[words.index(after: last)...])
        }
    }

    extension PostgresResult {
        init(_ result: OpaquePointer, place: String) {
            let width = PQnfields(result)
            let columns = (0..<width).map { String(cString: PQfname(result, $0)) }
            let types = (0..<width).map { ColumnType(PQftype(result, $0)) }
            self.columns = columns
            self.rows = (0..<PQntuples(result)).map { row in
                let values = (0..<width).map { column in
                    PQgetisnull(result, row, column) == 1
                        ? .null : types[Int(column)].value(PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
                }
                return PostgresRow(values: values, columns: columns, place: place)
            }
            self.affectedRows = Int(String(cString: PQcmdTuples(result)))
            self.command = String(cString: PQcmdStatus(result))
        }
    }

    /// How a column's text is read.
    private enum ColumnType {
        case bool, integer, double, bytes, other

        /// - Parameter identity: the type's number in the server's catalogue; those of the types that come with a server never change.
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
