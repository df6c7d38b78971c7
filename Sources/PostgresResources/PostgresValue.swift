#if Postgres
    import ResourceContainer

    /// The value of one column of one row, or of one argument of a statement.
    ///
    /// The server converts an argument to the type that the statement requires. Where the statement requires none, as in `SELECT $1`, the
    /// server treats it as text; a cast changes that: `SELECT $1::bigint`. Results of type `bool`, integer, float, and `bytea` have the
    /// corresponding case; all others - numerics, dates, arrays - are text in the server's format.
    public enum PostgresValue: Hashable, Sendable {
        /// `NULL`.
        case null
        /// Text, or a value of another type in the server's text format.
        case text(String)
        /// A 64-bit signed integer.
        case integer(Int64)
        /// A 64-bit floating-point number.
        case double(Double)
        /// A Boolean.
        case bool(Bool)
        /// Bytes (`bytea`).
        case bytes([UInt8])
    }

    extension PostgresValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByFloatLiteral {
        /// An integer value.
        public init(integerLiteral value: Int64) { self = .integer(value) }
        /// A text value.
        public init(stringLiteral value: String) { self = .text(value) }
        /// A floating-point value.
        public init(floatLiteral value: Double) { self = .double(value) }
    }

    extension PostgresValue: ExpressibleByBooleanLiteral, ExpressibleByNilLiteral {
        /// A Boolean value.
        public init(booleanLiteral value: Bool) { self = .bool(value) }
        /// The value `NULL`.
        public init(nilLiteral: ()) { self = .null }
    }

    extension PostgresValue {
        /// This value in the server's text format; nil for null.
        var argument: String? {
            switch self {
            case .null: nil
            case .text(let text): text
            case .integer(let number): String(number)
            case .double(let number): String(number)
            case .bool(let isTrue): isTrue ? "true" : "false"
            case .bytes(let bytes): "\\x" + bytes.hexadecimal
            }
        }

        /// The kind of the value, without the value itself.
        var kind: String {
            switch self {
            case .null: "null"
            case .text: "text"
            case .integer: "an integer"
            case .double: "a double"
            case .bool: "a bool"
            case .bytes: "bytes"
            }
        }
    }

    extension [UInt8] {
        fileprivate var hexadecimal: String {
            let digits = Array("0123456789abcdef".utf8)
            return String(unsafeUninitializedCapacity: 2 * self.count) { target in
                for (index, byte) in self.enumerated() {
                    target[2 * index] = digits[Int(byte >> 4)]
                    target[2 * index + 1] = digits[Int(byte & 0xF)]
                }
                return 2 * self.count
            }
        }
    }

    /// A Swift type that a column value can be converted to.
    public protocol PostgresReadable {
        /// Converts the value to this type; nil if it does not fit.
        init?(postgres value: PostgresValue)
    }

    extension String: PostgresReadable {
        /// The text; nil for other values.
        public init?(postgres value: PostgresValue) {
            guard case .text(let text) = value else { return nil }
            self = text
        }
    }

    extension Int64: PostgresReadable {
        /// The integer; nil for other values.
        public init?(postgres value: PostgresValue) {
            guard case .integer(let number) = value else { return nil }
            self = number
        }
    }

    extension Int: PostgresReadable {
        /// The integer; nil for other values and for integers that do not fit.
        public init?(postgres value: PostgresValue) {
            guard case .integer(let number) = value else { return nil }
            self.init(exactly: number)
        }
    }

    extension Double: PostgresReadable {
        /// The floating-point number; nil for other values.
        public init?(postgres value: PostgresValue) {
            guard case .double(let number) = value else { return nil }
            self = number
        }
    }

    extension Bool: PostgresReadable {
        /// The Boolean; nil for other values.
        public init?(postgres value: PostgresValue) {
            guard case .bool(let isTrue) = value else { return nil }
            self = isTrue
        }
    }

    extension [UInt8]: PostgresReadable {
        /// The bytes; nil for other values.
        public init?(postgres value: PostgresValue) {
            guard case .bytes(let bytes) = value else { return nil }
            self = bytes
        }
    }

    extension Optional: PostgresReadable where Wrapped: PostgresReadable {
        /// `none` for null; otherwise the converted value, or nil if it does not fit.
        public init?(postgres value: PostgresValue) {
            if case .null = value {
                self = .none
                return
            }
            guard let wrapped = Wrapped(postgres: value) else { return nil }
            self = wrapped
        }
    }
#endif
