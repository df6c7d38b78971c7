#if Postgres
    import ResourceContainer

    /// What stands in one column of one row, or is given for one `$1` of a statement.
    ///
    /// An argument has the type that its place in the statement asks for; where nothing asks, as in `SELECT $1`, the server takes it for
    /// text, and a cast says otherwise: `SELECT $1::bigint`. What is read is a `bool`, an integer, a float or a `bytea` as that, and
    /// everything else - numerics, dates, arrays - as the text the server writes for it.
    public enum PostgresValue: Hashable, Sendable {
        case null
        case text(String)
        case integer(Int64)
        case double(Double)
        case bool(Bool)
        case bytes([UInt8])
    }

    extension PostgresValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByFloatLiteral {
        public init(integerLiteral value: Int64) { self = .integer(value) }
        public init(stringLiteral value: String) { self = .text(value) }
        public init(floatLiteral value: Double) { self = .double(value) }
    }

    extension PostgresValue: ExpressibleByBooleanLiteral, ExpressibleByNilLiteral {
        public init(booleanLiteral value: Bool) { self = .bool(value) }
        public init(nilLiteral: ()) { self = .null }
    }

    extension PostgresValue {
        /// This value as the server reads it; nil is its null.
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

        /// What it is, without saying what it holds.
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

    /// A Swift type that a column can be read as.
    public protocol PostgresReadable {
        /// The value as this type; nil if it does not fit.
        init?(postgres value: PostgresValue)
    }

    extension String: PostgresReadable {
        public init?(postgres value: PostgresValue) {
            guard case .text(let text) = value else { return nil }
            self = text
        }
    }

    extension Int64: PostgresReadable {
        public init?(postgres value: PostgresValue) {
            guard case .integer(let number) = value else { return nil }
            self = number
        }
    }

    extension Int: PostgresReadable {
        public init?(postgres value: PostgresValue) {
            guard case .integer(let number) = value else { return nil }
            self.init(exactly: number)
        }
    }

    extension Double: PostgresReadable {
        public init?(postgres value: PostgresValue) {
            guard case .double(let number) = value else { return nil }
            self = number
        }
    }

    extension Bool: PostgresReadable {
        public init?(postgres value: PostgresValue) {
            guard case .bool(let isTrue) = value else { return nil }
            self = isTrue
        }
    }

    extension [UInt8]: PostgresReadable {
        public init?(postgres value: PostgresValue) {
            guard case .bytes(let bytes) = value else { return nil }
            self = bytes
        }
    }

    extension Optional: PostgresReadable where Wrapped: PostgresReadable {
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
